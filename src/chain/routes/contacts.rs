//! Contacts (界别群众联系人): read, entered, changed.

use actix_web::web::Data;
use actix_web::{get, patch, post};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::members::change;
use super::{AsOf, day_of, keeps, masked};
use crate::auth::{Actor, Change, Create, List, Noun, Read, policy};
use crate::catalogue;
use crate::chain::actions::{self, ContactChange, NewContact, NewPerson};
use crate::chain::store::{self, ContactRow, ContactsWanted, PersonChange};
use crate::chain::{CATEGORIES, ContactCategory};
use crate::db::Conn;
use crate::error::{Code, Error, Fault, Result};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, ChangeHeaders, CreateHeaders, ListAnswer, ListQuery, Patch, Problem};
use crate::workdays::local_date;

/// A contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// Their id.
    pub id: Uuid,
    /// Their version.
    #[schema(minimum = 1, example = 2)]
    pub version: i64,
    /// The person they are.
    pub person_id: Uuid,
    /// Their number in the city, which is nobody else's while they are a contact.
    #[schema(max_length = 32, example = "C001")]
    pub number: String,
    /// Name.
    #[schema(max_length = 100, example = "联系人001")]
    pub name: String,
    /// Phone; masked unless you keep the chain or are linked to them.
    #[schema(max_length = 32, example = "138****1234", required = true)]
    pub phone: Option<String>,
    /// Address; null unless you keep the chain or are linked to them.
    #[schema(max_length = 200, required = true)]
    pub address: Option<String>,
    /// key_enterprise, community, village or a category of the city's own: `GET /v1/codes?list=contact_category`
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "community")]
    pub category: String,
    /// The enterprise, community or village.
    #[schema(max_length = 200, example = "国安社区")]
    pub unit: String,
    /// Where that is.
    #[schema(max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403001002")]
    pub division_code: String,
    /// The county it lies in.
    #[schema(max_length = 6, pattern = "^[0-9]{6}$", example = "230403")]
    pub county_code: String,
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

impl ContactView {
    /// The row as `actor` may read it; `own` are the contacts of the member the actor is.
    pub(super) fn new(actor: &Actor, own: &[Uuid], row: ContactRow) -> Self {
        let full = own.contains(&row.id) || keeps(actor, &row.places());
        Self {
            id: row.id,
            version: row.version,
            person_id: row.person_id,
            number: row.number,
            name: row.name,
            phone: row.phone.map(|phone| if full { phone } else { masked(&phone) }),
            address: row.address.filter(|_| full),
            category: row.category,
            unit: row.unit,
            division_code: row.division_code.to_string(),
            county_code: row.county_code.to_string(),
            from: row.from_on,
            until: row.until_on,
            voided_at: row.voided_at,
            created_at: row.created_at,
            updated_at: row.updated_at,
            external_ids: row.external_ids,
        }
    }
}

/// The contacts of the member the actor is.
async fn own(conn: Conn<'_>, actor: &Actor, on: NaiveDate) -> Result<Vec<Uuid>> {
    let Some(member) = actor.member_id else { return Ok(Vec::new()) };
    let links = store::contacts_of_member(conn, actor.city, member, on).await?;
    Ok(links.into_iter().map(|link| link.other_id).collect())
}

/// Which contacts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContactFilter {
    /// key_enterprise, community, village or a category of the city's own: `GET /v1/codes?list=contact_category`
    #[param(max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$", example = "community")]
    pub category: Option<String>,
    /// In this county.
    #[param(max_length = 6, pattern = "^[1-9][0-9]{5}$", example = "230403")]
    pub county_code: Option<String>,
    /// In exactly this division.
    #[param(max_length = 12, pattern = "^[1-9][0-9]{5,11}$", example = "230403001002")]
    pub division_code: Option<String>,
    /// Linked to this member on that day.
    #[param(format = "uuid")]
    pub member_id: Option<Uuid>,
    /// `false`: those with whom nobody keeps in touch that day; `true`: those with whom somebody does.
    #[param(example = false)]
    pub linked: Option<bool>,
    /// Part of the name or the unit: in Chinese, by pinyin (`hegang`) or by its initials (`hg`).
    #[param(
        max_length = 50,
        min_length = 1,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]{1,50}$",
        example = "guoan"
    )]
    pub q: Option<String>,
    /// Contacts on this day; today unless told. What you see of them is what you see today.
    #[param(example = "2026-11-24")]
    pub as_of: Option<NaiveDate>,
    /// Called so by another system: `scheme:value`.
    #[param(
        max_length = 97,
        pattern = r"^[a-z][a-z0-9_]{0,31}:[^\u0000-\u001f\u007f-\u009f]{1,64}$",
        example = "office:0451"
    )]
    pub external_id: Option<String>,
}

