//! What members still hold that somebody else must take over.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{Actor, List, Noun, policy};
use crate::chain;
use crate::db::Conn;
use crate::error::{Code, Error, Fault, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::reports::store::open_work::{self as store, HeldRow, Holders};
use crate::web::{ListAnswer, ListQuery, Problem};

/// Something a member still holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenWork {
    /// plan, issue or contact
    #[schema(max_length = 8, pattern = "^(plan|issue|contact)$", example = "issue")]
    pub kind: String,
    /// Of the plan, the issue or the link to the contact.
    pub id: Uuid,
    /// Who holds it.
    pub member_id: Uuid,
    /// The contact; null of plans and issues.
    #[schema(required = true)]
    pub contact_id: Option<Uuid>,
    /// The state of the plan or the issue; null of contacts.
    #[schema(max_length = 32, required = true, example = "in_handling")]
    pub state: Option<String>,
    /// A plan's last day, an issue's limit, the last day of the member who leaves.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// How many other members keep in touch with the contact after that day: of 0 somebody else is to
    /// be found. Null of plans and issues.
    #[schema(minimum = 0, required = true)]
    pub others: Option<i64>,
    /// Since when; of a contact the first day, at midnight UTC.
    pub since: DateTime<Utc>,
}

impl From<HeldRow> for OpenWork {
    fn from(row: HeldRow) -> Self {
        let HeldRow { kind, id, member_id, contact_id, state, due_on, others, since } = row;
        Self { kind, id, member_id, contact_id, state, due_on, others, since }
    }
}

/// Whose.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OpenWorkFilter {
    /// Of the members of this adjustment; this or `member_id`.
    #[param(format = "uuid")]
    pub adjustment_id: Option<Uuid>,
    /// Of this member; this or `adjustment_id`.
    #[param(format = "uuid")]
    pub member_id: Option<Uuid>,
}

/// Members and those of them who leave, before which day.
type Whose = (Vec<Uuid>, Option<(Vec<Uuid>, NaiveDate)>);

/// The members of an adjustment whom `actor` sees in it.
async fn of_adjustment(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<Whose> {
    let row = chain::adjustment(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let items = chain::adjustment_items(conn, actor.city, id).await?;
    if !chain::sees_adjustment(actor, &row, &items) {
        return Err(Error::not_found());
    }
    let leaving = items.iter().filter(|item| item.ends_term).map(|item| item.member_id);
    let leaving = Some((leaving.collect(), row.from_on));
    Ok((items.iter().map(|item| item.member_id).collect(), leaving))
}

async fn of_member(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<Whose> {
    let row = chain::member(conn, actor.city, id).await?;
    let seen = row.filter(|row| policy::sees(actor, Noun::Member, &row.places()));
    let row = seen.ok_or_else(Error::not_found)?;
    Ok((vec![id], row.until_on.map(|until| (vec![id], until))))
}

/// List open work
///
/// What the members of an adjustment, or one member, still hold: plans that are not closed, issues that
/// have not ended, and the contacts of who leaves. Of it all only what you see, the latest first. Give
/// either `adjustment_id` or `member_id`.
#[utoipa::path(tag = "chain", params(OpenWorkFilter, ListQuery),
    responses((status = 200, description = "A page of what is held", body = Listing<OpenWork>),
        (status = 404, description = "There is no such adjustment or member for you")))]
#[get("")]
pub async fn list_open_work(
    journal: Data<Journal>,
    request: List<OpenWorkFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    let key = |row: &HeldRow| Key { at: row.since, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (members, leaving) = match (filters.adjustment_id, filters.member_id) {
            (Some(id), None) => of_adjustment(conn, &actor, id).await?,
            (None, Some(id)) => of_member(conn, &actor, id).await?,
            _ => return Err(one_of_both()),
        };
        let sight = |noun| policy::sight(&actor, noun);
        let (plans, issues) = (&sight(Noun::Plan), &sight(Noun::Issue));
        let holders = Holders { members, leaving, plans, issues, contacts: &sight(Noun::Contact) };
        let (rows, total) = store::open_work(conn, actor.city, holders, page).await?;
        Ok(page.listing(rows, total, key, OpenWork::from))
    };
    Ok(journal.db.list(page, read).await?)
}

fn one_of_both() -> Error {
    let (zh, en) = ("adjustment_id 与 member_id 须正好给出一个", "give adjustment_id or member_id");
    Error::because(Code::BadQuery, Fault::new("?adjustment_id", "required", zh, en))
}
