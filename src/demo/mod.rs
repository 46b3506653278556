//! The demonstration city: a year of 1158 work made from the files in `data/`, the same on every
//! machine. It stands left of `http` (main → demo → http → …): it drives the program as people
//! would, and nothing in the program knows of it.
//!
//! - `data`: the files, read into types;
//! - `random`, `calendar`: a seeded sequence of numbers, and working time that can be counted;
//! - `chain`, `months`, `ledger`: who is there, what members planned and visited, and what became of
//!   each issue;
//! - `story`: all of it together. No database, no clock.

mod calendar;
mod chain;
pub mod data;
mod accounts;
pub mod found;
mod ledger;
mod months;
mod random;
mod story;

pub use chain::{Area, Chain, Contact, Holder, Member};
pub use ledger::{Attempt, End, Issue, Origin, Review, Work};
pub use months::{Plan, PlanItem, Visit};
pub use story::Story;
