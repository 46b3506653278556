use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn points(text: &str) -> Points {
    text.parse().unwrap()
}

fn all(texts: &[&str]) -> Vec<Points> {
    texts.iter().map(|text| points(text)).collect()
}

fn entry(rule_code: &str, category: &str, text: &str) -> Entry {
    let (rule_code, category) = (rule_code.to_owned(), category.to_owned());
    Entry { rule_code, category, points: points(text) }
}

fn caps(rows: &[(&str, &str)]) -> BTreeMap<String, Points> {
    rows.iter().map(|(code, cap)| ((*code).to_owned(), points(cap))).collect()
}

#[test]
fn v1_equal_shares_lose_nothing() {
    assert_eq!(split_equal(points("10.00"), 3), all(&["3.34", "3.33", "3.33"]));
}

#[test]
fn v2_the_first_has_half_and_the_rest_share() {
    let expected = all(&["12.50", "4.17", "4.17", "4.16"]);
    assert_eq!(split_first_half(points("25.00"), 4), expected);
    assert_eq!(split_first_half(points("25.00"), 1), all(&["25.00"]));
    assert_eq!(split_first_half(points("0.01"), 2), all(&["0.01", "0.00"]));
    assert!(split_first_half(points("25.00"), 0).is_empty());
}

#[test]
fn v3_from_the_second_on_is_capped() {
    let mut entries = vec![entry("first_filed", "proposals", "15.00")];
    entries.extend((0..6).map(|_| entry("more_filed", "proposals", "5.00")));
    let explain = total(&entries, &caps(&[("more_filed", "20.00")]), &caps(&[]));
    assert_eq!(explain.total, points("35.00"));
    assert_eq!(explain.lines[0].rules[1].cut, points("-10.00"));
}

#[test]
fn v7_taking_all_back_leaves_zero_and_every_row() {
    let shares = split_first_half(points("25.00"), 4);
    let mut ledger: Vec<_> =
        shares.iter().map(|share| entry("filed", "proposals", &share.to_string())).collect();
    ledger.extend(ledger.clone().iter().map(reversal));
    assert_eq!(ledger.len(), 8);
    assert_eq!(total(&ledger, &caps(&[]), &caps(&[])).total, Points::ZERO);
}

/// Seven activities of two points each, in a class that counts ten.
fn seven_activities() -> (Vec<Entry>, BTreeMap<String, Points>) {
    let entries = (0..7).map(|_| entry("activity", "activities", "2.00")).collect();
    (entries, caps(&[("activities", "10.00")]))
}

#[test]
fn v8_the_cap_of_a_class_shows_what_it_takes() {
    let (entries, caps) = seven_activities();
    let explain = total(&entries, &BTreeMap::new(), &caps);
    let line = &explain.lines[0];
    let seen = [line.raw, line.cut, line.counted, explain.total];
    assert_eq!(seen.to_vec(), all(&["14.00", "-4.00", "10.00", "10.00"]));
}

#[test]
fn v10_the_same_cause_twice_is_one_entry() {
    let key = || unique_key(1, "visit", 2, 3, false);
    let entries = BTreeSet::from([key(), key(), unique_key(1, "visit", 2, 3, true)]);
    assert_eq!(entries.len(), 2);
}

#[test]
fn v12_a_late_reversal_uses_up_what_was_cut() {
    let (mut entries, caps) = seven_activities();
    entries.extend([reversal(&entries[0]), reversal(&entries[1])]);
    let explain = total(&entries, &BTreeMap::new(), &caps);
    let line = &explain.lines[0];
    assert_eq!([line.raw, line.counted].to_vec(), all(&["10.00", "10.00"]));
}

#[test]
fn a_penalty_is_not_lifted_by_a_cap() {
    let entries = [entry("late", "meetings", "-1.50"), entry("absent", "meetings", "-3.00")];
    let explain = total(&entries, &caps(&[("late", "0.00")]), &caps(&[("meetings", "50.00")]));
    assert_eq!(explain.total, points("-4.50"));
}

