use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::*;
use crate::demo::chain::Holder;
use crate::demo::ledger::{End, Origin};

fn story() -> Story {
    Story::build().unwrap()
}

/// Every instant of an issue, each step's before the next one's.
fn instants(issue: &Issue) -> Vec<Vec<DateTime<Utc>>> {
    let head = [Some(issue.intake_at), Some(issue.accepted_at), issue.dispatched_at];
    let head: Vec<_> = head.into_iter().flatten().collect();
    let mut tail: Vec<_> = issue.reviews.iter().map(|review| review.at).collect();
    tail.extend(issue.attempts.iter().map(|attempt| attempt.at));
    tail.extend(issue.answered_at);
    tail.extend(issue.end.map(|end| match end {
        End::Closed { at } | End::ClosedObjective { at } => at,
        End::ClosedUnreached { at } | End::Tracked { at, .. } => at,
    }));
    let mut lines = Vec::new();
    for work in &issue.works {
        let mut line = head.clone();
        line.extend([work.signed_at, work.first_contact_at]);
        for (round, (drafted, signed)) in work.replies.iter().enumerate() {
            line.extend([*drafted, *signed, issue.reviews[round].at]);
        }
        line.extend(&tail[issue.reviews.len()..]);
        lines.push(line);
    }
    if lines.is_empty() {
        lines.push(head);
    }
    lines
}

fn in_office_hours(at: DateTime<Utc>) -> bool {
    let local = at + TimeDelta::hours(8);
    let minute = local.hour() * 60 + local.minute();
    (510..690).contains(&minute) || (780..1020).contains(&minute)
}

fn in_period(at: DateTime<Utc>) -> bool {
    let day = (at + TimeDelta::hours(8)).date_naive();
    (Story::FIRST_DAY..=Story::LAST_DAY).contains(&day)
}

#[test]
fn the_contacts_are_the_reports_211_in_real_and_different_places() {
    let story = story();
    let divisions = data::divisions().unwrap();
    let of = |category: &str| {
        let found: Vec<_> =
            story.chain.contacts.iter().filter(|c| c.category == category).collect();
        let places: BTreeSet<_> = found.iter().map(|contact| contact.division).collect();
        (found.len(), places)
    };
    assert_eq!(of("key_enterprise").0, 110);
    for (category, count) in [("community", 61), ("village", 40)] {
        let (found, places) = of(category);
        assert_eq!((found, places.len()), (count, count));
        assert!(places.iter().all(|code| divisions.iter().any(|d| d.code == *code)));
    }
    assert_eq!(story.chain.contacts.len(), 211);
}

#[test]
fn each_member_has_two_contacts_and_each_contact_two_or_three_members() {
    let chain = story().chain;
    assert_eq!(chain.members.len(), chain::MEMBERS);
    for member in &chain.members {
        assert_eq!(member.contacts.iter().collect::<BTreeSet<_>>().len(), 2, "{}", member.number);
    }
    for contact in &chain.contacts {
        let members: BTreeSet<_> = contact.members.iter().collect();
        assert!((2..=3).contains(&members.len()), "{}", contact.name);
    }
}

#[test]
fn all_but_60_members_have_a_third_contact_whom_they_do_not_take_over_later() {
    let story = story();
    let third = story.chain.third_contacts();
    assert_eq!((story.chain.members.len(), third.len()), (300, 240));
    let changes: Vec<_> = story.adjustments.iter().flat_map(|one| &one.changes).collect();
    for (member, contact) in third {
        let own = &story.chain.members[member];
        assert!(!own.contacts.contains(&contact), "{}", own.number);
        assert_eq!(own.county, story.chain.contacts[contact].county, "{}", own.number);
        let taken = changes.iter().any(|one| (one.member, one.link) == (member, contact));
        assert!(!taken, "{}", own.number);
    }
}

