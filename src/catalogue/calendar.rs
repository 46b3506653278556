//! A city's working days and durations together: what every clock is counted by.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::store;
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::Tx;
use crate::workdays::{self, DayTable, Due, Span};

/// By what a city counts. At most two seconds old in a transaction.
#[derive(Debug)]
pub struct Calendar {
    city: i32,
    /// Its working days.
    pub table: DayTable,
    spans: HashMap<(String, String), Span>,
}

impl Calendar {
    /// As it stands in the database.
    pub async fn read(conn: Conn<'_>, city: i32) -> Result<Self> {
        let table = store::day_table(conn, city).await?;
        Ok(Self { city, table, spans: store::spans(conn, city).await? })
    }

    /// The calendar of the transaction's city.
    pub async fn of(tx: &Tx<'_>) -> Result<Arc<Self>> {
        if let Some(known) = tx.recall::<Self>() {
            return Ok(known);
        }
        let read = Arc::new(Self::read(tx.conn, tx.call.city).await?);
        tx.remember(read.clone());
        Ok(read)
    }

    /// How long `step` may take for `urgency`; a city that does not say so is badly set up.
    pub fn span(&self, urgency: &str, step: &str) -> Result<Span> {
        let span = self.spans.get(&(urgency.to_owned(), step.to_owned())).copied();
        let city = self.city;
        span.ok_or_else(|| {
            Error::internal(format!("{city} has no duration of {step} for {urgency}"))
        })
    }

    /// When that is over if it begins at `from`.
    pub fn due(&self, urgency: &str, step: &str, from: DateTime<Utc>) -> Result<Due> {
        Ok(workdays::due(&self.table, from, self.span(urgency, step)?))
    }
}
