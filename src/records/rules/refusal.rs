//! Why a guard of a visit refuses: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why a guard refuses.
    pub enum Refusal {
        StartsInFuture = "starts_in_future" at "/started_at", "开始时间不得在将来", "A visit that is recorded has begun.";
        EndsBeforeStart = "ends_before_start" at "/ended_at", "结束时间不得早于开始时间", "A visit ends after it starts.";
        EndsInFuture = "ends_in_future" at "/ended_at", "结束时间不得在将来", "A visit that is recorded has ended.";
        NotOfMember = "not_of_member" at "/plan_item_id", "只有委员计划的计划项可登记走访", "Only a member's plan is carried out by visits.";
        PlanNotApproved = "plan_not_approved" at "/plan_item_id", "计划尚未批准", "The plan is not approved.";
        OutsidePeriod = "outside_period" at "/started_at", "走访不在计划周期内", "The visit lies outside the plan's period.";
        ReasonMissing = "reason_required" at "/reason", "须写明原因", "A reason is needed.";
    }
}
