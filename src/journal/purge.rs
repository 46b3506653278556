//! What is kept only for a while: idempotent answers (48 h), spent refresh tokens (a week after
//! they end), notes of changed grants (a day).

use chrono::Duration;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::Journal;
use crate::db::schema::{auth_changes, idempotency_keys, refresh_tokens};
use crate::error::Result;

impl Journal {
    /// Removes what is past its time, city by city.
    pub(super) async fn purge(&self) -> Result<()> {
        for city in self.cities().await? {
            self.system(city, "purge", async |tx| {
                let now = tx.call.now;
                diesel::delete(
                    idempotency_keys::table
                        .filter(idempotency_keys::city_code.eq(city))
                        .filter(idempotency_keys::created_at.lt(now - Duration::hours(48))),
                )
                .execute(&mut tx.conn)
                .await?;
                diesel::delete(
                    refresh_tokens::table
                        .filter(refresh_tokens::city_code.eq(city))
                        .filter(refresh_tokens::expires_at.lt(now - Duration::days(7))),
                )
                .execute(&mut tx.conn)
                .await?;
                let old = auth_changes::changed_at.lt(now - Duration::days(1));
                diesel::delete(auth_changes::table.filter(old)).execute(&mut tx.conn).await?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    }
}
