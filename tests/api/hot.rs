//! What is asked all day never walks a table: each statement is explained as the server sent it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

use crate::support::{City, setting};

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// What the server sent to this city's database, as PostgreSQL counted it.
async fn sent(admin: &Client, city: &City) -> Vec<String> {
    let text = "SELECT DISTINCT s.query FROM pg_stat_statements s \
        JOIN pg_database d ON d.oid = s.dbid JOIN pg_roles r ON r.oid = s.userid \
        WHERE d.datname = $1 AND r.rolname = 'lianxin_app' ORDER BY 1";
    let rows = admin.query(text, &[&city.database.name]).await.unwrap();
    rows.iter().map(|row| row.get::<_, String>(0)).collect()
}

/// Prepares a statement in which PostgreSQL has put numbers for our constants; where it cannot tell
/// what a constant was, it was a text.
async fn prepare(client: &Client, statement: &str) {
    let mut text = statement.to_owned();
    for _ in 0..60 {
        let Err(error) = client.batch_execute(&format!("PREPARE one AS {text}")).await else {
            return;
        };
        let said = error.as_db_error().map(|error| error.message().to_owned()).unwrap_or_default();
        let number = said.strip_prefix("could not determine data type of parameter $");
        let number = number.unwrap_or_else(|| panic!("{text}: {error:?}"));
        for after in [",", ")", " "] {
            text = text.replace(&format!("${number}{after}"), &format!("${number}::text{after}"));
        }
    }
    panic!("{text} cannot be prepared");
}

/// The plan of a statement for any values, where a walk is chosen only if there is no other way.
async fn plan(client: &Client, statement: &str) -> Value {
    prepare(client, statement).await;
    let count =
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'one'";
    let count: i32 = client.query_one(count, &[]).await.unwrap().get(0);
    let nothing = vec!["NULL"; usize::try_from(count).unwrap()].join(", ");
    let values = if count == 0 { String::new() } else { format!("({nothing})") };
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE one{values}");
    let rows = client.simple_query(&explain).await.unwrap();
    client.batch_execute("DEALLOCATE one").await.unwrap();
    let text = rows.iter().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    });
    serde_json::from_str(text.unwrap()).unwrap()
}

/// The tables of `node` and below that are walked from end to end, by table or by index.
fn walked(node: &Value, tenant: &BTreeSet<String>, found: &mut Vec<String>) {
    match node {
        Value::Array(nodes) => nodes.iter().for_each(|node| walked(node, tenant, found)),
        Value::Object(fields) => {
            let kind = fields.get("Node Type").and_then(Value::as_str).unwrap_or_default();
            let by_index = kind.starts_with("Index") && !fields.contains_key("Index Cond");
            let table = fields.get("Relation Name").and_then(Value::as_str).unwrap_or_default();
            if (kind == "Seq Scan" || by_index) && tenant.contains(table) {
                found.push(format!("{kind} on {table}"));
            }
            fields.values().for_each(|field| walked(field, tenant, found));
        }
        _ => {}
    }
}

/// Reads and writes as they come all day, by whoever they come from.
async fn a_working_day(city: &City) {
    let objects = city.one_of_each().await;
    let lists = [
        "/v1/issues?limit=5",
        "/v1/issues?state=in_handling&limit=5",
        "/v1/members",
        "/v1/members?q=wy",
        "/v1/contacts",
        "/v1/contacts?q=社区",
        "/v1/sectors?q=jj",
        "/v1/areas?q=jj",
        "/v1/plans",
        "/v1/visits",
        "/v1/activities",
        "/v1/me",
        "/v1/me/notices",
        "/v1/events?after=0",
    ];
    for name in ["liaison", "county", "committee", "convener", "member"] {
        let caller = city.caller(name).await;
        for list in lists {
            caller.get(list).await.expect(200);
        }
        caller.get(&objects.fill("/v1/issues/{issue_id}")).await.expect(200);
        let first = caller.get("/v1/issues?limit=1").await.expect(200);
        if let Some(next) = first["next"].as_str() {
            caller.get(&format!("/v1/issues?limit=1&cursor={next}")).await.expect(200);
        }
    }
    city.member().await.get(&objects.fill("/v1/members/{member_id}/chain")).await.expect(200);
    let (issue, work) = city.replied_issue("a").await;
    city.department("head").await.get(&work).await.expect(200);
    city.department("head").await.get("/v1/assignments?state=replied").await.expect(200);
    let liaison = city.liaison_centre().await;
    let path = format!("/v1/issues/{}", issue["id"].as_str().unwrap());
    liaison.act(&format!("{path}/pass"), json!({})).await.expect(200);
    let answer = json!({ "solved": true, "satisfaction": "satisfied" });
    liaison.act(&format!("{path}/answer_feedback"), answer).await.expect(200);
    liaison.act(&format!("{path}/close"), json!({})).await.expect(200);
    liaison.get(&format!("{path}/events")).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_statement_of_a_working_day_walks_a_tenant_table() {
    let city = City::start().await;
    // Founding it is not what is done all day.
    let admin = connect(&setting("LIANXIN_TEST_ADMIN_URL")).await;
    let forget = "SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = $1";
    admin.execute(forget, &[&city.database.name]).await.unwrap();
    a_working_day(&city).await;
    let client = connect(&city.database.owner_url).await;
    let tables = "SELECT table_name::text FROM information_schema.columns \
        WHERE table_schema = 'public' AND column_name = 'city_code'";
    let tenant: BTreeSet<String> =
        client.query(tables, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    client
        .batch_execute(
            "SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan",
        )
        .await
        .unwrap();
    let mut seen = Vec::new();
    walked(&plan(&client, "SELECT 1 FROM issues WHERE title = $1").await, &tenant, &mut seen);
    assert!(!seen.is_empty(), "a walk is seen where there is one");
    let (mut explained, mut wrong) = (0, Vec::new());
    for statement in sent(&admin, &city).await {
        let word = statement.split_whitespace().next().unwrap_or_default().to_uppercase();
        if !["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&word.as_str()) {
            continue;
        }
        let mut found = Vec::new();
        walked(&plan(&client, &statement).await, &tenant, &mut found);
        explained += 1;
        if !found.is_empty() {
            wrong.push(format!("{}: {statement}", found.join(", ")));
        }
    }
    assert!(explained > 60, "only {explained} statements were seen");
    assert!(wrong.is_empty(), "{} statements:\n{}", wrong.len(), wrong.join("\n\n"));
    city.ended().await;
}
