//! The write transaction: the only way to open one.

use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, SimpleAsyncConnection, TransactionManager,
};

use super::memo::Memo;
use super::outbox::Outbox;
use super::{Call, Journal, idempotency};
use crate::db::Conn;
use crate::error::{Code, Error, Result};
use crate::web::Answer;

/// A transaction in progress.
pub struct Tx<'a> {
    /// The frame of this write: the only source of time and ids.
    pub call: &'a Call,
    /// For `store.rs`.
    pub conn: Conn<'a>,
    pub(super) outbox: &'a Outbox,
    pub(super) memo: &'a Memo,
}

impl<'a> Tx<'a> {
    /// Writes what was journalled and set so far.
    pub(super) async fn flush(&self) -> Result<()> {
        self.outbox.flush(self.conn, self.call.city).await
    }

    /// The same transaction in another frame: for whom else, or when else, something is done.
    pub fn framed<'b>(&'b self, call: &'b Call) -> Tx<'b>
    where
        'a: 'b,
    {
        Tx { call, conn: self.conn, outbox: self.outbox, memo: self.memo }
    }
}

impl Tx<'_> {
    /// Does `work` within a savepoint: where it fails, what it wrote and journalled is taken back, and
    /// the transaction goes on as before.
    pub async fn attempt<T, F>(&mut self, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
    {
        self.flush().await?;
        (&mut &*self.conn).batch_execute("SAVEPOINT attempt").await?;
        let outcome = match work(self).await {
            Ok(value) => self.flush().await.map(|()| value),
            Err(error) => Err(error),
        };
        let end = if outcome.is_ok() {
            "RELEASE SAVEPOINT attempt"
        } else {
            self.outbox.forget();
            "ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt"
        };
        (&mut &*self.conn).batch_execute(end).await?;
        outcome
    }
}

type Transactions = AnsiTransactionManager;

impl Journal {
    /// Runs `work` in one transaction and keeps its answer under the call's idempotency key.
    ///
    /// A key that was used before gives the stored answer (or 422 for another request); a twin that
    /// finished meanwhile gives its answer too, whatever refused ours.
    pub async fn write<F>(&self, call: &Call, work: F) -> Result<Answer>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<Answer>,
    {
        let outcome = self.attempt(call, work).await;
        let Err(refusal) = outcome else { return outcome };
        // A twin may have won while we waited for its lock; a database that is away cannot tell.
        if call.idempotency.is_some() && refusal.code != Code::Unavailable {
            let conn = self.db.pooled().await?;
            if let Some(answer) = idempotency::find(&conn, call).await? {
                return Ok(answer);
            }
        }
        Err(refusal)
    }

    /// Does all of `work`, then takes it back: the answer is what [`Journal::write`] would give.
    pub async fn rehearse<F>(&self, call: &Call, work: F) -> Result<Answer>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<Answer>,
    {
        let mut rehearsed = None;
        let outcome: Result<()> = self
            .transaction(call, async |tx| {
                let answer = work(tx).await?;
                tx.flush().await?;
                (&mut &*tx.conn).batch_execute("SET CONSTRAINTS ALL IMMEDIATE").await?;
                rehearsed = Some(Answer { status: 200, location: None, ..answer });
                Err(Error::internal("a rehearsal ends here"))
            })
            .await;
        match (rehearsed, outcome) {
            (Some(answer), _) => Ok(answer),
            (None, Err(refusal)) => Err(refusal),
            (None, Ok(())) => Err(Error::internal("a rehearsal without an answer")),
        }
    }

    async fn attempt<F>(&self, call: &Call, work: F) -> Result<Answer>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<Answer>,
    {
        self.transaction(call, async |tx| {
            if let Some(answer) = idempotency::find(tx.conn, call).await? {
                return Ok(answer);
            }
            let answer = work(tx).await?;
            if call.idempotency.is_some() && !answer.secret {
                tx.flush().await?;
                idempotency::keep(tx.conn, call, &answer).await?;
            }
            Ok(answer)
        })
        .await
    }

    /// Runs `work` in one transaction without an answer: workers, the demonstration, commands.
    pub async fn transaction<T, F>(&self, call: &Call, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
    {
        let mut pooled = self.db.pooled().await?;
        let conn: &mut AsyncPgConnection = &mut pooled;
        Transactions::begin_transaction(conn).await?;
        let outbox = Outbox::default();
        let outcome = async {
            let tx = &mut Tx { call, conn: &*conn, outbox: &outbox, memo: &self.memo };
            let value = work(tx).await?;
            tx.flush().await?;
            Ok(value)
        };
        match outcome.await {
            Ok(value) => {
                Transactions::commit_transaction(conn).await?;
                // What nobody journalled gives the publisher nothing to do.
                if outbox.journalled() {
                    self.dirty.mark(call.city);
                }
                Ok(value)
            }
            Err(error) => {
                if let Err(lost) = Transactions::rollback_transaction(conn).await {
                    // The pool drops the connection; PostgreSQL has rolled back on its own.
                    return Err(Error::unavailable(lost));
                }
                Err(error)
            }
        }
    }

    /// [`Journal::transaction`] by ourselves; `why` stands for the request id.
    pub async fn system<T, F>(&self, city: i32, why: &str, work: F) -> Result<T>
    where
        F: AsyncFnOnce(&mut Tx<'_>) -> Result<T>,
    {
        let call = Call::scheduler(city, self.clock.now(), self.ids.clone(), why);
        self.transaction(&call, work).await
    }
}
