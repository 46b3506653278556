//! Lists as a whole: CSV and NDJSON, with the rows that the pages have.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Caller, City, Reply};

const CSV: &str = "text/csv";
const NDJSON: &str = "application/x-ndjson";

async fn whole(caller: &Caller, path: &str, accept: &str) -> Reply {
    caller.send(Method::GET, path, &[("accept", accept)], None).await
}

/// The rows of a list by its pages.
async fn paged(caller: &Caller, path: &str) -> Vec<Value> {
    let with = |more: String| format!("{path}{}{more}", if path.contains('?') { '&' } else { '?' });
    let mut page = caller.get(&with("limit=200".into())).await.expect(200);
    let mut rows = page["data"].as_array().unwrap().clone();
    while let Some(next) = page["next"].as_str() {
        page = caller.get(&with(format!("limit=200&cursor={next}"))).await.expect(200);
        rows.extend(page["data"].as_array().unwrap().clone());
    }
    rows
}

/// The lines of NDJSON.
fn lines(reply: &Reply) -> Vec<Value> {
    let text = std::str::from_utf8(&reply.bytes).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The header and the records of CSV.
fn records(reply: &Reply) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&reply.bytes[..]);
    let read = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let mut all = reader.records().map(|record| read(record.unwrap()));
    (all.next().expect("a header"), all.collect())
}

