//! Why a dated change of the chain is refused: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why a dated change is refused.
    pub enum Refusal {
        SameDay = "same_day" at "/from", "当日已有另一归属开始,如有误请先作废", "Another one begins on that day: void it if it is wrong.";
        SameSector = "same_sector" at "/sector_id", "当日已属于该界别", "The member belongs to that sector on that day already.";
        BeforeTerm = "before_term" at "/from", "早于任期的第一天", "Before the first day of the term.";
        HasLeft = "has_left" at "/from", "届时任期已结束", "The term has ended by that day.";
        BeyondTerm = "beyond_term" at "/until", "超出任期", "Goes on after the term has ended.";
        NotAfterFrom = "until_not_after_from" at "/until", "截止日须晚于起始日", "The end must be after the beginning.";
        EndedEarlier = "ended_earlier" at "/until", "结束日期只能提前,不能推后", "An end may be brought forward, not put off.";
        EndedThen = "ended_then" at "", "已于当日结束", "It ends on that day already.";
        NoEnd = "no_end" at "", "任期没有结束日期", "The term has no end that could be taken back.";
        Voided = "voided" at "", "已作废", "It has been voided already.";
    }
}
