//! A person as the API says them. Phones are masked, addresses left out and the rest cut to its end
//! for who may not read them whole.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::masked;
use crate::auth::{self, Actor};
use crate::chain::actions::SeenPerson;
use crate::chain::rules::persons::{ContactPointKind, Scheme, WINDOW};
use crate::chain::store::{self, ContactPointRow, IdentifierRow, MergedRow};
use crate::db::Conn;
use crate::error::{Error, Result};

/// `****89`: the last two signs, of what is long enough to say nothing by them.
fn cut(value: &str) -> String {
    let count = value.chars().count();
    let tail: String = value.chars().skip(if count < 6 { count } else { count - 2 }).collect();
    format!("****{tail}")
}

/// A way to reach a person, beside their first phone and address.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactPointView {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: ContactPointKind,
    /// As typed; masked unless you keep the chain or it is your own, and of an address null.
    #[schema(max_length = 200, example = "139****5678", required = true)]
    pub value: Option<String>,
    /// Its first day.
    pub from: NaiveDate,
    /// The day after its last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl ContactPointView {
    /// The row, whole or masked.
    pub fn new(whole: bool, row: ContactPointRow) -> Result<Self> {
        let kind = ContactPointKind::parse(&row.kind)
            .ok_or_else(|| Error::internal("a contact point of no kind"))?;
        let value = match kind {
            _ if whole => Some(row.value),
            ContactPointKind::Mobile | ContactPointKind::Landline => Some(masked(&row.value)),
            ContactPointKind::Wechat | ContactPointKind::Email => Some(cut(&row.value)),
            ContactPointKind::Address => None,
        };
        let (from, until, voided_at) = (row.from_on, row.until_on, row.voided_at);
        Ok(Self { id: row.id, kind, value, from, until, voided_at })
    }
}

/// An identifier of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct IdentifierView {
    /// Its id.
    pub id: Uuid,
    /// What it is one of.
    pub scheme: Scheme,
    /// The value; only its end unless you keep the chain or it is your own.
    #[schema(max_length = 64, example = "****2X")]
    pub value: String,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it turned out a mistake.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
}

impl IdentifierView {
    /// The row, whole or cut.
    pub fn new(whole: bool, row: IdentifierRow) -> Result<Self> {
        let scheme = Scheme::parse(&row.scheme)
            .ok_or_else(|| Error::internal("an identifier of no scheme"))?;
        let value = if whole { row.value } else { cut(&row.value) };
        let (created_at, voided_at) = (row.created_at, row.voided_at);
        Ok(Self { id: row.id, scheme, value, created_at, voided_at })
    }
}

/// Somebody who was merged into a person: what they were called and reached by.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedPersonView {
    /// The id they had, which leads to the person now.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    pub id: Uuid,
    /// Whom they were merged into: the person, or another who was merged in turn.
    pub into: Uuid,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// Until before when that may be undone.
    pub unmerge_until: DateTime<Utc>,
    /// The name they had.
    #[schema(max_length = 100, example = "王主任")]
    pub name: String,
    /// The phone they had; masked as that of the person.
    #[schema(max_length = 32, example = "138****1234", required = true)]
    pub phone: Option<String>,
    /// The address they had; null as that of the person.
    #[schema(max_length = 200, required = true)]
    pub address: Option<String>,
}

impl MergedPersonView {
    fn new(whole: bool, row: MergedRow) -> Self {
        Self {
            id: row.id,
            into: row.into_id,
            merged_at: row.merged_at,
            unmerge_until: row.merged_at + WINDOW,
            name: row.name,
            phone: row.phone.map(|phone| if whole { phone } else { masked(&phone) }),
            address: row.address.filter(|_| whole),
        }
    }
}

/// A person, apart from what they are and from an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Their id; another than the one asked for where that person was merged into this one.
    pub id: Uuid,
    /// Their version.
    #[schema(minimum = 1, example = 2)]
    pub version: i64,
    /// The id asked for, where that person was merged into this one; else null.
    #[schema(required = true)]
    pub merged_from: Option<Uuid>,
    /// Name.
    #[schema(max_length = 100, example = "王主任")]
    pub name: String,
    /// Their first phone, which members and contacts show; masked unless you keep the chain or it is
    /// your own.
    #[schema(max_length = 32, example = "138****1234", required = true)]
    pub phone: Option<String>,
    /// Their first address; null unless you keep the chain or it is your own.
    #[schema(max_length = 200, required = true)]
    pub address: Option<String>,
    /// Whether they can sign in.
    pub has_account: bool,
    /// The members they are or were; those you see.
    #[schema(max_items = 1000)]
    pub member_ids: Vec<Uuid>,
    /// The contacts they are or were; those you see.
    #[schema(max_items = 1000)]
    pub contact_ids: Vec<Uuid>,
    /// Further ways to reach them, the earliest first; those of the past and what was voided too.
    #[schema(max_items = 1000)]
    pub contact_points: Vec<ContactPointView>,
    /// Their identifiers, in the order they were entered; what was voided too.
    #[schema(max_items = 1000)]
    pub identifiers: Vec<IdentifierView>,
    /// Who was merged into them, the last first.
    #[schema(max_items = 1000)]
    pub merged: Vec<MergedPersonView>,
    /// When they were entered.
    pub created_at: DateTime<Utc>,
}

impl PersonView {
    /// What `actor` sees of a person.
    pub async fn of(conn: Conn<'_>, actor: &Actor, seen: SeenPerson) -> Result<Self> {
        let SeenPerson { asked, row, members, contacts, whole } = seen;
        let (points, identifiers, merged, has_account) = tokio::try_join!(
            store::contact_points_of(conn, actor.city, row.id),
            store::identifiers_of(conn, actor.city, row.id),
            store::merged_into(conn, actor.city, row.id),
            auth::has_account(conn, actor.city, row.id),
        )?;
        let points = points.into_iter().map(|point| ContactPointView::new(whole, point));
        let identifiers = identifiers.into_iter().map(|one| IdentifierView::new(whole, one));
        Ok(Self {
            id: row.id,
            version: row.version,
            merged_from: Some(asked).filter(|asked| *asked != row.id),
            name: row.name,
            phone: row.phone.map(|phone| if whole { phone } else { masked(&phone) }),
            address: row.address.filter(|_| whole),
            has_account,
            member_ids: members.into_iter().map(|member| member.id).collect(),
            contact_ids: contacts.into_iter().map(|contact| contact.id).collect(),
            contact_points: points.collect::<Result<_>>()?,
            identifiers: identifiers.collect::<Result<_>>()?,
            merged: merged.into_iter().map(|one| MergedPersonView::new(whole, one)).collect(),
            created_at: row.created_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn a_cut_value_keeps_its_last_two_signs_where_they_say_little() {
        assert_eq!((&*cut("11010519491231002X"), &*cut("200042")), ("****2X", "****42"));
        for short in ["20042", "42", "王", ""] {
            assert_eq!(cut(short), "****");
        }
    }
}
