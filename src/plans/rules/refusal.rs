//! Why a guard of a plan or a scheme refuses: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why a guard refuses.
    pub enum Refusal {
        NotFiveChannels = "five_channels" at "/channels", "1158方案须正好五个渠道", "A scheme of kind 1158 has exactly five channels.";
        NotEightMustVisits = "eight_must_visits" at "/must_visits", "1158方案须正好八个必访", "A scheme of kind 1158 has exactly eight must-visits.";
        NotPeriodStart = "not_period_start" at "/period_start", "须为周期的第一天", "The period starts on its first day.";
        PeriodPast = "period_past" at "/period_start", "周期已过", "The period is past.";
        NoScheme = "no_scheme" at "/period_start", "该周期没有已发布的1158方案,请先发布方案", "No published 1158 scheme is in force when the period starts: publish one first.";
        NotMonthly = "not_monthly" at "/period_kind", "委员和专委会按月计划", "Members and committees plan by the month.";
        NoItems = "no_items" at "/items", "计划至少要有一项", "A plan has at least one item.";
        OutsidePeriod = "outside_period" at "", "不在计划周期内", "Outside the plan's period.";
        PeriodOver = "period_over" at "", "计划周期已结束", "The period is over: the plan stays as it is.";
        DeciderIsOwner = "decider_is_owner" at "", "不得审批自己的计划", "The owner of a plan does not decide on it.";
    }
}
