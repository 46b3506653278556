//! The words of adjustments, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// Where an adjustment stands.
    AdjustmentState, pub enum State {
        /// Reported: 已上报.
        Reported = "reported" "已上报" "reported";
        /// Checked by the committee: 专委会已核.
        CommitteeChecked = "committee_checked" "专委会已核" "checked by the committee";
        /// Approved, its day to come: 已批准,待生效.
        Approved = "approved" "已批准,待生效" "approved, its day to come";
        /// Refused: 未批准.
        Refused = "refused" "未批准" "refused";
        /// In effect: 已生效.
        Applied = "applied" "已生效" "in effect";
        /// Withdrawn by who reported it: 已撤回.
        Withdrawn = "withdrawn" "已撤回" "withdrawn";
        /// Undone before its day: 生效前撤销.
        Undone = "undone" "生效前撤销" "undone before its day";
        /// Did not fit on its day, so nothing of it took effect: 未能生效.
        Failed = "failed" "未能生效" "did not fit on its day";
    }
}

codes! {
    /// What is done to an adjustment.
    AdjustmentAction, pub enum Action {
        /// Check: 核实.
        Check = "check" "核实" "check";
        /// Approve: 批准.
        Approve = "approve" "批准" "approve";
        /// Refuse: 不批准.
        Refuse = "refuse" "不批准" "refuse";
        /// Withdraw: 撤回.
        Withdraw = "withdraw" "撤回" "withdraw";
        /// Undo before its day: 生效前撤销.
        Undo = "undo" "生效前撤销" "undo before its day";
        /// Put into effect: 生效.
        Apply = "apply" "生效" "put into effect";
        /// Give up on its day: 不能生效.
        Fail = "fail" "不能生效" "give up on its day";
    }
}

codes! {
    /// Why a member's place in the chain changes.
    AdjustmentReason, pub enum Reason {
        /// Change of job: 工作变动.
        JobChange = "job_change" "工作变动" "change of job";
        /// Change of status: 身份变化.
        StatusChange = "status_change" "身份变化" "change of status";
        /// Moved away: 迁离本地.
        MovedAway = "moved_away" "迁离本地" "moved away";
        /// Resigned: 辞去委员.
        Resigned = "resigned" "辞去委员" "resigned";
        /// Removed from membership: 撤销委员资格.
        Removed = "removed" "撤销委员资格" "removed from membership";
        /// Deceased: 去世.
        Deceased = "deceased" "去世" "deceased";
        /// Contacts shared out anew: 联系群众重新分工.
        ContactsSharedAnew = "contacts_shared_anew" "联系群众重新分工" "contacts shared out anew";
        /// Other: 其他.
        Other = "other" "其他" "other";
    }
}

codes! {
    /// What became of one member's change.
    AdjustmentOutcome, pub enum Outcome {
        /// Nothing yet, or never: 未生效.
        Waiting = "waiting" "未生效" "not in effect";
        /// In effect: 已生效.
        Applied = "applied" "已生效" "in effect";
        /// Why the whole did not take effect: 不能生效.
        Failed = "failed" "不能生效" "did not fit";
    }
}
