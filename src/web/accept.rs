//! What a caller takes (RFC 9110 12.5.1): everything is answered in JSON, a list in other forms too.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::error::{Code, Error, Result};
use crate::page::Form;

/// One media range of `Accept`.
struct Range {
    kind: String,
    quality: f32,
    /// Asks for what we do not do: another character set, no header row.
    other: bool,
    bom: bool,
}

impl Range {
    fn read(text: &str) -> Self {
        let mut pieces = text.split(';').map(|piece| piece.trim().to_ascii_lowercase());
        let kind = pieces.next().unwrap_or_default();
        let mut range = Self { kind, quality: 1.0, other: false, bom: false };
        for piece in pieces {
            let (name, value) = piece.split_once('=').unwrap_or((&piece, ""));
            match (name, value.trim_matches('"')) {
                ("q", value) => range.quality = value.parse().unwrap_or(1.0),
                ("charset", value) => range.other |= value != "utf-8",
                ("header", value) => range.other |= value != "present",
                ("bom", value) => range.bom = value == "true",
                _ => {}
            }
        }
        range
    }

    /// How closely it names `offered`: 3 by name, 2 by its type, 1 as anything.
    fn names(&self, offered: &str) -> Option<u8> {
        let (kind, _) = offered.split_once('/')?;
        match self.kind.as_str() {
            name if name == offered => Some(3).filter(|_| !self.other),
            "application/problem+json" if offered == JSON => Some(3),
            "*/*" | "" => Some(1),
            name => name.strip_suffix("/*").filter(|of| *of == kind).map(|_| 2),
        }
    }
}

const JSON: &str = "application/json";
const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";

/// The ranges asked for; none where nothing is asked.
fn ranges(request: &HttpRequest) -> Option<Vec<Range>> {
    let mut asked = request.headers().get_all(header::ACCEPT).peekable();
    asked.peek()?;
    let texts = asked.filter_map(|value| value.to_str().ok());
    Some(texts.flat_map(|text| text.split(',')).map(Range::read).collect())
}

/// The closest range that names `offered` and is not refused, and how closely.
fn best<'a>(ranges: &'a [Range], offered: &str) -> Option<(&'a Range, u8)> {
    let named = ranges.iter().filter_map(|range| Some((range, range.names(offered)?)));
    named.max_by_key(|(_, closely)| *closely).filter(|(range, _)| range.quality > 0.0)
}

/// 406 unless JSON is taken.
pub fn json(request: &HttpRequest) -> Result<()> {
    match ranges(request) {
        Some(ranges) if best(&ranges, JSON).is_none() => Err(refused("application/json")),
        _ => Ok(()),
    }
}

/// 406 unless CSV is taken.
pub fn csv(request: &HttpRequest) -> Result<()> {
    match ranges(request) {
        Some(ranges) if best(&ranges, CSV).is_none() => Err(refused(CSV)),
        _ => Ok(()),
    }
}

/// The form in which a list is wanted most; JSON where several are wanted alike. 406 where none is.
pub fn list(request: &HttpRequest) -> Result<Form> {
    let Some(ranges) = ranges(request) else { return Ok(Form::Json) };
    let mut wanted: Option<(f32, u8, Form)> = None;
    for (offered, form) in
        [(JSON, Form::Json), (CSV, Form::Csv { bom: false }), (NDJSON, Form::Ndjson)]
    {
        let Some((range, closely)) = best(&ranges, offered) else { continue };
        let form = if offered == CSV { Form::Csv { bom: range.bom } } else { form };
        if wanted.is_none_or(|(quality, by, _)| (range.quality, closely) > (quality, by)) {
            wanted = Some((range.quality, closely, form));
        }
    }
    let found = wanted.map(|(_, _, form)| form);
    found.ok_or_else(|| refused("application/json, text/csv, application/x-ndjson"))
}

fn refused(offered: &str) -> Error {
    let (zh, en) = (format!("可应答的格式:{offered}"), format!("the answer would be {offered}"));
    Error::say(Code::NotAcceptable, zh, en)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(accept: &str) -> Option<Form> {
        let request = TestRequest::default().insert_header(("Accept", accept));
        list(&request.to_http_request()).ok()
    }

    #[test]
    fn a_list_comes_in_the_form_wanted_most() {
        let csv = Some(Form::Csv { bom: false });
        assert_eq!(list(&TestRequest::default().to_http_request()).unwrap(), Form::Json);
        for json in
            ["*/*", "", "application/*", "application/json, text/csv", "text/csv;q=0.9, */*"]
        {
            assert_eq!(asked(json), Some(Form::Json), "{json}");
        }
        for text in ["text/csv", "text/*", "TEXT/CSV; charset=UTF-8", "text/csv, */*;q=0.8"] {
            assert_eq!(asked(text), csv, "{text}");
        }
        assert_eq!(asked("text/csv, */*"), csv);
        assert_eq!(asked("*/*, application/json;q=0"), csv);
        assert_eq!(asked("text/csv; bom=true"), Some(Form::Csv { bom: true }));
        assert_eq!(asked("application/x-ndjson, text/csv;q=0.5"), Some(Form::Ndjson));
        for none in
            ["image/png", "text/csv; charset=gbk", "text/csv;q=0", "text/csv; header=absent"]
        {
            assert_eq!(asked(none), None, "{none}");
        }
    }

    #[test]
    fn json_is_answered_unless_it_is_not_taken() {
        let takes = |accept: &str| {
            let request = TestRequest::default().insert_header(("Accept", accept));
            json(&request.to_http_request()).is_ok()
        };
        for fine in ["*/*", "application/*", "text/html, application/problem+json", ""] {
            assert!(takes(fine), "{fine}");
        }
        for not in ["text/csv", "application/json;q=0", "*/*, application/json;q=0.0"] {
            assert!(!takes(not), "{not}");
        }
    }
}
