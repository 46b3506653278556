//! Rows of a list as lines of text. CSV has a column a field of the row's own schema, in the order of
//! its declaration, so that an empty list has its header too.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Schema, SchemaType, Type};
use utoipa::openapi::{Object, RefOr};

use crate::error::{Error, Result};
use crate::page::Form;

/// Objects inside one another that become columns of their own; deeper ones stand as JSON.
const DEEPEST: usize = 4;

/// How rows of one type become text.
pub struct Sheet {
    form: Form,
    /// The path of each column's value; the name is the path with dots.
    columns: Vec<Vec<String>>,
}

impl Sheet {
    /// The sheet of a list of `T`.
    pub fn of<T: ToSchema>(form: Form) -> Self {
        let mut known = Vec::new();
        T::schemas(&mut known);
        let mut columns = Vec::new();
        add_columns(&T::schema(), &known, &mut Vec::new(), &mut columns);
        Self { form, columns }
    }

    /// What stands before the first row.
    pub fn head(&self) -> Result<Vec<u8>> {
        let Form::Csv { bom } = self.form else { return Ok(Vec::new()) };
        let mut head = if bom { "\u{feff}".as_bytes().to_vec() } else { Vec::new() };
        head.extend(records([self.columns.iter().map(|path| path.join("."))])?);
        Ok(head)
    }

    /// One record of CSV.
    pub fn record(cells: impl Iterator<Item = String>) -> Result<Vec<u8>> {
        records([cells])
    }

    /// A line a row.
    pub fn lines<T: Serialize>(&self, rows: &[T]) -> Result<Vec<u8>> {
        if self.form == Form::Ndjson {
            let mut lines = Vec::new();
            for row in rows {
                serde_json::to_writer(&mut lines, row).map_err(Error::internal)?;
                lines.push(b'\n');
            }
            return Ok(lines);
        }
        let values: Vec<Value> = rows
            .iter()
            .map(serde_json::to_value)
            .collect::<Result<_, _>>()
            .map_err(Error::internal)?;
        records(values.iter().map(|row| self.columns.iter().map(|path| cell(at(row, path)))))
    }
}

fn records<R: IntoIterator<Item = String>>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(Error::internal)
}

fn at<'a>(row: &'a Value, path: &[String]) -> &'a Value {
    path.iter().fold(row, |value, name| &value[name.as_str()])
}

/// Null is empty; lists and what else has no columns of its own stand as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => no_formula(text),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet would calculate, by full-width signs too, gets an apostrophe before it. A negative decimal, as
/// points are written, calculates nothing and stays one.
fn no_formula(text: &str) -> String {
    let starts =
        ['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if text.starts_with(starts) && !is_negative(text) {
        return format!("'{text}");
    }
    text.to_owned()
}

fn is_negative(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let Some(number) = text.strip_prefix('-') else { return false };
    number.split_once('.').map_or(digits(number), |(whole, part)| digits(whole) && digits(part))
}

type Known = Vec<(String, RefOr<Schema>)>;

/// The columns of a schema at `path`.
fn add_columns(
    schema: &RefOr<Schema>,
    known: &Known,
    path: &mut Vec<String>,
    columns: &mut Vec<Vec<String>>,
) {
    match resolved(schema, known) {
        Some(Schema::Object(object)) if has_fields(object) && path.len() < DEEPEST => {
            for (name, field) in &object.properties {
                path.push(name.clone());
                add_columns(field, known, path, columns);
                path.pop();
            }
        }
        Some(Schema::AllOf(all)) => {
            for part in &all.items {
                add_columns(part, known, path, columns);
            }
        }
        Some(Schema::OneOf(one)) => {
            let mut some = one.items.iter().filter(|item| !is_null(item));
            match (some.next(), some.next()) {
                (Some(only), None) => add_columns(only, known, path, columns),
                _ => columns.push(path.clone()),
            }
        }
        _ => columns.push(path.clone()),
    }
}

fn resolved<'a>(schema: &'a RefOr<Schema>, known: &'a Known) -> Option<&'a Schema> {
    match schema {
        RefOr::T(schema) => Some(schema),
        RefOr::Ref(to) => {
            let name = to.ref_location.rsplit('/').next()?;
            let (_, found) = known.iter().find(|(known, _)| known == name)?;
            if let RefOr::T(schema) = found { Some(schema) } else { None }
        }
    }
}

fn has_fields(object: &Object) -> bool {
    !object.properties.is_empty() && object.additional_properties.is_none()
}

fn is_null(schema: &RefOr<Schema>) -> bool {
    let RefOr::T(Schema::Object(object)) = schema else { return false };
    matches!(object.schema_type, SchemaType::Type(Type::Null))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Serialize, ToSchema)]
    struct Place {
        town: String,
        code: Option<i32>,
    }

    #[derive(Serialize, ToSchema)]
    struct Base {
        zeta: String,
        place: Option<Place>,
    }

    #[derive(Serialize, ToSchema)]
    struct Row {
        #[serde(flatten)]
        base: Base,
        points: String,
        tags: Vec<String>,
    }

    fn row(zeta: &str, place: Option<Place>) -> Row {
        let base = Base { zeta: zeta.into(), place };
        Row { base, points: "-2.00".into(), tags: vec!["a".into(), "b;c".into()] }
    }

    #[test]
    fn columns_are_the_fields_in_their_order_and_one_a_nested_field() {
        let sheet = Sheet::of::<Row>(Form::Csv { bom: true });
        let head = String::from_utf8(sheet.head().unwrap()).unwrap();
        assert_eq!(head, "\u{feff}zeta,place.town,place.code,points,tags\r\n");
        let place = Place { town: "国安".into(), code: Some(-1) };
        let lines = sheet.lines(&[row("一,\"二\"\n三", Some(place)), row("=1+1", None)]).unwrap();
        let text = String::from_utf8(lines).unwrap();
        let first = "\"一,\"\"二\"\"\n三\",国安,-1,-2.00,\"[\"\"a\"\",\"\"b;c\"\"]\"\r\n";
        let second = "'=1+1,,,-2.00,\"[\"\"a\"\",\"\"b;c\"\"]\"\r\n";
        assert_eq!(text, format!("{first}{second}"));
    }

    #[test]
    fn a_line_of_ndjson_is_a_row() {
        let sheet = Sheet::of::<Row>(Form::Ndjson);
        assert!(sheet.head().unwrap().is_empty());
        let lines = String::from_utf8(sheet.lines(&[row("a\nb", None), row("", None)]).unwrap());
        let lines = lines.unwrap();
        let rows: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(
            rows,
            [row("a\nb", None), row("", None)].map(|r| serde_json::to_value(r).unwrap())
        );
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula_and_each_reads_back(text in "[=+@\\-\t\r'\"一,a0.]{0,6}") {
            let sheet = Sheet::of::<Row>(Form::Csv { bom: false });
            let lines = sheet.lines(&[row(&text, None)]).unwrap();
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&lines[..]);
            let cell = reader.records().next().unwrap().unwrap()[0].to_owned();
            let formula = cell.starts_with(['=', '+', '@', '\t', '\r', '-']);
            prop_assert!(!formula || is_negative(&cell), "{cell:?}");
            let escaped = format!("'{text}");
            prop_assert!(cell == text || cell == escaped, "{cell:?}");
        }
    }
}
