//! Members: read, entered, changed.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{AsOf, day_of, keeps, masked};
use crate::auth::{Actor, Change, Create, List, Noun, Read, policy};
use crate::chain::actions::{self, MemberChange, NewMember, NewPerson};
use crate::chain::store::{self, MemberRow, MembersWanted, PersonChange};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Patch, Problem};

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    /// Their id.
    pub id: Uuid,
    /// Their version.
    #[schema(minimum = 1, example = 3)]
    pub version: i64,
    /// The person they are.
    pub person_id: Uuid,
    /// Their number in the conference, which is nobody else's while they are a member.
    #[schema(max_length = 32, example = "M001")]
    pub number: String,
    /// Name.
    #[schema(max_length = 100, example = "委员001")]
    pub name: String,
    /// Phone; masked unless you keep the chain or it is your own.
    #[schema(max_length = 32, example = "138****1234", required = true)]
    pub phone: Option<String>,
    /// Address; null unless you keep the chain or it is your own.
    #[schema(max_length = 200, required = true)]
    pub address: Option<String>,
    /// Where they work.
    #[schema(max_length = 200, example = "民营企业", required = true)]
    pub unit: Option<String>,
    /// Null at city level.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", example = "230403", required = true)]
    pub county_code: Option<String>,
    /// Their sector that day.
    #[schema(required = true)]
    pub sector_id: Option<Uuid>,
    /// The committee that guides it that day.
    #[schema(required = true)]
    pub committee_id: Option<Uuid>,
    /// Their first day.
    pub from: NaiveDate,
    /// The day after their last.
    #[schema(required = true)]
    pub until: Option<NaiveDate>,
    /// When they turned out a mistake: only in the answer to that, for they are read no more.
    #[schema(required = true)]
    pub voided_at: Option<DateTime<Utc>>,
    /// When it was entered.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
    /// What other systems call them: `scheme:value`.
    #[schema(max_items = 100, example = json!(["office:0451"]))]
    pub external_ids: Vec<String>,
}

impl MemberView {
    /// The row as `actor` may read it.
    pub fn new(actor: &Actor, row: MemberRow) -> Self {
        let full = actor.member_id == Some(row.id) || keeps(actor, &row.places());
        Self {
            id: row.id,
            version: row.version,
            person_id: row.person_id,
            number: row.number,
            name: row.name,
            phone: row.phone.map(|phone| if full { phone } else { masked(&phone) }),
            address: row.address.filter(|_| full),
            unit: row.unit,
            county_code: row.county_code.map(|code| code.to_string()),
            sector_id: row.sector_id,
            committee_id: row.committee_id,
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            external_ids: row.external_ids,
        }
    }
}

/// Which members.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MemberFilter {
    /// Of this sector on that day.
    #[param(format = "uuid")]
    pub sector_id: Option<Uuid>,
    /// Of the sectors that this committee guides on that day.
    #[param(format = "uuid")]
    pub committee_id: Option<Uuid>,
    /// Of this county.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Of this number.
    #[param(max_length = 32, pattern = "^[0-9A-Za-z-]{1,32}$", example = "M001")]
    pub number: Option<String>,
    /// `true`: those with fewer contacts that day than the city's quota; `false`: those with enough.
    #[param(example = true)]
    pub short_of_contacts: Option<bool>,
    /// Part of the name or the unit: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "wy"
    )]
    pub q: Option<String>,
    /// Members on this day, and where they stood on it; today unless told. What you see of them is
    /// what you see today.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// `created_at`, or `-created_at` for newest first, which is the default.
    #[param(max_length = 11, pattern = "^-?created_at$", example = "-created_at")]
    pub sort: Option<String>,
    /// Called so by another system: `scheme:value`.
    #[param(
        max_length = 97,
        pattern = r"^[a-z][a-z0-9_]{0,31}:[^\u0000-\u001f\u007f-\u009f]{1,64}$",
        example = "office:0451"
    )]
    pub external_id: Option<String>,
}

/// List members
///
/// The members you see: all of the city, or those of your county, committee, sector, or yourself.
/// Phones are masked unless you keep the chain.
#[utoipa::path(tag = "chain", params(MemberFilter, ListQuery),
    responses((status = 200, description = "A page of members", body = Listing<MemberView>)))]
#[get("")]
pub async fn list_members(
    journal: Data<Journal>,
    request: List<MemberFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let on = day_of(filters.as_of, now);
    let MemberFilter {
        sector_id: sector,
        committee_id: committee,
        number,
        q,
        sort,
        external_id: external,
        ..
    } = filters;
    let county = filters.county_code.and_then(|code| code.parse().ok());
    let placed_then = filters.as_of.is_some();
    let short = None;
    let wanted = MembersWanted {
        on,
        placed_then,
        sector,
        committee,
        county,
        number,
        q,
        short,
        external,
        sort,
    };
    let sight = policy::sight(&actor, Noun::Member);
    let key = |row: &MemberRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let mut wanted = wanted.clone();
        if let Some(is) = filters.short_of_contacts {
            let least = store::quota(conn, actor.city, wanted.on).await?;
            let least = least.map_or(0, |row| row.least);
            wanted.short = Some((is, least));
        }
        let (rows, total) = store::members(conn, actor.city, wanted, &sight, page).await?;
        Ok(page.listing(rows, total, key, |row| MemberView::new(&actor, row)))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a member
///
/// One member you see, with the sector and the committee of that day. The phone is masked unless you
/// keep the chain or it is your own.
#[utoipa::path(tag = "chain", params(("member_id" = Uuid, Path, description = "The member"), AsOf),
    responses((status = 200, description = "The member", body = MemberView)))]