/// List contacts
///
/// The contacts you see, newest first: all of the city, those of your county, or those linked today
/// to members of your committee, your sector, or to you. With whom nobody keeps in touch any more, the
/// committee and the convener of the sector that did last see still, so that they find somebody.
#[utoipa::path(tag = "chain", params(ContactFilter, ListQuery),
    responses((status = 200, description = "A page of contacts", body = Listing<ContactView>)))]
#[get("")]
pub async fn list_contacts(
    journal: Data<Journal>,
    request: List<ContactFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, now, .. } = request;
    let on = day_of(filters.as_of, now);
    let ContactFilter {
        category,
        member_id,
        county_code,
        division_code,
        linked,
        q,
        external_id: external,
        ..
    } = filters;
    let county = county_code.and_then(|code| code.parse().ok());
    let division = division_code.and_then(|code| code.parse().ok());
    let wanted =
        ContactsWanted { on, category, county, division, member: member_id, linked, q, external };
    let (today, sight) = (local_date(now), policy::sight(&actor, Noun::Contact));
    let key = |row: &ContactRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        if let Some(code) = &wanted.category
            && ContactCategory::parse(code).is_none()
            && catalogue::city_code(conn, actor.city, CATEGORIES, code).await?.is_none()
        {
            let fault = Fault::reference("?category", "联系人类别", "category of contacts");
            return Err(Error::because(Code::BadQuery, fault));
        }
        let (own, wanted) = (own(conn, &actor, today).await?, wanted.clone());
        let (rows, total) = store::contacts(conn, actor.city, wanted, today, &sight, page).await?;
        Ok(page.listing(rows, total, key, |row| ContactView::new(&actor, &own, row)))
    };
    Ok(journal.db.list(page, read).await?)
}

/// The contact of that id which the actor sees on that day.
pub(super) async fn seen_contact(
    conn: Conn<'_>,
    actor: &Actor,
    id: Uuid,
    today: NaiveDate,
) -> Result<ContactRow> {
    let row = store::contact(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    let places = store::places_of_contact(conn, actor.city, &row, today).await?;
    let seen = places.iter().any(|places| policy::sees(actor, Noun::Contact, places));
    if seen { Ok(row) } else { Err(Error::not_found()) }
}

/// Get a contact
///
/// One contact you see, if they are one on that day. The phone is masked unless you keep the chain or are linked to them.
#[utoipa::path(tag = "chain", params(("contact_id" = Uuid, Path, description = "The contact"), AsOf),
    responses((status = 200, description = "The contact", body = ContactView)))]
#[get("/{contact_id}")]
pub async fn get_contact(journal: Data<Journal>, request: Read<AsOf>) -> Result<Answer, Problem> {
    let Read { actor, id, query, now, .. } = request;
    let today = local_date(now);
    let conn = journal.db.read().await?;
    let row = seen_contact(&conn, &actor, id, today).await?;
    if !query.shows(row.from_on, row.until_on) {
        return Err(Error::not_found().into());
    }
    let own = own(&conn, &actor, today).await?;
    Ok(Answer::ok(row.version, &ContactView::new(&actor, &own, row))?)
}

/// A contact to enter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "联系人212", "phone": "13800001234", "number": "C212", "category": "community", "unit": "国安社区",
    "division_code": "230403001002", "from": "2026-01-01" }))]
