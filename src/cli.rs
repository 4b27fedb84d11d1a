//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand, ValueEnum};
use golive_checks::Severity;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::{AnswerWord, day};
use crate::suggest::suggestion;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXIT_CODES: &str = "\
Exit codes:
  0  ready: nothing fails
  1  something fails at or above --fail-on (or, with --require-manual, waits for a person)
  2  bad usage or input, or the account cannot be reached
  3  nothing fails, but something could not be read (--allow-unknown makes it 0)";

/// Is this AWS account ready for production?
///
/// golive walks a checklist of 93 items, decides what AWS's APIs can answer, and lists what is left for people
/// to confirm. It only ever reads.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Log each request to stderr
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Show no progress on stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    #[command(flatten)]
    pub config: ConfigFile,
}

/// Which `golive.toml`.
#[derive(Debug, Args)]
pub struct ConfigFile {
    /// Use this configuration [default: golive.toml here or in a folder above]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, global = true, conflicts_with = "config")]
    pub no_config: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Audit an AWS account, or a recording of one
    #[command(after_help = EXIT_CODES)]
    Audit(Audit),
    /// Audit the recorded account that comes with the program: no credentials needed
    #[command(after_help = EXIT_CODES)]
    Demo(Judging),
    /// List the items of the checklist and their rules
    List(Filters),
    /// Explain an item or a rule: what it asks, how it is decided, how to mend it
    Explain {
        /// An item's or rule's id, as `golive list` shows it
        id: String,
    },
    /// Print the least-privilege IAM policy for the chosen items
    Policy(Filters),
    /// Write a commented golive.toml
    Init {
        /// The file
        #[arg(default_value = "golive.toml")]
        file: PathBuf,
    },
    /// Say of an item that a person has to confirm: it is done, it is not, or it does not apply
    Attest(Attest),
    /// Walk through the items that wait for a person, and write down the answers
    Review(Review),
    /// Compare two reports or recordings: what fails anew, what is fixed
    #[command(after_help = DIFF_EXIT_CODES)]
    Diff(Diff),
    /// Print the JSON Schema of the JSON report or of golive.toml
    Schema {
        /// Of what
        #[arg(value_enum, default_value_t = Schema::Report)]
        of: Schema,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const DIFF_EXIT_CODES: &str = "\
Exit codes:
  0  nothing fails that did not fail before
  1  something fails anew
  2  bad usage or input
  3  nothing fails anew, but something that could be read before is unknown";

#[derive(Debug, Args)]
pub struct Attest {
    /// The item's id, as `golive list` shows it
    pub item: String,
    /// The answer
    #[arg(long, value_enum, default_value = "yes")]
    pub answer: AnswerWord,
    /// Who answers
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// What was looked at; for `no` and `not-applicable`, the reason
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// A link to what proves it; may be repeated
    #[arg(long, value_name = "LINK")]
    pub evidence: Vec<String>,
    /// When [default: today]
    #[arg(long, value_name = "DATE", value_parser = day::parse)]
    pub on: Option<Date>,
    /// The last day that it counts [default: 180 days later]
    #[arg(long, value_name = "DATE", value_parser = day::parse)]
    pub expires: Option<Date>,
    /// An account that it speaks of; may be repeated [default: every account]
    #[arg(long = "account", value_name = "ID", value_delimiter = ',')]
    pub accounts: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Review {
    #[command(flatten)]
    pub access: Access,
    /// Show evidence from the recording FILE; asks AWS nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["profile", "role_arn", "external_id", "regions", "timeout", "concurrency", "rate"])]
    pub replay: Option<PathBuf>,
    /// Show no evidence; asks AWS nothing
    #[arg(long, conflicts_with_all = ["replay", "profile", "role_arn", "external_id", "regions", "timeout", "concurrency", "rate"])]
    pub no_account: bool,
    /// Who answers [default: golive asks]
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    #[command(flatten)]
    pub filters: Filters,
}

#[derive(Debug, Args)]
pub struct Diff {
    /// The older report or recording
    pub old: PathBuf,
    /// The newer one
    pub new: PathBuf,
    /// The format
    #[arg(long, value_enum, default_value_t = DiffFormat::Table)]
    pub format: DiffFormat,
    /// Write the result to FILE, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// For people
    Table,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// The JSON report
    Report,
    /// golive.toml
    Config,
}

#[derive(Debug, Args)]
pub struct Audit {
    #[command(flatten)]
    pub access: Access,
    /// Print what would be asked and how often; asks for the identity and the regions only
    #[arg(long, conflicts_with_all = ["record", "replay", "output", "also"])]
    pub plan: bool,
    /// Write what was read to FILE, to be judged again with --replay
    #[arg(long, value_name = "FILE", help_heading = "Recording")]
    pub record: Option<PathBuf>,
    /// Judge the recording FILE; asks AWS nothing
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Recording",
        conflicts_with_all = ["record", "profile", "role_arn", "external_id", "regions", "timeout", "concurrency", "rate"]
    )]
    pub replay: Option<PathBuf>,
    #[command(flatten)]
    pub judging: Judging,
}

/// What is made of an account, wherever it comes from.
#[derive(Debug, Args)]
pub struct Judging {
    #[command(flatten)]
    pub filters: Filters,
    #[command(flatten)]
    pub report: Report,
    #[command(flatten)]
    pub gate: Gate,
}

/// How to reach the account.
#[derive(Debug, Args)]
#[command(next_help_heading = "Account")]
pub struct Access {
    /// Use this profile of the shared AWS configuration [env: AWS_PROFILE]
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Assume this role first
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<String>,
    /// Pass this external id when assuming the role
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub external_id: Option<String>,
    /// Audit only this region, and the buckets in it [default: every enabled region]
    #[arg(long = "region", value_name = "REGION", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Stop reading after this many seconds; what is unread by then is unknown
    #[arg(long, value_name = "SECONDS", default_value = "600", value_parser = seconds)]
    pub timeout: Duration,
    /// Have at most this many requests under way at a service in a region
    #[arg(long, value_name = "REQUESTS", default_value = "200", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: u16,
    /// Send at most this many requests a second to a service in a region [default: until it throttles]
    #[arg(long, value_name = "REQUESTS", value_parser = rate)]
    pub rate: Option<f64>,
}

/// Which part of the checklist.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Selection")]
pub struct Filters {
    /// Only this section
    #[arg(long = "section", value_name = "SECTION", value_delimiter = ',')]
    pub sections: Vec<String>,
    /// Only this item
    #[arg(long = "item", value_name = "ITEM", value_delimiter = ',')]
    pub items: Vec<String>,
    /// Only this rule
    #[arg(long = "rule", value_name = "RULE", value_delimiter = ',')]
    pub rules: Vec<String>,
    /// Leave out this section, item or rule
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Only rules at or above this severity
    #[arg(long, value_name = "SEVERITY")]
    pub severity: Option<Level>,
}

/// How to report.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub struct Report {
    /// The format
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// Write the report to FILE, whole or not at all
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write another report, too, whole or not at all; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = also)]
    pub also: Vec<(Format, PathBuf)>,
    /// Show every resource and all evidence in the table
    #[arg(long)]
    pub all: bool,
}

