//! What `routes.rs` files speak: answers, problem documents, entity tags, checked bodies and
//! queries. Knows HTTP and nothing of the domain or the database.

mod answer;
pub mod body;
pub mod faults;
pub mod headers;
mod params;
mod patch;
mod problem;
pub mod query;
mod schemas;

pub use answer::Answer;
pub use params::{ChangeHeaders, CreateHeaders, DryRun, ListQuery};
pub use patch::Patch;
pub use problem::{Language, Problem, language, problem_body};
pub use schemas::{Schemas, closed_sets};
