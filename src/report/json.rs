//! The JSON report. Its JSON Schema is made from these types and kept beside them in `report.schema.json`.

use golive_checks::{Decides, Finding, FindingStatus, ItemResult, RuleResult, Severity, Status, Untrusted};
use schemars::JsonSchema;
use serde::Serialize;

use super::Document;

/// Grows whenever a field changes its meaning or goes away.
const SCHEMA_VERSION: u32 = 1;

/// The report of one audit by golive.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "golive report", deny_unknown_fields)]
struct Report<'a> {
    /// The version of this form.
    schema_version: u32,
    /// The version of golive that wrote it.
    tool_version: &'a str,
    /// The twelve-digit id of the audited account.
    account: &'a str,
    /// The audited regions.
    regions: Vec<&'a str>,
    /// When reading the account began (RFC 3339).
    taken_at: String,
    /// How many items have each status.
    summary: Summary,
    /// The chosen items in checklist order.
    items: Vec<Item<'a>>,
    /// What could not be read, each once.
    unreadable: Vec<Unreadable<'a>>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Summary {
    pass: usize,
    fail: usize,
    manual: usize,
    unknown: usize,
    not_applicable: usize,
}

/// An item of the checklist.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Item<'a> {
    /// `section/slug`
    id: &'a str,
    /// The section's id.
    section: &'a str,
    title: &'a str,
    decides: DecidedBy,
    status: ItemStatus,
    /// What was seen, for a person who confirms the item.
    evidence: Vec<&'a str>,
    rules: Vec<Rule<'a>>,
}

/// A rule and what it found. A rule that serves several items stands in each.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rule<'a> {
    id: &'a str,
    title: &'a str,
    severity: SeverityName,
    status: ItemStatus,
    findings: Vec<OneFinding<'a>>,
}

/// What a rule says of one resource.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct OneFinding<'a> {
    status: FindingStatusName,
    /// The resource's id or name as AWS knows it. Untrusted text.
    resource: &'a str,
    /// Its region, or `global`.
    region: &'a str,
    /// What was seen, in one line. Untrusted text.
    detail: &'a str,
}

/// Something that could not be read.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Unreadable<'a> {
    /// The IAM action that the request needs.
    action: &'a str,
    /// The region asked; null for a global service.
    region: Option<&'a str>,
    /// The resource asked about; null where the request names none.
    resource: Option<&'a str>,
    /// What went wrong and what to do. Untrusted text.
    reason: String,
}

/// Who can tell whether an item is done.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum DecidedBy {
    Machine,
    Partly,
    Human,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum ItemStatus {
    Pass,
    Fail,
    Manual,
    Unknown,
    NotApplicable,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum FindingStatusName {
    Pass,
    Fail,
    Unknown,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum SeverityName {
    Low,
    Medium,
    High,
    Critical,
}

/// The report as JSON.
pub fn render(document: &Document<'_>) -> String {
    // Serializing plain structs of strings and numbers cannot fail.
    let mut text = serde_json::to_string_pretty(&report(document)).unwrap_or_default();
    text.push('\n');
    text
}

/// The JSON Schema of the report (draft 2020-12).
pub fn schema() -> String {
    let schema = schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut text = serde_json::to_string_pretty(&schema.into_root_schema_for::<Report<'_>>()).unwrap_or_default();
    text.push('\n');
    text
}

fn report<'a>(document: &Document<'a>) -> Report<'a> {
    let Document { account, assessment, .. } = *document;
    Report {
        schema_version: SCHEMA_VERSION,
        tool_version: env!("CARGO_PKG_VERSION"),
        account: &account.id,
        regions: account.regions.iter().map(|region| region.name.as_str()).collect(),
        taken_at: account.taken_at.to_string(),
        summary: Summary {
            pass: assessment.count(Status::Pass),
            fail: assessment.count(Status::Fail),
            manual: assessment.count(Status::Manual),
            unknown: assessment.count(Status::Unknown),
            not_applicable: assessment.count(Status::NotApplicable),
        },
        items: assessment.items.iter().map(|item| one_item(document, item)).collect(),
        unreadable: assessment.unreadable.iter().map(unreadable).collect(),
    }
}

fn one_item<'a>(document: &Document<'a>, result: &'a ItemResult) -> Item<'a> {
    Item {
        id: result.item.id,
        section: result.item.section(),
        title: result.item.title,
        decides: match result.item.decides {
            Decides::Machine => DecidedBy::Machine,
            Decides::Partly => DecidedBy::Partly,
            Decides::Human => DecidedBy::Human,
        },
        status: status(result.status),
        evidence: result.evidence.iter().map(String::as_str).collect(),
        rules: document.assessment.rules_of(result).map(one_rule).collect(),
    }
}

fn one_rule(result: &RuleResult) -> Rule<'_> {
    Rule {
        id: result.rule.id,
        title: result.rule.title,
        severity: match result.rule.severity {
            Severity::Low => SeverityName::Low,
            Severity::Medium => SeverityName::Medium,
            Severity::High => SeverityName::High,
            Severity::Critical => SeverityName::Critical,
        },
        status: status(result.status),
        findings: result.findings.iter().map(finding).collect(),
    }
}

fn finding(finding: &Finding) -> OneFinding<'_> {
    OneFinding {
        status: match finding.status {
            FindingStatus::Pass => FindingStatusName::Pass,
            FindingStatus::Fail => FindingStatusName::Fail,
            FindingStatus::Unknown => FindingStatusName::Unknown,
        },
        resource: finding.resource.raw(),
        region: finding.region.raw(),
        detail: finding.detail.raw(),
    }
}

fn unreadable(unreadable: &golive_checks::Unreadable) -> Unreadable<'_> {
    Unreadable {
        action: &unreadable.action,
        region: unreadable.region.as_ref().map(Untrusted::raw),
        resource: unreadable.resource.as_ref().map(Untrusted::raw),
        reason: unreadable.reason().raw().to_owned(),
    }
}

fn status(status: Status) -> ItemStatus {
    match status {
        Status::Fail => ItemStatus::Fail,
        Status::Unknown => ItemStatus::Unknown,
        Status::Manual => ItemStatus::Manual,
        Status::Pass => ItemStatus::Pass,
        Status::NotApplicable => ItemStatus::NotApplicable,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_in_the_repository_is_that_of_the_types() {
        let kept = include_str!("report.schema.json");
        assert!(kept == super::schema(), "run `cargo run -- schema > src/report/report.schema.json`");
    }
}
