//! What a work order has beside its state, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// The part a department has in a round.
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
#[schema(as = AssignmentKind)]
pub enum Kind {
    /// Sole: 单办.
    Sole,
    /// Lead: 主办.
    Lead,
    /// Joint: 会办.
    Co,
    /// Separate: 分办.
    Separate,
}

impl Kind {
    /// Every one, in the order of the work.
    pub const ALL: [Kind; 4] = [Kind::Sole, Kind::Lead, Kind::Co, Kind::Separate];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Sole => ("sole", "单办", "sole"),
            Kind::Lead => ("lead", "主办", "lead"),
            Kind::Co => ("co", "会办", "joint"),
            Kind::Separate => ("separate", "分办", "separate"),
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

/// What came of it, by the department's own word.
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
pub enum ResultClass {
    /// Solved, or accepted for solving: A类：已解决.
    A,
    /// Promised by a date: B类：列入计划.
    B,
    /// Cannot be done for now, with the reason: C类：暂难解决.
    C,
}

impl ResultClass {
    /// Every one, in the order of the work.
    pub const ALL: [ResultClass; 3] = [ResultClass::A, ResultClass::B, ResultClass::C];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            ResultClass::A => ("a", "A类：已解决", "solved"),
            ResultClass::B => ("b", "B类：列入计划", "promised by a date"),
            ResultClass::C => ("c", "C类：暂难解决", "cannot be done, with the reason"),
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

/// The supervision card (督办牌) of a work order; an attribute, not a state.
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
pub enum Card {
    /// Normal: 正常.
    Normal,
    /// Yellow: 黄牌.
    Yellow,
    /// Red: 红牌.
    Red,
}

impl Card {
    /// Every one, in the order of the work.
    pub const ALL: [Card; 3] = [Card::Normal, Card::Yellow, Card::Red];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Card::Normal => ("normal", "正常", "normal"),
            Card::Yellow => ("yellow", "黄牌", "yellow"),
            Card::Red => ("red", "红牌", "red"),
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

/// The class that sets every duration of an item.
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
pub enum Urgency {
    /// Urgent: 紧急.
    Urgent,
    /// Consultation or help: 咨询求助.
    ConsultHelp,
    /// Suggestion or complaint: 建议投诉.
    SuggestionComplaint,
    /// Complex: 疑难复杂.
    Complex,
}

impl Urgency {
    /// Every one, in the order of the work.
    pub const ALL: [Urgency; 4] =
        [Urgency::Urgent, Urgency::ConsultHelp, Urgency::SuggestionComplaint, Urgency::Complex];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Urgency::Urgent => ("urgent", "紧急", "urgent"),
            Urgency::ConsultHelp => ("consult_help", "咨询求助", "consultation or help"),
            Urgency::SuggestionComplaint => {
                ("suggestion_complaint", "建议投诉", "suggestion or complaint")
            }
            Urgency::Complex => ("complex", "疑难复杂", "complex"),
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

/// How someone spoke with a reporter.
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
pub enum ContactMode {
    /// By phone: 电话.
    Phone,
    /// By a visit: 上门走访.
    Visit,
    /// In a meeting: 面谈.
    Meeting,
    /// Online: 网络.
    Online,
    /// By letter: 书面.
    Letter,
}

impl ContactMode {
    /// Every one, in the order of the work.
    pub const ALL: [ContactMode; 5] = [
        ContactMode::Phone,
        ContactMode::Visit,
        ContactMode::Meeting,
        ContactMode::Online,
        ContactMode::Letter,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            ContactMode::Phone => ("phone", "电话", "by phone"),
            ContactMode::Visit => ("visit", "上门走访", "by a visit"),
            ContactMode::Meeting => ("meeting", "面谈", "in a meeting"),
            ContactMode::Online => ("online", "网络", "online"),
            ContactMode::Letter => ("letter", "书面", "by letter"),
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
