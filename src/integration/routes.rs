//! What other systems and offices ask for.

pub mod events;
pub mod exports;
pub mod imports;
