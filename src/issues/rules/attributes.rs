//! What an issue has beside its state, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// How an issue came in.
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
pub enum Channel {
    /// Visit: 走访.
    Visit,
    /// Salon: 界别沙龙.
    Salon,
    /// Station: 委员工作站.
    Station,
    /// Hotline 12345: 12345热线.
    #[serde(rename = "hotline_12345")]
    Hotline12345,
    /// Platform: 我在你身边平台.
    Platform,
    /// App: 履职通.
    App,
    /// Import: 导入.
    Import,
    /// Public: 群众来件.
    Public,
}

impl Channel {
    /// Every one, in the order of the work.
    pub const ALL: [Channel; 8] = [
        Channel::Visit,
        Channel::Salon,
        Channel::Station,
        Channel::Hotline12345,
        Channel::Platform,
        Channel::App,
        Channel::Import,
        Channel::Public,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Channel::Visit => ("visit", "走访", "visit"),
            Channel::Salon => ("salon", "界别沙龙", "salon"),
            Channel::Station => ("station", "委员工作站", "station"),
            Channel::Hotline12345 => ("hotline_12345", "12345热线", "hotline 12345"),
            Channel::Platform => ("platform", "我在你身边平台", "platform"),
            Channel::App => ("app", "履职通", "app"),
            Channel::Import => ("import", "导入", "import"),
            Channel::Public => ("public", "群众来件", "public"),
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

/// What the reporter says of the outcome.
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
pub enum Satisfaction {
    /// Satisfied: 满意.
    Satisfied,
    /// Basically satisfied: 基本满意.
    BasicallySatisfied,
    /// Dissatisfied: 不满意.
    Dissatisfied,
}

impl Satisfaction {
    /// Every one, in the order of the work.
    pub const ALL: [Satisfaction; 3] =
        [Satisfaction::Satisfied, Satisfaction::BasicallySatisfied, Satisfaction::Dissatisfied];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Satisfaction::Satisfied => ("satisfied", "满意", "satisfied"),
            Satisfaction::BasicallySatisfied => {
                ("basically_satisfied", "基本满意", "basically satisfied")
            }
            Satisfaction::Dissatisfied => ("dissatisfied", "不满意", "dissatisfied"),
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

/// Why a reporter is dissatisfied.
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
pub enum Cause {
    /// The department could have done more: 主观原因.
    Subjective,
    /// Beyond the department's power: 客观原因.
    Objective,
}

impl Cause {
    /// Every one, in the order of the work.
    pub const ALL: [Cause; 2] = [Cause::Subjective, Cause::Objective];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Cause::Subjective => ("subjective", "主观原因", "the department could have done more"),
            Cause::Objective => ("objective", "客观原因", "beyond the department's power"),
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

/// How an issue is given out: to one department, or in separate parts.
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
#[schema(as = DispatchShape)]
pub enum Shape {
    /// Sole: 单办.
    Sole,
    /// Separate: 分办.
    Separate,
}

impl Shape {
    /// Every one, in the order of the work.
    pub const ALL: [Shape; 2] = [Shape::Sole, Shape::Separate];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Shape::Sole => ("sole", "单办", "sole"),
            Shape::Separate => ("separate", "分办", "separate"),
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
