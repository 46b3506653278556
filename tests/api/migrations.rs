//! Migrations run up, down and up again, and come to the same schema.

use tokio_postgres::NoTls;

use crate::support::database::Database;
use lianxin::db::migrate;

const COLUMNS: &str = "SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1";
const RULES: &str = "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) \
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1";
const INDEXES: &str = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1";

async fn shape(url: &str) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut lines = Vec::new();
    for query in [COLUMNS, RULES, INDEXES] {
        lines.extend(
            client.query(query, &[]).await.unwrap().iter().map(|row| row.get::<_, String>(0)),
        );
    }
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn every_migration_goes_up_down_and_up_to_the_same_schema() {
    // given an empty database
    let database = Database::empty().await;
    // when all steps run, are taken back one by one, and run again
    let ran = migrate::up(&database.owner_url).await.unwrap();
    assert_eq!(ran.len() as i64, migrate::steps().unwrap());
    let first = shape(&database.owner_url).await;
    for _ in &ran {
        migrate::down(&database.owner_url).await.unwrap();
    }
    let bare = shape(&database.owner_url).await;
    migrate::up(&database.owner_url).await.unwrap();
    // then nothing was left in between and the schema is the same
    assert!(bare.iter().all(|line| line.contains("__diesel_schema_migrations")), "{bare:?}");
    assert_eq!(first, shape(&database.owner_url).await);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_serving_role_cannot_rewrite_what_happened() {
    let database = Database::from_template().await;
    let (client, connection) = tokio_postgres::connect(&database.url, NoTls).await.unwrap();
    tokio::spawn(connection);
    for statement in [
        "UPDATE journal SET kind = 'x'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "UPDATE feed SET position = 1",
        "DELETE FROM feed",
        "DELETE FROM journal_payload",
        "UPDATE score_entries SET points = 0",
        "DROP TABLE journal_pending",
        "DELETE FROM activities",
        "UPDATE activity_members SET member_id = activity_id",
        "DELETE FROM activity_members",
    ] {
        let refused = client.batch_execute(statement).await.expect_err(statement);
        assert_eq!(
            refused.code().map(|code| code.code()),
            Some("42501"),
            "{statement}: {refused:?}"
        );
    }
    database.drop().await;
}
