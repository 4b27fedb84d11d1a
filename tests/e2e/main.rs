//! The built program against mock AWS servers, through a proxy that sees every request.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says so when it cannot go on")]

mod audit;
mod ci;
mod demo;
mod faults;
mod formats;
mod interrupt;
mod load;
mod people;
mod program;
mod support;
mod tags;
mod trouble;
mod wires_work;
