//! What `routes.rs` files speak: answers, problem documents, entity tags, checked bodies and
//! queries. Knows HTTP and nothing of the domain or the database.

pub mod accept;
mod answer;
pub mod body;
pub mod faults;
pub mod headers;
mod listed;
mod params;
mod patch;
mod problem;
pub mod query;
mod schemas;
mod sheet;

pub use answer::Answer;
pub use listed::ListAnswer;
pub use params::{ChangeHeaders, CreateHeaders, DryRun, ListQuery};
pub use patch::Patch;
pub use problem::{Language, Problem, language, problem_body};
pub use schemas::{Schemas, closed_sets};
pub use sheet::Sheet;
