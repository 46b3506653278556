//! The words of an issue: states and actions, each with its code and its two labels.

use serde::{Deserialize, Serialize};

/// Where an issue stands.
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
#[schema(as = IssueState)]
pub enum State {
    /// Draft: 草稿.
    Draft,
    /// Waiting for screening: 待受理.
    Submitted,
    /// Waiting for information: 待补充.
    NeedInfo,
    /// Not accepted: 不予受理.
    Rejected,
    /// In the ledger: 已入台账.
    Accepted,
    /// Merged: 已合并.
    Merged,
    /// Under consultation: 协商中.
    Consulting,
    /// Being handled: 办理中.
    InHandling,
    /// Reply under review: 办复审查.
    ReplyReview,
    /// Waiting for feedback: 待回访.
    AwaitingFeedback,
    /// Being followed up: 跟踪落实.
    Tracking,
    /// Closed: 已办结.
    Closed,
    /// Withdrawn: 已撤回.
    Withdrawn,
    /// Archived: 已归档.
    Archived,
}

impl State {
    /// Every one, in the order of the work.
    pub const ALL: [State; 14] = [
        State::Draft,
        State::Submitted,
        State::NeedInfo,
        State::Rejected,
        State::Accepted,
        State::Merged,
        State::Consulting,
        State::InHandling,
        State::ReplyReview,
        State::AwaitingFeedback,
        State::Tracking,
        State::Closed,
        State::Withdrawn,
        State::Archived,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            State::Draft => ("draft", "草稿", "draft"),
            State::Submitted => ("submitted", "待受理", "waiting for screening"),
            State::NeedInfo => ("need_info", "待补充", "waiting for information"),
            State::Rejected => ("rejected", "不予受理", "not accepted"),
            State::Accepted => ("accepted", "已入台账", "in the ledger"),
            State::Merged => ("merged", "已合并", "merged"),
            State::Consulting => ("consulting", "协商中", "under consultation"),
            State::InHandling => ("in_handling", "办理中", "being handled"),
            State::ReplyReview => ("reply_review", "办复审查", "reply under review"),
            State::AwaitingFeedback => ("awaiting_feedback", "待回访", "waiting for feedback"),
            State::Tracking => ("tracking", "跟踪落实", "being followed up"),
            State::Closed => ("closed", "已办结", "closed"),
            State::Withdrawn => ("withdrawn", "已撤回", "withdrawn"),
            State::Archived => ("archived", "已归档", "archived"),
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

    /// What the reporter is told, in Chinese and in English; none for a draft.
    pub const fn public_label(self) -> Option<(&'static str, &'static str)> {
        match self {
            State::Draft => None,
            State::Submitted => Some(("已收到", "received")),
            State::NeedInfo => Some(("待您补充", "waiting for you")),
            State::Rejected => Some(("不予受理", "not accepted")),
            State::Accepted => Some(("已受理", "accepted")),
            State::Merged => Some(("与其他事项合并办理", "handled together with another item")),
            State::Consulting => Some(("协商中", "under consultation")),
            State::InHandling | State::ReplyReview => {
                Some(("承办单位办理中", "with the department"))
            }
            State::AwaitingFeedback => {
                Some(("已答复，请告知是否解决", "answered, tell us if it helped"))
            }
            State::Tracking => Some(("已承诺，跟踪落实中", "promised, being followed up")),
            State::Closed | State::Archived => Some(("已办结", "closed")),
            State::Withdrawn => Some(("已撤回", "withdrawn")),
        }
    }

    /// Whether work on it goes on: neither a draft nor at an end; a merged one follows its primary.
    pub const fn is_live(self) -> bool {
        !matches!(
            self,
            State::Draft
                | State::Rejected
                | State::Merged
                | State::Closed
                | State::Withdrawn
                | State::Archived
        )
    }
}

/// What is done to an issue.
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
#[schema(as = IssueAction)]
pub enum Action {
    /// Create: 登记.
    Create,
    /// Take in: 接收.
    Intake,
    /// Submit: 提交.
    Submit,
    /// Reject: 不予受理.
    Reject,
    /// Accept: 受理入账.
    Accept,
    /// Dispatch: 转办.
    Dispatch,
    /// All replied: 全部办复.
    AllReplied,
    /// Send back: 退回重办.
    SendBack,
    /// Pass: 审查通过.
    Pass,
    /// Answer the feedback request: 答复回访.
    AnswerFeedback,
    /// Log an attempt: 登记回访.
    LogAttempt,
    /// Close: 办结.
    Close,
    /// Follow up: 转跟踪落实.
    Track,
    /// Close for objective reasons: 客观原因办结.
    CloseObjective,
    /// Withdraw: 撤回.
    Withdraw,
}

impl Action {
    /// Every one, in the order of the work.
    pub const ALL: [Action; 15] = [
        Action::Create,
        Action::Intake,
        Action::Submit,
        Action::Reject,
        Action::Accept,
        Action::Dispatch,
        Action::AllReplied,
        Action::SendBack,
        Action::Pass,
        Action::AnswerFeedback,
        Action::LogAttempt,
        Action::Close,
        Action::Track,
        Action::CloseObjective,
        Action::Withdraw,
    ];

    /// Code, Chinese, English.
    const fn row(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Action::Create => ("create", "登记", "create"),
            Action::Intake => ("intake", "接收", "take in"),
            Action::Submit => ("submit", "提交", "submit"),
            Action::Reject => ("reject", "不予受理", "reject"),
            Action::Accept => ("accept", "受理入账", "accept"),
            Action::Dispatch => ("dispatch", "转办", "dispatch"),
            Action::AllReplied => ("all_replied", "全部办复", "all replied"),
            Action::SendBack => ("send_back", "退回重办", "send back"),
            Action::Pass => ("pass", "审查通过", "pass"),
            Action::AnswerFeedback => {
                ("answer_feedback", "答复回访", "answer the feedback request")
            }
            Action::LogAttempt => ("log_attempt", "登记回访", "log an attempt"),
            Action::Close => ("close", "办结", "close"),
            Action::Track => ("track", "转跟踪落实", "follow up"),
            Action::CloseObjective => {
                ("close_objective", "客观原因办结", "close for objective reasons")
            }
            Action::Withdraw => ("withdraw", "撤回", "withdraw"),
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
