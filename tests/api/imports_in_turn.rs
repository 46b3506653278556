//! Files one after another: who comes after whom, what ended, and what is meant by a number.

use reqwest::Method;
use serde_json::json;

use crate::support::City;
use crate::support::importing::{CSV, counts};

#[tokio::test(flavor = "multi_thread")]
async fn a_number_whose_holder_left_before_a_line_begins_is_somebody_elses() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let file = |name: &str, from: &str, until: &str| {
        format!("编号,姓名,界别,起始日期,截止日期\nN77,{name},教育界,{from},{until}\n")
    };
    // given a holder who left, as a file tells
    let left = file("张三", "2024-03-08", "2025-01-01");
    assert_eq!(counts(&centre.import("members", CSV, left.as_bytes()).await), ("done", [1, 0, 0]));
    // when a later file has the number from that day on
    let next = file("李四", "2025-01-01", "");
    let import = centre.import("members", CSV, next.as_bytes()).await;
    // then somebody new has it, and the next file means them
    assert_eq!(counts(&import), ("done", [1, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    assert_eq!(counts(&centre.import("members", CSV, next.as_bytes()).await), ("done", [0, 0, 1]));
    let now = centre.get("/v1/members?number=N77").await.expect(200);
    assert_eq!(now["data"][0]["name"], json!("李四"), "{now}");
    // and a day that is still the first holder's is told
    let early = file("王五", "2024-12-31", "");
    let import = centre.import("members", CSV, early.as_bytes()).await;
    assert_eq!(counts(&import).0, "refused");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_ends_leaves_its_member_to_the_next_in_one_file() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let member = &city.founded.rows[0].number;
    let head = "编号,姓名,类别,单位,区划,联系委员,起始日期,截止日期\n";
    let line = |number: &str, name: &str, with: &str, until: &str| {
        format!("{number},{name},社区,国安社区,工农区,{with},2024-03-08,{until}\n")
    };
    // given two contacts, of whom the member keeps in touch with the first
    let file = [head, &line("C71", "张三", member, ""), &line("C72", "李四", "", "")].concat();
    let import = centre.import("contacts", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    // when one file ends the first and gives the member to the second
    let ended = line("C71", "张三", member, "2025-01-01");
    let file = [head, &ended, &line("C72", "李四", member, "")].concat();
    let import = centre.import("contacts", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [0, 2, 0]), "{:?}", centre.wrong_with(&import).await);
    // then the same file changes nothing more
    let import = centre.import("contacts", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [0, 0, 2]), "{:?}", centre.wrong_with(&import).await);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ends_ahead_and_who_comes_after_is_exported_and_imported_as_the_same() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let day = |n: i64| (city.today() + chrono::TimeDelta::days(n)).to_string();
    // given a holder of a number who leaves in ten days, and who comes after
    let first = centre.post("/v1/members", city.new_member("N71")).await.expect(201);
    let first = format!("/v1/members/{}", first["id"].as_str().unwrap());
    let area = json!({ "name": "国安片区", "division_code": "230403", "holder_kind": "member",
        "holder_id": first.trim_start_matches("/v1/members/"), "from": day(0) });
    centre.post("/v1/areas", area).await.expect(201);
    centre.act(&format!("{first}/end"), json!({ "until": day(10) })).await.expect(200);
    let mut next = city.new_member("N71");
    next["from"] = json!(day(10));
    centre.post("/v1/members", next).await.expect(201);
    // then what is exported is imported as the same
    for kind in ["members", "areas"] {
        let path = format!("/v1/exports/{kind}");
        let export = centre.send(Method::GET, &path, &[("accept", CSV)], None).await;
        let lines = csv::Reader::from_reader(&export.bytes[..]).records().count();
        let again = centre.import(kind, CSV, &export.bytes).await;
        let same = i64::try_from(lines).unwrap();
        assert_eq!(counts(&again), ("done", [0, 0, same]), "{:?}", centre.wrong_with(&again).await);
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_of_a_chair_meetings_member_is_exported_and_imported_as_that() {
    let city = City::start().await;
    let (centre, today, member) = (city.liaison_centre().await, city.today(), city.member_id());
    let meeting = city.organization("chair_meeting", "chair", None).await;
    let seat = json!({ "organization_id": meeting["id"], "kind": "vice_chair", "title": "副主席",
        "from": today });
    let seat = centre.post("/v1/posts", seat).await.expect(201);
    let holders = format!("/v1/posts/{}/holders", seat["id"].as_str().unwrap());
    centre.post(&holders, json!({ "member_id": member, "from": today })).await.expect(201);
    // given an area of their own, and two that they answer for as one of the chair meeting
    let number = &city.founded.rows.iter().find(|row| row.id == member).unwrap().number;
    let file = format!(
        "名称,区划,委员编号,责任身份,起始日期\n主席的,北山街道,{number},主席会议成员,{today}\n也是主席的,红旗街道,{number},chair_member,{today}\n"
    );
    let import = centre.import("areas", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    // then the export says as what, and is taken as the same
    let path = "/v1/exports/areas";
    let export = centre.send(Method::GET, path, &[("accept", CSV)], None).await;
    let text = String::from_utf8(export.bytes.clone()).unwrap();
    assert_eq!(text.matches("主席会议成员").count(), 2, "{text}");
    let again = centre.import("areas", CSV, &export.bytes).await;
    assert_eq!(counts(&again).0, "done", "{:?}", centre.wrong_with(&again).await);
    assert_eq!(counts(&again).1[..2], [0, 0]);
    // and what does not fit is told at its column
    let file = format!(
        "名称,区划,界别,委员编号,责任身份,起始日期\n一,红军街道,教育界,,委员,{today}\n\
         二,红军街道,,{number},界别,{today}\n三,向阳区,,{number},主席,{today}\n"
    );
    let import = centre.import("areas", CSV, file.as_bytes()).await;
    let told = |line, code: &str| (line, "责任身份".to_owned(), code.to_owned());
    assert_eq!(
        centre.wrong_with(&import).await,
        [told(2, "other_holder"), told(3, "other_holder"), told(4, "bad_holder_kind")]
    );
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_follows_from_an_external_id_stands_in_a_file_once() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let file =
        "外部编号,编号,姓名,界别,起始日期\nA71,,张三,教育界,2024.3.8\n,A71,李四,教育界,2024.3.8\n";
    let import = centre.import("members&scheme=oa", CSV, file.as_bytes()).await;
    let told = centre.wrong_with(&import).await;
    assert_eq!(told, [(3, "编号".to_owned(), "given_twice".to_owned())]);
    // and one that is taken is told at its column
    let number = &city.founded.rows[0].number;
    let file = format!("编号,姓名,界别,起始日期\n{number},张三,教育界,2020.3.8\n");
    let import = centre.import("members&scheme=oa", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import).0, "refused");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_lines_of_one_person_are_both_taken_in() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let file = |phone: &str| {
        let line = |number: &str, unit: &str| {
            format!("{number},张三,{phone},社区,{unit},工农区,2024-03-08\n")
        };
        let head = "编号,姓名,电话,类别,单位,区划,起始日期\n";
        [head, &line("C81", "国安社区"), &line("C82", "育才社区")].concat()
    };
    let import = centre.import("contacts", CSV, file("13900000001").as_bytes()).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{:?}", centre.wrong_with(&import).await);
    // given two contacts who turn out one person
    let list = centre.get("/v1/contacts?limit=2").await.expect(200);
    let person = |n: usize| list["data"][n]["person_id"].as_str().unwrap().to_owned();
    let merge = format!("/v1/persons/{}/merge", person(0));
    centre.act(&merge, json!({ "into": person(1) })).await.expect(200);
    // when a file gives both lines another phone
    let import = centre.import("contacts", CSV, file("13900000002").as_bytes()).await;
    // then both are taken in, and each tells of it
    assert_eq!(import["state"], "done", "{:?}", centre.wrong_with(&import).await);
    for row in list["data"].as_array().unwrap() {
        let path = format!("/v1/contacts/{}", row["id"].as_str().unwrap());
        let now = centre.get(&path).await.expect(200);
        assert_eq!(now["phone"], json!("13900000002"));
        assert!(now["version"].as_i64() > row["version"].as_i64(), "{now}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_twice_by_name_and_phone_is_exported_and_imported_as_the_same() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given two contacts alike in all but their numbers, whose phones were typed with blanks
    for number in ["C91", "C92"] {
        let mut new = city.new_contact(number);
        new["phone"] = json!("138 0000 5678");
        new["name"] = json!("张三");
        centre.post("/v1/contacts", new).await.expect(201);
    }
    let export = centre.send(Method::GET, "/v1/exports/contacts", &[("accept", CSV)], None).await;
    let lines = csv::Reader::from_reader(&export.bytes[..]).records().count();
    let again = centre.import("contacts", CSV, &export.bytes).await;
    let same = i64::try_from(lines).unwrap();
    assert_eq!(counts(&again), ("done", [0, 0, same]), "{:?}", centre.wrong_with(&again).await);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_kept_in_parts_is_read_to_its_end() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    // given rows a megabyte apart: a sheet that was filled down to its end
    let row = |number: &str| format!("{number},张三{number},教育界,2024.3.8,\n");
    let blank = ",,,,\n".repeat(200_000);
    let file = format!("编号,姓名,界别,起始日期,\n{}{blank}{}", row("M901"), row("M902"));
    // when it is sent, then both are read, and the second is told of by its own line
    let import = centre.import("members", CSV, file.as_bytes()).await;
    assert_eq!(counts(&import), ("done", [2, 0, 0]), "{import}");
    let wrong = file.replace(&row("M902"), "M902,张三,没有界,2024.3.8,\n");
    let import = centre.import("members", CSV, wrong.as_bytes()).await;
    let told = centre.wrong_with(&import).await;
    assert_eq!(told[0], (200_003, "界别".to_owned(), "reference_not_found".to_owned()));
    city.ended().await;
}
