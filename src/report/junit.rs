//! JUnit XML, as Jenkins, GitLab and others read it: a test suite for each section, a test case for each rule of an item,
//! and one for what people confirm.

use golive_checks::{Decides, FindingStatus, ItemResult, RuleResult, Status};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Document, table};

/// The report.
pub fn render(document: &Document<'_>) -> String {
    let mut report = Report::new("golive");
    for (section, items) in document.sections() {
        let mut suite = TestSuite::new(section.title);
        for item in items {
            suite.add_test_cases(document.assessment.rules_of(item).map(|rule| of_rule(document, item, rule)));
            suite.add_test_cases(of_people(document, item));
        }
        report.add_test_suite(suite);
    }
    // Writing to a string fails only for what XML cannot hold, which is stripped.
    strict(report.to_string().unwrap_or_default())
}

/// Takes away how many are skipped in all: the schema of Jenkins' xUnit plugin (junit-10.xsd) knows it of suites only.
fn strict(xml: String) -> String {
    let Some(start) = xml.find("<testsuites ") else { return xml };
    let end = xml[start..].find('>').map_or(xml.len(), |at| start + at);
    let kept: Vec<&str> = xml[start..end].split(' ').filter(|part| !part.starts_with("skipped=")).collect();
    format!("{}{}{}", &xml[..start], kept.join(" "), &xml[end..])
}

fn of_rule(document: &Document<'_>, item: &ItemResult, result: &RuleResult) -> TestCase {
    let rule = result.rule;
    let counts = document.decision.counting.contains(rule.id);
    let remedy = format!("Remedy: {}", rule.remedy.summary);
    let status = match result.status {
        Status::Fail if counts => {
            let mut status = failure(rule.severity.as_str(), rule.title);
            status.set_description(format!("{}\n{remedy}", lines(result, FindingStatus::Fail)));
            status
        }
        Status::Fail => skipped(&format!("fails, but does not count: {}", lines(result, FindingStatus::Fail))),
        Status::Unknown => {
            let mut status = not_good(NonSuccessKind::Error, "unknown", "could not be read");
            status.set_description(lines(result, FindingStatus::Unknown));
            status
        }
        Status::NotApplicable => skipped("the account has nothing of its kind"),
        Status::Manual | Status::Pass => TestCaseStatus::success(),
    };
    let mut case = TestCase::new(rule.id, status);
    case.set_classname(item.item.id);
    if result.count(FindingStatus::Accepted) > 0 {
        case.set_system_out(format!("accepted:\n{}", lines(result, FindingStatus::Accepted)));
    }
    case
}

/// The test case of an item that people confirm, wholly or in part.
fn of_people(document: &Document<'_>, item: &ItemResult) -> Option<TestCase> {
    let counts = document.decision.counting.contains(item.item.id);
    let answer = item.answer.as_ref().map(table::answer_line);
    let status = match item.status {
        Status::Manual if counts => failure("manual", "has to be confirmed by a person"),
        Status::Manual => skipped("has to be confirmed by a person"),
        Status::Unknown if item.unseen => {
            not_good(NonSuccessKind::Error, "unknown", "what a person has to see could not be read")
        }
        _ if item.is_denied() && counts => failure("denied", &answer.clone().unwrap_or_default()),
        _ if item.is_denied() => skipped("a person says that it is not done, but that does not count"),
        Status::NotApplicable if answer.is_some() => skipped(&answer.clone().unwrap_or_default()),
        Status::Pass if item.item.decides != Decides::Machine || answer.is_some() => TestCaseStatus::success(),
        _ => return None,
    };
    let mut case = TestCase::new("confirmed by a person", status);
    case.set_classname(item.item.id);
    if let Some(answer) = answer {
        case.set_system_out(answer);
    }
    Some(case)
}

fn failure(kind: &str, message: &str) -> TestCaseStatus {
    not_good(NonSuccessKind::Failure, kind, message)
}

fn not_good(how: NonSuccessKind, kind: &str, message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(how);
    status.set_type(kind).set_message(message);
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

/// `vol-1 (eu-west-1): is not encrypted`, one a line.
fn lines(result: &RuleResult, status: FindingStatus) -> String {
    let findings = result.findings.iter().filter(|finding| finding.status == status);
    let lines: Vec<String> = findings.map(table::finding_line).collect();
    lines.join("\n")
}
