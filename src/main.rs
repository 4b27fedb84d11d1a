//! golive: is this AWS account ready for production?

mod aws;
mod cli;
mod commands;
mod config;
mod interrupt;
mod output;
mod past;
mod recording;
mod report;
mod review;
mod selection;
mod suggest;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::Cli;
use crate::config::ConfigError;

/// The exit code of bad usage, bad input and of an audit that could not begin.
const UNUSABLE: u8 = 2;

fn main() -> ExitCode {
    match commands::run(Cli::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            output::complain(&format!("error: {error:#}"));
            if let Some(error) = error.downcast_ref::<ConfigError>() {
                error.snippet().iter().for_each(|line| output::complain(line));
            }
            ExitCode::from(UNUSABLE)
        }
    }
}
