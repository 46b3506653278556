//! Files of an office: what comes in as a whole or not at all, and comes back as it was.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::importing::{CSV, XLSX, counts, packed, workbook};
use crate::support::planned::path_of;
use crate::support::{Caller, City};

const MEMBERS: &str = "外部编号,委员编号,姓 名*,联系电话,单位,界别,县（区）,任职时间\n\
    oa-1,M901,张三,138 0000 1234,鹤岗市第一中学,教育界,工农区,2024.3.8\n\
    ,,,,,,,\n\
    oa-2,M902,李四,0468-335 5001,\"经贸局\n(二科)\",economy,,2024年3月8日\n\
    oa-3,M903,张三,１３９００００1234,鹤岗市第一中学,教育界,230403,20240308\n";

async fn by_external(caller: &Caller, noun: &str, id: &str) -> Value {
    let list = caller.get(&format!("/v1/{noun}?external_id={id}")).await.expect(200);
    let rows = list["data"].as_array().unwrap();
    assert_eq!(rows.len(), 1, "{list}");
    rows[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_as_an_office_has_it_is_imported_and_its_export_imports_as_the_same() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // when members come in GBK, phones with blanks, dates with dots, one name twice
    let (file, ..) = encoding_rs::GBK.encode(MEMBERS);
    let import = centre.import("members&scheme=oa", "text/csv; charset=gbk", &file).await;
    // then each is there
    assert_eq!(counts(&import), ("done", [3, 0, 0]), "{import}");
    assert_eq!((&import["rows_total"], &import["rows_done"]), (&json!(3), &json!(3)));
    let first = by_external(&centre, "members", "oa:oa-1").await;
    assert_eq!((&first["name"], &first["phone"]), (&json!("张三"), &json!("13800001234")));
    assert_eq!((&first["from"], &first["county_code"]), (&json!("2024-03-08"), &json!("230403")));
    assert_eq!(first["external_ids"], json!(["oa:oa-1"]));
    let second = by_external(&centre, "members", "oa:oa-2").await;
    assert_eq!(second["unit"], json!("经贸局 (二科)"));
    // and what is exported imports as the same, all of the city
    for kind in ["members", "contacts", "sectors", "areas"] {
        let path = format!("/v1/exports/{kind}?scheme=oa");
        let export = centre.send(Method::GET, &path, &[("accept", CSV)], None).await;
        export.expect(200);
        let lines = csv::Reader::from_reader(&export.bytes[..]).records().count();
        let again = centre.import(&format!("{kind}&scheme=oa"), CSV, &export.bytes).await;
        let same = i64::try_from(lines).unwrap();
        assert_eq!(counts(&again), ("done", [0, 0, same]), "{:?}", centre.wrong_with(&again).await);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_file_is_named_by_line_and_column_and_nothing_is_written() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let before = city.written(&centre).await;
    let number = city.founded.rows[0].number.clone();
    let file = format!(
        "编号,姓名,电话,界别,县区,起始日期\n\
         M901,张三,13800001234,教育界,工农区,2024.3.8\n\
         M902,李四,无,教育界,南极,三月八日\n\
         M901,王五,13800001235,没有界,,2024.3.8\n\
         M9 0 3,,,教育界,,2024.3.8\n\
         M9_4,赵六,,教育界,,2024.3.8\n\
         M905,张三,13800001234,教育界,,2024.3.8\n\
         M906,钱七,,教育界,,1999.1.1\n\
         {number},,,农业界,,2011.1.1\n\
         M907,,无,,,2024.3.8\n\
         M908,孙八,,教育界,,2024.3.8,二分厂\n"
    );
    // when a file is wrong in many places
    let import = centre.import("members", CSV, file.as_bytes()).await;
    // then all are told at once
    assert_eq!(counts(&import), ("refused", [0, 0, 0]));
    assert_eq!((&import["rows_total"], &import["rows_done"]), (&json!(10), &json!(10)));
    let mut told = centre.wrong_with(&import).await;
    told.sort();
    let expected = [
        (3, "县区", "reference_not_found"),
        (3, "电话", "bad_phone"),
        (3, "起始日期", "bad_date"),
        (4, "界别", "reference_not_found"),
        (4, "编号", "given_twice"),
        (5, "姓名", "required"),
        (6, "编号", "bad_number"),
        (7, "姓名", "given_twice"),
        (8, "起始日期", "before_term"),
        (9, "界别", "kept"),
        (9, "起始日期", "kept"),
        (10, "姓名", "required"),
        (10, "电话", "bad_phone"),
        (10, "界别", "required"),
        (11, "", "more_cells"),
    ];
    let expected = expected.map(|(line, column, code)| (line, column.to_owned(), code.to_owned()));
    assert_eq!(told, expected);
    // and nothing is there but the two events of the import
    let mut after = city.written(&centre).await;
    after.last_mut().unwrap().1 -= 2;
    assert_eq!(after, before);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_what_would_happen_and_writes_nothing() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let query = "members&scheme=oa&dry_run=true";
    let import = centre.import(query, CSV, MEMBERS.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [3, 0, 0]));
    let none = centre.get("/v1/members?external_id=oa:oa-1").await.expect(200);
    assert_eq!(none["data"], json!([]));
    // and the real one then does it
    let import = centre.import("members&scheme=oa", CSV, MEMBERS.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [3, 0, 0]));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_is_known_by_its_external_id_and_only_what_differs_is_changed() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    centre.import("members&scheme=oa", CSV, MEMBERS.as_bytes()).await;
    let before = by_external(&centre, "members", "oa:oa-1").await;
    // when the next file brings another phone, an end, and leaves cells empty
    let file = "external_id,phone,unit,until\noa-1,13700000000,,\noa-2,,,2027-01-01\noa-3,,,\n";
    let import = centre.import("members&scheme=oa", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [0, 2, 1]), "{:?}", centre.wrong_with(&import).await);
    // then that alone has changed
    let after = by_external(&centre, "members", "oa:oa-1").await;
    assert_eq!((&after["phone"], &after["unit"]), (&json!("13700000000"), &before["unit"]));
    assert_eq!(after["version"], json!(before["version"].as_i64().unwrap() + 1));
    let second = by_external(&centre, "members", "oa:oa-2").await;
    assert_eq!(second["until"], json!("2027-01-01"));
    // and a row without an external id in the scheme is known by its number, and gets one
    let number = &city.founded.rows[0].number;
    let file = format!("外部编号,编号\nhr-77,{number}\n");
    let import = centre.import("members&scheme=hr", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [0, 1, 0]));
    let named = by_external(&centre, "members", "hr:hr-77").await;
    assert_eq!(named["number"], json!(number));
    // in a version of its own, so that who follows what happens learns of it
    let known = city.founded.rows[0].version;
    assert!(named["version"].as_i64() > Some(known), "{named}");
    let other = format!("外部编号,编号\nhr-78,{number}\n");
    let import = centre.import("members&scheme=hr", CSV, other.as_bytes()).await;
    let told = centre.wrong_with(&import).await;
    assert_eq!(told, [(2, "外部编号".to_owned(), "other_external_id".to_owned())]);
    // and one that two lines mean, by its external id and by its number, is told
    let twice = format!("外部编号,编号,电话\nhr-77,,13900000001\n,{number},13900000002\n");
    let import = centre.import("members&scheme=hr", CSV, twice.as_bytes()).await;
    let told = centre.wrong_with(&import).await;
    assert_eq!(told, [(3, "编号".to_owned(), "given_twice".to_owned())]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sectors_contacts_and_areas_come_with_what_joins_them() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let sectors = "代码,名称,序号,专委会,起始日期\nsports,体育界,30,经济委员会(人口资源环境委员会),2024.1.1\n";
    let import = centre.import("sectors", CSV, sectors.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [1, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    let found = centre.get("/v1/sectors?q=体育界").await.expect(200)["data"][0].clone();
    assert_eq!(found["committee_id"], json!(city.founded.committees[1]));
    // when contacts name the members who keep in touch with them
    let [one, two] = [0, 1].map(|n| city.founded.rows[n].number.clone());
    let contacts = format!(
        "编号,姓名,手机,类别,单位,区划,联系委员,起始日期\n\
         C901,王主任,13812345678,社区,育才社区,育才街道,{one}、{two},2024.1.1\n\
         C902,赵书记,13812345679,村党支部书记,红旗村,工农区红旗街道,{one},2024.1.1\n"
    );
    let import = centre.import("contacts", CSV, contacts.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    let held = format!("/v1/contacts?q=育才社区&member_id={}", city.founded.rows[1].id);
    let held = centre.get(&held).await.expect(200);
    assert_eq!(held["data"][0]["division_code"], json!("230403001"), "{held}");
    // and areas their sector or member
    let areas = "名称,区划,界别,起始日期\n体育界责任区,红旗街道,体育界,2024.1.1\n";
    let import = centre.import("areas", CSV, areas.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [1, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    // and leave alone what no file holds: what an area looks like
    let drawn = json!({ "type": "Polygon",
        "coordinates": [[[130.27, 47.33], [130.31, 47.33], [130.31, 47.36], [130.27, 47.33]]] });
    let area = format!("/v1/areas?sector_id={}", found["id"].as_str().unwrap());
    let made = centre.get(&area).await.expect(200)["data"][0].clone();
    let path = path_of("areas", &made);
    centre.patch(&path, "*", json!({ "geometry": drawn })).await.expect(200);
    let renamed = areas.replace("体育界责任区", "体育界第一责任区");
    let import = centre.import("areas", CSV, renamed.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [0, 1, 0]), "{:?}", centre.wrong_with(&import).await);
    let kept = centre.get(&path).await.expect(200);
    assert_eq!((&kept["name"], &kept["geometry"]), (&json!("体育界第一责任区"), &drawn));
    // then the same files change nothing, and an area that overlaps is told of its line
    let again = centre.import("contacts", CSV, contacts.as_bytes()).await;
    assert_eq!(counts(&again), ("done", [0, 0, 2]));
    let twice = "外部编号,名称,区划,界别,起始日期,截止日期\n\
        a1,一,北山街道,体育界,2024.1.1,2025.1.1\na2,二,红军街道,体育界,2024.1.1,\na3,三,北山街道,体育界,2024.6.1,2025.6.1\n";
    let import = centre.import("areas", CSV, twice.as_bytes()).await;
    let told = centre.wrong_with(&import).await;
    assert_eq!(told.iter().map(|(line, ..)| *line).collect::<Vec<_>>(), [4], "{told:?}");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workbook_is_read_with_its_numbers_and_days() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let file = workbook(&[
        &["编号", "姓名", "手机号", "界别", "任职日期"],
        &["M901", "张三", "#13800001234", "教育界", "@45359"],
        &["M902", "李四", "#1.39E10", "教育界", "2024.3.8"],
    ]);
    let import = centre.import("members", XLSX, &file).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    let list = centre.get("/v1/members?number=M901").await.expect(200);
    assert_eq!(list["data"][0]["phone"], json!("13800001234"));
    assert_eq!(list["data"][0]["from"], json!("2024-03-08"));
    // and what is no workbook is refused at once
    centre.hand_in("members", XLSX, b"PK").await.invalid(&[("", "unreadable")]);
    // as is one that claims to hold more than its bytes do, or whose styles are a house
    let texts = "<sst uniqueCount=\"1000000000000\"><si/></sst>".to_owned();
    let claims = packed(&[("xl/sharedStrings.xml", texts)]);
    centre.hand_in("members", XLSX, &claims).await.invalid(&[("", "unreadable")]);
    let styles = packed(&[("xl/styles.xml", "<xf/>".repeat(1_000_000))]);
    centre.hand_in("members", XLSX, &styles).await.invalid(&[("", "too_many_rows")]);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_wrong_form_is_refused_at_once() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let wrong = centre.hand_in("members", CSV, "编号,姓名,血型\n".as_bytes()).await;
    wrong.invalid(&[("/1/血型", "unknown_heading")]);
    // a row where the headings should be is not told
    let row = "M001,张三,13800001234\n".as_bytes();
    let wrong = centre.hand_in("members", CSV, row).await;
    wrong.invalid(&[("", "no_headings")]);
    assert!(!String::from_utf8_lossy(&wrong.bytes).contains("13800001234"));
    centre.hand_in("members", CSV, b"").await.invalid(&[("", "no_header")]);
    let kind = "application/json";
    centre.hand_in("members", kind, b"{}").await.refused(415, "unsupported_media_type");
    centre.hand_in("people", CSV, b"x").await.refused(400, "bad_query");
    let large = vec![b'x'; 10 * 1024 * 1024 + 1];
    centre.hand_in("members", CSV, &large).await.refused(413, "too_large");
    // and a template has one form and no parameters
    let template = "/v1/import-templates/members";
    let json = centre.send(Method::GET, template, &[("accept", "application/json")], None).await;
    json.refused(406, "not_acceptable");
    centre.get(&format!("{template}?limit=5")).await.refused(400, "bad_query");
    centre.get("/v1/members?external_id=oa:%00").await.refused(400, "bad_query");
    centre.get("/v1/members?external_id=oa").await.refused(400, "bad_query");
    // and each is a file of the right form
    for kind in ["members", "contacts", "sectors", "areas"] {
        let template = centre.get(&format!("/v1/import-templates/{kind}")).await;
        assert!(template.bytes.starts_with("\u{feff}".as_bytes()), "for Excel");
        let import = centre.import(kind, CSV, &template.bytes).await;
        assert_eq!(counts(&import), ("done", [0, 0, 0]));
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_sending_a_file_again_safe() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let headers = [("content-type", CSV), ("idempotency-key", "members-of-march")];
    let path = "/v1/imports?kind=members&scheme=oa";
    let send = async |file: &str| {
        centre.send(Method::POST, path, &headers, Some(file.as_bytes().to_vec())).await
    };
    let first = send(MEMBERS).await.expect(202);
    let again = send(MEMBERS).await;
    assert_eq!(again.expect(202)["id"], first["id"]);
    send("编号,姓名\n").await.refused(422, "idempotency_key_reused");
    centre.ended(first["id"].as_str().unwrap()).await;
    let list = centre.get("/v1/imports?count=exact").await.expect(200);
    assert_eq!(list["total"], json!(1));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_a_server_left_is_run_by_another_and_the_file_is_forgotten() {
    // given an import whose server went away while it ran
    let city = City::with(|config| config.without_workers = true).await;
    let centre = city.liaison_centre().await;
    let sent = centre.hand_in("members&scheme=oa", CSV, MEMBERS.as_bytes()).await.expect(202);
    city.db_leave_imports(1).await;
    // when another server starts
    let var = std::env::temp_dir().join(format!("{}-2", city.database.name));
    let config = crate::support::city::config(&city.database, &var);
    let other = lianxin::http::start(&config).await.unwrap();
    // then it is done, once
    let import = centre.ended(sent["id"].as_str().unwrap()).await;
    assert_eq!(counts(&import), ("done", [3, 0, 0]));
    assert_eq!(city.db_import_files().await, 0);
    other.handle.stop(false).await;
    let _ = std::fs::remove_dir_all(&var);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_of_an_import_says_what_a_cell_says() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    centre.import("members&scheme=oa", CSV, MEMBERS.as_bytes()).await;
    city.server.journal.drain().await.unwrap();
    let text = city.db_journalled().await;
    for secret in ["张三", "13800001234", "0468-3355001", "鹤岗市第一中学"] {
        assert!(!text.contains(secret), "{secret}");
    }
    assert!(text.contains("M901"));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_takes_its_server_along_is_given_up() {
    // given an import that three servers began and none ended
    let city = City::with(|config| config.without_workers = true).await;
    let centre = city.liaison_centre().await;
    let sent = centre.hand_in("members&scheme=oa", CSV, MEMBERS.as_bytes()).await.expect(202);
    city.db_leave_imports(3).await;
    // when a fourth one starts
    let var = std::env::temp_dir().join(format!("{}-2", city.database.name));
    let config = crate::support::city::config(&city.database, &var);
    let other = lianxin::http::start(&config).await.unwrap();
    // then it does not try again
    let import = centre.ended(sent["id"].as_str().unwrap()).await;
    assert_eq!(counts(&import), ("failed", [0, 0, 0]));
    assert_eq!(city.db_import_files().await, 0);
    other.handle.stop(false).await;
    let _ = std::fs::remove_dir_all(&var);
    city.ended().await;
}
