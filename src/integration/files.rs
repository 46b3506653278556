//! The files that offices send, read line by line: CSV in UTF-8 or GBK, and the first sheet of an XLSX
//! workbook. What a workbook unpacks to is measured before it is read.

use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader as _, Xlsx, XlsxCellReader};
use zip::ZipArchive;

use super::rules::Refusal;

/// Lines of one import, without the headings.
pub const MAX_ROWS: u32 = 50_000;
/// Cells of a line that are read; no template has so many.
const MAX_COLUMNS: usize = 64;
/// Characters of a cell that are read; no field takes so many.
const MAX_CELL: usize = 4_000;
/// Bytes that a workbook may unpack to.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// Bytes that any other part of it may unpack to which is read as a whole: styles, lists of parts.
const MAX_PART: u64 = 4 * 1024 * 1024;
/// Bytes that its table of texts may unpack to, which is read as a whole: each takes more than it says.
const MAX_TEXTS: u64 = 32 * 1024 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated.
    Csv,
    /// A workbook of Excel, WPS or LibreOffice.
    Xlsx,
}

impl Format {
    /// The word in the table.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The one with this word; CSV unless it is a workbook.
    pub fn parse(word: &str) -> Self {
        if word == "xlsx" { Self::Xlsx } else { Self::Csv }
    }
}

/// A file that can be read.
pub enum Table {
    /// Its text.
    Csv(String),
    /// The workbook and its first sheet.
    Xlsx(Box<Xlsx<Cursor<Vec<u8>>>>, String),
}

/// A line that says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// As a spreadsheet counts, from 1.
    pub number: u32,
    /// Its cells as they stand.
    pub cells: Vec<String>,
}

impl Table {
    /// Opens a file; refuses what cannot be one.
    pub fn open(format: Format, bytes: Vec<u8>) -> Result<Self, Refusal> {
        match format {
            Format::Csv => text(bytes).map(Self::Csv),
            Format::Xlsx => {
                measure(&bytes)?;
                let book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)?;
                let sheet = book.sheet_names().into_iter().next().ok_or(Refusal::NoHeader)?;
                Ok(Self::Xlsx(Box::new(book), sheet))
            }
        }
    }

    /// Its lines that say anything, from the first on.
    pub fn lines(&mut self) -> Result<Lines<'_>, Refusal> {
        Ok(match self {
            Self::Csv(text) => {
                let reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(text.as_bytes());
                Lines::Csv { text, records: reader.into_records(), row: 0 }
            }
            Self::Xlsx(book, sheet) => {
                let cells = book.worksheet_cells_reader(sheet).map_err(|_| Refusal::Unreadable)?;
                Lines::Xlsx(Cells { reader: Box::new(cells), ahead: None, ended: false })
            }
        })
    }
}

/// UTF-8 with or without a mark, else what Excel writes in China (GB18030, which holds GBK).
fn text(bytes: Vec<u8>) -> Result<String, Refusal> {
    let mut text = String::from_utf8(bytes).or_else(|error| {
        let (text, wrong) = encoding_rs::GB18030.decode_without_bom_handling(error.as_bytes());
        if wrong { Err(Refusal::Unreadable) } else { Ok(text.into_owned()) }
    })?;
    if text.contains('\0') {
        return Err(Refusal::Unreadable);
    }
    if text.starts_with('\u{feff}') {
        // In place: there is no room for two of it.
        text.remove(0);
    }
    Ok(text)
}

