//! Notices: what someone should know or do. The audience is a role at a place, not one account, so
//! that a successor sees it too.

pub(super) mod routes;
mod store;
mod words;

use chrono::NaiveDate;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use crate::error::Result;
use crate::journal::Tx;

/// Who is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The liaison centre of the city.
    LiaisonCentre,
    /// A department, all its roles.
    Department,
    /// One member.
    Member,
    /// The convener of a sector.
    Sector,
    /// The supervisor of the city.
    Supervisor,
}

impl Audience {
    /// As stored and as spoken in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Audience::LiaisonCentre => "liaison_centre",
            Audience::Department => "department",
            Audience::Member => "member",
            Audience::Sector => "sector",
            Audience::Supervisor => "supervisor",
        }
    }
}

/// A notice to be given.
struct Notice<'a> {
    code: &'a str,
    audience: Audience,
    place_id: Option<Uuid>,
    object_kind: &'a str,
    object_id: Uuid,
    due_on: Option<NaiveDate>,
    cause_id: Uuid,
}

/// Tells an audience about an object, once a cause, code and audience. `place_id` names the
/// department, member or sector, and is none for the two roles of the city; `cause_id` is the
/// journal row or the timer that it follows from. The words of a code stand in `words.rs`.
#[allow(clippy::too_many_arguments)] // a flat row of `notices`, spelled out by each caller
pub async fn notify(
    tx: &mut Tx<'_>,
    code: &str,
    audience: Audience,
    place_id: Option<Uuid>,
    object_kind: &str,
    object_id: Uuid,
    due_on: Option<NaiveDate>,
    cause_id: Uuid,
) -> Result<()> {
    let notice = Notice { code, audience, place_id, object_kind, object_id, due_on, cause_id };
    store::insert(tx.conn, tx.call.city, tx.call.id(), tx.call.now, &notice).await
}

/// Tells the liaison centre about a change of members; `cause` is the journal's entry that it follows
/// from. For the room of the chain, which stands to the right and gets this from the assembly.
pub fn tell_centre_of_adjustment<'a>(
    tx: &'a mut Tx<'_>,
    code: &'static str,
    adjustment: Uuid,
    cause: Uuid,
) -> LocalBoxFuture<'a, Result<()>> {
    let to = Audience::LiaisonCentre;
    Box::pin(notify(tx, code, to, None, "adjustment", adjustment, None, cause))
}
