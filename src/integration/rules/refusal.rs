//! What is wrong with a file or with a cell: code, pointer, sentence.

use crate::codes::refusals;

refusals! {
    /// What is wrong with a file or with one of its cells.
    pub enum Refusal {
        NoHeader = "no_header" at "", "文件为空,缺少表头行", "The file is empty: it has no row of headings.";
        NoHeadings = "no_headings" at "", "第一行没有模板中的列名", "The first line has no heading of the template.";
        NotAnyMore = "not_any_more" at "", "提交人已无权导入", "Who sent the file may import no more.";
        UnknownHeading = "unknown_heading" at "", "不认识的列名,请对照模板", "Not a heading of the template.";
        TwiceTheHeading = "heading_twice" at "", "列名重复", "The heading stands there twice.";
        MissingHeading = "missing_heading" at "", "缺少必需的列", "A column that must be there is missing.";
        Unreadable = "unreadable" at "", "文件无法读取:请用 UTF-8 或 GBK 的 CSV,或 XLSX", "The file cannot be read: send CSV in UTF-8 or GBK, or XLSX.";
        MoreCells = "more_cells" at "", "本行的单元格多于表头;含逗号的内容须加引号", "The line has more cells than there are headings: what holds a comma stands in quotes.";
        TooManyRows = "too_many_rows" at "", "行数超过上限,请分成几个文件", "More rows than one import takes: send several files.";
        BadDate = "bad_date" at "", "日期应如 2024-03-08、2024.3.8 或 2024年3月8日", "A date is written as 2024-03-08, 2024.3.8 or 2024年3月8日.";
        BadPhone = "bad_phone" at "", "应为电话号码,如 138 0000 1234", "A phone number is written as 138 0000 1234.";
        BadNumber = "bad_number" at "", "编号只含字母、数字和连字符,最多 32 位", "A number has letters, digits and hyphens, 32 at most.";
        BadCode = "bad_code" at "", "代码以小写字母开头,只含小写字母、数字和下划线", "A code begins with a small letter and has small letters, digits and underscores.";
        BadInteger = "bad_integer" at "", "应为 0 至 32767 的整数", "A whole number from 0 to 32767.";
        Ambiguous = "ambiguous" at "", "有多个同名项,请改用代码", "Several have this name: write the code.";
        GivenTwice = "given_twice" at "", "文件中前面已有同一项", "It stands in an earlier line of the file already.";
        OtherExternalId = "other_external_id" at "", "该记录已有另一个外部编号", "That row has another external id already.";
        BadHolderKind = "bad_holder_kind" at "", "责任身份应为界别、委员或主席会议成员", "sector, member or chair_member.";
        OtherHolder = "other_holder" at "", "责任身份与所填的界别或委员不符", "Not as what the sector or the member of this line answers for it.";
        OneHolder = "one_holder" at "", "界别与委员只填其一", "Either a sector or a member answers for it, not both.";
    }
}
