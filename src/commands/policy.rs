//! `golive policy`: the IAM policy that an audit needs, and nothing more.

use golive_checks::operations::{DESCRIBE_REGIONS, GET_CALLER_IDENTITY};
use serde_json::json;

use crate::cli::Filters;
use crate::config::Config;
use crate::output;
use crate::selection::Selection;

/// What every audit asks, whatever is chosen. STS answers it without a permission; it is named for those who
/// deny by default.
const ALWAYS: [&str; 2] = [DESCRIBE_REGIONS.permission, GET_CALLER_IDENTITY.permission];

/// Prints the policy (IAM User Guide, "IAM JSON policy elements reference").
pub fn run(filters: &Filters, config: &Config) -> anyhow::Result<u8> {
    let mut actions = Selection::new(filters, config)?.permissions();
    actions.extend(ALWAYS);
    actions.sort_unstable();
    let policy = json!({
        "Version": "2012-10-17",
        "Statement": [{ "Sid": "GoliveReadOnly", "Effect": "Allow", "Action": actions, "Resource": "*" }],
    });
    output::print(&format!("{policy:#}\n"))?;
    Ok(0)
}
