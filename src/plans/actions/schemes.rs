//! Drafting and publishing a scheme.

use std::collections::HashSet;
use std::ops::Bound;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::auth::{Actor, policy};
use crate::catalogue;
use crate::error::{self, Error, Fault, Result};
use crate::journal::{Entry, Places, Tx};
use crate::plans::routes::{NewLabel, NewScheme};
use crate::plans::rules::{self, SchemeState};
use crate::plans::store::schemes::{self as store, SchemeItemRow, SchemeRow};

/// The day of the month by which plans are handed in where a scheme does not say.
const DUE_DAY: i16 = 5;

/// Drafts a scheme.
pub async fn create_scheme(tx: &mut Tx<'_>, actor: &Actor, body: NewScheme) -> Result<SchemeRow> {
    policy::any_role(actor, &["admin"])?;
    let mut faults = doubled("channels", &body.channels);
    faults.extend(doubled("must_visits", &body.must_visits));
    if body.until.is_some_and(|until| until <= body.from) {
        let (zh, en) = ("须晚于起始日", "must be later than the first day");
        faults.push(Fault::new("/until", "until_not_after_from", zh, en));
    }
    error::check(faults)?;
    let row = SchemeRow {
        city_code: tx.call.city,
        id: body.id.unwrap_or_else(|| tx.call.id()),
        kind: "1158".into(),
        name: body.name,
        description: body.description,
        state: SchemeState::Draft.as_str().into(),
        during: (Bound::Included(body.from), body.until.map_or(Bound::Unbounded, Bound::Excluded)),
        published_at: None,
        version: 1,
        created_at: tx.call.now,
        plan_due_day: body.plan_due_day.unwrap_or(DUE_DAY),
    };
    let mut items = rows(&row, "channel", body.channels);
    items.extend(rows(&row, "must_visit", body.must_visits));
    store::insert(tx.conn, &row, &items).await?;
    journal(tx, &row, "scheme.created", None, &items).await?;
    Ok(row)
}

/// Puts a complete draft in force.
pub async fn publish_scheme(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<SchemeRow> {
    let mut row = store::lock(tx.conn, tx.call.city, id).await?;
    policy::any_role(actor, &["admin"])?;
    tx.call.expect(row.version)?;
    if row.state != SchemeState::Draft.as_str() {
        return Err(Error::transition(&row.state, Vec::new()));
    }
    let items = store::items(tx.conn, tx.call.city, id).await?;
    let channels = items.iter().filter(|item| item.kind == "channel").count();
    rules::scheme_complete(channels, items.len() - channels)
        .map_err(|wrong| Error::invalid(wrong.into_iter().map(Fault::from).collect()))?;
    end_predecessor(tx, &row).await?;
    row.state = SchemeState::Published.as_str().into();
    row.published_at = Some(tx.call.now);
    row.version += 1;
    store::update(tx.conn, &row).await?;
    journal(tx, &row, "scheme.published", Some(json!({ "state": "draft" })), &items).await?;
    Ok(row)
}

/// The scheme that is in force until further notice ends where its successor begins.
async fn end_predecessor(tx: &mut Tx<'_>, next: &SchemeRow) -> Result<()> {
    let Some(from) = next.from() else { return Ok(()) };
    let found = store::lock_in_force(tx.conn, tx.call.city, from).await?;
    // One that ends on a day of its own, or begins with the new one, is an overlap.
    let found = found.filter(|row| row.until().is_none() && row.from() < Some(from));
    let Some(mut row) = found else { return Ok(()) };
    catalogue::successor_from(from, tx.call.now)?;
    let items = store::items(tx.conn, tx.call.city, row.id).await?;
    row.during.1 = Bound::Excluded(from);
    row.version += 1;
    store::update(tx.conn, &row).await?;
    journal(tx, &row, "scheme.ended", Some(json!({ "until": null })), &items).await
}

fn doubled(list: &str, labels: &[NewLabel]) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let again = labels.iter().enumerate().filter(|(_, label)| !seen.insert(label.code.as_str()));
    let pointers = again.map(|(n, _)| format!("/{list}/{n}/code"));
    pointers
        .map(|at| Fault::new(at, "duplicate", "代码重复", "the code is there already"))
        .collect()
}

fn rows(scheme: &SchemeRow, kind: &str, labels: Vec<NewLabel>) -> Vec<SchemeItemRow> {
    let numbered = (0..).zip(labels);
    numbered
        .map(|(position, label)| SchemeItemRow {
            city_code: scheme.city_code,
            scheme_id: scheme.id,
            kind: kind.to_owned(),
            code: label.code,
            label_zh: label.label_zh,
            label_en: label.label_en,
            position,
        })
        .collect()
}

async fn journal(
    tx: &mut Tx<'_>,
    row: &SchemeRow,
    kind: &'static str,
    before: Option<Value>,
    items: &[SchemeItemRow],
) -> Result<()> {
    let codes = |kind: &str| -> Vec<&str> {
        let of_kind = items.iter().filter(|item| item.kind == kind);
        of_kind.map(|item| item.code.as_str()).collect()
    };
    let after = json!({
        "kind": row.kind, "state": row.state, "from": row.from(), "until": row.until(),
        "channels": codes("channel"), "must_visits": codes("must_visit"),
    });
    tx.journal(Entry {
        kind,
        object_kind: "scheme",
        object_id: row.id,
        version: row.version,
        places: Places::default(),
        before,
        after: Some(after),
    })
    .await?;
    Ok(())
}
