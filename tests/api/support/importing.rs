//! Files of an office, sent and followed to their end.

use std::io::{Cursor, Write};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Caller, City, Reply};

pub const CSV: &str = "text/csv";
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Caller {
    /// Sends a file to import.
    pub async fn hand_in(&self, query: &str, kind: &str, file: &[u8]) -> Reply {
        let path = format!("/v1/imports?kind={query}");
        self.send(Method::POST, &path, &[("content-type", kind)], Some(file.to_vec())).await
    }

    /// Sends a file and waits for the end of its import.
    pub async fn import(&self, query: &str, kind: &str, file: &[u8]) -> Value {
        let reply = self.hand_in(query, kind, file).await;
        let import = reply.expect(202);
        assert_eq!(import["state"], json!("waiting"));
        assert_eq!(reply.header("location"), format!("/v1/imports/{}", text(&import["id"])));
        self.ended(text(&import["id"])).await
    }

    /// The import when it has ended.
    pub async fn ended(&self, id: &str) -> Value {
        for _ in 0..600 {
            let import = self.get(&format!("/v1/imports/{id}")).await.expect(200);
            if !import["finished_at"].is_null() {
                return import;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the import {id} does not end");
    }

    /// Line, column and code of what is wrong with a file.
    pub async fn wrong_with(&self, import: &Value) -> Vec<(i64, String, String)> {
        let path = format!("/v1/imports/{}/errors?limit=200", text(&import["id"]));
        let list = self.get(&path).await.expect(200);
        let rows = list["data"].as_array().unwrap();
        assert_eq!(import["errors"], json!(rows.len()));
        let told = |row: &Value| {
            let column = row["column"].as_str().unwrap_or_default().to_owned();
            (row["line"].as_i64().unwrap(), column, text(&row["code"]).to_owned())
        };
        rows.iter().map(told).collect()
    }
}

impl City {
    /// An import that has ended, and the name of a kind of file.
    pub async fn an_import(&self) -> [(&'static str, String); 2] {
        let file = "编号,姓名\nM901,\n".as_bytes();
        let import = self.liaison_centre().await.import("members&dry_run=true", CSV, file).await;
        [("import_id", text(&import["id"]).to_owned()), ("kind", "members".to_owned())]
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value}"))
}

/// A workbook of one sheet, as spreadsheets write it: texts, and numbers where a cell begins with `#`,
/// days where it begins with `@`.
pub fn workbook(rows: &[&[&str]]) -> Vec<u8> {
    let mut sheet = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (r, row) in rows.iter().enumerate() {
        sheet.push_str(&format!("<row r=\"{}\">", r + 1));
        for (c, cell) in row.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + u8::try_from(c).unwrap()), r + 1);
            sheet.push_str(&match (cell.strip_prefix('#'), cell.strip_prefix('@')) {
                (Some(number), _) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
                (_, Some(serial)) => format!("<c r=\"{at}\" s=\"1\"><v>{serial}</v></c>"),
                _ => format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
            });
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let package = "http://schemas.openxmlformats.org/package/2006";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{types}.sheet.main+xml\"/>\
             <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{types}.worksheet+xml\"/>\
             <Override PartName=\"/xl/styles.xml\" ContentType=\"{types}.styles+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"委员\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"r2\" Type=\"{office}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{main}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    packed(&parts)
}

/// A package of these parts.
pub fn packed(parts: &[(&str, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// How an import ended, and how many rows it created, updated and left as they were.
pub fn counts(import: &Value) -> (&str, [i64; 3]) {
    let count = |name: &str| import[name].as_i64().unwrap();
    (import["state"].as_str().unwrap(), ["created", "updated", "unchanged"].map(count))
}
