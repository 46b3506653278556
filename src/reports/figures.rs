//! The figures: which counts they are made of, what they are called, and where their rows are.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::store::Days;

/// A count, or a rate with four decimals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum FigureValue {
    /// How many.
    Count(i64),
    /// From 0.0000 to 1.0000.
    Rate(String),
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    /// Stable word.
    #[schema(max_length = 64, pattern = "^[a-z][a-z0-9_]*$", example = "issues_transferred")]
    pub code: String,
    /// Chinese label.
    #[schema(max_length = 200, example = "转办事项")]
    pub label_zh: String,
    /// English label and definition.
    #[schema(max_length = 400, example = "Issues dispatched in the period and not merged away")]
    pub label_en: String,
    /// A whole number, or a rate as a decimal string; null: nothing to divide by.
    #[schema(required = true)]
    pub value: Option<FigureValue>,
    /// Of a rate: how many fulfil it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub numerator: Option<i64>,
    /// Of a rate: of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub denominator: Option<i64>,
    /// The query that lists the rows behind it; behind a rate, those it divides by.
    #[schema(max_length = 200, example = "/v1/contacts?as_of=2026-11-24&category=community")]
    pub rows: String,
    /// Of a rate: the query that lists those that fulfil it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    pub numerator_rows: Option<String>,
}

