//! Every tenant table begins its keys with the city, so that no row refers to another city's and the
//! schema distributes as it stands.

use tokio_postgres::{Client, NoTls};

use crate::support::database::Database;

/// Shared by all cities (reference tables).
const SHARED: &[&str] = &["cities", "divisions", "auth_changes", "__diesel_schema_migrations"];

async fn lines(client: &Client, query: &str) -> Vec<String> {
    client.query(query, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_of_a_tenant_table_begins_with_the_city() {
    let database = Database::from_template().await;
    let (client, connection) = tokio_postgres::connect(&database.owner_url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let shared = SHARED.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(",");
    let tenant = format!(
        "c.conrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT IN ({shared}))"
    );
    let first = |side: &str, key: &str| {
        format!(
            "(SELECT attname FROM pg_attribute WHERE attrelid = c.{side} AND attnum = c.{key}[1])"
        )
    };
    // Primary keys, unique and exclusion constraints.
    let keys = format!(
        "SELECT c.conname::text FROM pg_constraint c WHERE c.contype IN ('p','u','x') AND {tenant} AND {} <> 'city_code'",
        first("conrelid", "conkey")
    );
    assert_eq!(lines(&client, &keys).await, Vec::<String>::new(), "keys without the city");
    // Foreign keys between tenant tables carry the city on both sides; none goes from shared to tenant.
    let references = format!(
        "SELECT c.conname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid WHERE c.contype = 'f' AND {tenant} AND r.relname NOT IN ({shared}) AND ({} <> 'city_code' OR {} <> 'city_code')",
        first("conrelid", "conkey"),
        first("confrelid", "confkey")
    );
    assert_eq!(
        lines(&client, &references).await,
        Vec::<String>::new(),
        "references without the city"
    );
    let upward = format!(
        "SELECT c.conname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid WHERE c.contype = 'f' AND NOT ({tenant}) AND r.relname NOT IN ({shared})"
    );
    assert_eq!(lines(&client, &upward).await, Vec::<String>::new(), "from shared to tenant");
    // Unique indexes that are no constraints, every index at all.
    let indexes = format!(
        "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE r.relnamespace = 'public'::regnamespace AND r.relname NOT IN ({shared}) AND a.attname <> 'city_code'"
    );
    assert_eq!(lines(&client, &indexes).await, Vec::<String>::new(), "indexes without the city");
    // What Citus refuses.
    assert_eq!(
        lines(&client, "SELECT tgname::text FROM pg_trigger WHERE NOT tgisinternal").await,
        Vec::<String>::new()
    );
    assert_eq!(lines(&client, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public' AND (is_identity = 'YES' OR column_default LIKE 'nextval%')").await, Vec::<String>::new());
    assert_eq!(lines(&client, "SELECT conname::text FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('n', 'd')").await, Vec::<String>::new());
    drop(client);
    database.drop().await;
}
