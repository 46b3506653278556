//! What a person does to rule sets.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde_json::{Value, json};
use uuid::Uuid;

use super::routes::rule_sets::{CategoryBody, RuleBody, RuleSetDraft};
use super::rules::Points;
use super::store::rule_sets::{self as store, CategoryRow, RuleRow, SetRow, Whole};
use crate::auth::{Actor, policy};
use crate::catalogue;
use crate::error::{Error, Fault, Result, check};
use crate::journal::{Entry, Places, Tx};

const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";

/// What the holder of `admin` may do to a set in `state`.
pub(super) fn allowed(actor: &Actor, state: &str) -> Vec<&'static str> {
    let may = state == DRAFT && policy::any_role(actor, &["admin"]).is_ok();
    if may { vec!["publish"] } else { Vec::new() }
}

/// Keeps a draft.
pub async fn draft(tx: &mut Tx<'_>, actor: &Actor, body: RuleSetDraft) -> Result<Whole> {
    policy::any_role(actor, &["admin"])?;
    check(faults(&body))?;
    let (city_code, id) = (tx.call.city, body.id.unwrap_or_else(|| tx.call.id()));
    let category = |(position, category): (usize, CategoryBody)| CategoryRow {
        city_code,
        rule_set_id: id,
        code: category.code,
        label_zh: category.label_zh,
        label_en: category.label_en,
        cap: category.cap.map(Points::hundredths),
        position: i16::try_from(position).unwrap_or(i16::MAX),
    };
    let rule = |(position, rule): (usize, RuleBody)| RuleRow {
        city_code,
        rule_set_id: id,
        code: rule.code,
        category: rule.category,
        event_kind: rule.event_kind.as_str().to_owned(),
        label_zh: rule.label_zh,
        label_en: rule.label_en,
        points: rule.points.hundredths(),
        cap: rule.cap.map(Points::hundredths),
        position: i16::try_from(position).unwrap_or(i16::MAX),
    };
    let whole = Whole {
        set: SetRow {
            city_code,
            id,
            name: body.name,
            description: body.description.unwrap_or_default(),
            state: DRAFT.to_owned(),
            during: (
                Bound::Included(body.from),
                body.until.map_or(Bound::Unbounded, Bound::Excluded),
            ),
            published_at: None,
            version: 1,
            created_at: tx.call.now,
        },
        categories: body.categories.into_iter().enumerate().map(category).collect(),
        rules: body.rules.into_iter().enumerate().map(rule).collect(),
    };
    store::insert(tx.conn, &whole).await?;
    journal(tx, "rule_set.drafted", &whole.set, None).await?;
    Ok(whole)
}

/// Publishes a draft: from then on it gives points for the days it covers, and never changes.
pub async fn publish(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<Whole> {
    let mut set = store::lock(tx.conn, tx.call.city, id).await?;
    policy::any_role(actor, &["admin"])?;
    tx.call.expect(set.version)?;
    if set.state != DRAFT {
        return Err(Error::transition(&set.state, allowed(actor, &set.state)));
    }
    end_predecessor(tx, &set).await?;
    set.state = PUBLISHED.to_owned();
    set.published_at = Some(tx.call.now);
    set.version += 1;
    store::update(tx.conn, &set).await?;
    journal(tx, "rule_set.published", &set, Some(json!({ "state": DRAFT }))).await?;
    store::find(tx.conn, tx.call.city, id).await?.ok_or_else(Error::not_found)
}

/// The set that is in force until further notice ends where its successor begins.
async fn end_predecessor(tx: &mut Tx<'_>, next: &SetRow) -> Result<()> {
    let Some(from) = next.from() else { return Ok(()) };
    let found = store::lock_in_force(tx.conn, tx.call.city, from).await?;
    // One that ends on a day of its own, or begins with the new one, is an overlap.
    let found = found.filter(|set| set.until().is_none() && set.from() < Some(from));
    let Some(mut set) = found else { return Ok(()) };
    catalogue::successor_from(from, tx.call.now)?;
    set.during.1 = Bound::Excluded(from);
    set.version += 1;
    store::update(tx.conn, &set).await?;
    journal(tx, "rule_set.ended", &set, Some(json!({ "until": null }))).await
}

async fn journal(
    tx: &mut Tx<'_>,
    kind: &'static str,
    set: &SetRow,
    before: Option<Value>,
) -> Result<()> {
    let entry = Entry {
        kind,
        object_kind: "rule_set",
        object_id: set.id,
        version: set.version,
        places: Places::default(),
        before,
        after: Some(json!({ "state": set.state, "from": set.from(), "until": set.until() })),
    };
    tx.journal(entry).await?;
    Ok(())
}

/// All that is wrong with the meaning of a draft.
fn faults(body: &RuleSetDraft) -> Vec<Fault> {
    let mut faults = Vec::new();
    let wrong = |pointer: String, zh: &str, en: &str| Fault::new(pointer, "duplicate", zh, en);
    if body.until.is_some_and(|until| until <= body.from) {
        let (zh, en) = ("应晚于 from", "must be after from");
        faults.push(Fault::new("/until", "until_not_after_from", zh, en));
    }
    let mut categories = BTreeSet::new();
    for (n, category) in body.categories.iter().enumerate() {
        if !categories.insert(category.code.as_str()) {
            faults.push(wrong(format!("/categories/{n}/code"), "代码重复", "given twice"));
        }
    }
    let mut rules = BTreeSet::new();
    for (n, rule) in body.rules.iter().enumerate() {
        if !rules.insert(rule.code.as_str()) {
            faults.push(wrong(format!("/rules/{n}/code"), "代码重复", "given twice"));
        }
        if !categories.contains(rule.category.as_str()) {
            let pointer = format!("/rules/{n}/category");
            faults.push(Fault::reference(pointer, "类别", "category in this rule set"));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_refused_with_everything_that_is_wrong() {
        let category = json!({ "code": "visits", "label_zh": "走访", "label_en": "Visits" });
        let rule = json!({ "code": "a", "category": "none", "event_kind": "visit.confirmed",
            "label_zh": "走访", "label_en": "Visit", "points": "1.00" });
        let body = json!({ "name": "x", "from": "2026-01-01", "until": "2026-01-01",
            "categories": [category, category], "rules": [rule, rule] });
        let body: RuleSetDraft = serde_json::from_value(body).unwrap();
        let found: Vec<_> = faults(&body).into_iter().map(|fault| fault.pointer).collect();
        let expected = [
            "/until",
            "/categories/1/code",
            "/rules/0/category",
            "/rules/1/code",
            "/rules/1/category",
        ];
        assert_eq!(found, expected);
    }
}
