//! From entries to a total that can be read line by line.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{self, CategoryLine, Entry, Points, RuleLine};
use super::store::entries::ExplainedRow;

/// One entry and where it came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EntryLine {
    /// The entry.
    pub id: Uuid,
    /// Below zero when it takes another entry back.
    pub points: Points,
    /// The event in the feed.
    pub cause_id: Uuid,
    /// What happened.
    #[schema(max_length = 64, example = "visit.confirmed")]
    pub event_kind: String,
    /// To what kind of object.
    #[schema(max_length = 64, example = "visit")]
    pub object_kind: String,
    /// To which.
    pub object_id: Uuid,
    /// When it happened.
    pub happened_at: DateTime<Utc>,
    /// When the points were posted.
    pub posted_at: DateTime<Utc>,
    /// The entry it takes back.
    #[schema(required = true)]
    pub reverses_id: Option<Uuid>,
}

/// What one rule brought: `raw` plus `cut` is `counted`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExplainedRule {
    /// The rule.
    #[schema(max_length = 64, example = "visit_confirmed")]
    pub rule_code: String,
    /// Chinese label.
    #[schema(max_length = 200, example = "走访经确认")]
    pub label_zh: String,
    /// English label.
    #[schema(max_length = 200, example = "A visit was confirmed")]
    pub label_en: String,
    /// The most it may bring; null: no cap.
    #[schema(required = true)]
    pub cap: Option<Points>,
    /// The sum of the entries.
    pub raw: Points,
    /// What the cap takes away: zero or less.
    pub cut: Points,
    /// What is left.
    pub counted: Points,
    /// Every entry.
    #[schema(max_items = 100_000)]
    pub entries: Vec<EntryLine>,
}

/// What one category brought: the sum of its rules plus `cut` is `counted`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExplainedCategory {
    /// The category.
    #[schema(max_length = 64, example = "visits")]
    pub category: String,
    /// Chinese label.
    #[schema(max_length = 200, example = "走访联系")]
    pub label_zh: String,
    /// English label.
    #[schema(max_length = 200, example = "Visits")]
    pub label_en: String,
    /// The most it may bring; null: no cap.
    #[schema(required = true)]
    pub cap: Option<Points>,
    /// The sum of what its rules counted.
    pub raw: Points,
    /// What the cap takes away: zero or less.
    pub cut: Points,
    /// What is left.
    pub counted: Points,
    /// Its rules, by code.
    #[schema(max_items = 200)]
    pub rules: Vec<ExplainedRule>,
}

/// What one rule set brought: the sum of its categories.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExplainedSet {
    /// The rule set.
    pub rule_set_id: Uuid,
    /// Its name.
    #[schema(max_length = 200, example = "履职积分规则")]
    pub name: String,
    /// The sum of its categories.
    pub total: Points,
    /// Its categories, by code.
    #[schema(max_items = 50)]
    pub categories: Vec<ExplainedCategory>,
}

/// Totals of each rule set and of them all. Caps belong to a set, so each is summed by itself.
pub fn explain(rows: Vec<ExplainedRow>) -> (Points, Vec<ExplainedSet>) {
    let mut of_sets: BTreeMap<Uuid, Vec<ExplainedRow>> = BTreeMap::new();
    for row in rows {
        of_sets.entry(row.rule_set_id).or_default().push(row);
    }
    let sets: Vec<_> = of_sets.into_iter().map(|(id, rows)| one_set(id, &rows)).collect();
    (sets.iter().map(|set| set.total).sum(), sets)
}

fn one_set(rule_set_id: Uuid, rows: &[ExplainedRow]) -> ExplainedSet {
    let points = Points::from_hundredths;
    let mut rule_caps = BTreeMap::new();
    let mut category_caps = BTreeMap::new();
    for row in rows {
        rule_caps.extend(row.rule_cap.map(|cap| (row.rule_code.clone(), points(cap))));
        category_caps.extend(row.category_cap.map(|cap| (row.category.clone(), points(cap))));
    }
    let entry = |row: &ExplainedRow| Entry {
        rule_code: row.rule_code.clone(),
        category: row.category.clone(),
        points: points(row.points),
    };
    let entries: Vec<_> = rows.iter().map(entry).collect();
    let explained = rules::total(&entries, &rule_caps, &category_caps);
    let categories = explained.lines.into_iter().map(|line| one_category(line, rows)).collect();
    let name = rows.first().map(|row| row.rule_set_name.clone()).unwrap_or_default();
    ExplainedSet { rule_set_id, name, total: explained.total, categories }
}

