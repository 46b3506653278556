//! Whom accounts belong to: a person apart from any account has none or one that can sign in.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use uuid::Uuid;

use super::actions::changed;
use crate::db::Conn;
use crate::db::schema::accounts;
use crate::error::Result;
use crate::journal::{Entry, Places, Tx};

/// Whether a person can sign in.
pub async fn has_account(conn: Conn<'_>, city: i32, person: Uuid) -> Result<bool> {
    let found = accounts::table
        .filter(accounts::city_code.eq(city).and(accounts::person_id.eq(person)))
        .filter(accounts::disabled_at.is_null())
        .select(accounts::id);
    Ok(found.first::<Uuid>(&mut &*conn).await.optional()?.is_some())
}

/// Gives the accounts of `from` to `to`: all of them, or `only` these; returns their ids.
pub async fn move_accounts(
    tx: &mut Tx<'_>,
    (from, to): (Uuid, Uuid),
    only: Option<Vec<Uuid>>,
) -> Result<Vec<Uuid>> {
    let city = tx.call.city;
    let own = accounts::table
        .filter(accounts::city_code.eq(city).and(accounts::person_id.eq(from)))
        .order(accounts::id)
        .select(accounts::id)
        .for_update();
    let mut ids: Vec<Uuid> = own.load(&mut &*tx.conn).await?;
    ids.retain(|id| only.as_ref().is_none_or(|only| only.contains(id)));
    for id in &ids {
        let version = diesel::update(accounts::table.find((city, *id)))
            .set((accounts::person_id.eq(to), accounts::version.eq(accounts::version + 1)))
            .returning(accounts::version)
            .get_result(&mut &*tx.conn)
            .await?;
        tx.journal(Entry {
            kind: "account.person_changed",
            object_kind: "account",
            object_id: *id,
            version,
            places: Places::default(),
            before: Some(json!({ "person_id": from })),
            after: Some(json!({ "person_id": to })),
        })
        .await?;
        changed(tx, *id).await?;
    }
    Ok(ids)
}
