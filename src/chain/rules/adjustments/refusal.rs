//! Why an adjustment, or what it is to change for a member, is refused: code, pointer (from the item),
//! sentence.

use crate::codes::refusals;

refusals! {
    /// Why an adjustment is refused.
    pub enum Refusal {
        NoChange = "no_change" at "", "须写明至少一项变动", "Name at least one change: sector_id, ends_term or contacts.";
        LeavesOnly = "leaves_only" at "/ends_term", "离任时一切联系随之结束,不再写其他变动", "Who leaves takes along what joins them to others: name no other change.";
        NoCommittee = "no_committee" at "/member_id", "该委员当前不属于任何专委会", "The member stands in no committee today.";
        OtherCommittee = "other_committee" at "/member_id", "该委员属于另一专委会,请另行上报", "The member stands in another committee: report theirs on its own.";
        NotLinked = "not_linked" at "", "当日没有与该联系人的联系", "The member does not keep in touch with that contact on the day.";
        LinkedAlready = "linked_already" at "", "当日或以后已有与该联系人的联系", "The member keeps in touch with that contact on the day, or later, already.";
        DeciderIsReporter = "decider_is_reporter" at "", "不得审批自己上报的调整", "Whoever reported a change does not decide on it.";
    }
}
