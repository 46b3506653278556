//! What [`super::member_score`] relies on: a resource registered before a scope wins, and what it
//! does not match still reaches the scope.

use actix_web::{App, HttpResponse, Responder, get, test, web};

#[get("/v1/members/{member_id}/score")]
async fn score() -> impl Responder {
    HttpResponse::Ok().body("score")
}

#[get("/{member_id}")]
async fn member() -> impl Responder {
    HttpResponse::Ok().body("member")
}

#[get("/{member_id}/contacts")]
async fn contacts() -> impl Responder {
    HttpResponse::Ok().body("contacts")
}

#[actix_web::test]
async fn a_whole_path_before_a_scope_wins_and_the_rest_reaches_the_scope() {
    let scope = web::scope("/v1/members").service(member).service(contacts);
    let app = test::init_service(App::new().service(score).service(scope)).await;
    for (path, expected) in [
        ("/v1/members/7/score", "score"),
        ("/v1/members/7", "member"),
        ("/v1/members/7/contacts", "contacts"),
    ] {
        let request = test::TestRequest::get().uri(path).to_request();
        let body = test::call_and_read_body(&app, request).await;
        assert_eq!(body, expected.as_bytes(), "{path}");
    }
}
