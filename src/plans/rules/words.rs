//! The words of plans and schemes: states, actions, owners and periods, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// Where a plan stands. Running is derived from the date.
    PlanState, pub enum State {
        /// Draft: 草稿.
        Draft = "draft" "草稿" "draft";
        /// Submitted: 已提交.
        Submitted = "submitted" "已提交" "submitted";
        /// Approved: 已批准.
        Approved = "approved" "已批准" "approved";
        /// Sent back: 已退回.
        SentBack = "sent_back" "已退回" "sent back";
        /// Closed: 已结束.
        Closed = "closed" "已结束" "closed";
    }
}

codes! {
    /// What is done to a plan.
    PlanAction, pub enum Action {
        /// Change: 修改.
        Update = "update" "修改" "change";
        /// Submit: 提交.
        Submit = "submit" "提交" "submit";
        /// Approve: 批准.
        Approve = "approve" "批准" "approve";
        /// Send back: 退回.
        SendBack = "send_back" "退回" "send back";
        /// Close, when the period is over: 结束.
        Close = "close" "结束" "close";
    }
}

codes! {
    /// How long a plan's period is.
    PeriodKind, pub enum PeriodKind {
        /// Month: 月度.
        Month = "month" "月度" "month";
        /// Year: 年度.
        Year = "year" "年度" "year";
    }
}

codes! {
    /// Whose plan it is: members and committees plan by the month, party branches by month or year.
    PlanOwnerKind, pub enum OwnerKind {
        /// A member: 委员.
        Member = "member" "委员" "member";
        /// A special committee: 专委会.
        Committee = "committee" "专委会" "special committee";
        /// A functional party branch: 功能型党支部.
        PartyBranch = "party_branch" "功能型党支部" "functional party branch";
    }
}

codes! {
    /// Whether a scheme is in force on its dates.
    SchemeState, pub enum SchemeState {
        /// Draft: 草稿.
        Draft = "draft" "草稿" "draft";
        /// Published: 已发布.
        Published = "published" "已发布" "published";
    }
}
