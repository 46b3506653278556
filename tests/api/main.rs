//! One binary that starts the production assembly for each test.

mod support;

mod authorization;
mod availability;
mod catalogue;
mod concurrency;
mod coverage;
mod errors;
mod feed;
mod feedback;
mod handling;
mod journey;
mod layering;
mod migrations;
mod openapi;
mod plans;
mod routes;
mod schema;
mod signin;
mod statistics;
mod tenancy;
mod visits;
