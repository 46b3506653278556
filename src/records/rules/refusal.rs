//! Why a guard of a visit refuses: code, pointer, sentence.

use crate::error::Fault;

/// Why a guard refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A visit that is recorded has begun.
    StartsInFuture,
    /// A visit ends after it starts.
    EndsBeforeStart,
    /// A visit that is recorded has ended.
    EndsInFuture,
    /// Only a member's plan is carried out by visits.
    NotOfMember,
    /// The plan is not approved.
    PlanNotApproved,
    /// The visit lies outside the plan's period.
    OutsidePeriod,
    /// A reason is needed.
    ReasonMissing,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Refusal; 7] = [
        Refusal::StartsInFuture,
        Refusal::EndsBeforeStart,
        Refusal::EndsInFuture,
        Refusal::NotOfMember,
        Refusal::PlanNotApproved,
        Refusal::OutsidePeriod,
        Refusal::ReasonMissing,
    ];

    /// Code, pointer, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Refusal::StartsInFuture => (
                "starts_in_future",
                "/started_at",
                "开始时间不得在将来",
                "A visit that is recorded has begun.",
            ),
            Refusal::EndsBeforeStart => (
                "ends_before_start",
                "/ended_at",
                "结束时间不得早于开始时间",
                "A visit ends after it starts.",
            ),
            Refusal::EndsInFuture => (
                "ends_in_future",
                "/ended_at",
                "结束时间不得在将来",
                "A visit that is recorded has ended.",
            ),
            Refusal::NotOfMember => (
                "not_of_member",
                "/plan_item_id",
                "只有委员计划的计划项可登记走访",
                "Only a member's plan is carried out by visits.",
            ),
            Refusal::PlanNotApproved => {
                ("plan_not_approved", "/plan_item_id", "计划尚未批准", "The plan is not approved.")
            }
            Refusal::OutsidePeriod => (
                "outside_period",
                "/started_at",
                "走访不在计划周期内",
                "The visit lies outside the plan's period.",
            ),
            Refusal::ReasonMissing => {
                ("reason_required", "/reason", "须写明原因", "A reason is needed.")
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
