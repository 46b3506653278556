//! Why a guard of an issue refuses: code, pointer, sentence.

use crate::error::Fault;

/// Why a guard refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Sole goes to exactly one department.
    SoleNeedsOne,
    /// Separate goes to at least two departments.
    SeparateNeedsTwo,
    /// A department is named twice.
    DepartmentTwice,
    /// Whoever wrote a reply does not review it.
    ReviewerIsAuthor,
    /// This round's feedback request has been answered.
    AlreadyAnswered,
    /// Dissatisfied needs a cause.
    CauseMissing,
    /// Only dissatisfied has a cause.
    CauseUnasked,
    /// The primary reporter has not answered yet.
    NotAnswered,
    /// The primary reporter is dissatisfied.
    Dissatisfied,
    /// The primary reporter is not dissatisfied.
    NotDissatisfied,
    /// A result of class B is followed up, not closed.
    PromiseOpen,
    /// Only a result of class B is followed up.
    NothingPromised,
    /// The follow-up date must be after today.
    FollowUpNotAhead,
    /// The follow-up date must be within twelve months.
    FollowUpTooFar,
    /// The cause is not objective.
    CauseNotObjective,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Refusal; 15] = [
        Refusal::SoleNeedsOne,
        Refusal::SeparateNeedsTwo,
        Refusal::DepartmentTwice,
        Refusal::ReviewerIsAuthor,
        Refusal::AlreadyAnswered,
        Refusal::CauseMissing,
        Refusal::CauseUnasked,
        Refusal::NotAnswered,
        Refusal::Dissatisfied,
        Refusal::NotDissatisfied,
        Refusal::PromiseOpen,
        Refusal::NothingPromised,
        Refusal::FollowUpNotAhead,
        Refusal::FollowUpTooFar,
        Refusal::CauseNotObjective,
    ];

    /// Code, pointer, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Refusal::SoleNeedsOne => (
                "sole_needs_one",
                "/assignments",
                "单办须且仅须一个承办单位",
                "Sole goes to exactly one department.",
            ),
            Refusal::SeparateNeedsTwo => (
                "separate_needs_two",
                "/assignments",
                "分办须至少两个承办单位",
                "Separate goes to at least two departments.",
            ),
            Refusal::DepartmentTwice => {
                ("department_twice", "/assignments", "承办单位重复", "A department is named twice.")
            }
            Refusal::ReviewerIsAuthor => (
                "reviewer_is_author",
                "",
                "审查人不得是办复的起草人或签发人",
                "Whoever wrote a reply does not review it.",
            ),
            Refusal::AlreadyAnswered => (
                "already_answered",
                "",
                "本轮回访已有答复",
                "This round's feedback request has been answered.",
            ),
            Refusal::CauseMissing => {
                ("cause_required", "/cause", "不满意须写明原因类别", "Dissatisfied needs a cause.")
            }
            Refusal::CauseUnasked => (
                "cause_not_allowed",
                "/cause",
                "仅不满意时填写原因类别",
                "Only dissatisfied has a cause.",
            ),
            Refusal::NotAnswered => (
                "not_answered",
                "",
                "首位反映人尚未答复",
                "The primary reporter has not answered yet.",
            ),
            Refusal::Dissatisfied => {
                ("dissatisfied", "", "首位反映人不满意", "The primary reporter is dissatisfied.")
            }
            Refusal::NotDissatisfied => (
                "not_dissatisfied",
                "",
                "首位反映人并非不满意",
                "The primary reporter is not dissatisfied.",
            ),
            Refusal::PromiseOpen => (
                "promise_open",
                "",
                "B类结果须转跟踪落实",
                "A result of class B is followed up, not closed.",
            ),
            Refusal::NothingPromised => (
                "nothing_promised",
                "",
                "仅B类结果可转跟踪落实",
                "Only a result of class B is followed up.",
            ),
            Refusal::FollowUpNotAhead => (
                "follow_up_not_ahead",
                "/follow_up_on",
                "跟踪日期须晚于今天",
                "The follow-up date must be after today.",
            ),
            Refusal::FollowUpTooFar => (
                "follow_up_too_far",
                "/follow_up_on",
                "跟踪日期不得超过十二个月",
                "The follow-up date must be within twelve months.",
            ),
            Refusal::CauseNotObjective => {
                ("cause_not_objective", "", "不满意原因不是客观原因", "The cause is not objective.")
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
