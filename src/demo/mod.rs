//! The demonstration city: a year of 1158 work made from the files in `data/`, the same on every
//! machine. It stands left of `http` (main → demo → http → …): it drives the program as people
//! would, and nothing in the program knows of it.
//!
//! - `data`: the files, read into types;
//! - `random`, `calendar`: a seeded sequence of numbers, and working time that can be counted;
//! - `chain`, `months`, `ledger`, `adjustments`: who is there, what members planned and visited, what
//!   became of each issue, and who changed places and contacts;
//! - `story`: all of it together. No database, no clock;
//! - `found`, `accounts`: a city with everybody in it, for the demonstration and for tests;
//! - `organs`, `party`: what leads the conference and stands beside its committees, for a city in full;
//! - `load`: the story told to the program by the actions that the API runs: `visited` (plans and
//!   visits), `raised` (issues up to the ledger), `handled` (what departments made of them), `adjusted`
//!   (members who changed), each act by its own actor (`cast`) at its own time;
//! - `bulk`: many cities, or large ones, by SQL and not by the actions, for benches.

mod accounts;
mod adjusted;
mod adjustments;
mod bulk;
mod calendar;
mod cast;
mod chain;
pub mod data;
pub mod found;
mod handled;
mod ledger;
mod load;
mod months;
mod organs;
mod party;
mod raised;
mod random;
mod story;
mod visited;

pub use adjustments::{Adjustment, Change};
pub use bulk::{Bulk, load as load_bulk};
pub use chain::{Area, Chain, Contact, Holder, Member};
pub use ledger::{Attempt, End, Issue, Origin, Review, Work};
pub use load::{check_finished, load};
pub use months::{Plan, PlanItem, Visit};
pub use organs::organize;
pub use story::Story;
