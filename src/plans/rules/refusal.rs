//! Why a guard of a plan or a scheme refuses: code, pointer, sentence.

use crate::error::Fault;

/// Why a guard refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A scheme of kind 1158 has exactly five channels.
    NotFiveChannels,
    /// A scheme of kind 1158 has exactly eight must-visits.
    NotEightMustVisits,
    /// The period starts on its first day.
    NotPeriodStart,
    /// The period is past.
    PeriodPast,
    /// No published scheme is in force when the period starts.
    NoScheme,
    /// Members and committees plan by the month.
    NotMonthly,
    /// A plan that is handed in has at least one item.
    NoItems,
    /// An item is planned for a day outside the period.
    OutsidePeriod,
    /// The period is over.
    PeriodOver,
    /// The owner of a plan does not decide on it.
    DeciderIsOwner,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Refusal; 10] = [
        Refusal::NotFiveChannels,
        Refusal::NotEightMustVisits,
        Refusal::NotPeriodStart,
        Refusal::PeriodPast,
        Refusal::NoScheme,
        Refusal::NotMonthly,
        Refusal::NoItems,
        Refusal::OutsidePeriod,
        Refusal::PeriodOver,
        Refusal::DeciderIsOwner,
    ];

    /// Code, pointer, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Refusal::NotFiveChannels => (
                "five_channels",
                "/channels",
                "1158方案须正好五个渠道",
                "A scheme of kind 1158 has exactly five channels.",
            ),
            Refusal::NotEightMustVisits => (
                "eight_must_visits",
                "/must_visits",
                "1158方案须正好八个必访",
                "A scheme of kind 1158 has exactly eight must-visits.",
            ),
            Refusal::NotPeriodStart => (
                "not_period_start",
                "/period_start",
                "须为周期的第一天",
                "The period starts on its first day.",
            ),
            Refusal::PeriodPast => {
                ("period_past", "/period_start", "周期已过", "The period is past.")
            }
            Refusal::NoScheme => (
                "no_scheme",
                "/period_start",
                "该周期没有已发布的1158方案,请先发布方案",
                "No published 1158 scheme is in force when the period starts: publish one first.",
            ),
            Refusal::NotMonthly => (
                "not_monthly",
                "/period_kind",
                "委员和专委会按月计划",
                "Members and committees plan by the month.",
            ),
            Refusal::NoItems => {
                ("no_items", "/items", "计划至少要有一项", "A plan has at least one item.")
            }
            Refusal::OutsidePeriod => {
                ("outside_period", "", "不在计划周期内", "Outside the plan's period.")
            }
            Refusal::PeriodOver => (
                "period_over",
                "",
                "计划周期已结束",
                "The period is over: the plan stays as it is.",
            ),
            Refusal::DeciderIsOwner => (
                "decider_is_owner",
                "",
                "不得审批自己的计划",
                "The owner of a plan does not decide on it.",
            ),
        }
    }

    /// The stable code.
    pub const fn code(self) -> &'static str {
        self.row().0
    }

    /// The pointer to what is wrong; empty for the whole.
    pub const fn pointer(self) -> &'static str {
        self.row().1
    }

    /// The sentence in Chinese and in English.
    pub const fn detail(self) -> (&'static str, &'static str) {
        (self.row().2, self.row().3)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let (zh, en) = refusal.detail();
        Self::new(refusal.pointer(), refusal.code(), zh, en)
    }
}
