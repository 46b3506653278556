//! A city of its own for each test, and clients that are people.

pub mod adjusting;
pub mod behind;
pub mod briefed;
pub mod chain;
pub mod city;
pub mod client;
pub mod database;
pub mod dice;
pub mod importing;
pub mod kept;
pub mod organized;
pub mod persons;
pub mod planned;

pub use city::City;
pub use client::{Caller, Reply};
pub use database::{admin, setting};
