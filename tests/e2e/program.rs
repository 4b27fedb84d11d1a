//! The built program, and what it prints, for tests.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::support::CREDENTIALS;

/// How a run of the program ended.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// The JSON report.
    pub fn report(&self) -> Report {
        let parsed = serde_json::from_str(&self.stdout);
        Report(parsed.unwrap_or_else(|error| panic!("no JSON ({error}): {}{}", self.stdout, self.stderr)))
    }

    /// The one line on stderr of a run that could not be made.
    pub fn complaint(&self) -> &str {
        assert_eq!(self.code, 2, "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        let line = self.stderr.trim_end();
        assert!(line.starts_with("golive: error: ") && !line.contains('\n'), "{line}");
        line
    }
}

/// Runs the program in an environment that has only what is given here.
pub fn golive(arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.args(arguments).env_clear().envs(environment.iter().copied());
    let output = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Audits what is at `endpoint`, with a JSON report.
pub fn audit(endpoint: &str, arguments: &[&str]) -> Run {
    let mut environment = CREDENTIALS.to_vec();
    environment.extend([("AWS_ENDPOINT_URL", endpoint), ("AWS_REGION", "us-east-1")]);
    golive(&[&["audit", "--format", "json"], arguments].concat(), &environment)
}

/// Audits what is at `endpoint`, for people.
pub fn table(endpoint: &str, arguments: &[&str]) -> Run {
    let mut environment = CREDENTIALS.to_vec();
    environment.extend([("AWS_ENDPOINT_URL", endpoint), ("AWS_REGION", "us-east-1")]);
    golive(&[&["audit"], arguments].concat(), &environment)
}

/// The account that comes with the program.
pub fn demo(arguments: &[&str]) -> Run {
    golive(&[&["demo"], arguments].concat(), &[])
}

/// A JSON report.
#[derive(Debug, PartialEq)]
pub struct Report(pub Value);

/// Rule, resource and region of a finding.
pub type Place = (String, String, String);

impl Report {
    /// The status of each item.
    pub fn items(&self) -> BTreeMap<String, String> {
        list(&self.0["items"]).iter().map(|item| (text(&item["id"]), text(&item["status"]))).collect()
    }

    /// The status of each rule.
    pub fn rules(&self) -> BTreeMap<String, String> {
        self.each_rule().map(|rule| (text(&rule["id"]), text(&rule["status"]))).collect()
    }

    /// The status of each finding.
    pub fn findings(&self) -> BTreeMap<Place, String> {
        let each = self.each_rule().flat_map(|rule| list(&rule["findings"]).iter().map(move |finding| (rule, finding)));
        each.map(|(rule, finding)| {
            let place = (text(&rule["id"]), text(&finding["resource"]), text(&finding["region"]));
            (place, text(&finding["status"]))
        })
        .collect()
    }

    /// The actions that could not be used, with their regions and reasons.
    pub fn unreadable(&self) -> Vec<(String, Option<String>, String)> {
        let each = list(&self.0["unreadable"]).iter();
        each.map(|it| (text(&it["action"]), it["region"].as_str().map(str::to_owned), text(&it["reason"]))).collect()
    }

    fn each_rule(&self) -> impl Iterator<Item = &Value> {
        list(&self.0["items"]).iter().flat_map(|item| list(&item["rules"]))
    }
}

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