fn one_category(line: CategoryLine, rows: &[ExplainedRow]) -> ExplainedCategory {
    let CategoryLine { category, rules, raw, cut, counted } = line;
    let first = rows.iter().find(|row| row.category == category);
    let (label_zh, label_en) =
        first.map(|row| (row.category_zh.clone(), row.category_en.clone())).unwrap_or_default();
    let cap = first.and_then(|row| row.category_cap).map(Points::from_hundredths);
    let rules = rules.into_iter().map(|line| one_rule(line, rows)).collect();
    ExplainedCategory { category, label_zh, label_en, cap, raw, cut, counted, rules }
}

fn one_rule(line: RuleLine, rows: &[ExplainedRow]) -> ExplainedRule {
    let RuleLine { rule_code, raw, cut, counted } = line;
    let own: Vec<_> = rows.iter().filter(|row| row.rule_code == rule_code).collect();
    let (label_zh, label_en) =
        own.first().map(|row| (row.rule_zh.clone(), row.rule_en.clone())).unwrap_or_default();
    let cap = own.first().and_then(|row| row.rule_cap).map(Points::from_hundredths);
    let entries = own.into_iter().map(entry_line).collect();
    ExplainedRule { rule_code, label_zh, label_en, cap, raw, cut, counted, entries }
}

fn entry_line(row: &ExplainedRow) -> EntryLine {
    EntryLine {
        id: row.id,
        points: Points::from_hundredths(row.points),
        cause_id: row.cause_id,
        event_kind: row.cause_kind.clone(),
        object_kind: row.object_kind.clone(),
        object_id: row.object_id,
        happened_at: row.happened_at,
        posted_at: row.posted_at,
        reverses_id: row.reverses_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(set: u128, category: &str, rule: &str, points: i64) -> ExplainedRow {
        ExplainedRow {
            id: Uuid::from_u128(1),
            rule_set_id: Uuid::from_u128(set),
            rule_set_name: format!("set {set}"),
            category: category.into(),
            category_zh: "类".into(),
            category_en: category.into(),
            category_cap: Some(300),
            rule_code: rule.into(),
            rule_zh: "则".into(),
            rule_en: rule.into(),
            rule_cap: (rule == "capped").then_some(200),
            cause_kind: if points < 0 { "visit.voided" } else { "visit.confirmed" }.into(),
            points,
            cause_id: Uuid::from_u128(2),
            object_kind: "visit".into(),
            object_id: Uuid::from_u128(3),
            happened_at: DateTime::UNIX_EPOCH,
            posted_at: DateTime::UNIX_EPOCH,
            reverses_id: None,
        }
    }

    #[test]
    fn every_line_adds_up_to_the_total() {
        let mut rows = vec![row(1, "visits", "capped", 100); 4];
        rows.push(row(1, "visits", "capped", -100));
        rows.push(row(1, "visits", "free", 150));
        rows.push(row(2, "visits", "free", 50));
        let (total, sets) = explain(rows);
        // Set 1: 3.00 cut to 2.00 by the rule, with 1.50 cut to 3.00 by the category.
        assert_eq!(total.to_string(), "3.50");
        let mut sum = Points::ZERO;
        for set in &sets {
            for category in &set.categories {
                sum = sum.plus(category.cut);
                for rule in &category.rules {
                    let entries: Points = rule.entries.iter().map(|entry| entry.points).sum();
                    assert_eq!(entries, rule.raw);
                    sum = sum.plus(entries).plus(rule.cut);
                }
            }
        }
        assert_eq!(sum, total);
        let taken = &sets[0].categories[0].rules[0].entries[4];
        assert_eq!(taken.event_kind, "visit.voided");
    }
}
