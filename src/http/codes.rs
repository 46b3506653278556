//! The built-in codes with their labels, from every room's own tables.

use std::collections::BTreeSet;

use crate::catalogue::{BuiltInCodes, CodeList};
use crate::error::{MEANINGS, SHAPES};

/// A code with its Chinese and its English sentence.
type Labelled = (&'static str, &'static str, &'static str);

/// Every code in `errors[]` of a body that fits its schema: those of all, then each room's own. A
/// code that two rooms share is listed once.
pub fn meanings() -> Vec<Labelled> {
    macro_rules! refusals {
        ($($type:ty),*) => {
            [$(<$type>::ALL.map(|one| {
                let (zh, en) = one.detail();
                (one.code(), zh, en)
            }).to_vec()),*].concat()
        };
    }
    let mut all = MEANINGS.to_vec();
    all.extend(refusals!(
        crate::chain::rules::organizations::Refusal,
        crate::chain::rules::persons::Refusal,
        crate::chain::rules::geometry::Refusal,
        crate::chain::rules::Refusal,
        crate::chain::rules::adjustments::Refusal,
        crate::plans::rules::Refusal,
        crate::records::rules::Refusal,
        crate::records::rules::activities::Refusal,
        crate::handling::rules::Refusal,
        crate::issues::rules::Refusal,
        crate::integration::rules::Refusal
    ));
    let mut seen = BTreeSet::new();
    all.retain(|(code, ..)| seen.insert(*code));
    all
}

/// Builds the list that `GET /v1/codes` answers, beside the city's own.
pub fn built_in() -> BuiltInCodes {
    macro_rules! list {
        ($name:literal, $type:ty) => {
            CodeList::built_in(
                $name,
                <$type>::ALL.iter().map(|code| {
                    let (zh, en) = code.label();
                    (code.as_str(), zh, en)
                }),
            )
        };
    }
    BuiltInCodes(vec![
        list!("issue_state", crate::issues::rules::State),
        list!("issue_action", crate::issues::rules::Action),
        list!("issue_channel", crate::issues::rules::Channel),
        list!("urgency", crate::handling::rules::Urgency),
        list!("satisfaction", crate::issues::rules::Satisfaction),
        list!("cause", crate::issues::rules::Cause),
        list!("assignment_state", crate::handling::rules::State),
        list!("assignment_action", crate::handling::rules::Action),
        list!("assignment_kind", crate::handling::rules::Kind),
        list!("result_class", crate::handling::rules::ResultClass),
        list!("card", crate::handling::rules::Card),
        list!("contact_mode", crate::handling::rules::ContactMode),
        list!("plan_state", crate::plans::rules::State),
        list!("plan_action", crate::plans::rules::Action),
        list!("plan_owner", crate::plans::rules::OwnerKind),
        list!("plan_period", crate::plans::rules::PeriodKind),
        list!("scheme_state", crate::plans::rules::SchemeState),
        list!("visit_state", crate::records::rules::State),
        list!("visit_action", crate::records::rules::Action),
        list!("visit_form", crate::records::rules::Form),
        list!("member_role", crate::records::rules::MemberRole),
        list!("activity_kind", crate::records::rules::activities::Kind),
        list!("activity_state", crate::records::rules::activities::State),
        list!("activity_action", crate::records::rules::activities::Action),
        list!("activity_void_reason", crate::records::rules::activities::VoidReason),
        list!("contact_category", crate::chain::ContactCategory),
        list!("import_kind", crate::integration::rules::Kind),
        list!("import_state", crate::integration::rules::State),
        list!("adjustment_state", crate::chain::rules::adjustments::State),
        list!("adjustment_action", crate::chain::rules::adjustments::Action),
        list!("adjustment_reason", crate::chain::rules::adjustments::Reason),
        list!("adjustment_outcome", crate::chain::rules::adjustments::Outcome),
        list!("organization_kind", crate::chain::kinds::OrgKind),
        list!("organization_link_kind", crate::chain::kinds::LinkKind),
        list!("contact_point_kind", crate::chain::rules::persons::ContactPointKind),
        list!("identifier_scheme", crate::chain::rules::persons::Scheme),
        list!("post_kind", crate::chain::kinds::PostKind),
        CodeList::built_in("fault", SHAPES.iter().copied().chain(meanings())),
    ])
}
