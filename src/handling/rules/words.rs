//! The words of handling: states and actions, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// Where a work order stands with its department.
    AssignmentState, pub enum State {
        /// Waiting to be signed for: 待签收.
        PendingSign = "pending_sign" "待签收" "waiting to be signed for";
        /// Being handled: 办理中.
        Handling = "handling" "办理中" "being handled";
        /// Return requested: 申退中.
        ReturnRequested = "return_requested" "申退中" "return requested";
        /// Returned: 已退回.
        Returned = "returned" "已退回" "returned";
        /// Recalled: 已收回.
        Recalled = "recalled" "已收回" "recalled";
        /// Replied: 已办复.
        Replied = "replied" "已办复" "replied";
        /// Reply accepted: 办复通过.
        Accepted = "accepted" "办复通过" "reply accepted";
    }
}

impl State {
    /// Whether the work order still counts in its round: neither returned nor recalled.
    pub const fn is_live(self) -> bool {
        !matches!(self, State::Returned | State::Recalled)
    }
}

codes! {
    /// What is done to a work order.
    AssignmentAction, pub enum Action {
        /// Dispatch: 转办.
        Dispatch = "dispatch" "转办" "dispatch";
        /// Sign in: 签收.
        SignIn = "sign_in" "签收" "sign in";
        /// Record first contact: 登记首次联系.
        RecordContact = "record_contact" "登记首次联系" "record first contact";
        /// Draft the reply: 起草办复.
        DraftReply = "draft_reply" "起草办复" "draft the reply";
        /// Sign the reply: 签发办复.
        Reply = "reply" "签发办复" "sign the reply";
        /// Send back: 退回重办.
        SendBack = "send_back" "退回重办" "send back";
        /// Pass: 审查通过.
        Pass = "pass" "审查通过" "pass";
        /// Recall: 收回.
        Recall = "recall" "收回" "recall";
    }
}
