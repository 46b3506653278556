//! 连心 lianxin: the "1158" work of a Chinese political consultative conference as a JSON REST API.
//!
//! The map, leftmost first; a folder may use what stands to its right, through its `mod.rs` only:
//!
//! `main → demo → http → integration → reports → scoring → opinions → issues → handling → records →
//! plans → chain → catalogue → auth → journal → db → web → (error ids codes clock workdays page
//! config)`
//!
//! A test reads every `crate::…` path and holds this. `docs/ARCHITECTURE.md` walks through one read
//! and one write.

pub mod auth;
pub mod catalogue;
pub mod chain;
pub mod cli;
pub mod clock;
mod codes;
pub mod config;
pub mod db;
pub mod demo;
pub mod error;
pub mod handling;
pub mod http;
pub mod ids;
pub mod integration;
pub mod issues;
pub mod journal;
pub mod page;
pub mod plans;
pub mod records;
pub mod reports;
pub mod scoring;
pub mod web;
pub mod workdays;
