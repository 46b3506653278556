//! Several of a kind in as few round trips as one of them, for imports.

use futures_util::{StreamExt, stream};

use crate::error::{Code, Error, Result};
use crate::journal::Tx;

/// What came of each of several, or why it was refused; as a whole it fails where the database refused
/// a statement, after which nothing else goes on in the transaction.
pub type Each<T> = Result<Vec<Result<T>>>;

/// Rows on their way to the database at once.
const AT_ONCE: usize = 16;

/// What came of the only one.
pub(super) fn only<T>(each: Each<T>) -> Result<T> {
    let last = each?.pop();
    last.ok_or_else(|| Error::internal("one was put in and none came out"))?
}

/// Whether the transaction goes on after this error: it came of looking at the row.
fn goes_on(error: &Error) -> bool {
    !database_refuses(error) && !fatal(error)
}

/// Whether an error says that the database refused a statement because of what is in it.
pub fn database_refuses(error: &Error) -> bool {
    matches!(error.code, Code::Duplicate | Code::Overlap)
}

/// Whether an error is no fault of the row.
pub fn fatal(error: &Error) -> bool {
    matches!(error.code, Code::Internal | Code::Unavailable | Code::StillRunning)
}

/// The refusals among `admitted`, and in place of the others the rows that were made of them.
pub(super) fn answered<A, T>(admitted: Vec<Result<A>>, made: Vec<T>) -> Vec<Result<T>> {
    let mut made = made.into_iter();
    let mut next = || made.next().ok_or_else(|| Error::internal("what was let in was not made"));
    admitted.into_iter().map(|one| one.and_then(|_| next())).collect()
}

/// Does the same with each row, several at once by way of one connection, in which they are pipelined;
/// the outcomes are in the order of the rows.
pub(super) async fn pipelined<R, T>(
    tx: &Tx<'_>,
    rows: Vec<R>,
    work: impl AsyncFn(&mut Tx<'_>, R) -> Result<T>,
) -> Each<T> {
    let work = &work;
    let outcomes = stream::iter(rows).map(async |row: R| {
        let mut own = tx.framed(tx.call);
        work(&mut own, row).await
    });
    let mut outcomes: Vec<Result<T>> = outcomes.buffered(AT_ONCE).collect().await;
    // What the database said first: of all that follows it says that nothing goes on.
    for stops in [database_refuses as fn(&Error) -> bool, fatal] {
        let at = outcomes.iter().position(|one| one.as_ref().is_err_and(stops));
        if let Some(at) = at {
            outcomes.swap_remove(at)?;
        }
    }
    Ok(outcomes)
}

/// Does the same with each row, one after another.
pub(super) async fn in_turn<R, T>(
    tx: &mut Tx<'_>,
    rows: Vec<R>,
    work: impl AsyncFn(&mut Tx<'_>, R) -> Result<T>,
) -> Each<T> {
    let mut outcomes = Vec::with_capacity(rows.len());
    for row in rows {
        match work(tx, row).await {
            Err(error) if !goes_on(&error) => return Err(error),
            outcome => outcomes.push(outcome),
        }
    }
    Ok(outcomes)
}
