//! The built-in codes with their labels, from every room's own tables.

use crate::catalogue::{BuiltInCodes, CodeList};

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
        list!("visit_state", crate::records::rules::State),
        list!("visit_action", crate::records::rules::Action),
    ])
}
