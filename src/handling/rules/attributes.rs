//! What a work order has beside its state, each with its code and its two labels.

use crate::codes::codes;

codes! {
    /// The part a department has in a round.
    AssignmentKind, pub enum Kind {
        /// Sole: 单办.
        Sole = "sole" "单办" "sole";
        /// Lead: 主办.
        Lead = "lead" "主办" "lead";
        /// Joint: 会办.
        Co = "co" "会办" "joint";
        /// Separate: 分办.
        Separate = "separate" "分办" "separate";
    }
}

codes! {
    /// What came of it, by the department's own word.
    ResultClass, pub enum ResultClass {
        /// Solved, or accepted for solving: A类：已解决.
        A = "a" "A类：已解决" "solved";
        /// Promised by a date: B类：列入计划.
        B = "b" "B类：列入计划" "promised by a date";
        /// Cannot be done for now, with the reason: C类：暂难解决.
        C = "c" "C类：暂难解决" "cannot be done, with the reason";
    }
}

codes! {
    /// The supervision card (督办牌) of a work order; an attribute, not a state.
    Card, pub enum Card {
        /// Normal: 正常.
        Normal = "normal" "正常" "normal";
        /// Yellow: 黄牌.
        Yellow = "yellow" "黄牌" "yellow";
        /// Red: 红牌.
        Red = "red" "红牌" "red";
    }
}

codes! {
    /// The class that sets every duration of an item.
    Urgency, pub enum Urgency {
        /// Urgent: 紧急.
        Urgent = "urgent" "紧急" "urgent";
        /// Consultation or help: 咨询求助.
        ConsultHelp = "consult_help" "咨询求助" "consultation or help";
        /// Suggestion or complaint: 建议投诉.
        SuggestionComplaint = "suggestion_complaint" "建议投诉" "suggestion or complaint";
        /// Complex: 疑难复杂.
        Complex = "complex" "疑难复杂" "complex";
    }
}

codes! {
    /// How someone spoke with a reporter.
    ContactMode, pub enum ContactMode {
        /// By phone: 电话.
        Phone = "phone" "电话" "by phone";
        /// By a visit: 上门走访.
        Visit = "visit" "上门走访" "by a visit";
        /// In a meeting: 面谈.
        Meeting = "meeting" "面谈" "in a meeting";
        /// Online: 网络.
        Online = "online" "网络" "online";
        /// By letter: 书面.
        Letter = "letter" "书面" "by letter";
    }
}
