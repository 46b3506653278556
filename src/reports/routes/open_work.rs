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
use crate::workdays::local_date;

/// Something a member still holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenWork {
    /// plan, issue, contact, post, area or committee
    #[schema(
        max_length = 9,
        pattern = "^(plan|issue|contact|post|area|committee)$",
        example = "issue"
    )]
    pub kind: String,
    /// Of the plan, the issue, the link to the contact, the post, the area or the committee.
    pub id: Uuid,
    /// Who holds it.
    pub member_id: Uuid,
    /// The contact; null of what is none.
    #[schema(required = true)]
    pub contact_id: Option<Uuid>,
    /// The state of the plan or the issue; null of the rest.
    #[schema(max_length = 32, required = true, example = "in_handling")]
    pub state: Option<String>,
    /// A plan's last day, an issue's limit, the last day before the member leaves or gives it up.
    #[schema(required = true)]
    pub due_on: Option<NaiveDate>,
    /// How many others keep in touch with the contact, hold the post, answer for the area's division or
    /// for the committee after that day, or today where it is past: of 0 somebody else is to be found.
    /// Null of plans and issues.
    #[schema(minimum = 0, required = true)]
    pub others: Option<i64>,
    /// Since when; of what is dated by days the first day, at midnight UTC.
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

/// Whose work, apart from what of it is in sight.
struct Whose {
    members: Vec<Uuid>,
    on: NaiveDate,
    leaving: Vec<Uuid>,
    given_up: Vec<(Uuid, Uuid)>,
    seated: Vec<(Uuid, Uuid)>,
}

/// The members of an adjustment whom `actor` sees in it.
async fn of_adjustment(conn: Conn<'_>, actor: &Actor, id: Uuid) -> Result<Whose> {
    let row = chain::adjustment(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let items = chain::adjustment_items(conn, actor.city, id).await?;
    if !chain::sees_adjustment(actor, &row, &items) {
        return Err(Error::not_found());
    }
    let (leave, stay): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.ends_term);
    let given_up = stay.iter().flat_map(|item| {
        item.end_contacts.iter().map(|contact| (item.member_id, *contact)).collect::<Vec<_>>()
    });
    Ok(Whose {
        members: items.iter().map(|item| item.member_id).collect(),
        on: row.from_on,
        leaving: leave.iter().map(|item| item.member_id).collect(),
        given_up: given_up.collect(),
        seated: stay.iter().filter_map(|item| Some((item.member_id, item.to_sector_id?))).collect(),
    })
}

async fn of_member(conn: Conn<'_>, actor: &Actor, id: Uuid, today: NaiveDate) -> Result<Whose> {
    let row = chain::member(conn, actor.city, id).await?;
    let seen = row.filter(|row| policy::sees(actor, Noun::Member, &row.places()));
    let row = seen.ok_or_else(Error::not_found)?;
    // Who stays holds what they hold; only what belongs to a sector they left is somebody else's.
    let (on, leaving) = row.until_on.map_or((today, Vec::new()), |until| (until, vec![id]));
    // Who is in no sector has left every one.
    let seated = vec![(id, row.sector_id.unwrap_or_default())];
    Ok(Whose { members: vec![id], on, leaving, given_up: Vec::new(), seated })
}

/// List open work
///
/// What the members of an adjustment, or one member, still hold: plans that are not closed, issues that
/// have not ended, of who leaves the contacts, posts, areas and committees they answer for, contacts
/// that the adjustment takes from who stays, and posts in a sector that the member is no longer in. Of
/// it all only what you see, the latest first. Give either `adjustment_id` or `member_id`.
#[utoipa::path(tag = "chain", params(OpenWorkFilter, ListQuery),
    responses((status = 200, description = "A page of what is held", body = Listing<OpenWork>),
        (status = 404, description = "There is no such adjustment or member for you")))]
#[get("")]
pub async fn list_open_work(
    journal: Data<Journal>,
    request: List<OpenWorkFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let key = |row: &HeldRow| Key { at: row.since, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let whose = match (filters.adjustment_id, filters.member_id) {
            (Some(id), None) => of_adjustment(conn, &actor, id).await?,
            (None, Some(id)) => of_member(conn, &actor, id, local_date(now)).await?,
            _ => return Err(one_of_both()),
        };
        let sight = |noun| policy::sight(&actor, noun);
        let (plans, issues) = (&sight(Noun::Plan), &sight(Noun::Issue));
        let Whose { members, on, leaving, given_up, seated } = whose;
        let (now, people) = (on.max(local_date(now)), &sight(Noun::Member));
        let holders =
            Holders { members, on, now, leaving, given_up, seated, plans, issues, people };
        let (rows, total) = store::open_work(conn, actor.city, holders, page).await?;
        Ok(page.listing(rows, total, key, OpenWork::from))
    };
    Ok(journal.db.list(page, read).await?)
}

fn one_of_both() -> Error {
    let (zh, en) = ("adjustment_id 与 member_id 须正好给出一个", "give adjustment_id or member_id");
    Error::because(Code::BadQuery, Fault::new("?adjustment_id", "required", zh, en))
}
