//! golive: is this AWS account ready for production?

mod aws;
mod cli;
mod commands;
mod gate;
mod interrupt;
mod output;
mod recording;
mod report;
mod selection;
mod suggest;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;

/// The exit code of bad usage, bad input and of an audit that could not begin.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            ExitCode::from(UNUSABLE)
        }
    }
}