#[test]
fn points_are_spoken_with_two_places() {
    for (hundredths, text) in [(1234, "12.34"), (-5, "-0.05"), (0, "0.00"), (-1200, "-12.00")] {
        assert_eq!(Points::from_hundredths(hundredths).to_string(), text);
        assert_eq!(points(text).hundredths(), hundredths);
    }
    assert_eq!(points("999999999999.99"), Points::MAX);
    assert_eq!(serde_json::to_value(points("1.50")).unwrap(), "1.50");
    assert!(serde_json::from_str::<Points>("1.5").is_err());
    let _ = Points::from_hundredths(i64::MIN).to_string();
}

#[test]
fn what_does_not_have_two_places_is_not_points() {
    let wrong = [
        "",
        "1",
        "1.5",
        "1.505",
        ".50",
        "+1.00",
        "--1.00",
        "1.-5",
        "１.00",
        "1234567890123.00",
        "1.00 ",
    ];
    for text in wrong {
        assert_eq!(text.parse::<Points>(), Err(NotPoints), "{text:?}");
    }
}

fn ledger() -> impl Strategy<Value = Vec<Entry>> {
    let entry = (0_u8..5, -5_000_i64..5_000).prop_map(|(rule, hundredths)| Entry {
        rule_code: format!("rule_{rule}"),
        category: format!("category_{}", rule % 2),
        points: Points::from_hundredths(hundredths),
    });
    proptest::collection::vec(entry, 0..40)
}

fn some_caps(kind: &'static str) -> impl Strategy<Value = BTreeMap<String, Points>> {
    let cap = (0_u8..5, 0_i64..8_000)
        .prop_map(move |(n, cap)| (format!("{kind}_{n}"), Points::from_hundredths(cap)));
    proptest::collection::vec(cap, 0..4).prop_map(|rows| rows.into_iter().collect())
}

proptest! {
    #[test]
    fn explain_sums_to_the_total(
        ledger in ledger(), rules in some_caps("rule"), categories in some_caps("category")
    ) {
        let explain = total(&ledger, &rules, &categories);
        let rule_lines = || explain.lines.iter().flat_map(|line| &line.rules);
        let raw: Points = rule_lines().map(|line| line.raw).sum();
        let cuts: Points = rule_lines().map(|line| line.cut).sum();
        let category_cuts: Points = explain.lines.iter().map(|line| line.cut).sum();
        prop_assert_eq!(raw, ledger.iter().map(|entry| entry.points).sum());
        prop_assert_eq!(raw.plus(cuts).plus(category_cuts), explain.total);
        for line in &explain.lines {
            prop_assert_eq!(line.counted, line.raw.plus(line.cut));
            prop_assert!(categories.get(&line.category).is_none_or(|cap| line.counted <= *cap));
        }
    }

    #[test]
    fn taking_everything_back_gives_zero(
        ledger in ledger(), rules in some_caps("rule"), categories in some_caps("category")
    ) {
        let both: Vec<_> = ledger.iter().cloned().chain(ledger.iter().map(reversal)).collect();
        prop_assert_eq!(total(&both, &rules, &categories).total, Points::ZERO);
    }

    #[test]
    fn shares_sum_to_the_whole_and_differ_by_a_hundredth(
        hundredths in -1_000_000_i64..1_000_000, persons in 1_u32..60
    ) {
        let whole = Points::from_hundredths(hundredths);
        let shares = split_equal(whole, persons);
        prop_assert_eq!(shares.iter().copied().sum::<Points>(), whole);
        let least = shares.iter().min().unwrap().hundredths();
        prop_assert!(shares.iter().max().unwrap().hundredths() - least <= 1);
        prop_assert_eq!(split_first_half(whole, persons).into_iter().sum::<Points>(), whole);
    }

    #[test]
    fn points_survive_being_spoken(hundredths in -99_999_999_999_999_i64..=99_999_999_999_999) {
        let whole = Points::from_hundredths(hundredths);
        prop_assert_eq!(whole.to_string().parse(), Ok(whole));
    }
}
