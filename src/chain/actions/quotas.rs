//! How many contacts each member of the city is to keep in touch with.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::{KEEPERS, today};
use crate::auth::{Actor, policy};
use crate::chain::store::{self, QuotaRow};
use crate::error::Result;
use crate::journal::{Entry, Places, Tx};

/// Sets the city's quota from a day on, or from today, in the version that the caller saw; the first is
/// version 1.
pub async fn set_quota(
    tx: &mut Tx<'_>,
    actor: &Actor,
    least: i16,
    from: Option<NaiveDate>,
) -> Result<QuotaRow> {
    policy::any_role(actor, KEEPERS)?;
    let city = tx.call.city;
    let from = from.unwrap_or_else(|| today(tx));
    let old = store::lock_quota(tx.conn, city, from).await?;
    let seen = old.map_or(0, |row| row.version);
    tx.call.expect(seen)?;
    let from_on = Some(from);
    let row = QuotaRow { least, from_on, version: seen + 1, updated_at: tx.call.now };
    store::set_quota(tx.conn, city, from, row).await?;
    // One of a city: its id is the city's code.
    let object_id = Uuid::from_u128(u128::from(city.unsigned_abs()));
    let before = Some(json!({ "least": old.map(|row| row.least) }));
    let (kind, object_kind, places) = ("contact_quota.set", "contact_quota", Places::default());
    let (version, after) = (row.version, Some(json!({ "least": least, "from": from })));
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(row)
}
