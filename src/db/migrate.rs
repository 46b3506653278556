//! Migrations as the owner, then what the serving role may do.

use diesel_async::{
    AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::error::{Error, Result};

/// Every step under `migrations/`, inside the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// The role that serves: it may not rewrite the journal.
pub const APP_ROLE: &str = "lianxin_app";

/// Brings the database up to date. Needs a multi-threaded runtime (the harness blocks a thread).
/// Returns the names of the steps that ran.
pub async fn up(owner_url: &str) -> Result<Vec<String>> {
    let conn = AsyncPgConnection::establish(owner_url).await.map_err(Error::unavailable)?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let ran = harness
        .run_pending_migrations(MIGRATIONS)
        .map_err(Error::internal)?
        .iter()
        .map(ToString::to_string)
        .collect();
    harness.into_inner().batch_execute(GRANTS).await?;
    Ok(ran)
}

/// Takes back the newest step.
pub async fn down(owner_url: &str) -> Result<String> {
    let conn = AsyncPgConnection::establish(owner_url).await.map_err(Error::unavailable)?;
    let mut harness = AsyncMigrationHarness::new(conn);
    harness.revert_last_migration(MIGRATIONS).map(|v| v.to_string()).map_err(Error::internal)
}

/// How many steps this binary has.
pub fn steps() -> Result<i64> {
    use diesel::migration::MigrationSource;
    let all: Vec<Box<dyn diesel::migration::Migration<diesel::pg::Pg>>> =
        MIGRATIONS.migrations().map_err(Error::internal)?;
    i64::try_from(all.len()).map_err(Error::internal)
}

/// The journal and the feed are append-only for the serving role, and no activity is forgotten. Where
/// no such role exists (a database given by `DATABASE_URL` alone), there is nothing to grant.
const GRANTS: &str = "
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'lianxin_app') THEN
        GRANT USAGE ON SCHEMA public TO lianxin_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO lianxin_app;
        REVOKE UPDATE, DELETE ON journal, feed, score_entries FROM lianxin_app;
        REVOKE DELETE ON journal_payload, activities FROM lianxin_app;
        REVOKE UPDATE, DELETE ON activity_members FROM lianxin_app;
        REVOKE INSERT, UPDATE, DELETE ON __diesel_schema_migrations FROM lianxin_app;
    END IF;
END $$";
