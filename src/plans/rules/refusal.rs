//! Why a guard of a plan or a scheme refuses: code, pointer, sentence.

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
    /// The owner of a plan does not decide on it.
    DeciderIsOwner,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Refusal; 5] = [
        Refusal::NotFiveChannels,
        Refusal::NotEightMustVisits,
        Refusal::NotPeriodStart,
        Refusal::PeriodPast,
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
