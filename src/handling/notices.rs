//! Notices: what someone should know or do. The audience is a role at a place, not one account, so
//! that a successor sees it too.

pub(super) mod routes;
mod store;
mod words;

use chrono::NaiveDate;
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
#[derive(Debug, Clone)]
pub struct Notice {
    /// What about; its words stand in `words.rs`.
    pub code: &'static str,
    /// Who is told.
    pub audience: Audience,
    /// Which department, member or sector; none for the two of the city.
    pub place_id: Option<Uuid>,
    /// `issue`, `assignment` …
    pub object_kind: &'static str,
    /// Which object.
    pub object_id: Uuid,
    /// By when something is to be done.
    pub due_on: Option<NaiveDate>,
    /// The journal row or the timer that it follows from: told once an audience.
    pub cause_id: Uuid,
}

/// Gives a notice, once a cause, code and audience.
pub async fn notify(tx: &mut Tx<'_>, notice: Notice) -> Result<()> {
    store::insert(tx.conn, tx.call.city, tx.call.id(), tx.call.now, &notice).await
}
