pub mod auth;
pub mod clock;
pub mod db;
pub mod error;
pub mod ids;
pub mod journal;
pub mod page;
pub mod web;
