//! Who raised an issue: apart from it, so that it can be erased without touching the issue.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::schema::reporters;
use crate::db::{Conn, Prepared, constraint};
use crate::error::{Error, Fault, Result};

/// A reporter; all of it is personal.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = reporters)]
#[allow(missing_docs)] // the columns are explained in the migration
pub struct Row {
    pub city_code: i32,
    pub id: Uuid,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub contact_id: Option<Uuid>,
    pub created_at: DateTime<Utc>,
    pub erased_at: Option<DateTime<Utc>>,
}

fn contact_missing(error: diesel::result::Error) -> Error {
    match constraint(&error) {
        Some(name) if name.starts_with("reporters_city_code_contact_id") => {
            Error::invalid(vec![Fault::reference("/reporter/contact_id", "群众联系人", "contact")])
        }
        _ => error.into(),
    }
}

/// Adds one.
pub async fn insert(mut conn: Conn<'_>, row: &Row) -> Result<()> {
    let insert = Prepared(diesel::insert_into(reporters::table).values(row));
    insert.execute(&mut conn).await.map_err(contact_missing)?;
    Ok(())
}

/// Writes what a draft says of its reporter anew.
pub async fn save(mut conn: Conn<'_>, row: &Row) -> Result<()> {
    use reporters as r;
    let values = (
        r::name.eq(&row.name),
        r::phone.eq(&row.phone),
        r::address.eq(&row.address),
        r::contact_id.eq(row.contact_id),
    );
    let update = Prepared(diesel::update(r::table.find((row.city_code, row.id))).set(values));
    update.execute(&mut conn).await.map_err(contact_missing)?;
    Ok(())
}

/// One reporter.
pub async fn find(mut conn: Conn<'_>, city: i32, id: Uuid) -> Result<Option<Row>> {
    let row = reporters::table.find((city, id)).select(Row::as_select());
    Ok(row.first(&mut conn).await.optional()?)
}
