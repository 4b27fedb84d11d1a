//! The subcommands, one file each.

mod audit;
mod explain;
mod list;
mod plan;
mod policy;

use clap::CommandFactory;

use crate::cli::{Cli, Command};
use crate::{output, report};

/// Runs the command and gives the exit code.
pub fn run(cli: Cli) -> anyhow::Result<u8> {
    if cli.verbose {
        log_requests();
    }
    let quiet = cli.quiet || cli.verbose;
    match cli.command {
        Command::Audit(arguments) => audit::audit(&arguments, quiet),
        Command::Demo(arguments) => audit::demo(&arguments),
        Command::List(filters) => list::run(&filters),
        Command::Explain { id } => explain::run(&id),
        Command::Policy(filters) => policy::run(&filters),
        Command::Schema => output::print(&report::json::schema()).map(|()| 0),
        Command::Completions { shell } => completions(shell),
    }
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
