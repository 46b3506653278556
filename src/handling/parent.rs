//! What a work order belongs to, known by what we ask of it and tell it.

use std::sync::Arc;

use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rules::{ResultClass, Urgency};
use crate::db::Conn;
use crate::error::{Error, Result};
use crate::journal::{Places, Tx};

/// A parent as it stands once its row is locked.
#[derive(Debug, Clone)]
pub struct ParentState {
    /// Of its row.
    pub version: i64,
    /// The round that is open, or was last.
    pub round: i16,
    /// The class that sets every duration.
    pub urgency: Urgency,
    /// Where it stands.
    pub places: Places,
    /// Whether departments are working on it: `in_handling`.
    pub live: bool,
}

/// Who reported it, for the department that has to speak with them. Never journalled.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReporterView {
    /// Null where it was not given.
    #[schema(max_length = 100, required = true, example = "王秀兰")]
    pub name: Option<String>,
    /// Null where it was not given.
    #[schema(max_length = 32, required = true, example = "13904680000")]
    pub phone: Option<String>,
    /// Null where it was not given.
    #[schema(max_length = 500, required = true, example = "红旗路 12 号")]
    pub address: Option<String>,
}

/// A room whose objects departments work on. Registered by the assembly, called in the
/// transaction of the action.
pub trait Parent: Send + Sync {
    /// `issue`: what `parent_kind` says.
    fn kind(&self) -> &'static str;

    /// Locks the row FOR UPDATE, before any work order of it is locked.
    fn lock<'a>(&'a self, tx: &'a mut Tx<'_>, id: Uuid) -> LocalBoxFuture<'a, Result<ParentState>>;

    /// Where it stands, for a read, without a lock. What says nothing is seen only by the
    /// department and by those who see the whole city.
    fn places<'a>(
        &'a self,
        _conn: Conn<'a>,
        _city: i32,
        _id: Uuid,
    ) -> LocalBoxFuture<'a, Result<Places>> {
        Box::pin(async { Ok(Places::default()) })
    }

    /// A work order of it changed: bumps its version, without a journal row.
    fn touch<'a>(&'a self, tx: &'a mut Tx<'_>, id: Uuid) -> LocalBoxFuture<'a, Result<()>>;

    /// Every sole, lead and separate work order of the round has replied (I18).
    fn all_replied<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        id: Uuid,
        class: ResultClass,
    ) -> LocalBoxFuture<'a, Result<()>>;

    /// Who reported it; none where nobody is known.
    fn reporter<'a>(
        &'a self,
        tx: &'a mut Tx<'_>,
        id: Uuid,
    ) -> LocalBoxFuture<'a, Result<Option<ReporterView>>>;
}

/// Which parent, as its own room knows it while it holds the lock.
#[derive(Debug, Clone)]
pub struct ParentRef {
    /// `issue`.
    pub kind: &'static str,
    /// Which.
    pub id: Uuid,
    /// The round that the call is about.
    pub round: i16,
    /// The class that sets every duration.
    pub urgency: Urgency,
    /// Where it stands.
    pub places: Places,
}

/// All kinds of parents, for handlers and timers. Cheap to clone.
#[derive(Clone)]
pub struct Parents(Arc<Vec<Box<dyn Parent>>>);

impl Parents {
    /// These kinds.
    pub fn new(kinds: Vec<Box<dyn Parent>>) -> Self {
        Self(Arc::new(kinds))
    }

    /// The room of one kind.
    pub(super) fn of(&self, kind: &str) -> Result<&dyn Parent> {
        let found = self.0.iter().find(|parent| parent.kind() == kind);
        found
            .map(Box::as_ref)
            .ok_or_else(|| Error::internal(format!("no parent of the kind {kind}")))
    }
}
