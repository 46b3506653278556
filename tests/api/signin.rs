//! Tokens as their holders see them: rotation, reuse, machines, wrong credentials.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;

use crate::support::{Caller, City, Reply};

async fn token(anybody: &Caller, form: &str, headers: &[(&str, &str)]) -> Reply {
    let mut all = vec![("content-type", "application/x-www-form-urlencoded")];
    all.extend_from_slice(headers);
    anybody.send(Method::POST, "/oauth/token", &all, Some(form.as_bytes().to_vec())).await
}

fn refresh(reply: &serde_json::Value) -> String {
    let token = reply["refresh_token"].as_str().expect("a refresh token");
    format!("grant_type=refresh_token&refresh_token={token}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_serves_once_and_its_reuse_ends_the_whole_family() {
    // given somebody who signed in and renewed their token once
    let city = City::start().await;
    let anybody = city.anybody();
    let account = city.founded.accounts.iter().find(|one| one.name == "member").unwrap();
    let form = format!(
        "grant_type=password&username=member@{}&password={}",
        city.founded.city, account.password
    );
    let first = token(&anybody, &form, &[]).await;
    assert_eq!(first.header("cache-control"), "no-store");
    let first = first.expect(200);
    let second = token(&anybody, &refresh(&first), &[]).await.expect(200);
    let mut caller = anybody.clone();
    caller.token = second["access_token"].as_str().map(str::to_owned);
    caller.get("/v1/me").await.expect(200);
    // when the old refresh token comes again, as it does when it was stolen
    let reused = token(&anybody, &refresh(&first), &[]).await.expect(400);
    assert_eq!(reused["error"], "invalid_grant");
    // then neither the newer refresh token nor its access token holds any longer
    token(&anybody, &refresh(&second), &[]).await.expect(400);
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    caller.get("/v1/me").await.refused(401, "unauthorized");
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_are_answered_as_the_standard_says_and_tell_nothing() {
    let city = City::start().await;
    let anybody = city.anybody();
    let known = format!("grant_type=password&username=member@{}&password=x", city.founded.city);
    let unknown = format!("grant_type=password&username=nobody@{}&password=x", city.founded.city);
    let (known, unknown) =
        (token(&anybody, &known, &[]).await, token(&anybody, &unknown, &[]).await);
    assert_eq!(known.expect(400), unknown.expect(400));
    assert_eq!(known.json()["error"], "invalid_grant");
    for (form, error) in [
        ("grant_type=implicit", "unsupported_grant_type"),
        ("username=a", "invalid_request"),
        ("grant_type=password&username=a&username=b&password=c", "invalid_request"),
        ("grant_type=refresh_token&refresh_token=nothing", "invalid_grant"),
        ("grant_type=password&username=a&password=b&scope=read", "invalid_scope"),
    ] {
        assert_eq!(token(&anybody, form, &[]).await.expect(400)["error"], error, "{form}");
    }
    city.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_signs_in_by_basic_or_by_form_and_gets_no_more_than_it_was_given() {
    let city = City::start().await;
    let anybody = city.anybody();
    let machine = city.founded.client.as_ref().unwrap();
    let basic = |secret: &str| {
        let word = STANDARD.encode(format!("{}:{secret}", machine.client_id));
        format!("Basic {word}")
    };
    let form = "grant_type=client_credentials";
    let right = basic(&machine.secret);
    let granted = token(&anybody, form, &[("authorization", &right)]).await.expect(200);
    assert_eq!((&granted["token_type"], &granted["scope"]), (&"Bearer".into(), &"read".into()));
    assert_eq!(granted.get("refresh_token"), None);
    let wrong = token(&anybody, form, &[("authorization", &basic("x"))]).await;
    assert_eq!(wrong.expect(401)["error"], "invalid_client");
    assert!(wrong.header("www-authenticate").starts_with("Basic"));
    let more = format!("{form}&scope=read%20write");
    let more = token(&anybody, &more, &[("authorization", &right)]).await.expect(400);
    assert_eq!(more["error"], "invalid_scope");
    city.ended().await;
}
