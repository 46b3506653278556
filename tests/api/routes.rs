//! The whole API as one page, reviewed as a diff.

#[test]
fn the_whole_api_reads_as_one_page() {
    let doc = lianxin::http::document().unwrap();
    insta::assert_snapshot!(lianxin::http::routes_page(&doc));
}
