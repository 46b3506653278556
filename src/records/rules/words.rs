//! The words of a visit: states, actions, ways and roles, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// Where the record of a visit stands.
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
#[schema(as = VisitState)]
pub enum State {
    /// Recorded: 已登记.
    Recorded,
    /// Confirmed: 已确认.
    Confirmed,
    /// Sent back: 已退回.
    SentBack,
    /// Voided: 已作废.
    Voided,
}

impl State {
    /// Every one, in the order of the work.
    pub const ALL: [State; 4] = [State::Recorded, State::Confirmed, State::SentBack, State::Voided];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            State::Recorded => ("recorded", "已登记", "recorded"),
            State::Confirmed => ("confirmed", "已确认", "confirmed"),
            State::SentBack => ("sent_back", "已退回", "sent back"),
            State::Voided => ("voided", "已作废", "voided"),
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

/// What is done to the record of a visit.
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
#[schema(as = VisitAction)]
pub enum Action {
    /// Confirm: 确认.
    Confirm,
    /// Send back: 退回.
    SendBack,
    /// Void: 作废.
    Void,
}

impl Action {
    /// Every one, in the order of the work.
    pub const ALL: [Action; 3] = [Action::Confirm, Action::SendBack, Action::Void];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Action::Confirm => ("confirm", "确认", "confirm"),
            Action::SendBack => ("send_back", "退回", "send back"),
            Action::Void => ("void", "作废", "void"),
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

/// The three ways of working.
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
#[schema(as = VisitForm)]
pub enum Form {
    /// Visit: 访.
    Visit,
    /// Talk: 聊.
    Talk,
    /// Consult: 商.
    Consult,
}

impl Form {
    /// Every one.
    pub const ALL: [Form; 3] = [Form::Visit, Form::Talk, Form::Consult];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Form::Visit => ("visit", "访", "visit"),
            Form::Talk => ("talk", "聊", "talk"),
            Form::Consult => ("consult", "商", "consult"),
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

/// As what the member came.
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
pub enum MemberRole {
    /// Publicist: 宣传员.
    Publicist,
    /// Server: 服务员.
    Server,
    /// Informant: 信息员.
    Informant,
}

impl MemberRole {
    /// Every one.
    pub const ALL: [MemberRole; 3] =
        [MemberRole::Publicist, MemberRole::Server, MemberRole::Informant];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            MemberRole::Publicist => ("publicist", "宣传员", "publicist"),
            MemberRole::Server => ("server", "服务员", "server"),
            MemberRole::Informant => ("informant", "信息员", "informant"),
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