/// Unpacks a workbook to nowhere: some bytes may claim to be a house. What is read as a whole is small;
/// sheets are read cell by cell, and what is no XML (pictures) is not read.
fn measure(bytes: &[u8]) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::Unreadable)?;
    let mut left = MAX_UNPACKED;
    for n in 0..archive.len() {
        let part = archive.by_index(n).map_err(|_| Refusal::Unreadable)?;
        let name = part.name().map_err(|_| Refusal::Unreadable)?.to_ascii_lowercase();
        let texts = name.ends_with("sharedstrings.xml");
        let by_cells = name.contains("worksheets/") && !name.ends_with(".rels");
        let most = match () {
            () if texts => MAX_TEXTS,
            () if by_cells || !(name.ends_with(".xml") || name.ends_with(".rels")) => left,
            () => MAX_PART,
        };
        let most = most.min(left);
        let mut part = part.take(most + 1);
        let mut whole = Vec::new();
        let read = if texts {
            part.read_to_end(&mut whole).map(|read| read as u64)
        } else {
            io::copy(&mut part, &mut io::sink())
        };
        let read = read.map_err(|_| Refusal::Unreadable)?;
        if read > most {
            return Err(Refusal::TooManyRows);
        }
        if texts && !counts_honestly(&whole) {
            return Err(Refusal::Unreadable);
        }
        left -= read;
    }
    Ok(())
}

/// Whether a table of texts says that it has no more of them than its bytes can hold: room is made for
/// so many before one is read.
fn counts_honestly(texts: &[u8]) -> bool {
    const NAME: &[u8] = b"uniqueCount";
    // The shortest text is `<si/>`.
    let most = texts.len() / 5;
    let honest = |at: usize| {
        let rest = texts.get(at + NAME.len()..).unwrap_or_default();
        let value = rest.iter().skip_while(|byte| byte.is_ascii_whitespace() || **byte == b'=');
        let value = value.skip_while(|byte| byte.is_ascii_whitespace());
        let mut value = value.skip_while(|byte| matches!(byte, b'"' | b'\'')).copied();
        let digits: Vec<u8> = value.by_ref().take_while(u8::is_ascii_digit).take(20).collect();
        let count = std::str::from_utf8(&digits).ok().and_then(|text| text.parse::<usize>().ok());
        count.is_some_and(|count| count <= most)
    };
    texts
        .windows(NAME.len())
        .enumerate()
        .filter(|(_, name)| *name == NAME)
        .all(|(at, _)| honest(at))
}

/// Reads lines one after another.
pub enum Lines<'a> {
    /// Records of a text, and how many rows a spreadsheet counts up to the last.
    Csv {
        /// All of it.
        text: &'a str,
        /// What is left of it.
        records: csv::StringRecordsIntoIter<&'a [u8]>,
        /// The row of the last record.
        row: u32,
    },
    /// Rows of a sheet.
    Xlsx(Cells<'a>),
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self {
                Self::Csv { text, records, row } => match records.next()? {
                    Ok(record) => {
                        let at = record.position().map_or(0, csv::Position::byte);
                        *row = row.saturating_add(1 + blank_lines(text, at));
                        let cells = record.iter().take(MAX_COLUMNS).map(short).collect();
                        Line { number: *row, cells }
                    }
                    Err(_) => return Some(Err(Refusal::Unreadable)),
                },
                Self::Xlsx(cells) => match cells.row() {
                    Ok(Some(line)) => line,
                    Ok(None) => return None,
                    Err(refusal) => return Some(Err(refusal)),
                },
            };
            if line.cells.iter().any(|cell| !cell.trim().is_empty()) {
                return Some(Ok(line));
            }
        }
    }
}

/// The blank lines at `at`, where the reader stands after a record: it skips them, a spreadsheet counts
/// them. The end of the record's own line may still be there.
fn blank_lines(text: &str, at: u64) -> u32 {
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    let (Some(before), Some(rest)) = (text.as_bytes().get(..at), text.as_bytes().get(at..)) else {
        return 0;
    };
    let own = before.last() == Some(&b'\r') && rest.first() == Some(&b'\n');
    let gap = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let ends = gap.filter(|byte| **byte == b'\n').count();
    u32::try_from(ends).unwrap_or(u32::MAX).saturating_sub(u32::from(own))
}

fn short(cell: &str) -> String {
    cell.chars().take(MAX_CELL).collect()
}

