//! SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"), for code scanning: what fails, what is accepted
//! (suppressed) and what is unknown (open). What passes and what waits for a person is in the other formats.

use golive_checks::{Finding, FindingStatus, ItemResult, Rule, RuleResult, Severity};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::text::{harmless, plain};
use super::{Document, table};

/// What a part of a URI may hold as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report.
pub fn render(document: &Document<'_>) -> String {
    let (account, assessment, decision) = (document.account, document.assessment, document.decision);
    let mut rules: Vec<Value> = assessment.rules.iter().map(|result| of_rule(result.rule)).collect();
    let mut results = Vec::new();
    for (place, result) in assessment.rules.iter().enumerate() {
        for (finding_place, finding) in result.findings.iter().enumerate() {
            if finding.status != FindingStatus::Pass {
                let old = decision.old.contains(&(place, finding_place));
                results.push(of_finding(document, place, result, finding, old));
            }
        }
    }
    for item in assessment.items.iter().filter(|item| item.is_denied()) {
        results.push(of_denied(document, rules.len(), item));
        rules.push(of_item(item));
    }
    let notify = |level: &str, text: &str| json!({ "level": level, "message": { "text": harmless(text) } });
    let mut notifications: Vec<Value> =
        assessment.unreadable.iter().map(|reason| notify("error", reason.reason().raw())).collect();
    notifications.extend(document.warnings.iter().map(|warning| notify("warning", warning)));
    let run = json!({
        "tool": { "driver": {
            "name": "golive",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        } },
        "automationDetails": { "id": format!("golive/{}/", harmless(&account.id)) },
        "invocations": [{
            "executionSuccessful": decision.code < 128,
            "exitCode": decision.code,
            "startTimeUtc": account.taken_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "toolExecutionNotifications": notifications,
        }],
        "results": results,
    });
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] });
    format!("{log:#}\n")
}

fn of_rule(rule: &Rule) -> Value {
    let remedy = rule.remedy;
    let mut tags: Vec<&str> = vec!["aws"];
    tags.extend(rule.controls);
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.decided },
        "help": { "text": format!("{}\nConsole: {}\nAWS CLI:\n{}\nTerraform: {}", remedy.summary, remedy.console, remedy.cli, remedy.terraform) },
        "helpUri": rule.references.first().map(|reference| reference.url),
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": tags, "security-severity": score(rule.severity) },
    })
}

fn of_item(result: &ItemResult) -> Value {
    let item = result.item;
    json!({
        "id": item.id,
        "shortDescription": { "text": item.title },
        "fullDescription": { "text": item.what },
        "help": { "text": item.confirm },
        "helpUri": item.references.first().map(|reference| reference.url),
        "defaultConfiguration": { "level": level(item.severity()) },
        "properties": { "tags": ["aws"], "security-severity": score(item.severity()) },
    })
}

fn of_finding(document: &Document<'_>, rule: usize, result: &RuleResult, finding: &Finding, old: bool) -> Value {
    let (resource, region) = (plain(&finding.resource), plain(&finding.region));
    let unknown = finding.status == FindingStatus::Unknown;
    let mut json = json!({
        "ruleId": result.rule.id,
        "ruleIndex": rule,
        "kind": if unknown { "open" } else { "fail" },
        "level": if unknown { "none" } else { level(result.rule.severity) },
        "message": { "text": table::finding_line(finding) },
        "locations": [location(document, &region, &resource)],
        "partialFingerprints": { "golive/v1": format!("{}/{region}/{resource}", result.rule.id) },
    });
    if let Some(acceptance) = finding.acceptance.as_ref().filter(|acceptance| !acceptance.expired) {
        let justification = table::acceptance_line(acceptance);
        json["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": justification }]);
    }
    if old {
        json["baselineState"] = json!("unchanged");
    }
    json
}

fn of_denied(document: &Document<'_>, rule: usize, item: &ItemResult) -> Value {
    let text = item.answer.as_ref().map(table::answer_line).unwrap_or_default();
    json!({
        "ruleId": item.item.id,
        "ruleIndex": rule,
        "kind": "fail",
        "level": level(item.item.severity()),
        "message": { "text": text },
        "locations": [location(document, "global", item.item.id)],
        "partialFingerprints": { "golive/v1": item.item.id },
    })
}

/// Code scanning wants a file. A resource has none, so that its place in the account stands for it.
fn location(document: &Document<'_>, region: &str, resource: &str) -> Value {
    let parts = ["aws", document.account.id.as_str(), region, resource];
    let uri: Vec<String> = parts.iter().map(|part| utf8_percent_encode(part, ESCAPED).to_string()).collect();
    json!({
        "physicalLocation": { "artifactLocation": { "uri": uri.join("/") } },
        "logicalLocations": [{ "name": resource, "fullyQualifiedName": parts.join("/"), "kind": "resource" }],
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// What code scanning sorts by, from 0 to 10.
fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}
