//! One binary that starts the production assembly for each test.

mod support;

mod adjustments;
mod answers;
mod areas;
mod authorization;
mod availability;
mod catalogue;
mod chain;
mod chain_coverage;
mod concurrency;
mod coverage;
mod dated_links;
mod errors;
mod feed;
mod feedback;
mod handling;
mod hot;
mod intake;
mod journey;
mod layering;
mod migrations;
mod openapi;
mod organizations;
mod plans;
mod posts;
mod reading;
mod references;
mod routes;
mod schema;
mod signin;
mod statistics;
mod tenancy;
mod terms;
mod visits;
mod whole_lists;