/// What the exit code says.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub struct Gate {
    /// Exit 1 for failures at or above this severity [default: low]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Exit 0 although something could not be read
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub allow_unknown: Option<bool>,
    /// Exit 1 while an item waits for a person to confirm it
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub require_manual: Option<bool>,
    /// Tolerate the failures that this older report or recording has
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Tell on stderr why the exit code is what it is
    #[arg(long)]
    pub explain_exit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs: `golive schema` describes it
    Json,
    /// For pull requests and wikis
    Markdown,
    /// For GitHub Actions: annotations, and Markdown for the step's summary
    Github,
    /// For CI servers: JUnit XML, a test case for each rule and each item of people
    Junit,
    /// For code scanning: SARIF 2.1.0
    Sarif,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Level {
    Critical,
    High,
    Medium,
    Low,
}

#[derive(Clone, Copy, Debug, ValueEnum, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FailOn {
    Critical,
    High,
    Medium,
    Low,
    /// Failures never change the exit code
    None,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Critical => Self::Critical,
            Level::High => Self::High,
            Level::Medium => Self::Medium,
            Level::Low => Self::Low,
        }
    }
}

impl FailOn {
    /// The least severity that counts; none when none does.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Critical => Some(Severity::Critical),
            Self::High => Some(Severity::High),
            Self::Medium => Some(Severity::Medium),
            Self::Low => Some(Severity::Low),
            Self::None => None,
        }
    }
}

fn also(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("a format and a file, such as junit=golive.xml")?;
    let format = Format::from_str(format, false).map_err(|_| {
        let names: Vec<_> = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
        let known: Vec<&str> = names.iter().map(clap::builder::PossibleValue::get_name).collect();
        format!("unknown format `{format}`{} (known: {})", suggestion(format, known.iter().copied()), known.join(", "))
    })?;
    if file.is_empty() {
        Err("a file after the =, such as junit=golive.xml".to_owned())
    } else {
        Ok((format, file.into()))
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(0) | Err(_) => Err("a whole number of seconds, at least 1".to_owned()),
        Ok(seconds) => Ok(Duration::from_secs(seconds)),
    }
}

fn rate(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(rate) if (0.1..=10_000.0).contains(&rate) => Ok(rate),
        _ => Err("a number of requests from 0.1 to 10000".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