/// Cells of a sheet, row by row.
pub struct Cells<'a> {
    reader: Box<XlsxCellReader<'a, Cursor<Vec<u8>>>>,
    /// The cell that begins the next line.
    ahead: Option<(u32, usize, String)>,
    /// The reader must not be asked again once it has come to its end.
    ended: bool,
}

impl Cells<'_> {
    fn next(&mut self) -> Result<Option<(u32, usize, String)>, Refusal> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        if self.ended {
            return Ok(None);
        }
        let cell = self.reader.next_cell().map_err(|error| {
            log::debug!("a workbook: {error}");
            Refusal::Unreadable
        })?;
        self.ended = cell.is_none();
        Ok(cell.map(|cell| {
            let (row, column) = cell.get_position();
            (row, column as usize, said(cell.get_value()))
        }))
    }

    /// The next line.
    fn row(&mut self) -> Result<Option<Line>, Refusal> {
        let mut line: Option<Line> = None;
        while let Some((row, column, text)) = self.next()? {
            let number = row.saturating_add(1);
            if line.as_ref().is_some_and(|line| line.number != number) {
                self.ahead = Some((row, column, text));
                break;
            }
            let line = line.get_or_insert_with(|| Line { number, cells: Vec::new() });
            if column < MAX_COLUMNS {
                if line.cells.len() <= column {
                    line.cells.resize(column + 1, String::new());
                }
                line.cells[column] = text;
            }
        }
        Ok(line)
    }
}

/// What a cell shows: whole numbers without a point, days as days.
fn said(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => short(text),
        DataRef::SharedString(text) => short(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => short(text),
        DataRef::Int(n) => n.to_string(),
        // Phones and numbers are kept as numbers; those of up to fifteen digits are exact.
        DataRef::Float(n) => format!("{n}"),
        DataRef::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Bool(is) => is.to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(format: Format, bytes: &[u8]) -> Result<Vec<Line>, Refusal> {
        let mut table = Table::open(format, bytes.to_vec())?;
        table.lines()?.collect()
    }

    #[test]
    fn csv_is_read_in_utf_8_and_in_gbk_with_its_lines_as_a_spreadsheet_counts_them() {
        let text = "编号,姓名\r\n\r\nM1,\"张\n三\"\r\n,,\r\nM2,李四,多\r\n";
        let (gbk, ..) = encoding_rs::GBK.encode(text);
        let marked = ["\u{feff}".as_bytes(), text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &marked, &gbk] {
            let all = lines(Format::Csv, bytes).unwrap();
            let numbers: Vec<_> = all.iter().map(|line| line.number).collect();
            assert_eq!(numbers, [1, 3, 5]);
            assert_eq!(all[1].cells, ["M1", "张\n三"]);
        }
        assert_eq!(lines(Format::Csv, b"\xff\xff\xff").unwrap_err(), Refusal::Unreadable);
        assert_eq!(lines(Format::Csv, b"a\0b").unwrap_err(), Refusal::Unreadable);
        assert!(lines(Format::Csv, b"").unwrap().is_empty());
    }

    #[test]
    fn a_table_of_texts_that_claims_more_than_it_holds_is_refused() {
        let table =
            |count: &str| format!("<sst count='3' uniqueCount={count}><si/><si/><si/></sst>");
        for honest in ["'3'", "\"3\"", " \"0\""] {
            assert!(counts_honestly(table(honest).as_bytes()), "{honest}");
        }
        for claim in ["'1000000000000'", "'99999999999999999999999'", "'&#57;9'", "''", ""] {
            assert!(!counts_honestly(table(claim).as_bytes()), "{claim}");
        }
        assert!(counts_honestly(b"<sst><si/></sst>"));
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"a,b\n1,2"] {
            assert_eq!(lines(Format::Xlsx, bytes).unwrap_err(), Refusal::Unreadable);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_reader_panic(bytes: Vec<u8>) {
            let _ = lines(Format::Csv, &bytes);
            let _ = lines(Format::Xlsx, &bytes);
        }
    }
}
