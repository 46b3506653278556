//! Why a guard of a work order refuses: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why a guard refuses.
    pub enum Refusal {
        DraftMissing = "draft_missing" at "", "尚无办复草稿", "There is no draft of a reply.";
        PromiseMissing = "promised_on_required" at "/promised_on", "B类须写明承诺日期", "Class B needs the date it promises.";
        PromiseNotAhead = "promised_on_not_ahead" at "/promised_on", "承诺日期须晚于今天", "The promised date must be after today.";
        PromiseTooFar = "promised_on_too_far" at "/promised_on", "承诺日期不得超过十二个月", "The promised date must be within twelve months.";
        ReasonMissing = "reason_required" at "/reason", "C类须写明原因", "Class C needs its reason.";
    }
}
