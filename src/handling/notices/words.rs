//! The sentence of each notice. A code that is not here is shown as it is.

/// Code, Chinese, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("assignment_dispatched", "有新的转办单待签收", "a work order waits to be signed for"),
    ("assignment_unsigned", "转办单超过签收时限", "a work order has not been signed for in time"),
    ("assignment_overdue", "转办单已超过办理时限", "a work order is overdue"),
    ("assignment_sent_back", "办复被退回,请重办", "a reply was sent back"),
    ("assignment_recalled", "转办单已收回", "a work order was recalled"),
];

/// Both languages of a code.
pub(super) fn words(code: &str) -> (&str, &str) {
    let found = WORDS.iter().find(|(known, _, _)| *known == code);
    found.map_or((code, code), |(_, zh, en)| (zh, en))
}
