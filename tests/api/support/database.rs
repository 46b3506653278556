//! A database of its own, cloned from the migrated template and dropped at the end.

use tokio_postgres::NoTls;

/// The database of one test.
pub struct Database {
    pub name: String,
    pub url: String,
    pub owner_url: String,
}

pub fn setting(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("{name} is not set: run the tests by `make test`"))
}

/// The same connection string with another database.
pub fn with_database(url: &str, database: &str) -> String {
    let (base, _) = url.rsplit_once('/').expect("a URL with a database");
    format!("{base}/{database}")
}

pub async fn admin(statement: &str) {
    let (client, connection) =
        tokio_postgres::connect(&setting("LIANXIN_TEST_ADMIN_URL"), NoTls).await.expect("admin");
    let driver = tokio::spawn(connection);
    // Two clones at once of one template: PostgreSQL says it is being accessed; wait our turn.
    for attempt in 0.. {
        match client.batch_execute(statement).await {
            Ok(()) => break,
            Err(error) if attempt < 200 && format!("{error:?}").contains("55006") => {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            Err(error) => panic!("{statement}: {error:?}"),
        }
    }
    drop(client);
    let _ = driver.await;
}

impl Database {
    pub async fn from_template() -> Self {
        Self::create(&format!("TEMPLATE {}", setting("LIANXIN_TEST_TEMPLATE"))).await
    }

    pub async fn empty() -> Self {
        Self::create("TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'")
            .await
    }

    async fn create(how: &str) -> Self {
        let name = format!("t_{}", uuid::Uuid::now_v7().simple());
        admin(&format!("CREATE DATABASE {name} OWNER lianxin_owner {how}")).await;
        Self {
            url: with_database(&setting("LIANXIN_TEST_APP_URL"), &name),
            owner_url: with_database(&setting("LIANXIN_TEST_OWNER_URL"), &name),
            name,
        }
    }

    pub async fn drop(self) {
        admin(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).await;
    }
}
