//! Operations of scoring, a file a noun.

pub mod rule_sets;
pub mod scores;
