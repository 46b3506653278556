//! The words of a visit: states, actions, ways and roles, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// Where the record of a visit stands.
    VisitState, pub enum State {
        /// Recorded: 已登记.
        Recorded = "recorded" "已登记" "recorded";
        /// Confirmed: 已确认.
        Confirmed = "confirmed" "已确认" "confirmed";
        /// Sent back: 已退回.
        SentBack = "sent_back" "已退回" "sent back";
        /// Voided: 已作废.
        Voided = "voided" "已作废" "voided";
    }
}

codes! {
    /// What is done to the record of a visit.
    VisitAction, pub enum Action {
        /// Confirm: 确认.
        Confirm = "confirm" "确认" "confirm";
        /// Send back: 退回.
        SendBack = "send_back" "退回" "send back";
        /// Void: 作废.
        Void = "void" "作废" "void";
    }
}

codes! {
    /// The three ways of working.
    VisitForm, pub enum Form {
        /// Visit: 访.
        Visit = "visit" "访" "visit";
        /// Talk: 聊.
        Talk = "talk" "聊" "talk";
        /// Consult: 商.
        Consult = "consult" "商" "consult";
    }
}

codes! {
    /// As what the member came.
    MemberRole, pub enum MemberRole {
        /// Publicist: 宣传员.
        Publicist = "publicist" "宣传员" "publicist";
        /// Server: 服务员.
        Server = "server" "服务员" "server";
        /// Informant: 信息员.
        Informant = "informant" "信息员" "informant";
    }
}
