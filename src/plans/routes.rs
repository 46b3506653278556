//! What callers say and hear of schemes, plans and coverage.

pub mod coverage;
pub mod plans;
pub mod schemes;

pub use plans::{NewItem, NewPlan, OwnerKind, PlanPatch, SendBackPlan};
pub use schemes::{NewLabel, NewScheme, PublishScheme};
