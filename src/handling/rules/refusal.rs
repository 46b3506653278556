//! Why a guard of a work order refuses: code, pointer, sentence.

use crate::error::Fault;

/// Why a guard refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no draft of a reply.
    DraftMissing,
    /// Class B needs the date it promises.
    PromiseMissing,
    /// The promised date must be after today.
    PromiseNotAhead,
    /// The promised date must be within twelve months.
    PromiseTooFar,
    /// Class C needs its reason.
    ReasonMissing,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Refusal; 5] = [
        Refusal::DraftMissing,
        Refusal::PromiseMissing,
        Refusal::PromiseNotAhead,
        Refusal::PromiseTooFar,
        Refusal::ReasonMissing,
    ];

    /// Code, pointer, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Refusal::DraftMissing => {
                ("draft_missing", "", "尚无办复草稿", "There is no draft of a reply.")
            }
            Refusal::PromiseMissing => (
                "promised_on_required",
                "/promised_on",
                "B类须写明承诺日期",
                "Class B needs the date it promises.",
            ),
            Refusal::PromiseNotAhead => (
                "promised_on_not_ahead",
                "/promised_on",
                "承诺日期须晚于今天",
                "The promised date must be after today.",
            ),
            Refusal::PromiseTooFar => (
                "promised_on_too_far",
                "/promised_on",
                "承诺日期不得超过十二个月",
                "The promised date must be within twelve months.",
            ),
            Refusal::ReasonMissing => {
                ("reason_required", "/reason", "C类须写明原因", "Class C needs its reason.")
            }
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
