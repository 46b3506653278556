use chrono::TimeZone;
use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Noon of a date in the city.
fn noon(text: &str) -> DateTime<Utc> {
    day_starts_at(day(text)) + TimeDelta::hours(12)
}

fn rows() -> Vec<(NaiveDate, DayKind)> {
    include_str!("../../data/workdays.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(',');
            let date = day(cells.next().unwrap());
            (date, DayKind::parse(cells.next().unwrap()).unwrap())
        })
        .collect()
}

/// The published table, 2023 to 2026.
fn china() -> DayTable {
    DayTable::new(2023..=2026, rows())
}

/// What other calendars can say: weekends and holidays, no days worked in exchange.
fn without_exchange() -> DayTable {
    DayTable::new(2023..=2026, rows().into_iter().filter(|(_, kind)| *kind == DayKind::Holiday))
}

const VECTORS: [(&str, u16, &str, Option<&str>); 15] = [
    ("2026-01-03", 1, "2026-01-04", Some("2026-01-05")),
    ("2026-02-12", 5, "2026-02-26", Some("2026-02-27")),
    ("2026-02-12", 15, "2026-03-11", Some("2026-03-13")),
    ("2026-02-13", 1, "2026-02-14", None),
    ("2026-02-14", 1, "2026-02-24", None),
    ("2026-04-03", 5, "2026-04-13", None),
    ("2026-04-30", 5, "2026-05-11", Some("2026-05-12")),
    ("2026-05-08", 1, "2026-05-09", Some("2026-05-11")),
    ("2026-06-18", 1, "2026-06-22", None),
    ("2026-09-18", 1, "2026-09-20", None),
    ("2026-09-18", 5, "2026-09-24", Some("2026-09-28")),
    ("2026-09-18", 15, "2026-10-15", None),
    ("2026-09-30", 5, "2026-10-13", Some("2026-10-14")),
    ("2026-09-30", 15, "2026-10-27", Some("2026-10-28")),
    ("2026-10-09", 1, "2026-10-10", None),
];

#[test]
fn the_published_vectors_hold() {
    for (start, n, on, other) in VECTORS {
        let got = due(&china(), noon(start), Span::WorkingDays(n));
        assert_eq!(got, Due::end_of(day(on), false), "{start} + {n}");
        if let Some(other) = other {
            let got = due(&without_exchange(), noon(start), Span::WorkingDays(n));
            assert_eq!(got.on, day(other), "{start} + {n} without 调休");
        }
    }
}

#[test]
fn the_year_2026_has_248_working_days() {
    let days = day("2026-01-01").iter_days().take(365);
    assert_eq!(days.filter(|date| china().is_working(*date)).count(), 248);
}

#[test]
fn the_pause_vectors_hold() {
    let cases = [
        ("2026-09-18", 15, "2026-09-22", "2026-09-28", "2026-10-20"),
        ("2026-05-06", 5, "2026-05-08", "2026-05-11", "2026-05-14"),
        ("2026-05-06", 5, "2026-05-08", "2026-05-08", "2026-05-12"),
    ];
    for (start, n, paused, resumed, on) in cases {
        let pause = [(day(paused), Some(day(resumed)))];
        let got = due_with_pauses(&china(), noon(start), n, &pause);
        assert_eq!(got, Some(Due::end_of(day(on), false)), "{start} + {n}");
    }
}

#[test]
fn an_open_pause_has_no_due_date_unless_it_began_later() {
    let open = |from| [(day(from), None)];
    assert_eq!(due_with_pauses(&china(), noon("2026-05-06"), 5, &open("2026-05-08")), None);
    assert_eq!(
        counted_days(&china(), noon("2026-05-06"), 5, &open("2026-05-08")),
        [day("2026-05-07")]
    );
    let later = due_with_pauses(&china(), noon("2026-05-06"), 5, &open("2026-05-13"));
    assert_eq!(later.map(|due| due.on), Some(day("2026-05-12")));
}

#[test]
fn an_extension_counts_on_from_the_old_due_date() {
    let plain = due(&china(), noon("2026-06-15"), Span::WorkingDays(15));
    let extended = due(&china(), noon("2026-06-15"), Span::WorkingDays(30));
    assert_eq!((plain.on, extended.on), (day("2026-07-07"), day("2026-07-28")));
    assert_eq!(plus_working(&china(), plain.on, 15), extended);
}

#[test]
fn the_last_second_of_the_due_day_is_on_time_and_midnight_is_late() {
    let due = due(&china(), noon("2026-02-12"), Span::WorkingDays(5));
    let at = |d, h, m, s| zone().with_ymd_and_hms(2026, 2, d, h, m, s).unwrap().to_utc();
    assert!(due.on_time(at(26, 23, 59, 59)));
    assert!(!due.on_time(at(27, 0, 0, 0)));
}

