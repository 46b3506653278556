//! What callers say and hear of schemes and plans.

pub mod plans;
pub mod schemes;

pub use plans::{NewItem, NewPlan, PlanPatch, SendBackPlan};
pub use schemes::{NewLabel, NewScheme, PublishScheme};
