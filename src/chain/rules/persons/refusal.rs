//! Why something about a person is refused: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// Why something about a person is refused.
    pub enum Refusal {
        WrongForm = "not_of_kind" at "/value", "不是该类型的有效值", "Not a value of this kind.";
        PointThere = "contact_point_there" at "", "此人在这段时间已有该联系方式", "The person has this contact point during some of these days already.";
        NumberTaken = "identifier_taken" at "/value", "该编号已登记在某人名下", "The identifier is entered for somebody already.";
        HasOne = "has_one_of_scheme" at "/scheme", "此人已有该类编号,如有误请先作废", "The person has one of this scheme already: void it if it is wrong.";
        FindByOne = "find_by_one" at "", "请只给出编号或电话之一", "Give an identifier or a phone, and not both.";
        SamePerson = "same_person" at "/into", "不得并入本人", "Nobody is merged into themselves.";
        SurvivorMerged = "survivor_merged" at "/into", "对方已并入他人,请改用保留的那一位", "The other has been merged into somebody: name that one.";
        BothHaveAccounts = "both_have_accounts" at "/into", "二者各有登录账号,请先停用其一", "Both have an account: disable one first.";
        BothMembers = "both_members" at "/into", "二者在同一时间都是委员,请先结束或作废其一", "Both are members on the same days: end or void one first.";
        LinkedToEachOther = "linked_to_each_other" at "/into", "一位以委员身份联系着另一位,请先作废该联系", "One keeps in touch with the other as a member: void that link first.";
        NumbersDiffer = "identifiers_differ" at "/into", "二者同类证件号码不同", "They have different identifiers of a scheme of which a person has one.";
        AlreadyMerged = "already_merged" at "", "已并入他人", "This person has been merged already.";
        NotMerged = "not_merged" at "", "未曾并入他人", "This person is not merged into anybody.";
        MergedSince = "merged_since" at "", "保留的一位后来又并入他人,请先撤销后一次合并", "The survivor was merged into somebody since: undo that first.";
        WindowOver = "unmerge_window_over" at "", "合并已满30日,不得撤销", "A merge may be undone within thirty days.";
    }
}
