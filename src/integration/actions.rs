//! An import: taken in, ended.

use serde_json::{Value, json};
use uuid::Uuid;

use super::files::Format;
use super::lines::RowFault;
use super::rules::{Kind, State};
use super::store::{self, ImportRow};
use crate::error::{Error, Result};
use crate::journal::{Call, Entry, Places, Tx};

/// A file that came.
#[derive(Debug, Clone)]
pub struct NewImport<'a> {
    /// What it is about.
    pub kind: Kind,
    /// What it is.
    pub format: Format,
    /// Whose ids its external ids are.
    pub scheme: String,
    /// Whether it is only tried.
    pub dry_run: bool,
    /// Its bytes.
    pub file: &'a [u8],
}

/// Takes a file in; its turn comes.
pub async fn start_import(tx: &mut Tx<'_>, new: NewImport<'_>) -> Result<ImportRow> {
    let Call { city, actor_id, actor_kind, request_id, now, .. } = tx.call;
    let row = ImportRow {
        city_code: *city,
        id: tx.call.id(),
        kind: new.kind.as_str().to_owned(),
        format: new.format.as_str().to_owned(),
        scheme: new.scheme,
        dry_run: new.dry_run,
        state: State::Waiting.as_str().to_owned(),
        rows_total: None,
        rows_done: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        errors: 0,
        attempts: 0,
        actor_id: *actor_id,
        actor_kind: actor_kind.as_str().to_owned(),
        request_id: request_id.clone(),
        version: 1,
        created_at: *now,
        finished_at: None,
    };
    store::add(tx.conn, &row, new.file).await?;
    let after = json!({ "kind": row.kind, "dry_run": row.dry_run });
    journal_import(tx, "import.started", &row, after).await?;
    Ok(row)
}

/// Ends an import that `runner` runs, with what is wrong with its file. Fails where the runner has lost
/// its lease: then nothing of it may be written.
pub async fn end_import(
    tx: &mut Tx<'_>,
    row: &ImportRow,
    runner: Uuid,
    faults: &[RowFault],
) -> Result<()> {
    if !store::end(tx.conn, row, runner).await? {
        return Err(Error::internal("the import is run by another"));
    }
    for some in faults.chunks(200) {
        let some = some.iter().map(|fault| (tx.call.id(), fault.clone())).collect();
        store::add_faults(tx.conn, (row.city_code, row.id), tx.call.now, some).await?;
    }
    let kind = match State::parse(&row.state) {
        Some(State::Done) => "import.done",
        Some(State::Refused) => "import.refused",
        _ => "import.failed",
    };
    let after = json!({ "kind": row.kind, "dry_run": row.dry_run, "created": row.created,
        "updated": row.updated, "unchanged": row.unchanged, "errors": row.errors });
    journal_import(tx, kind, row, after).await
}

async fn journal_import(
    tx: &mut Tx<'_>,
    kind: &'static str,
    row: &ImportRow,
    after: Value,
) -> Result<()> {
    let (object_kind, object_id, version) = ("import", row.id, row.version);
    let (places, before, after) = (Places::default(), None, Some(after));
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}
