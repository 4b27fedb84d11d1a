//! The subcommands, one file each.

mod attest;
mod audit;
mod diff;
mod explain;
mod init;
mod list;
mod plan;
mod policy;
mod review;

use clap::CommandFactory;

use crate::cli::{Cli, Command, ConfigFile, Schema};
use crate::config::{self, Config};
use crate::{output, report};

/// Runs the command and gives the exit code.
pub fn run(cli: Cli) -> anyhow::Result<u8> {
    if cli.verbose {
        log_requests();
    }
    let quiet = cli.quiet || cli.verbose;
    let config = || configuration(&cli.config);
    match cli.command {
        Command::Audit(arguments) => audit::audit(&arguments, &config()?, quiet),
        // The golive.toml at hand speaks of another account.
        Command::Demo(arguments) if cli.config.config.is_none() && !cli.config.no_config => {
            audit::demo(&arguments, &Config::demo()?)
        }
        Command::Demo(arguments) => audit::demo(&arguments, &config()?),
        Command::List(filters) => list::run(&filters, &config()?),
        Command::Explain { id } => explain::run(&id, &config()?),
        Command::Policy(filters) => policy::run(&filters, &config()?),
        Command::Init { file } => init::run(&file),
        Command::Attest(arguments) => attest::run(&arguments, &cli.config),
        Command::Review(arguments) => review::run(&arguments, &cli.config, quiet),
        Command::Diff(arguments) => diff::run(&arguments, &config()?),
        Command::Schema { of: Schema::Report } => output::print(&report::json::schema()).map(|()| 0),
        Command::Schema { of: Schema::Config } => output::print(&config::schema()).map(|()| 0),
        Command::Completions { shell } => completions(shell),
    }
}

/// The configuration that the command line names, or the one at hand.
fn configuration(arguments: &ConfigFile) -> anyhow::Result<Config> {
    if arguments.no_config { Ok(Config::default()) } else { Config::find(arguments.config.as_deref()) }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "golive", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Logs golive's own events to stderr. The SDK's are left out: they may hold credentials.
fn log_requests() {
    let filter = tracing_subscriber::EnvFilter::new("off,golive=debug");
    let colour = report::text::colour(&std::io::stderr());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour).init();
}
