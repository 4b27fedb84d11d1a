//! The JSON report. Its JSON Schema is made from these types and kept beside them in `report.schema.json`. Reports are
//! read again as baselines and to be compared.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use golive_checks::{
    Acceptance, Answer, Assessment, Decides, Finding, FindingStatus, ItemResult, RuleResult, Says, Severity, Status,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Document;
use crate::review::readiness::Readiness;

/// Grows whenever a field changes its meaning or goes away.
pub const SCHEMA_VERSION: u32 = 2;

type Text<'a> = Cow<'a, str>;

/// The report of one audit by golive.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "golive report")]
#[serde(deny_unknown_fields)]
pub struct Report<'a> {
    /// The version of this form.
    pub schema_version: u32,
    /// The version of golive that wrote it.
    pub tool_version: Text<'a>,
    /// The twelve-digit id of the audited account.
    pub account: Text<'a>,
    /// The audited regions.
    pub regions: Vec<Text<'a>>,
    /// When reading the account began (RFC 3339).
    pub taken_at: Text<'a>,
    /// The exit code of the gate and why.
    pub gate: Gate<'a>,
    /// How many items have each status, and how many failures are accepted.
    pub summary: Summary,
    /// How much of the chosen items is ready.
    pub readiness: Score,
    /// The sections of the chosen items in checklist order.
    pub sections: Vec<Section<'a>>,
    /// Thresholds of rules that are not as they come.
    pub settings: BTreeMap<Text<'a>, Text<'a>>,
    /// The chosen items in checklist order.
    pub items: Vec<Item<'a>>,
    /// What could not be read, each once.
    pub unreadable: Vec<Unreadable<'a>>,
    /// What golive.toml says to no effect. Quotes untrusted text.
    pub warnings: Vec<Text<'a>>,
}

/// The gate's decision.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gate<'a> {
    /// 0 ready, 1 something fails, 3 something is unknown.
    pub exit_code: u8,
    /// What led to it.
    pub reasons: Vec<Text<'a>>,
    /// Failures that the baseline has, too.
    pub tolerated: usize,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    pub pass: usize,
    pub fail: usize,
    pub manual: usize,
    pub unknown: usize,
    pub not_applicable: usize,
    /// Failing findings that are accepted.
    pub accepted: usize,
}

/// Readiness: an item weighs as its most severe rule does (critical 8, high 4, medium 2, low 1; medium where people alone
/// can tell), and is ready when it passes. What does not apply counts on neither side.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// From 0 to 100, rounded down; null where nothing applies.
    pub percent: Option<u32>,
    /// The weight of the items that pass.
    pub ready: u32,
    /// The weight of all items that apply.
    pub of: u32,
}

/// A section of the checklist.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub readiness: Score,
}

/// An item of the checklist.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item<'a> {
    /// `section/slug`
    pub id: Text<'a>,
    /// The section's id.
    pub section: Text<'a>,
    pub title: Text<'a>,
    pub decides: DecidedBy,
    pub status: ItemStatus,
    /// What was seen, for a person who confirms the item.
    pub evidence: Vec<Text<'a>>,
    /// The latest answer of a person on it; null if there is none.
    pub answer: Option<Attested<'a>>,
    pub rules: Vec<Rule<'a>>,
}

/// A person's answer on an item. Its text comes from golive.toml.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attested<'a> {
    pub answer: AnswerName,
    /// Who gave it.
    pub by: Text<'a>,
    /// When (`2026-11-25`).
    pub on: Text<'a>,
    /// The last day that it counts; null for a no.
    pub expires: Option<Text<'a>>,
    /// Whether that day was over when the account was read, so that it does not count.
    pub expired: bool,
    /// What was looked at, or the reason.
    pub note: Text<'a>,
    /// Links to what proves it.
    pub evidence: Vec<Text<'a>>,
}

/// A rule and what it found. A rule that serves several items stands in each.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule<'a> {
    pub id: Text<'a>,
    pub title: Text<'a>,
    pub severity: SeverityName,
    pub status: ItemStatus,
    pub findings: Vec<OneFinding<'a>>,
}

/// What a rule says of one resource.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OneFinding<'a> {
    pub status: FindingStatusName,
    /// The resource's id or name as AWS knows it. Untrusted text.
    pub resource: Text<'a>,
    /// Its region, or `global`.
    pub region: Text<'a>,
    /// What was seen, in one line. Untrusted text.
    pub detail: Text<'a>,
    /// The exception of golive.toml that accepts it, or did until it expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<Accepted<'a>>,
}

/// Why a failure is accepted. Its text comes from golive.toml.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepted<'a> {
    pub reason: Text<'a>,
    /// Who answers for it.
    pub owner: Option<Text<'a>>,
    /// The last day that it counts; null when it never expires.
    pub expires: Option<Text<'a>>,
    /// Whether that day was over when the account was read, so that the failure counts.
    pub expired: bool,
}

/// Something that could not be read.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unreadable<'a> {
    /// The IAM action that the request needs.
    pub action: Text<'a>,
    /// The region asked; null for a global service.
    pub region: Option<Text<'a>>,
    /// The resource asked about; null where the request names none.
    pub resource: Option<Text<'a>>,
    /// What went wrong and what to do. Untrusted text.
    pub reason: Text<'a>,
}

