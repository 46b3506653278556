use actix_web::test::TestRequest;

use super::*;

fn word(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Oauth { error, .. } => error,
        Refusal::Problem(error) => error.code.as_str(),
    }
}

#[test]
fn a_parameter_stands_at_most_once_and_is_known() {
    let form = Form::parse("grant_type=password&username=a%40230400&password=%E9%B9%A4+1&scope=");
    let form = form.unwrap();
    assert_eq!(form.get("username"), Some("a@230400"));
    assert_eq!(form.get("password"), Some("鹤 1"));
    assert_eq!(form.get("scope"), None, "empty is absent");
    assert_eq!(word(form.need("refresh_token").unwrap_err()), "invalid_request");
    for wrong in ["scope=&scope=", "grant_type=a&grant_type=a", "colour=red"] {
        assert_eq!(word(Form::parse(wrong).unwrap_err()), "invalid_request");
    }
    assert!(!format!("{form:?}").contains('鹤'), "values are never printed");
}

#[test]
fn basic_credentials_are_form_encoded_first() {
    let read = |value: String| {
        let request = TestRequest::default().insert_header(("Authorization", value));
        basic(&request.to_http_request())
    };
    let good = format!("Basic {}", STANDARD.encode("230400.id:a%3Ab"));
    assert_eq!(read(good).unwrap(), Some(("230400.id".into(), "a:b".into())));
    for wrong in
        ["Bearer abc".to_owned(), "Basic !".into(), format!("Basic {}", STANDARD.encode("x"))]
    {
        assert_eq!(word(read(wrong).unwrap_err()), "invalid_client");
    }
    assert!(basic(&TestRequest::default().to_http_request()).unwrap().is_none());
}

#[test]
fn one_address_may_try_so_often_and_another_still_may() {
    let limiter = Limiter::new("token", 2, false).unwrap();
    let from = |address: &str| {
        let request = TestRequest::default()
            .peer_addr(format!("{address}:1").parse().unwrap())
            .insert_header(("X-Forwarded-For", "192.0.2.77"));
        limiter.check(&request.to_http_request())
    };
    let first = from("192.0.2.1");
    assert_eq!((first.wait, first.limit.as_str()), (0, "\"token\";r=1;t=30"));
    assert_eq!(first.policy, "\"token\";q=2;w=60");
    assert_eq!(from("192.0.2.1").wait, 0);
    assert!((1..=30).contains(&from("192.0.2.1").wait));
    assert_eq!(from("192.0.2.2").wait, 0);
    assert!(Limiter::new("token", 0, false).is_none());
}

#[test]
fn behind_a_proxy_the_last_forwarded_address_counts() {
    let limiter = Limiter::new("token", 1, true).unwrap();
    let from = |forwarded: &'static str| {
        let request = TestRequest::default().insert_header(("X-Forwarded-For", forwarded));
        limiter.address(&request.to_http_request()).to_string()
    };
    assert_eq!(from("203.0.113.9, 192.0.2.1"), "192.0.2.1");
    assert_eq!(from("nonsense"), "0.0.0.0");
}