#[test]
fn each_sector_has_a_convener_of_its_own_and_one_area_each_member_too() {
    let chain = story().chain;
    assert_eq!(chain.conveners.len(), 14);
    for (sector, convener) in chain.conveners.iter().enumerate() {
        assert_eq!(chain.members[*convener].sector, sector);
        assert_eq!(chain.areas.iter().filter(|a| a.holder == Holder::Sector(sector)).count(), 1);
    }
    for member in 0..chain.members.len() {
        assert_eq!(chain.areas.iter().filter(|a| a.holder == Holder::Member(member)).count(), 1);
    }
}

#[test]
fn plans_have_two_or_three_items_and_visits_follow_their_plan_inside_the_period() {
    let story = story();
    assert_eq!(story.plans.len(), chain::MEMBERS * 13);
    assert!(story.plans.iter().all(|plan| (2..=3).contains(&plan.items.len())));
    let a_month = story.visits.len() * 100 / story.plans.len();
    assert!((85..=105).contains(&a_month), "{a_month} visits for 100 member-months");
    for visit in &story.visits {
        let plan = &story.plans[visit.plan];
        assert_eq!(plan.member, visit.member);
        assert_eq!(plan.items[visit.item].contact, visit.contact);
        let mut line = vec![plan.created_at, plan.submitted_at, plan.approved_at];
        line.extend([visit.started_at, visit.ended_at, visit.recorded_at]);
        line.extend(visit.confirmed_at);
        assert!(line.is_sorted_by(|a, b| a < b), "{line:?}");
        assert!(line[3..].iter().all(|at| in_period(*at)), "{line:?}");
        assert!(
            visit.contact.is_none_or(|c| story.chain.members[visit.member].contacts.contains(&c))
        );
    }
}

#[test]
fn a_few_plans_a_month_come_after_the_due_day_and_the_others_before() {
    let story = story();
    let months: BTreeSet<_> = story.plans.iter().map(|plan| plan.month).collect();
    for month in months.iter().take(12) {
        let of_month: Vec<_> = story.plans.iter().filter(|plan| plan.month == *month).collect();
        let day = |at: DateTime<Utc>| (at + TimeDelta::hours(8)).date_naive();
        let late = of_month.iter().filter(|p| day(p.submitted_at) > *month + TimeDelta::days(4));
        let late = late.count();
        assert!(late >= 2 && late * 6 < of_month.len(), "{month}: {late} of {}", of_month.len());
    }
}

#[test]
fn the_ledger_has_223_transferred_items_and_two_settled_on_the_spot() {
    let story = story();
    let dispatched = story.issues.iter().filter(|issue| issue.dispatched_at.is_some());
    assert_eq!((dispatched.count(), story.issues.len()), (223, 225));
    let outcome = |title: &str| {
        let issue = story.issues.iter().find(|i| story.rows[i.row].title == title).unwrap();
        issue.dispatched_at.is_some()
    };
    for title in ["吉祥家园小区垃圾清运", "道路管网施工路面修复", "富力矿北侧道路堵塞"]
    {
        assert!(outcome(title), "{title}");
    }
    for title in ["南山区松鹤小区路面塌陷修复", "简化新南办事处低保人员救助程序"]
    {
        assert!(!outcome(title), "{title}");
    }
    // 反映问题46个: the problems that salons brought and that were transferred.
    assert_eq!(story.rows.iter().filter(|row| row.channel == "salon").count(), 46);
}

#[test]
fn an_issues_steps_follow_one_another_in_office_hours_inside_the_period() {
    let story = story();
    for issue in &story.issues {
        let title = &story.rows[issue.row].title;
        for line in instants(issue) {
            assert!(line.is_sorted_by(|a, b| a < b), "{title}: {line:?}");
            assert!(
                line.iter().all(|at| in_office_hours(*at) && in_period(*at)),
                "{title} {line:?}"
            );
        }
    }
}

