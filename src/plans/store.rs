//! Rows and queries of schemes, plans and coverage.

pub mod coverage;
pub mod plans;
pub mod schemes;
