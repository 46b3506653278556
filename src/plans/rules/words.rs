//! The words of plans and schemes: states, actions, owners and periods, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// Where a plan stands. Running is derived from the date.
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
#[schema(as = PlanState)]
pub enum State {
    /// Draft: 草稿.
    Draft,
    /// Submitted: 已提交.
    Submitted,
    /// Approved: 已批准.
    Approved,
    /// Sent back: 已退回.
    SentBack,
    /// Closed: 已结束.
    Closed,
}

impl State {
    /// Every one, in the order of the work.
    pub const ALL: [State; 5] =
        [State::Draft, State::Submitted, State::Approved, State::SentBack, State::Closed];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            State::Draft => ("draft", "草稿", "draft"),
            State::Submitted => ("submitted", "已提交", "submitted"),
            State::Approved => ("approved", "已批准", "approved"),
            State::SentBack => ("sent_back", "已退回", "sent back"),
            State::Closed => ("closed", "已结束", "closed"),
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

/// What is done to a plan.
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
#[schema(as = PlanAction)]
pub enum Action {
    /// Change: 修改.
    Update,
    /// Submit: 提交.
    Submit,
    /// Approve: 批准.
    Approve,
    /// Send back: 退回.
    SendBack,
    /// Close, when the period is over: 结束.
    Close,
}

impl Action {
    /// Every one, in the order of the work.
    pub const ALL: [Action; 5] =
        [Action::Update, Action::Submit, Action::Approve, Action::SendBack, Action::Close];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Action::Update => ("update", "修改", "change"),
            Action::Submit => ("submit", "提交", "submit"),
            Action::Approve => ("approve", "批准", "approve"),
            Action::SendBack => ("send_back", "退回", "send back"),
            Action::Close => ("close", "结束", "close"),
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

/// How long a plan's period is.
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
pub enum PeriodKind {
    /// Month: 月度.
    Month,
    /// Year: 年度.
    Year,
}

impl PeriodKind {
    /// Every one, in the order of the work.
    pub const ALL: [PeriodKind; 2] = [PeriodKind::Month, PeriodKind::Year];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            PeriodKind::Month => ("month", "月度", "month"),
            PeriodKind::Year => ("year", "年度", "year"),
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

/// Whose plan it is: members and committees plan by the month, party branches by month or year.
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
#[schema(as = PlanOwnerKind)]
pub enum OwnerKind {
    /// A member: 委员.
    Member,
    /// A special committee: 专委会.
    Committee,
    /// A functional party branch: 功能型党支部.
    PartyBranch,
}

impl OwnerKind {
    /// Every one.
    pub const ALL: [OwnerKind; 3] =
        [OwnerKind::Member, OwnerKind::Committee, OwnerKind::PartyBranch];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            OwnerKind::Member => ("member", "委员", "member"),
            OwnerKind::Committee => ("committee", "专委会", "special committee"),
            OwnerKind::PartyBranch => ("party_branch", "功能型党支部", "functional party branch"),
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

/// Whether a scheme is in force on its dates.
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
pub enum SchemeState {
    /// Draft: 草稿.
    Draft,
    /// Published: 已发布.
    Published,
}

impl SchemeState {
    /// Every one.
    pub const ALL: [SchemeState; 2] = [SchemeState::Draft, SchemeState::Published];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            SchemeState::Draft => ("draft", "草稿", "draft"),
            SchemeState::Published => ("published", "已发布", "published"),
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
