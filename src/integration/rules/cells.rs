//! What a cell means. Offices write phones with blanks, dates with dots, digits in full width.

use chrono::{Days, NaiveDate};

use super::Refusal;

/// Signs that a spreadsheet calculates; an export puts an apostrophe before them.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
/// The day before the first of a spreadsheet's calendar, which counts a 29 February 1900.
const SERIAL_ZERO: NaiveDate = match NaiveDate::from_ymd_opt(1899, 12, 30) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What stands in the cell without what surrounds it: blanks of any width, marks that cannot be seen,
/// the apostrophe of an export. None: nothing.
pub fn text(cell: &str) -> Option<String> {
    let unseen = |sign: char| sign.is_whitespace() || matches!(sign, '\u{feff}' | '\u{200b}');
    let inner = cell.trim_matches(unseen);
    let inner = match inner.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) => rest,
        _ => inner,
    };
    let one_line: String =
        inner.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
    Some(one_line).filter(|text| !text.is_empty())
}

/// Letters, digits and signs in ordinary width.
fn narrow(text: &str) -> String {
    let one = |sign: char| match u32::from(sign) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(sign),
        0x3000 => ' ',
        0x2010..=0x2015 | 0x2212 => '-',
        _ => sign,
    };
    text.chars().map(one).collect()
}

/// A phone without blanks: `138 0000 1234` is 13800001234.
pub fn phone(cell: &str) -> Result<String, Refusal> {
    let text: String = narrow(cell).chars().filter(|sign| !sign.is_whitespace()).collect();
    let fits = text.chars().all(|sign| sign.is_ascii_digit() || "+()-".contains(sign));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if fits && digits >= 5 && text.len() <= 32 { Ok(text) } else { Err(Refusal::BadPhone) }
}

/// A day: 2024-03-08, 2024.3.8, 2024/3/8, 2024年3月8日, 20240308, or the number that a spreadsheet
/// keeps for it.
pub fn day(cell: &str) -> Result<NaiveDate, Refusal> {
    let text = narrow(cell);
    // A spreadsheet may add the hour.
    let text = text.split([' ', 'T']).next().unwrap_or_default();
    let parts: Vec<&str> =
        text.split(['-', '.', '/', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 5);
    let found = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => match (year.parse(), number(month), number(day)) {
            (Ok(year), Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day),
            _ => None,
        },
        [whole] if whole.len() == 8 => NaiveDate::parse_from_str(whole, "%Y%m%d").ok(),
        [serial] if serial.len() == 5 => {
            number(serial).and_then(|days| SERIAL_ZERO.checked_add_days(Days::new(days.into())))
        }
        _ => None,
    };
    let sane = |day: &NaiveDate| {
        use chrono::Datelike;
        (1900..=2200).contains(&day.year())
    };
    found.filter(sane).ok_or(Refusal::BadDate)
}

/// A number of a member or a contact: letters, digits and hyphens.
pub fn number(cell: &str) -> Result<String, Refusal> {
    let text: String = narrow(cell).chars().filter(|sign| !sign.is_whitespace()).collect();
    let fits = text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    if fits && (1..=32).contains(&text.len()) { Ok(text) } else { Err(Refusal::BadNumber) }
}

/// A code: `key_enterprise`.
pub fn code(cell: &str) -> Result<String, Refusal> {
    let text = narrow(cell);
    let fits = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '_';
    let begins = text.starts_with(|sign: char| sign.is_ascii_lowercase());
    if begins && text.len() <= 64 && text.chars().all(fits) {
        Ok(text)
    } else {
        Err(Refusal::BadCode)
    }
}

/// As what somebody answers for an area, in Chinese and as a code.
pub const HOLDER_KINDS: [(&str, &str); 3] =
    [("界别", "sector"), ("委员", "member"), ("主席会议成员", "chair_member")];

/// One of [`HOLDER_KINDS`], by its label or its code: the code.
pub fn holder_kind(cell: &str) -> Result<&'static str, Refusal> {
    let found = HOLDER_KINDS.into_iter().find(|(label, code)| cell == *label || cell == *code);
    found.map(|(_, code)| code).ok_or(Refusal::BadHolderKind)
}

/// A place in an order.
pub fn position(cell: &str) -> Result<i16, Refusal> {
    narrow(cell).parse().ok().filter(|n| *n >= 0).ok_or(Refusal::BadInteger)
}

/// The digits of a code of a division.
pub fn division_digits(cell: &str) -> Option<i64> {
    let text = narrow(cell);
    let digits = matches!(text.len(), 6 | 9 | 12) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// Several in one cell: `M001、M002`.
pub fn several(cell: &str) -> Vec<String> {
    let narrow = narrow(cell);
    let parts = narrow.split(['、', ',', ';', '/', ' ', '，', '；']);
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_day_is_read_as_offices_write_it() {
        let eighth = NaiveDate::from_ymd_opt(2024, 3, 8).unwrap();
        for text in [
            "2024-03-08",
            "2024.3.8",
            "2024/3/8",
            "2024年3月8日",
            "２０２４．３．８",
            "20240308",
            "2024-03-08 00:00:00",
            "2024-03-08T00:00:00",
            "45359",
        ] {
            assert_eq!(day(text), Ok(eighth), "{text}");
        }
        for text in
            ["2024", "2024.3", "8.3.2024", "2024-13-01", "2024-02-30", "三月", "", "9999", "1.5"]
        {
            assert_eq!(day(text), Err(Refusal::BadDate), "{text}");
        }
    }

    #[test]
    fn a_phone_loses_its_blanks() {
        for text in ["138 0000 1234", "１３８０００01234", "138\u{3000}0000\u{a0}1234"] {
            assert_eq!(phone(text).as_deref(), Ok("13800001234"), "{text}");
        }
        assert_eq!(phone("0468-335 5001").as_deref(), Ok("0468-3355001"));
        for text in ["无", "138", "13800001234,13900001234", "１"] {
            assert_eq!(phone(text), Err(Refusal::BadPhone), "{text}");
        }
    }

    #[test]
    fn what_surrounds_a_cell_does_not_count() {
        assert_eq!(text("\u{feff} \u{3000}张三 \t").as_deref(), Some("张三"));
        assert_eq!(text("'+86 138").as_deref(), Some("+86 138"));
        assert_eq!(text("'张三").as_deref(), Some("'张三"));
        assert_eq!(text(" \u{3000}"), None);
        assert_eq!(several("M001、M002; Ｍ003"), ["M001", "M002", "M003"]);
    }

    proptest! {
        #[test]
        fn no_cell_makes_a_reader_panic(cell in "\\PC{0,40}") {
            let _ = (text(&cell), phone(&cell), day(&cell), number(&cell), code(&cell));
            let _ = (position(&cell), division_digits(&cell), several(&cell));
        }

        #[test]
        fn every_day_reads_back_in_every_form(n in 0u64..100_000) {
            let day_of = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap() + Days::new(n);
            for form in ["%Y-%m-%d", "%Y.%-m.%-d", "%Y/%m/%d", "%Y年%-m月%-d日", "%Y%m%d"] {
                prop_assert_eq!(day(&day_of.format(form).to_string()), Ok(day_of));
            }
        }
    }
}
