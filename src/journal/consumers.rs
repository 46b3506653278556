//! What follows the feed: effect and position in one transaction, so that an entry takes effect
//! once, however often the server dies in between.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::LocalBoxFuture;

use super::feed::{self, Event};
use super::{Journal, Tx};
use crate::db::schema::consumer_positions::dsl as positions;
use crate::db::{Conn, Sight};
use crate::error::Result;

/// Entries a consumer takes in one transaction.
const BATCH: u32 = 100;

/// Follows the feed of every city.
pub trait Consumer: Send + Sync {
    /// Under which name its position is kept.
    fn name(&self) -> &'static str;
    /// The effect of one entry.
    fn apply<'a>(&'a self, tx: &'a mut Tx<'_>, event: &'a Event) -> LocalBoxFuture<'a, Result<()>>;
}

impl Journal {
    /// Lets every consumer catch up in `city`; returns how many entries they took.
    pub async fn consume(&self, city: i32) -> Result<usize> {
        let mut consumed = 0;
        for consumer in self.consumers.iter() {
            loop {
                let taken = self
                    .system(city, consumer.name(), async |tx| batch(tx, consumer.as_ref()).await)
                    .await?;
                consumed += taken;
                if taken < BATCH as usize {
                    break;
                }
            }
        }
        Ok(consumed)
    }
}

async fn batch(tx: &mut Tx<'_>, consumer: &dyn Consumer) -> Result<usize> {
    let (city, mut conn) = (tx.call.city, tx.conn);
    let row = positions::consumer_positions.find((city, consumer.name()));
    let locked = row.select(positions::position).for_update();
    let seen: i64 = match locked.first(&mut conn).await.optional()? {
        Some(seen) => seen,
        None => {
            begin(conn, city, consumer.name()).await?;
            locked.first(&mut conn).await?
        }
    };
    let (events, last) = feed::after(conn, city, &Sight::city(), seen, BATCH).await?;
    for event in &events {
        consumer.apply(tx, event).await?;
    }
    if last > seen {
        diesel::update(row).set(positions::position.eq(last)).execute(&mut conn).await?;
    }
    Ok(events.len())
}

/// The position of a consumer that has seen nothing.
async fn begin(mut conn: Conn<'_>, city: i32, name: &str) -> Result<()> {
    let row = (positions::city_code.eq(city), positions::name.eq(name), positions::position.eq(0));
    let insert = diesel::insert_into(positions::consumer_positions).values(row);
    insert.on_conflict_do_nothing().execute(&mut conn).await?;
    Ok(())
}
