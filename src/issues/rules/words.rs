//! The words of an issue: states and actions, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// Where an issue stands.
    IssueState, pub enum State {
        /// Draft: 草稿.
        Draft = "draft" "草稿" "draft";
        /// Waiting for screening: 待受理.
        Submitted = "submitted" "待受理" "waiting for screening";
        /// Waiting for information: 待补充.
        NeedInfo = "need_info" "待补充" "waiting for information";
        /// Not accepted: 不予受理.
        Rejected = "rejected" "不予受理" "not accepted";
        /// In the ledger: 已入台账.
        Accepted = "accepted" "已入台账" "in the ledger";
        /// Merged: 已合并.
        Merged = "merged" "已合并" "merged";
        /// Under consultation: 协商中.
        Consulting = "consulting" "协商中" "under consultation";
        /// Being handled: 办理中.
        InHandling = "in_handling" "办理中" "being handled";
        /// Reply under review: 办复审查.
        ReplyReview = "reply_review" "办复审查" "reply under review";
        /// Waiting for feedback: 待回访.
        AwaitingFeedback = "awaiting_feedback" "待回访" "waiting for feedback";
        /// Being followed up: 跟踪落实.
        Tracking = "tracking" "跟踪落实" "being followed up";
        /// Closed: 已办结.
        Closed = "closed" "已办结" "closed";
        /// Withdrawn: 已撤回.
        Withdrawn = "withdrawn" "已撤回" "withdrawn";
        /// Archived: 已归档.
        Archived = "archived" "已归档" "archived";
    }
}

impl State {
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

codes! {
    /// What is done to an issue.
    IssueAction, pub enum Action {
        /// Create: 登记.
        Create = "create" "登记" "create";
        /// Take in: 接收.
        Intake = "intake" "接收" "take in";
        /// Submit: 提交.
        Submit = "submit" "提交" "submit";
        /// Reject: 不予受理.
        Reject = "reject" "不予受理" "reject";
        /// Accept: 受理入账.
        Accept = "accept" "受理入账" "accept";
        /// Dispatch: 转办.
        Dispatch = "dispatch" "转办" "dispatch";
        /// All replied: 全部办复.
        AllReplied = "all_replied" "全部办复" "all replied";
        /// Send back: 退回重办.
        SendBack = "send_back" "退回重办" "send back";
        /// Pass: 审查通过.
        Pass = "pass" "审查通过" "pass";
        /// Answer the feedback request: 答复回访.
        AnswerFeedback = "answer_feedback" "答复回访" "answer the feedback request";
        /// Log an attempt: 登记回访.
        LogAttempt = "log_attempt" "登记回访" "log an attempt";
        /// Close: 办结.
        Close = "close" "办结" "close";
        /// Follow up: 转跟踪落实.
        Track = "track" "转跟踪落实" "follow up";
        /// Close for objective reasons: 客观原因办结.
        CloseObjective = "close_objective" "客观原因办结" "close for objective reasons";
        /// Withdraw: 撤回.
        Withdraw = "withdraw" "撤回" "withdraw";
    }
}
