//! Found by part of a name, by pinyin and by its initials: only what one sees anyway.

use lianxin::http::fill_search;
use serde_json::{Value, json};

use crate::support::{Caller, City};

/// The numbers (or codes) of what `q` finds in a list, and how many are counted.
async fn found(caller: &Caller, list: &str, q: &str) -> (Vec<String>, i64) {
    let with = if list.contains('?') { '&' } else { '?' };
    let page = caller.get(&format!("{list}{with}count=exact&limit=200&q={q}")).await.expect(200);
    let name = |row: &Value| {
        let name = ["number", "code", "name"].iter().find_map(|field| row[field].as_str());
        name.unwrap().to_owned()
    };
    let rows = page["data"].as_array().unwrap().iter().map(name).collect();
    (rows, page["total"].as_i64().unwrap())
}

async fn member(city: &City, number: &str, name: &str, unit: &str) -> String {
    let mut body = city.new_member(number);
    (body["name"], body["unit"]) = (json!(name), json!(unit));
    let made = city.liaison_centre().await.post("/v1/members", body).await.expect(201);
    format!("/v1/members/{}", made["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_is_found_by_any_part_of_name_and_unit_by_pinyin_and_by_initials() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    member(&city, "M901", "单雄信", "龙江矿业(集团)").await;
    member(&city, "M902", "单雅", "重庆小面馆").await;
    let both = ["M902", "M901"].map(str::to_owned).to_vec();
    let cases: [(&str, &[String]); 12] = [
        ("雄", &both[1..]),
        ("雄信", &both[1..]),
        ("单", &both),
        // read shan and dan
        ("sxx", &both[1..]),
        ("DXX", &both[1..]),
        ("shanxiong", &both[1..]),
        ("xiongxin", &both[1..]),
        ("矿业集团", &both[1..]),
        ("ljky", &both[1..]),
        ("cqxmg", &both[..1]),
        ("单信", &[]),
        ("%25", &[]),
    ];
    for (q, expected) in cases {
        let (mut numbers, total) = found(&centre, "/v1/members", q).await;
        numbers.retain(|number| number.starts_with("M90"));
        assert_eq!(numbers, expected, "{q}");
        assert!(total >= i64::try_from(expected.len()).unwrap(), "{q}");
    }
    // together with the other filters, and by pages
    let elsewhere = format!("/v1/members?sector_id={}", city.founded.sectors[0]);
    assert_eq!(found(&centre, &elsewhere, "雄信").await, (vec![], 0));
    let here = format!("/v1/members?sector_id={}&q=单&limit=1", city.founded.sectors[1]);
    let first = centre.get(&here).await.expect(200);
    assert_eq!(first["data"][0]["number"], "M902");
    let next = format!("{here}&cursor={}", first["next"].as_str().unwrap());
    assert_eq!(centre.get(&next).await.expect(200)["data"][0]["number"], "M901");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_read_with_an_umlaut_is_found_as_people_type_it() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    member(&city, "M901", "吕明", "妇女联合会").await;
    for q in
        ["lv", "lvming", "lu", "luming", "lü", "lüming", "lm", "funv", "funulianhe", "nü", "flhh"]
    {
        let (numbers, _) = found(&centre, "/v1/members", q).await;
        assert_eq!(numbers.contains(&"M901".to_owned()), q != "flhh", "{q}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_renamed_is_found_by_the_new_name_only() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    let path = member(&city, "M901", "欧阳修", "醉翁亭").await;
    centre.patch(&path, "*", json!({ "name": "司马光", "unit": "独乐园" })).await.expect(200);
    for (q, count) in [("欧阳", 0), ("oyx", 0), ("醉翁", 0), ("司马", 1), ("smg", 1), ("dly", 1)]
    {
        assert_eq!(found(&centre, "/v1/members", q).await.1, count, "{q}");
    }
    centre.patch(&path, "*", json!({ "unit": null })).await.expect(200);
    assert_eq!(found(&centre, "/v1/members", "dly").await, (vec![], 0));
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_whom_they_do_not_see() {
    let city = City::start().await;
    let other = city.neighbour().await;
    member(&city, "M901", "令狐冲", "华山").await;
    let mut contact = city.new_contact("C901");
    contact["name"] = json!("令狐葱");
    let centre = city.liaison_centre().await;
    centre.post("/v1/contacts", contact).await.expect(201);
    for list in ["/v1/members", "/v1/contacts"] {
        assert_eq!(found(&centre, list, "令狐").await.1, 1, "{list}");
        let blind = [
            city.member().await,
            city.department("receiver").await,
            city.caller_of(&other, "liaison").await,
        ];
        for caller in &blind {
            for q in ["令狐", "lh", "l", "linghu"] {
                let (numbers, total) = found(caller, list, q).await;
                assert!(!numbers.iter().any(|number| number.ends_with("901")), "{list} {q}");
                assert_eq!(total, i64::try_from(numbers.len()).unwrap(), "{list} {q}");
            }
        }
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_of_names_is_searched() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    for noun in
        ["members", "contacts", "committees", "sectors", "departments", "areas", "divisions"]
    {
        let list = format!("/v1/{noun}");
        let rows = centre.get(&format!("{list}?limit=3")).await.expect(200);
        for row in rows["data"].as_array().unwrap() {
            let name = row["name"].as_str().unwrap();
            let tail: String = name.chars().skip(1).collect();
            for q in [name, tail.as_str()] {
                let answer = centre.get(&format!("{list}?limit=200&q={q}")).await.expect(200);
                let names = answer["data"].as_array().unwrap();
                assert!(names.iter().any(|one| one == row), "{list} {q}");
                assert!(names.iter().all(|one| {
                    one["name"].as_str().unwrap().contains(q) || one.get("unit").is_some()
                }));
            }
        }
        assert_eq!(found(&centre, &list, "麒麟阁").await, (vec![], 0), "{list}");
        let long = "长".repeat(51);
        for q in ["", long.as_str(), "a%1F", "a%0A"] {
            let refused = centre.get(&format!("{list}?q={q}")).await;
            refused.refused(400, "bad_query");
            assert_eq!(refused.pointers(), ["?q"], "{list} {q}");
        }
    }
    assert_eq!(found(&centre, "/v1/divisions?level=county", "gnq").await.1, 1);
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_were_written_without_keys_are_found_once_the_keys_are_made() {
    let city = City::start().await;
    let centre = city.liaison_centre().await;
    member(&city, "M901", "诸葛亮", "卧龙岗").await;
    // given rows from before there was a search, and one renamed in bulk
    city.db_forget_search().await;
    assert_eq!(found(&centre, "/v1/members", "诸葛").await.1, 0);
    city.db_rename("诸葛亮", "诸葛瑾").await;
    // when the server makes the keys
    let made = fill_search(&city.server.journal).await.unwrap();
    // then they are found, by what they are called now, and nothing is left to be made
    assert!(made > 500, "only {made}");
    for (q, count) in [("诸葛", 1), ("zgj", 1), ("zgl", 0), ("wlg", 1)] {
        assert_eq!(found(&centre, "/v1/members", q).await.1, count, "{q}");
    }
    assert_eq!(fill_search(&city.server.journal).await.unwrap(), 0);
    city.db_rename("诸葛瑾", "诸葛诞").await;
    assert_eq!(fill_search(&city.server.journal).await.unwrap(), 1);
    assert_eq!(found(&centre, "/v1/members", "zgd").await.1, 1);
    city.ended().await;
}