#[test]
fn endings_agree_with_the_rows() {
    let story = story();
    let mut late = 0;
    for issue in story.issues.iter().filter(|issue| issue.dispatched_at.is_some()) {
        let row = &story.rows[issue.row];
        let agrees = match issue.end.unwrap() {
            End::Closed { .. } => row.result_class != "b" && row.satisfaction.is_some(),
            End::ClosedObjective { .. } => row.cause.as_deref() == Some("objective"),
            End::ClosedUnreached { .. } => issue.answered_at.is_none() && issue.attempts.len() >= 2,
            End::Tracked { .. } => row.result_class == "b",
        };
        assert!(agrees, "{}", row.title);
        assert_eq!(issue.reviews.len(), if row.sent_back == "yes" { 2 } else { 1 });
        let day = |at: DateTime<Utc>| (at + TimeDelta::hours(8)).date_naive();
        let dispatched = day(issue.dispatched_at.unwrap());
        late += issue
            .works
            .iter()
            .filter(|w| day(w.signed_at) > dispatched + TimeDelta::days(5))
            .count();
    }
    assert!(late < 20, "{late}");
}

#[test]
fn an_issue_after_a_visit_was_recorded_by_its_visitor() {
    let story = story();
    let mut after = 0;
    for issue in &story.issues {
        if let Origin::Member { member, contact, visit } = issue.origin {
            assert!(story.chain.contacts[contact].members.contains(&member));
            let Some(visit) = visit.map(|visit| &story.visits[visit]) else { continue };
            assert_eq!((visit.member, visit.contact), (member, Some(contact)));
            assert!(visit.recorded_at < issue.intake_at);
            after += 1;
        }
    }
    assert!(after > 30, "{after}");
}

#[test]
fn the_story_is_the_same_every_time() {
    let (one, other) = (story(), story());
    let tell = |story: &Story| format!("{:?}{:?}", story.issues, story.visits);
    assert!(tell(&one) == tell(&other));
}

#[test]
fn most_replies_keep_their_limit_and_some_do_not() {
    let story = story();
    let (mut all, mut late) = (0, 0);
    let (from, to) = (Story::FIRST_DAY, Story::LAST_DAY);
    let calendar = Calendar::new(&data::workdays().unwrap(), from, to);
    let day = |at: DateTime<Utc>| calendar.start_of((at + TimeDelta::hours(8)).date_naive()).day();
    for issue in &story.issues {
        let limit = match story.rows[issue.row].urgency.as_str() {
            "urgent" => 1,
            "consult_help" => 5,
            "complex" => 30,
            _ => 15,
        };
        for work in &issue.works {
            let taken = day(work.replies[0].1) - day(issue.dispatched_at.unwrap());
            all += 1;
            late += i32::from(taken > limit);
        }
    }
    assert!(late >= 5 && late * 8 < all, "{late} of {all}");
}

#[test]
fn three_committees_adjust_the_contacts_of_90_members_and_the_sectors_of_28() {
    let story = story();
    let changes: Vec<_> = story.adjustments.iter().flat_map(|one| &one.changes).collect();
    let members: BTreeSet<_> = changes.iter().map(|change| change.member).collect();
    assert_eq!((story.adjustments.len(), changes.len(), members.len()), (3, 90, 90));
    assert_eq!(changes.iter().filter(|change| change.to_sector.is_some()).count(), 28);
    for one in &story.adjustments {
        // Each contact is given up as often as it is taken over, so all keep their members.
        let ended: BTreeSet<_> = one.changes.iter().map(|change| change.end).collect();
        assert_eq!(ended, one.changes.iter().map(|change| change.link).collect());
        for change in &one.changes {
            let own = &story.chain.members[change.member];
            assert!(own.contacts.contains(&change.end) && !own.contacts.contains(&change.link));
            assert_ne!(Some(own.sector), change.to_sector);
        }
        let steps = [one.reported_at, one.checked_at, one.approved_at];
        assert!(steps.is_sorted() && steps.iter().all(|at| in_office_hours(*at) && in_period(*at)));
        let last = story.visits.iter().map(|visit| visit.started_at).max().unwrap();
        assert!(last.date_naive() < one.from && one.from <= Story::LAST_DAY);
    }
}
