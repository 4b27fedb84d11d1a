//! Workflow commands of GitHub Actions (GitHub Docs, "Workflow commands for GitHub Actions"): one annotation for each rule
//! that fails, so that the ten that GitHub shows of a step are the worst ones.

use std::cmp::Reverse;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use golive_checks::{FindingStatus, RuleResult, Status};

use super::text::{count, harmless};
use super::{Document, markdown, table};
use crate::output;

/// Resources that an annotation names.
const SHOWN: usize = 5;

/// The annotations, and a last line for the log.
pub fn render(document: &Document<'_>) -> String {
    let (assessment, decision) = (document.assessment, document.decision);
    let mut out = String::new();
    let mut say = |level: &str, title: &str, message: &str| {
        out.push_str(&format!("::{level} title={}::{}\n", property(title), data(message)));
    };
    let level = |id: &str| if decision.counting.contains(id) { "error" } else { "warning" };

    let mut failing: Vec<&RuleResult> = assessment.rules.iter().filter(|rule| rule.status == Status::Fail).collect();
    failing.sort_by_key(|rule| (level(rule.rule.id), Reverse(rule.rule.severity)));
    for result in failing {
        let rule = result.rule;
        let title = format!("{} ({}, {})", rule.title, rule.id, rule.severity.as_str());
        say(level(rule.id), &title, &format!("{}\nRemedy: {}", resources(result), rule.remedy.summary));
    }
    for item in assessment.items.iter().filter(|item| item.is_denied()) {
        let answer = item.answer.as_ref().map(table::answer_line).unwrap_or_default();
        say(level(item.item.id), &format!("{} ({})", item.item.title, item.item.id), &answer);
    }
    for reason in &assessment.unreadable {
        say("warning", "golive could not read", &harmless(reason.reason().raw()));
    }
    for warning in document.warnings {
        say("warning", "golive.toml", warning);
    }
    let manual = assessment.count(Status::Manual);
    if manual > 0 {
        let waits = format!("{} to be confirmed by a person: `golive review`", count(manual, "item"));
        say("notice", "golive", &waits);
    }
    let line = table::summary_line(assessment);
    out.push_str(&format!("golive: {line}; exit code {}\n", decision.code));
    out
}

/// Appends the report as Markdown to the summary of the step, where GitHub Actions asks for one.
pub fn append_summary(document: &Document<'_>) {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return };
    let path = PathBuf::from(path);
    let text = markdown::render(document);
    let opened = OpenOptions::new().append(true).create(true).open(&path);
    // The summary is an extra: without it the exit code still tells.
    if let Err(error) = opened.and_then(|mut file| file.write_all(text.as_bytes())) {
        output::complain(&format!("warning: cannot write the step's summary {}: {error}", path.display()));
    }
}

/// `vol-1 (eu-west-1): is not encrypted`, one a line.
fn resources(result: &RuleResult) -> String {
    let failing = result.findings.iter().filter(|finding| finding.status == FindingStatus::Fail);
    let mut lines: Vec<String> = failing.clone().take(SHOWN).map(table::finding_line).collect();
    let more = failing.count().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(property("a: b, 100%\n::error::x"), "a%3A b%2C 100%25%0A%3A%3Aerror%3A%3Ax");
        assert_eq!(data("a: b, 100%\r\n::error::x"), "a: b, 100%25%0D%0A::error::x");
    }
}
