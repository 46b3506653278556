//! Since when and until when an organisation, a post, an area or a link stands, and why it may not.

use chrono::NaiveDate;

use crate::codes::refusals;

refusals! {
    /// Why something of an organisation is refused.
    pub enum Refusal {
        NotAfterFrom = "until_not_after_from" at "/until", "截止日须晚于起始日", "The end must be after the beginning.";
        PutOff = "end_put_off" at "/until", "已有截止日,只可提前", "It has an end already, which may only be brought forward.";
        BeforeTerm = "outside_term" at "/from", "起始日不在所属双方的存续期内", "The first day lies outside the time of what is joined.";
        AfterTerm = "outside_term" at "/until", "截止日晚于所属一方的截止日", "It would go on after what it belongs to.";
        UnderItself = "under_itself" at "/parent_id", "不得隶属于自身或其下级", "An organisation belongs neither to itself nor to what is beneath it.";
        WrongParent = "parent_kind" at "/parent_id", "此类组织不得隶属于该类上级", "This kind of organisation does not belong to that kind.";
        OtherCounty = "parent_county" at "/parent_id", "上级属于另一县(区)或县级,与本组织不一致", "What it belongs to is of another county.";
        ParentEnds = "parent_ends" at "/parent_id", "上级先于本组织终止", "What it belongs to ends before it does.";
        CountyMissing = "county_required" at "/county_code", "县(区)政协须写明县(区)", "A county's conference names its county.";
        WrongPost = "post_kind" at "/kind", "此类组织没有这种职务", "This kind of organisation has no such post.";
        WrongLink = "link_kind" at "/kind", "此类组织没有这种联系", "This kind of organisation has no such link.";
        NotOfChairMeeting = "not_of_chair_meeting" at "", "当日不是主席会议成员", "On that day it is no member of the chair meeting.";
        NotInBranch = "not_in_branch" at "", "该委员当日不在任何党支部", "On that day this member is in no party branch.";
        InBranch = "in_branch" at "/member_id", "对方当日在党支部,不是党外委员", "On that day the other is in a party branch.";
        HasChildren = "has_children" at "", "届时仍有下级组织", "Organisations that belong to it go on.";
        HasMembers = "has_members" at "", "届时仍有委员", "Members belong to it still.";
        GuidesSectors = "guides_sectors" at "", "届时仍联系指导界别", "It still guides sectors.";
    }
}

/// First day, and the day after the last where one is known.
pub type Term = (NaiveDate, Option<NaiveDate>);

/// The end of what joins `sides` from `from`: as asked, else where the first of them ends.
pub fn joined(
    sides: &[Term],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<Option<NaiveDate>, Refusal> {
    let over = sides.iter().filter_map(|(_, until)| *until).min();
    if until.is_some_and(|until| until <= from) {
        return Err(Refusal::NotAfterFrom);
    }
    if sides.iter().any(|(first, _)| from < *first) || over.is_some_and(|over| from >= over) {
        return Err(Refusal::BeforeTerm);
    }
    match (until, over) {
        (Some(until), Some(over)) if until > over => Err(Refusal::AfterTerm),
        (until, over) => Ok(until.or(over)),
    }
}

/// Whether what stands in `term` may end before `until`: an end is brought forward, never put off.
pub fn ends(term: Term, until: NaiveDate) -> Result<(), Refusal> {
    match term {
        (from, _) if until <= from => Err(Refusal::NotAfterFrom),
        (_, Some(over)) if until > over => Err(Refusal::PutOff),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(n)
    }

    #[test]
    fn a_link_ends_with_the_first_of_its_sides_unless_told() {
        let sides = [(day(1), None), (day(2), Some(day(9)))];
        assert_eq!(joined(&sides, day(2), None), Ok(Some(day(9))));
        assert_eq!(joined(&sides, day(2), Some(day(5))), Ok(Some(day(5))));
        assert_eq!(joined(&sides, day(1), None), Err(Refusal::BeforeTerm));
        assert_eq!(joined(&sides, day(9), None), Err(Refusal::BeforeTerm));
        assert_eq!(joined(&sides, day(2), Some(day(10))), Err(Refusal::AfterTerm));
        assert_eq!(joined(&sides, day(2), Some(day(2))), Err(Refusal::NotAfterFrom));
        assert_eq!(joined(&[(day(1), None)], day(1), None), Ok(None));
    }

    #[test]
    fn an_end_is_brought_forward_and_not_put_off() {
        assert_eq!(ends((day(1), None), day(2)), Ok(()));
        assert_eq!(ends((day(1), Some(day(5))), day(5)), Ok(()));
        assert_eq!(ends((day(1), Some(day(5))), day(6)), Err(Refusal::PutOff));
        assert_eq!(ends((day(1), Some(day(5))), day(1)), Err(Refusal::NotAfterFrom));
    }

    proptest! {
        #[test]
        fn what_is_joined_stands_within_each_of_its_sides(
            sides in prop::collection::vec((0_u64..50, prop::option::of(1_u64..50)), 1..4),
            from in 0_u64..100,
            until in prop::option::of(0_u64..100),
        ) {
            let sides: Vec<Term> = sides
                .into_iter()
                .map(|(first, length)| (day(first), length.map(|length| day(first + length))))
                .collect();
            if let Ok(end) = joined(&sides, day(from), until.map(day)) {
                prop_assert!(end.is_none_or(|end| end > day(from)));
                for (first, over) in sides {
                    prop_assert!(first <= day(from));
                    prop_assert!(over.is_none_or(|over| end.is_some_and(|end| end <= over)));
                }
            }
        }
    }
}
