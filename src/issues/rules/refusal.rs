//! Why a guard of an issue refuses: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why a guard refuses.
    pub enum Refusal {
        SoleNeedsOne = "sole_needs_one" at "/assignments", "单办须且仅须一个承办单位", "Sole goes to exactly one department.";
        SeparateNeedsTwo = "separate_needs_two" at "/assignments", "分办须至少两个承办单位", "Separate goes to at least two departments.";
        DepartmentTwice = "department_twice" at "/assignments", "承办单位重复", "A department is named twice.";
        ReviewerIsAuthor = "reviewer_is_author" at "", "审查人不得是办复的起草人或签发人", "Whoever wrote a reply does not review it.";
        AlreadyAnswered = "already_answered" at "", "本轮回访已有答复", "This round's feedback request has been answered.";
        CauseMissing = "cause_required" at "/cause", "不满意须写明原因类别", "Dissatisfied needs a cause.";
        CauseUnasked = "cause_not_allowed" at "/cause", "仅不满意时填写原因类别", "Only dissatisfied has a cause.";
        NotAnswered = "not_answered" at "", "首位反映人尚未答复", "The primary reporter has not answered yet.";
        Dissatisfied = "dissatisfied" at "", "首位反映人不满意", "The primary reporter is dissatisfied.";
        NotDissatisfied = "not_dissatisfied" at "", "首位反映人并非不满意", "The primary reporter is not dissatisfied.";
        PromiseOpen = "promise_open" at "", "B类结果须转跟踪落实", "A result of class B is followed up, not closed.";
        NothingPromised = "nothing_promised" at "", "仅B类结果可转跟踪落实", "Only a result of class B is followed up.";
        FollowUpNotAhead = "follow_up_not_ahead" at "/follow_up_on", "跟踪日期须晚于今天", "The follow-up date must be after today.";
        FollowUpTooFar = "follow_up_too_far" at "/follow_up_on", "跟踪日期不得超过十二个月", "The follow-up date must be within twelve months.";
        CauseNotObjective = "cause_not_objective" at "", "不满意原因不是客观原因", "The cause is not objective.";
    }
}
