//! The words of handling: states and actions, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// Where a work order stands with its department.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = AssignmentState)]
pub enum State {
    /// Waiting to be signed for: 待签收.
    PendingSign,
    /// Being handled: 办理中.
    Handling,
    /// Return requested: 申退中.
    ReturnRequested,
    /// Returned: 已退回.
    Returned,
    /// Recalled: 已收回.
    Recalled,
    /// Replied: 已办复.
    Replied,
    /// Reply accepted: 办复通过.
    Accepted,
}

impl State {
    /// Every one, in the order of the work.
    pub const ALL: [State; 7] = [
        State::PendingSign,
        State::Handling,
        State::ReturnRequested,
        State::Returned,
        State::Recalled,
        State::Replied,
        State::Accepted,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            State::PendingSign => ("pending_sign", "待签收", "waiting to be signed for"),
            State::Handling => ("handling", "办理中", "being handled"),
            State::ReturnRequested => ("return_requested", "申退中", "return requested"),
            State::Returned => ("returned", "已退回", "returned"),
            State::Recalled => ("recalled", "已收回", "recalled"),
            State::Replied => ("replied", "已办复", "replied"),
            State::Accepted => ("accepted", "办复通过", "reply accepted"),
        }
    }

    /// The code, as stored and as spoken in JSON.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The one with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == code)
    }

    /// The label in Chinese and in English.
    pub const fn label(self) -> (&'static str, &'static str) {
        (self.row().1, self.row().2)
    }

    /// Whether the work order still counts in its round: neither returned nor recalled.
    pub const fn is_live(self) -> bool {
        !matches!(self, State::Returned | State::Recalled)
    }
}

/// What is done to a work order.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = AssignmentAction)]
pub enum Action {
    /// Dispatch: 转办.
    Dispatch,
    /// Sign in: 签收.
    SignIn,
    /// Record first contact: 登记首次联系.
    RecordContact,
    /// Draft the reply: 起草办复.
    DraftReply,
    /// Sign the reply: 签发办复.
    Reply,
    /// Send back: 退回重办.
    SendBack,
    /// Pass: 审查通过.
    Pass,
    /// Recall: 收回.
    Recall,
}

impl Action {
    /// Every one, in the order of the work.
    pub const ALL: [Action; 8] = [
        Action::Dispatch,
        Action::SignIn,
        Action::RecordContact,
        Action::DraftReply,
        Action::Reply,
        Action::SendBack,
        Action::Pass,
        Action::Recall,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Action::Dispatch => ("dispatch", "转办", "dispatch"),
            Action::SignIn => ("sign_in", "签收", "sign in"),
            Action::RecordContact => ("record_contact", "登记首次联系", "record first contact"),
            Action::DraftReply => ("draft_reply", "起草办复", "draft the reply"),
            Action::Reply => ("reply", "签发办复", "sign the reply"),
            Action::SendBack => ("send_back", "退回重办", "send back"),
            Action::Pass => ("pass", "审查通过", "pass"),
            Action::Recall => ("recall", "收回", "recall"),
        }
    }

    /// The code, as stored and as spoken in JSON.
    pub const fn as_str(self) -> &'static str {
        self.row().0
    }

    /// The one with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == code)
    }

    /// The label in Chinese and in English.
    pub const fn label(self) -> (&'static str, &'static str) {
        (self.row().1, self.row().2)
    }
}
