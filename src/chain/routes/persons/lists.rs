//! Lists of persons, and of those who are likely the same. For those who keep the chain.

use actix_web::get;
use actix_web::web::Data;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{List, policy};
use crate::chain::actions::KEEPERS;
use crate::chain::store::{self, DuplicateRow, Person};
use crate::db::Conn;
use crate::error::Result;
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{ListAnswer, ListQuery, Problem};

/// A person in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedPersonView {
    /// Their id.
    #[schema(example = "01856ad7-b680-7618-93a5-3923260cd588")]
    pub id: Uuid,
    /// Their version.
    #[schema(minimum = 1, example = 2)]
    pub version: i64,
    /// Name.
    #[schema(max_length = 100, example = "王主任")]
    pub name: String,
    /// Their first phone.
    #[schema(max_length = 32, required = true)]
    pub phone: Option<String>,
    /// Their first address.
    #[schema(max_length = 200, required = true)]
    pub address: Option<String>,
    /// When they were entered.
    pub created_at: DateTime<Utc>,
}

impl From<Person> for ListedPersonView {
    fn from(row: Person) -> Self {
        let Person { id, version, name, phone, address, created_at, .. } = row;
        Self { id, version, name, phone, address, created_at }
    }
}

/// Which persons.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PersonFilter {
    /// Part of the name, or of the name of somebody who was merged into them: in Chinese, by pinyin
    /// (`wangwei`) or by its initials (`ww`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "wy"
    )]
    pub q: Option<String>,
    /// `created_at`, or `-created_at` for newest first, which is the default.
    #[param(max_length = 11, pattern = "^-?created_at$", example = "-created_at")]
    pub sort: Option<String>,
}

/// List persons
///
/// Everybody of the city who is merged into nobody, whatever they are or were. For those who keep the
/// chain.
#[utoipa::path(tag = "chain", params(PersonFilter, ListQuery),
    responses((status = 200, description = "A page of persons", body = Listing<ListedPersonView>)))]
#[get("")]
pub async fn list_persons(
    journal: Data<Journal>,
    request: List<PersonFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let key = |row: &Person| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let PersonFilter { q, sort } = &filters;
        let found = store::persons(conn, actor.city, q.clone(), sort.as_deref(), page);
        let (rows, total) = found.await?;
        Ok(page.listing(rows, total, key, ListedPersonView::from))
    };
    Ok(journal.db.list(page, read).await?)
}

/// A person who is likely the same as one entered before.
#[derive(Debug, Serialize, ToSchema)]
pub struct DuplicateView {
    /// The person.
    #[schema(example = "01890a5d-ac96-774b-bcce-b302099a8057")]
    pub id: Uuid,
    /// Name.
    #[schema(max_length = 100, example = "王主任")]
    pub name: String,
    /// When they were entered.
    pub created_at: DateTime<Utc>,
    /// The first who was entered with a number that this person has too.
    #[schema(required = true)]
    pub same_phone_as: Option<Uuid>,
    /// The first who was entered with the same name and the same unit.
    #[schema(required = true)]
    pub same_name_and_unit_as: Option<Uuid>,
}

impl From<DuplicateRow> for DuplicateView {
    fn from(row: DuplicateRow) -> Self {
        let (same_phone_as, same_name_and_unit_as) = (row.same_phone_as, row.same_name_as);
        let DuplicateRow { id, name, created_at, .. } = row;
        Self { id, name, created_at, same_phone_as, same_name_and_unit_as }
    }
}

/// Which of them.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DuplicateFilter {
    /// phone: who share a number; name_and_unit: who share name and unit; both unless told.
    #[param(max_length = 13, pattern = "^(phone|name_and_unit)$", example = "phone")]
    pub same: Option<String>,
}

/// List likely duplicates
///
/// Persons who share a number, or name and unit, with somebody who was entered before them, newest
/// first. Of any number of people who share something all but the first are listed, each beside that
/// one. Whether two are one person is for people to say: merge them, or leave them. For those who keep
/// the chain.
#[utoipa::path(tag = "chain", params(DuplicateFilter, ListQuery),
    responses((status = 200, description = "A page of persons", body = Listing<DuplicateView>)))]
#[get("/duplicates")]
pub async fn list_duplicates(
    journal: Data<Journal>,
    request: List<DuplicateFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let by_phone = filters.same.map(|same| same == "phone");
    let key = |row: &DuplicateRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let (rows, total) = store::duplicates(conn, actor.city, by_phone, page).await?;
        Ok(page.listing(rows, total, key, DuplicateView::from))
    };
    Ok(journal.db.long_list(page, read).await?)
}
