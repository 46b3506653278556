pub mod clock;
pub mod db;
pub mod error;
pub mod ids;
pub mod page;
pub mod web;
pub mod journal;
