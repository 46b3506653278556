//! Rows and queries of issues, their clocks, reporters and feedback.

pub mod clocks;
pub mod feedback;
pub mod issues;
pub mod reporters;
pub mod whole;