/// Who can tell whether an item is done.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedBy {
    Machine,
    Partly,
    Human,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    Pass,
    Fail,
    Manual,
    Unknown,
    NotApplicable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FindingStatusName {
    Pass,
    Fail,
    Accepted,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerName {
    Yes,
    No,
    NotApplicable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SeverityName {
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

/// The report of an audit.
pub fn report<'a>(document: &Document<'a>) -> Report<'a> {
    let Document { account, assessment, decision, .. } = *document;
    let sections = document.sections().map(|(section, items)| Section {
        id: section.id.into(),
        title: section.title.into(),
        readiness: score(Readiness::of(items)),
    });
    Report {
        schema_version: SCHEMA_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").into(),
        account: account.id.as_str().into(),
        regions: account.regions.iter().map(|region| region.name.as_str().into()).collect(),
        taken_at: account.taken_at.to_string().into(),
        gate: Gate {
            exit_code: decision.code,
            reasons: decision.reasons.iter().map(|reason| reason.as_str().into()).collect(),
            tolerated: decision.tolerated,
        },
        summary: Summary {
            pass: assessment.count(Status::Pass),
            fail: assessment.count(Status::Fail),
            manual: assessment.count(Status::Manual),
            unknown: assessment.count(Status::Unknown),
            not_applicable: assessment.count(Status::NotApplicable),
            accepted: assessment.accepted(),
        },
        readiness: score(Readiness::of(&assessment.items)),
        sections: sections.collect(),
        settings: document.settings.iter().map(|it| (it.name.into(), it.value.as_str().into())).collect(),
        items: items(assessment),
        unreadable: assessment.unreadable.iter().map(unreadable).collect(),
        warnings: document.warnings.iter().map(|warning| warning.as_str().into()).collect(),
    }
}

impl Item<'_> {
    /// Whether a person's no makes it fail.
    pub fn is_denied(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.answer == AnswerName::No)
    }
}

/// The items of an assessment.
pub fn items(assessment: &Assessment) -> Vec<Item<'_>> {
    assessment.items.iter().map(|item| one_item(assessment, item)).collect()
}

/// The rules of some items, each once: a rule that serves several items stands in each.
pub fn rules<'a, 'b>(items: &'b [Item<'a>]) -> impl Iterator<Item = &'b Rule<'a>> {
    let mut seen = BTreeSet::new();
    items.iter().flat_map(|item| &item.rules).filter(move |rule| seen.insert(&rule.id))
}

fn score(readiness: Readiness) -> Score {
    Score { percent: readiness.percent(), ready: readiness.ready, of: readiness.of }
}

fn one_item<'a>(assessment: &'a Assessment, result: &'a ItemResult) -> Item<'a> {
    Item {
        id: result.item.id.into(),
        section: result.item.section().into(),
        title: result.item.title.into(),
        decides: match result.item.decides {
            Decides::Machine => DecidedBy::Machine,
            Decides::Partly => DecidedBy::Partly,
            Decides::Human => DecidedBy::Human,
        },
        status: status(result.status),
        evidence: assessment.evidence(result).into_iter().map(Cow::Owned).collect(),
        answer: result.answer.as_ref().map(answer),
        rules: assessment.rules_of(result).map(one_rule).collect(),
    }
}

fn answer(answer: &Answer) -> Attested<'_> {
    Attested {
        answer: match answer.says {
            Says::Yes => AnswerName::Yes,
            Says::No => AnswerName::No,
            Says::NotApplicable => AnswerName::NotApplicable,
        },
        by: answer.by.raw().into(),
        on: answer.on.to_string().into(),
        expires: answer.until.map(|day| day.to_string().into()),
        expired: answer.expired,
        note: answer.note.raw().into(),
        evidence: answer.evidence.iter().map(|link| link.raw().into()).collect(),
    }
}

fn one_rule(result: &RuleResult) -> Rule<'_> {
    Rule {
        id: result.rule.id.into(),
        title: result.rule.title.into(),
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
            FindingStatus::Accepted => FindingStatusName::Accepted,
            FindingStatus::Unknown => FindingStatusName::Unknown,
        },
        resource: finding.resource.raw().into(),
        region: finding.region.raw().into(),
        detail: finding.detail.raw().into(),
        exception: finding.acceptance.as_deref().map(exception),
    }
}

fn exception(acceptance: &Acceptance) -> Accepted<'_> {
    Accepted {
        reason: acceptance.reason.raw().into(),
        owner: acceptance.owner.as_ref().map(|owner| owner.raw().into()),
        expires: acceptance.until.map(|day| day.to_string().into()),
        expired: acceptance.expired,
    }
}

fn unreadable(unreadable: &golive_checks::Unreadable) -> Unreadable<'_> {
    Unreadable {
        action: unreadable.action.as_str().into(),
        region: unreadable.region.as_ref().map(|region| region.raw().into()),
        resource: unreadable.resource.as_ref().map(|resource| resource.raw().into()),
        reason: unreadable.reason().raw().to_owned().into(),
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
