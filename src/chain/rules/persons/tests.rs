use chrono::NaiveDate;
use proptest::prelude::*;

use super::*;

fn day(n: u64) -> NaiveDate {
    NaiveDate::default() + chrono::Days::new(n)
}

fn somebody(n: u128) -> Side {
    Side { id: Uuid::from_u128(n), ..Side::default() }
}

#[test]
fn a_value_fits_its_kind() {
    use ContactPointKind as K;
    let table = [
        (K::Mobile, "+86 138-0000 1234", true),
        (K::Mobile, "-----", false),
        (K::Landline, "0468-3351234", true),
        (K::Landline, "1234", false),
        (K::Wechat, "wang_wei-58", true),
        (K::Wechat, "王伟的微信", false),
        (K::Email, "a@b.cn", true),
        (K::Email, "a@b@c", false),
        (K::Email, "a b@c", false),
        (K::Email, "@c", false),
        (K::Address, "育才街道 1 号", true),
    ];
    for (kind, value, fits) in table {
        assert_eq!(kind.fits(value), fits, "{kind:?} {value}");
    }
}

#[test]
fn a_resident_id_ends_in_its_check_sign() {
    let normal = Scheme::ResidentId.normal("11010519491231002x");
    assert!(Scheme::ResidentId.fits(&normal) && Scheme::ResidentId.fits("440524188001010014"));
    for wrong in
        ["110105194912310021", "11010519491231002", "1101051949123100X2", "11010519491231002A", ""]
    {
        assert!(!Scheme::ResidentId.fits(wrong), "{wrong}");
    }
    assert!(Scheme::Other.fits("Ab-1") && Scheme::Other.normal("Ab-1") == "Ab-1");
}

#[test]
fn two_are_one_unless_each_has_what_a_person_has_once() {
    let full = |n, number: &str, from, until: Option<u64>| Side {
        account: true,
        terms: vec![(day(from), until.map(day))],
        numbers: vec![(Scheme::ResidentId, number.to_owned())],
        ..somebody(n)
    };
    let one = full(1, "1", 0, Some(10));
    let all = [Refusal::BothHaveAccounts, Refusal::BothMembers, Refusal::NumbersDiffer];
    assert_eq!(against_merge(&one, &full(2, "2", 9, None), false), all);
    assert_eq!(against_merge(&one, &full(2, "1", 10, None), false), [Refusal::BothHaveAccounts]);
    assert_eq!(against_merge(&one, &somebody(2), false), []);
    assert_eq!(against_merge(&one, &somebody(2), true), [Refusal::LinkedToEachOther]);
    assert_eq!(against_merge(&one, &one, false), [Refusal::SamePerson]);
    let merged = Side { merged: true, ..somebody(2) };
    assert_eq!(against_merge(&one, &merged, false), [Refusal::SurvivorMerged]);
}

#[test]
fn a_merge_is_taken_back_within_thirty_days_and_the_last_of_a_chain_first() {
    let (into, at) = (Uuid::from_u128(1), DateTime::<Utc>::default());
    let last = at + WINDOW - TimeDelta::microseconds(1);
    assert_eq!(may_unmerge((into, at), into, last), Ok(()));
    assert_eq!(may_unmerge((into, at), into, at + WINDOW), Err(Refusal::WindowOver));
    assert_eq!(may_unmerge((into, at), Uuid::from_u128(2), at), Err(Refusal::MergedSince));
}

proptest! {
    #[test]
    fn terms_share_a_day_where_one_day_lies_in_both(a in 0u64..9, b in 0u64..9, c in 1u64..9, d in 1u64..9, open: bool) {
        let (one, other) = ((day(a), Some(day(a + c))), (day(b), (!open).then(|| day(b + d))));
        let on = |(from, until): Term, n: u64| from <= day(n) && until.is_none_or(|until| day(n) < until);
        let shared = (0..20).any(|n| on(one, n) && on(other, n));
        prop_assert_eq!(share_a_day(one, other), shared);
        prop_assert_eq!(share_a_day(other, one), shared);
    }

    #[test]
    fn one_wrong_digit_of_a_resident_id_is_found(digits in "[0-9]{17}", at in 0usize..17, by in 1u8..10) {
        let ends = (b'0'..=b'9').chain([b'X']).map(char::from);
        let right: Vec<String> =
            ends.map(|end| format!("{digits}{end}")).filter(|id| is_resident_id(id)).collect();
        prop_assert_eq!(right.len(), 1);
        let mut wrong = right[0].clone().into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert!(!is_resident_id(&String::from_utf8(wrong).unwrap()));
    }
}

#[test]
fn a_number_is_the_same_however_it_is_written() {
    let phone = ContactPointKind::Mobile;
    for written in ["139 0468 7777", "+86 139-0468-7777", "(139)04687777"] {
        assert!(phone.same("13904687777", written), "{written}");
    }
    assert!(!phone.same("13904687777", "13904687778"));
    assert!(!phone.same("3351001", "0468-3351001"));
    assert!(ContactPointKind::Email.same("Wang@example.org", "wang@EXAMPLE.org"));
    assert!(!ContactPointKind::Wechat.same("Wang_wei", "wang_wei"));
}