enum Kind {
    Count,
    /// Its numerator, what narrows the rows to that, and its denominator.
    Rate(&'static str, &'static str, &'static str),
}
use Kind::{Count, Rate};

type Definition = (&'static str, &'static str, &'static str, Kind, &'static str);

const VISITS: &str = "/v1/visits?from={from}&until={until}&counts=true";
const DUE: &str = "/v1/assignments?due_from={from}&due_until={due_until}&taken_back=false";
const ENDED: &str = "/v1/feedbacks?ended_from={from}&ended_until={due_until}";
const ANSWERED: &str = "/v1/feedbacks?ended_from={from}&ended_until={due_until}&outcome=answered";

/// Code (of its count, unless it is a rate), labels, what it is, its rows.
const FIGURES: &[Definition] = &[
    ("contacts", "界别群众联系人", "Contacts", Count, "/v1/contacts?as_of={on}"),
    (
        "contacts_key_enterprise",
        "联系人:重点企业",
        "Contacts in key enterprises",
        Count,
        "/v1/contacts?as_of={on}&category=key_enterprise",
    ),
    (
        "contacts_community",
        "联系人:社区",
        "Contacts in communities",
        Count,
        "/v1/contacts?as_of={on}&category=community",
    ),
    (
        "contacts_village",
        "联系人:村屯",
        "Contacts in villages",
        Count,
        "/v1/contacts?as_of={on}&category=village",
    ),
    ("committees", "专委会", "Special committees", Count, "/v1/committees?as_of={on}"),
    ("sectors", "界别", "Sectors", Count, "/v1/sectors?as_of={on}"),
    (
        "sectors_per_committee_min",
        "每个专委会联系界别最少",
        "Fewest sectors that one committee guides",
        Count,
        "/v1/sectors?as_of={on}",
    ),
    (
        "sectors_per_committee_max",
        "每个专委会联系界别最多",
        "Most sectors that one committee guides",
        Count,
        "/v1/sectors?as_of={on}",
    ),
    ("members", "委员", "Members", Count, "/v1/members?as_of={on}"),
    ("visits", "走访(已记录、已确认)", "Visits recorded or confirmed", Count, VISITS),
    (
        "visits_confirmed",
        "走访:已确认",
        "Visits confirmed",
        Count,
        "/v1/visits?from={from}&until={until}&state=confirmed",
    ),
    (
        "visits_visit",
        "走访:上门",
        "Visits in person",
        Count,
        "/v1/visits?from={from}&until={until}&counts=true&form=visit",
    ),
    (
        "visits_talk",
        "走访:座谈",
        "Talks",
        Count,
        "/v1/visits?from={from}&until={until}&counts=true&form=talk",
    ),
    (
        "visits_consult",
        "走访:协商",
        "Consultations",
        Count,
        "/v1/visits?from={from}&until={until}&counts=true&form=consult",
    ),
    (
        "issues_intake",
        "收到事项",
        "Issues submitted or sent in for the first time in the period",
        Count,
        "/v1/issues?taken_in_from={from}&taken_in_until={until}",
    ),
    (
        "issues_accepted",
        "列入台账",
        "Issues that entered the ledger in the period",
        Count,
        "/v1/issues?accepted_from={from}&accepted_until={until}",
    ),
    (
        "issues_transferred",
        "转办事项",
        "Issues dispatched in the period and not merged away",
        Count,
        "/v1/issues?dispatched_from={from}&dispatched_until={until}",
    ),
    (
        "issues_closed",
        "办结事项",
        "Issues closed in the period",
        Count,
        "/v1/issues?closed_from={from}&closed_until={until}&state=closed",
    ),
    (
        "assignments_due",
        "到期转办单",
        "Assignments whose reply was first due in the period and before today, unless returned or recalled",
        Count,
        DUE,
    ),
    (
        "response_rate",
        "响应率",
        "Of assignments due: signed for, and the first contact with the reporter recorded in time",
        Rate("assignments_responded", "&responded=true", "assignments_due"),
        DUE,
    ),
    (
        "sign_in_on_time_rate",
        "按时签收率",
        "Of assignments due: signed for in time",
        Rate("assignments_signed_on_time", "&signed_on_time=true", "assignments_due"),
        DUE,
    ),
    (
        "reply_on_time_rate",
        "按时办复率",
        "Of assignments due: first replied in time; a reply that was sent back stays what it was",
        Rate("assignments_replied_on_time", "&replied_on_time=true", "assignments_due"),
        DUE,
    ),
    (
        "rework_rate",
        "返工率",
        "Of assignments due: a reply was sent back at least once",
        Rate("assignments_sent_back", "&sent_back=true", "assignments_due"),
        DUE,
    ),
    (
        "return_rate",
        "退回率",
        "Of assignments dispatched in the period: returned by the department",
        Rate("assignments_returned", "&state=returned", "assignments_dispatched"),
        "/v1/assignments?dispatched_from={from}&dispatched_until={until}",
    ),
    (
        "feedback_ended",
        "回访期满",
        "Feedback windows that ended in the period and before today",
        Count,
        ENDED,
    ),
    (
        "resolution_rate",
        "解决率",
        "Of feedbacks answered: solved",
        Rate("feedback_solved", "&solved=true", "feedback_answered"),
        ANSWERED,
    ),
    (
        "satisfaction_rate",
        "满意率",
        "Of feedbacks answered: satisfied or basically satisfied",
        Rate("feedback_satisfied", "&satisfied=true", "feedback_answered"),
        ANSWERED,
    ),
    (
        "feedback_not_reachable",
        "回访:联系不上",
        "Windows that ended without an answer after two attempts or more that reached nobody",
        Count,
        "/v1/feedbacks?ended_from={from}&ended_until={due_until}&outcome=not_reachable",
    ),
    (
        "feedback_pending",
        "回访:未答复",
        "Windows that ended without an answer, though somebody was reached or fewer than two attempts were made",
        Count,
        "/v1/feedbacks?ended_from={from}&ended_until={due_until}&outcome=pending",
    ),
];

/// All figures from the counts, in the order of the documentation.
pub fn figures(counts: &BTreeMap<String, i64>, days: &Days) -> Vec<Figure> {
    let count = |code: &str| counts.get(code).copied().unwrap_or(0);
    let rows = |text: &str| {
        text.replace("{from}", &days.period.from.to_string())
            .replace("{until}", &days.period.until.to_string())
            .replace("{on}", &days.on.to_string())
            .replace("{due_until}", &days.due_until.to_string())
    };
    let figure = |(code, label_zh, label_en, kind, list): &Definition| {
        let (value, numerator, denominator, numerator_rows) = match kind {
            Count => (Some(FigureValue::Count(count(code))), None, None, None),
            Rate(of, narrowed, all) => {
                let (of, all) = (count(of), count(all));
                let narrowed = format!("{}{narrowed}", rows(list));
                (rate(of, all).map(FigureValue::Rate), Some(of), Some(all), Some(narrowed))
            }
        };
        Figure {
            code: (*code).to_owned(),
            label_zh: (*label_zh).to_owned(),
            label_en: (*label_en).to_owned(),
            value,
            numerator,
            denominator,
            rows: rows(list),
            numerator_rows,
        }
    };
    FIGURES.iter().map(figure).collect()
}

/// `of` in `all` with four decimals, half up; none of nothing.
fn rate(of: i64, all: i64) -> Option<String> {
    let (of, all) = (i128::from(of), i128::from(all));
    let tenths = (of * 20_000 + all).checked_div(2 * all)?;
    Some(format!("{}.{:04}", tenths / 10_000, tenths % 10_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Period;

    #[test]
    fn a_rate_has_four_decimals_and_nothing_is_no_rate() {
        for (of, all, expected) in [
            (11, 12, Some("0.9167")),
            (0, 3, Some("0.0000")),
            (3, 3, Some("1.0000")),
            (1, 20_000, Some("0.0001")),
            (1, 20_001, Some("0.0000")),
            (0, 0, None),
        ] {
            assert_eq!(rate(of, all).as_deref(), expected, "{of}/{all}");
        }
    }

    #[test]
    fn every_figure_says_where_its_rows_are_and_what_is_not_yet_due_is_left_out() {
        let day = |text: &str| text.parse().unwrap();
        let period = Period { from: day("2026-01-01"), until: day("2027-01-01") };
        let days = Days::of(period, day("2026-11-24"));
        let counts =
            [("assignments_due", 4), ("assignments_responded", 3), ("issues_transferred", 223)];
        let counts = counts.into_iter().map(|(code, value)| (code.to_owned(), value)).collect();
        let figures = figures(&counts, &days);
        let find = |code: &str| figures.iter().find(|figure| figure.code == code).unwrap();
        assert_eq!(find("issues_transferred").value, Some(FigureValue::Count(223)));
        let response = find("response_rate");
        assert_eq!(response.value, Some(FigureValue::Rate("0.7500".into())));
        assert_eq!(
            response.rows,
            "/v1/assignments?due_from=2026-01-01&due_until=2026-11-24&taken_back=false"
        );
        assert_eq!(find("resolution_rate").value, None);
        assert!(
            figures
                .iter()
                .all(|figure| figure.rows.starts_with("/v1/") && !figure.rows.contains('{'))
        );
    }
}