#[test]
fn the_start_is_the_date_in_the_city_not_in_greenwich() {
    let late_evening = Utc.with_ymd_and_hms(2026, 1, 3, 15, 59, 59).unwrap();
    assert_eq!(local_date(late_evening), day("2026-01-03"));
    assert_eq!(local_date(late_evening + TimeDelta::seconds(1)), day("2026-01-04"));
}

#[test]
fn hours_run_round_the_clock() {
    let friday = noon("2026-02-13") + TimeDelta::hours(11);
    let got = due(&china(), friday, Span::Hours(2));
    assert_eq!((got.on, got.at), (day("2026-02-14"), friday + TimeDelta::hours(2)));
}

#[test]
fn calendar_days_do_not_skip_holidays() {
    let got = due(&china(), noon("2026-09-30"), Span::Days(2));
    assert_eq!(got, Due::end_of(day("2026-10-02"), false));
}

#[test]
fn a_deadline_past_the_table_is_provisional_and_knows_weekends_only() {
    let got = due(&china(), noon("2026-12-31"), Span::WorkingDays(1));
    assert_eq!(got, Due::end_of(day("2027-01-01"), true));
    assert!(!due(&china(), noon("2026-12-30"), Span::WorkingDays(1)).provisional);
}

#[test]
fn nothing_to_count_is_due_on_the_day_itself() {
    let got = due(&china(), noon("2026-05-06"), Span::WorkingDays(0));
    assert_eq!(got, Due::end_of(day("2026-05-06"), false));
}

#[test]
fn counting_back_undoes_counting_on() {
    assert_eq!(minus_working(&china(), day("2026-02-26"), 5), day("2026-02-12"));
    assert_eq!(minus_working(&china(), day("2026-05-11"), 1), day("2026-05-09"));
}

#[test]
fn the_ends_of_the_calendar_are_the_ends() {
    let table = china();
    for start in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        for span in [Span::WorkingDays(u16::MAX), Span::Days(u16::MAX), Span::Hours(u16::MAX)] {
            assert!(due(&table, start, span).at >= start);
        }
    }
    assert_eq!(plus_working(&table, NaiveDate::MAX, 1).on, NaiveDate::MAX);
    assert_eq!(minus_working(&table, NaiveDate::MIN, 3), NaiveDate::MIN);
    assert_eq!(table.next_working(NaiveDate::MAX), NaiveDate::MAX);
    let endless = [(day("2026-05-07"), Some(NaiveDate::MAX))];
    assert!(due_with_pauses(&table, noon("2026-05-06"), 5, &endless).is_some());
}

#[test]
fn a_span_is_stored_as_amount_and_unit() {
    for span in [Span::WorkingDays(5), Span::Days(2), Span::Hours(24)] {
        assert_eq!(Span::parse(span.amount(), span.unit()), Some(span));
    }
    assert_eq!(Span::parse(1, "month"), None);
}

prop_compose! {
    fn instant()(seconds in 1_672_502_400_i64..1_830_000_000) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }
}

fn pauses() -> impl Strategy<Value = Vec<Pause>> {
    let pause = (instant(), 0_u64..40).prop_map(|(from, days)| {
        let from = local_date(from);
        (from, from.checked_add_days(chrono::Days::new(days)))
    });
    proptest::collection::vec(pause, 0..4)
}

proptest! {
    #[test]
    fn explain_lists_exactly_the_days_that_were_counted(
        start in instant(), n in 0_u16..80, m in 0_u16..30, pauses in pauses()
    ) {
        let table = china();
        let days = counted_days(&table, start, n + m, &pauses);
        let due = due_with_pauses(&table, start, n + m, &pauses).unwrap();
        prop_assert_eq!(days.len(), usize::from(n + m));
        prop_assert!(days.iter().all(|date| table.is_working(*date)));
        prop_assert!(days.is_sorted_by(|a, b| a < b));
        prop_assert_eq!(days.last().copied().unwrap_or(local_date(start)), due.on);
        prop_assert_eq!(due_with_pauses(&table, start, n + m, &pauses), Some(due));
    }

    #[test]
    fn a_clock_without_pauses_is_the_plain_one(start in instant(), n in 0_u16..80) {
        let table = china();
        let plain = due(&table, start, Span::WorkingDays(n));
        prop_assert_eq!(due_with_pauses(&table, start, n, &[]), Some(plain));
        prop_assert_eq!(due(&table, start, Span::WorkingDays(n + 1)).on, table.next_working(plain.on));
    }

    #[test]
    fn a_pause_never_shortens(start in instant(), n in 0_u16..60, pauses in pauses()) {
        let table = china();
        let plain = due(&table, start, Span::WorkingDays(n));
        prop_assert!(due_with_pauses(&table, start, n, &pauses).unwrap().on >= plain.on);
    }

    #[test]
    fn any_input_has_an_answer(seconds in any::<i64>(), n in any::<u16>()) {
        let start = DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC);
        for span in [Span::WorkingDays(n % 3000), Span::Days(n), Span::Hours(n)] {
            prop_assert!(due(&china(), start, span).at >= start);
        }
    }
}
