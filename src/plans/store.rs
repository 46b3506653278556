//! Rows and queries of schemes and plans.

pub mod plans;
pub mod schemes;