pub struct CreateContactBody {
    /// An id of your own (UUIDv7), for work without a connection.
    pub id: Option<Uuid>,
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$", example = "联系人212")]
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
    /// Their number in the city, which is nobody else's while they are a contact.
    #[schema(min_length = 1, max_length = 32, pattern = "^[0-9A-Za-z-]{1,32}$", example = "C212")]
    pub number: String,
    /// key_enterprise, community, village or a category of the city's own: `GET /v1/codes?list=contact_category`
    #[schema(
        min_length = 1,
        max_length = 64,
        pattern = "^[a-z][a-z0-9_]{0,63}$",
        example = "community"
    )]
    pub category: String,
    /// The enterprise, community or village.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "国安社区")]
    pub unit: String,
    /// Where that is; the county follows from it.
    #[schema(
        min_length = 6,
        max_length = 12,
        pattern = "^[1-9][0-9]{5,11}$",
        example = "230403001002"
    )]
    pub division_code: String,
    /// Their first day.
    #[schema(example = "2026-01-01")]
    pub from: NaiveDate,
}

impl From<CreateContactBody> for NewContact {
    fn from(body: CreateContactBody) -> Self {
        Self {
            id: body.id,
            person: NewPerson { name: body.name, phone: body.phone, address: body.address },
            number: body.number,
            category: body.category,
            unit: body.unit,
            division_code: body.division_code.parse().unwrap_or_default(),
            from: body.from,
        }
    }
}

/// Enter a contact
///
/// Enters a key enterprise's head, a community's director or a village's secretary. For those who
/// keep the chain: the administrator and the liaison centre; the staff of a county, those in it.
#[utoipa::path(tag = "chain", params(CreateHeaders), request_body = CreateContactBody,
    responses((status = 201, description = "The contact", body = ContactView)))]
#[post("")]
pub async fn create_contact(
    journal: Data<Journal>,
    request: Create<CreateContactBody>,
) -> Result<Answer, Problem> {
    let Create { actor, call, body, .. } = request;
    let new = NewContact::from(body);
    let county = catalogue::county_of(new.division_code);
    actions::may_enter(&actor, Noun::Contact, Some(county))?;
    let work = journal.write(&call, async |tx| {
        let row = actions::create_contact(tx, new).await?;
        let (version, at) = (row.version, format!("/v1/contacts/{}", row.id));
        Answer::created(version, at, &ContactView::new(&actor, &[], row))
    });
    Ok(work.await?)
}

/// What is new about a contact (RFC 7396: null clears).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "phone": "13900005678", "unit": "国安社区" }))]
pub struct UpdateContactBody {
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
    /// The enterprise, community or village.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub unit: Patch<String>,
    /// key_enterprise, community, village or a category of the city's own: `GET /v1/codes?list=contact_category`
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 64, pattern = "^[a-z][a-z0-9_]{0,63}$")]
    pub category: Patch<String>,
    /// Where that is; the county follows from it.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 6, max_length = 12, pattern = "^[1-9][0-9]{5,11}$")]
    pub division_code: Patch<String>,
}

impl From<UpdateContactBody> for ContactChange {
    fn from(body: UpdateContactBody) -> Self {
        let (phone, address) = (change(body.phone), change(body.address));
        let division = change(body.division_code).flatten();
        Self {
            person: PersonChange { name: change(body.name).flatten(), phone, address },
            unit: change(body.unit).flatten(),
            category: change(body.category).flatten(),
            division_code: division.map(|code| code.parse().unwrap_or_default()),
        }
    }
}

/// Change a contact
///
/// Changes name, phone, address, unit, category or division. For those who keep the chain.
#[utoipa::path(tag = "chain",
    params(("contact_id" = Uuid, Path, description = "The contact"), ChangeHeaders),
    request_body = UpdateContactBody,
    responses((status = 200, description = "The contact as changed", body = ContactView)))]
#[patch("/{contact_id}")]
pub async fn update_contact(
    journal: Data<Journal>,
    request: Change<UpdateContactBody>,
) -> Result<Answer, Problem> {
    let Change { actor, id, call, body, .. } = request;
    let change = ContactChange::from(body);
    let work = journal.write(&call, async |tx| {
        let row = actions::contact_for(tx, &actor, id).await?;
        let row = actions::update_contact(tx, row, change).await?;
        Answer::ok(row.version, &ContactView::new(&actor, &[], row))
    });
    Ok(work.await?)
}