#[get("/{member_id}")]
pub async fn get_member(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let Read { actor, id, query, .. } = request;
    let conn = journal.db.read().await?;
    let row = store::member(&conn, actor.city, id).await?;
    let seen = |row: &MemberRow| policy::sees(&actor, Noun::Member, &row.places());
    let there = |row: &MemberRow| query.shows(row.from_on, row.until_on);
    let mut row = row.filter(seen).filter(there).ok_or_else(Error::not_found)?;
    if let Some(on) = query.as_of {
        store::place_on(&conn, actor.city, std::slice::from_mut(&mut row), on).await?;
    }
    Ok(Answer::ok(row.version, &MemberView::new(&actor, row))?)
}

/// A member to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "委员301", "phone": "13800001234", "number": "M301", "unit": "民营企业", "sector_id": "01856ad7-b680-7021-bc20-4477c415459e",
    "county_code": "230403", "from": "2026-01-01" }))]
pub struct CreateMemberBody {
    /// An id of your own (UUIDv7), for work without a connection.
    pub id: Option<Uuid>,
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$", example = "委员301")]
    pub name: String,
    /// Phone.
    #[schema(
        min_length = 5,
        max_length = 32,
        pattern = "^[+() -]*([0-9][+() -]*){5,32}$",
        example = "13800001234"
    )]
    pub phone: Option<String>,
    /// Address.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "鹤岗市工农区")]
    pub address: Option<String>,
    /// Their number in the conference, which is nobody else's while they are a member.
    #[schema(min_length = 1, max_length = 32, pattern = "^[0-9A-Za-z-]{1,32}$", example = "M301")]
    pub number: String,
    /// Where they work.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "民营企业")]
    pub unit: Option<String>,
    /// Their sector from the first day.
    pub sector_id: Uuid,
    /// Null at city level.
    #[schema(min_length = 6, max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// Their first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
}

impl From<CreateMemberBody> for NewMember {
    fn from(body: CreateMemberBody) -> Self {
        Self {
            id: body.id,
            person: NewPerson { name: body.name, phone: body.phone, address: body.address },
            number: body.number,
            unit: body.unit,
            sector_id: body.sector_id,
            county_code: body.county_code.and_then(|code| code.parse().ok()),
            from: body.from,
        }
    }
}

/// Enter a member
///
/// Enters a person as a member, in a sector from their first day. For those who keep the chain:
/// the administrator and the liaison centre; the staff of a county, into its own sectors.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateMemberBody,
    responses((status = 201, description = "The member", body = MemberView)))]
#[post("")]
pub async fn create_member(
    journal: Data<Journal>,
    request: Create<CreateMemberBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let new = NewMember::from(body);
    actions::may_enter(&actor, Noun::Member, new.county_code)?;
    let work = journal.write(&call, async |tx| {
        actions::puts_into(tx, &actor, new.county_code, new.sector_id).await?;
        let row = actions::create_member(tx, new).await?;
        let (version, at) = (row.version, format!("/v1/members/{}", row.id));
        Answer::created(version, at, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}

/// What is new about a member (RFC 7396: null clears).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "phone": "13900005678", "unit": null }))]
pub struct UpdateMemberBody {
    /// Name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$")]
    pub name: Patch<String>,
    /// Phone.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 5, max_length = 32, pattern = "^[+() -]*([0-9][+() -]*){5,32}$")]
    pub phone: Patch<String>,
    /// Address.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub address: Patch<String>,
    /// Where they work.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub unit: Patch<String>,
}

/// Absent, or the new value where null clears.
pub(super) fn change<T>(patch: Patch<T>) -> Option<Option<T>> {
    match patch {
        Patch::Absent => None,
        Patch::Null => Some(None),
        Patch::Value(value) => Some(Some(value)),
    }
}

impl From<UpdateMemberBody> for MemberChange {
    fn from(body: UpdateMemberBody) -> Self {
        let (phone, address) = (change(body.phone), change(body.address));
        let person = PersonChange { name: change(body.name).flatten(), phone, address };
        Self { person, unit: change(body.unit) }
    }
}

/// Change a member
///
/// Changes name, phone, address or unit. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("member_id" = Uuid, Path, description = "The member"), ChangeHeaders),
    request_body = UpdateMemberBody,
    responses((status = 200, description = "The member as changed", body = MemberView)))]
#[patch("/{member_id}")]
pub async fn update_member(
    journal: Data<Journal>,
    request: Change<UpdateMemberBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let work = journal.write(&call, async |tx| {
        let row = actions::member_for(tx, &actor, id).await?;
        let row = actions::update_member(tx, row, MemberChange::from(body)).await?;
        Answer::ok(row.version, &MemberView::new(&actor, row))
    });
    Ok(work.await?)
}
