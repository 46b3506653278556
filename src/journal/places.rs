//! Where an object stands: what decides who sees it and what its journal rows carry.

use uuid::Uuid;

/// The places of one object at one time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// Six-digit county code; none at city level.
    pub county: Option<i32>,
    /// The special committee that guides its sector.
    pub committee: Option<Uuid>,
    /// The sector.
    pub sector: Option<Uuid>,
    /// The member it belongs to.
    pub member: Option<Uuid>,
    /// Departments it has been assigned to.
    pub departments: Vec<Uuid>,
}
