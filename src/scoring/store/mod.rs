//! Rows and queries of scoring.

pub mod entries;
pub mod rule_sets;
