//! The sentence of each notice. A code that is not here is shown as it is.

/// Code, Chinese, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("assignment_dispatched", "有新的转办单待签收", "a work order waits to be signed for"),
    ("assignment_unsigned", "转办单超过签收时限", "a work order has not been signed for in time"),
    ("assignment_overdue", "转办单已超过办理时限", "a work order is overdue"),
    ("assignment_sent_back", "办复被退回,请重办", "a reply was sent back"),
    ("assignment_recalled", "转办单已收回", "a work order was recalled"),
    ("issue_submitted", "有新的事项待受理", "an issue waits to be screened"),
    ("issue_accepted", "事项已列入台账", "an issue entered the ledger"),
    ("issue_rejected", "事项不予受理", "an issue was not accepted"),
    (
        "issue_all_replied",
        "承办单位均已办复,待审查",
        "all departments replied: review their replies",
    ),
    ("issue_passed", "办复已通过审查,待回访", "the replies passed; the reporter is asked"),
    ("issue_feedback_due", "请在时限内回访反映人", "the reporter is to be asked in time"),
    ("issue_feedback_answered", "反映人已作出评价", "the reporter answered"),
    ("issue_ended", "事项已办结或转入跟踪", "an issue ended or is followed up"),
    (
        "adjustment_failed",
        "委员调整未能在当日生效,请重新办理",
        "an adjustment did not fit on its day: report it anew",
    ),
    ("issue_clock_over", "事项的办理时限已到", "a limit of the liaison centre is over"),
];

/// Both languages of a code.
pub(super) fn words(code: &str) -> (&str, &str) {
    let found = WORDS.iter().find(|(known, _, _)| *known == code);
    found.map_or((code, code), |(_, zh, en)| (zh, en))
}