/// What a cell says of a row, by the name of its column.
fn told(row: &Value, column: &str) -> String {
    match column.split('.').fold(row, |value, name| &value[name]) {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '@']) => format!("'{text}"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[track_caller]
fn same(path: &str, rows: &[Value], csv: &Reply, ndjson: &Reply) {
    csv.expect(200);
    ndjson.expect(200);
    assert_eq!(lines(ndjson), rows, "{path}");
    let (header, found) = records(csv);
    assert_eq!(found.len(), rows.len(), "{path}");
    for (record, row) in found.iter().zip(rows) {
        let expected: Vec<_> = header.iter().map(|column| told(row, column)).collect();
        assert_eq!(record, &expected, "{path}");
        let top = |name: &String| header.iter().any(|c| c.split('.').next() == Some(name));
        assert!(row.as_object().unwrap().keys().all(top), "{path}: {header:?} of {row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_answers_csv_and_ndjson_with_the_rows_of_its_pages() {
    // given one object of each kind
    let city = City::start().await;
    let objects = city.one_of_each().await;
    let (centre, member) = (city.liaison_centre().await, city.member().await);
    let doc = lianxin::http::document().unwrap();
    let mut with_rows = 0;
    for (pattern, item) in doc["paths"].as_object().unwrap() {
        let content = &item["get"]["responses"]["200"]["content"];
        // A template is one row and no list.
        if content.get("application/json").is_none() {
            continue;
        }
        let schema = content["application/json"]["schema"]["$ref"].as_str().unwrap_or_default();
        assert_eq!(content.get(CSV).is_some(), schema.contains("/Listing_"), "{pattern}");
        assert_eq!(content.get(NDJSON).is_some(), content.get(CSV).is_some(), "{pattern}");
        if content.get(CSV).is_none() {
            continue;
        }
        let query = match pattern.as_str() {
            "/v1/open-work" => format!("?member_id={}", city.member_id()),
            "/v1/plans/coverage" => format!("?month={}", city.month(0).format("%Y-%m")),
            _ => String::new(),
        };
        let path = format!("{}{query}", objects.fill(pattern));
        // when who sees the city and who sees little read it in each form
        for caller in [&centre, &member] {
            let csv = whole(caller, &path, CSV).await;
            if caller.get(&path).await.status.as_u16() == 403 {
                csv.refused(403, "forbidden");
                continue;
            }
            let rows = paged(caller, &path).await;
            // then each form has the same rows in the same order
            same(&path, &rows, &csv, &whole(caller, &path, NDJSON).await);
            assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
            let mut varies =
                csv.headers.get_all("vary").iter().map(|value| value.to_str().unwrap());
            assert!(varies.any(|names| names.contains("Accept,")), "{path}");
            assert_eq!(csv.header("cache-control"), "no-store", "{path}");
            with_rows += usize::from(!rows.is_empty());
        }
    }
    assert!(with_rows > 20, "only {with_rows} lists had rows");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_stand_in_the_order_of_the_fields_also_where_there_is_no_row() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let none = whole(&centre, "/v1/sectors?as_of=1949-01-01", "text/csv; bom=true").await;
    none.expect(200);
    // the mark by which Excel knows UTF-8, only on request
    let text = std::str::from_utf8(&none.bytes).unwrap();
    assert_eq!(
        text,
        "\u{feff}id,version,kind,code,name,parent_id,county_code,position,from,until,voided_at,\
         created_at,external_ids,committee_id,convener_id\r\n"
    );
    let plain = whole(&centre, "/v1/sectors?as_of=1949-01-01", CSV).await;
    assert_eq!(plain.bytes, text.trim_start_matches('\u{feff}').as_bytes());
    let nothing = whole(&centre, "/v1/sectors?as_of=1949-01-01", NDJSON).await;
    assert_eq!((nothing.status.as_u16(), nothing.bytes.len()), (200, 0));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_that_a_spreadsheet_would_calculate_is_escaped_and_quotes_are_doubled() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    for (n, unit) in ["=1+1", "+86", "-cmd", "@SUM(A1)", "一,\"二\""].iter().enumerate() {
        let mut body = city.new_contact(&format!("C90{n}"));
        body["unit"] = (*unit).into();
        centre.post("/v1/contacts", body).await.expect(201);
    }
    let csv = whole(&centre, "/v1/contacts?division_code=230403001", CSV).await;
    csv.expect(200);
    let (header, found) = records(&csv);
    let unit = header.iter().position(|name| name == "unit").unwrap();
    let number = header.iter().position(|name| name == "number").unwrap();
    let mut units: Vec<_> = found.iter().filter(|row| row[number].starts_with("C90")).collect();
    units.sort_by_key(|row| &row[number]);
    let units: Vec<_> = units.iter().map(|row| row[unit].as_str()).collect();
    assert_eq!(units, ["'=1+1", "'+86", "'-cmd", "'@SUM(A1)", "一,\"二\""]);
    assert!(String::from_utf8_lossy(&csv.bytes).contains("\"一,\"\"二\"\"\""));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_list_has_no_pages_and_comes_only_in_the_forms_it_has() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let next = centre.get("/v1/members?limit=1").await.expect(200)["next"].clone();
    let query = format!("limit=5&count=exact&cursor={}", next.as_str().unwrap());
    for accept in [CSV, NDJSON] {
        let refused = whole(&centre, &format!("/v1/members?{query}"), accept).await;
        refused.refused(400, "bad_query");
        let named = ["?count", "?cursor", "?limit"].map(|n| (n.to_owned(), "not_allowed".into()));
        assert_eq!(refused.faults(), named);
        // filters are checked as ever
        whole(&centre, "/v1/members?sectr=1", accept).await.refused(400, "bad_query");
        // what is no list has one form
        whole(&centre, "/v1/chain", accept).await.refused(406, "not_acceptable");
        // HEAD has the same headers and no body
        let head = centre.send(Method::HEAD, "/v1/members", &[("accept", accept)], None).await;
        let get = whole(&centre, "/v1/members", accept).await;
        assert_eq!((head.status.as_u16(), head.bytes.len()), (200, 0));
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
    let other = whole(&centre, "/v1/members", "application/xml").await;
    let problem = other.refused(406, "not_acceptable");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("application/json, text/csv, application/x-ndjson"), "{detail}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_fails_on_its_way_is_cut_without_the_final_chunk() {
    // given more contacts than are read at once, the oldest of which cannot be read
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    city.db_older_contacts(1_200).await;
    let all = whole(&centre, "/v1/contacts", NDJSON).await;
    assert!(all.expect(200).is_null() && lines(&all).len() > 1_200);
    city.db_break_the_oldest_contact().await;
    for accept in [CSV, NDJSON] {
        let url = format!("{}/v1/contacts", city.base());
        let request = centre.client.get(url).bearer_auth(centre.token.as_ref().unwrap());
        // when it is read
        let answer = request.header("accept", accept).send().await.unwrap();
        // then it begins well and nobody takes it for the whole
        assert_eq!(answer.status().as_u16(), 200);
        assert!(answer.bytes().await.is_err(), "{accept} ended as if it were whole");
    }
    // and what fails at once is a problem
    let only = whole(&centre, "/v1/contacts?category=key_enterprise", CSV).await;
    only.refused(500, "internal");
    city.ended().await;
}
