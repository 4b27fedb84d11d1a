//! Markdown, as GitHub and GitLab show it in pull requests and wikis.

use std::cmp::Reverse;
use std::fmt::Write;

use golive_checks::{Finding, FindingStatus, ItemResult, RuleResult, Severity, Status, Untrusted};

use super::text::{count, harmless, plain};
use super::{Document, table};
use crate::review::readiness::Readiness;

/// Resources shown of one rule.
const SHOWN: usize = 5;
/// Characters of the report at most: GitHub takes 65536 in a comment.
const LONGEST: usize = 60_000;

/// The report.
pub fn render(document: &Document<'_>) -> String {
    let assessment = document.assessment;
    let mut out = String::new();
    head(&mut out, document);
    let mut cut = 0;
    let mut parts = rules(document);
    parts.extend(people(document));
    parts.extend(unreadable(document));
    for part in parts {
        if out.len() + part.len() > LONGEST {
            cut += 1;
        } else {
            out.push_str(&part);
        }
    }
    let manual: Vec<&ItemResult> = assessment.items.iter().filter(|item| item.status == Status::Manual).collect();
    if !manual.is_empty() {
        let list: String = manual.iter().map(|item| format!("- {} (`{}`)\n", item.item.title, item.item.id)).collect();
        let title = count(manual.len(), "item");
        let part = format!("<details><summary>{title} to be confirmed by a person</summary>\n\n{list}\n</details>\n\n");
        if out.len() + part.len() > LONGEST { cut += 1 } else { out.push_str(&part) }
    }
    if cut > 0 {
        let _ = writeln!(out, "{} left out: the report is too long. The JSON report has all.", count(cut, "part"));
    }
    out
}

fn head(out: &mut String, document: &Document<'_>) {
    let (account, assessment, decision) = (document.account, document.assessment, document.decision);
    let verdict = match decision.code {
        0 => "ready",
        1 => "not ready",
        _ => "not all could be read",
    };
    let _ = writeln!(out, "## golive: {verdict}\n");
    let taken = account.taken_at.strftime("%Y-%m-%d %H:%M UTC");
    let ready = table::percent(Readiness::of(&assessment.items));
    let _ = writeln!(
        out,
        "AWS account {}, read {taken}. **Ready: {ready}**. {}.\n",
        code(&account.id),
        table::summary_line(assessment)
    );
    for reason in &decision.reasons {
        let _ = writeln!(out, "- {reason}");
    }
    let _ = writeln!(out, "\n| Section | Ready | fail | unknown | manual | pass |\n|---|--:|--:|--:|--:|--:|");
    for (section, results) in document.sections() {
        let number = |status| results.iter().filter(|result| result.status == status).count();
        let [fail, unknown, manual, pass] = [Status::Fail, Status::Unknown, Status::Manual, Status::Pass].map(number);
        let ready = table::percent(Readiness::of(results.iter().copied()));
        let _ = writeln!(out, "| {} | {ready} | {fail} | {unknown} | {manual} | {pass} |", section.title);
    }
    out.push('\n');
}

/// What fails and what is accepted, a part for each rule, the most severe first.
fn rules(document: &Document<'_>) -> Vec<String> {
    let mut rules: Vec<&RuleResult> = document.assessment.rules.iter().collect();
    rules.sort_by_key(|result| Reverse(result.rule.severity));
    let fails = rules.iter().filter(|result| result.status == Status::Fail);
    let mut parts: Vec<String> = fails
        .map(|result| {
            let counts = document.decision.counting.contains(result.rule.id);
            let note = if counts { "" } else { " (does not count for the exit code)" };
            rule(result, FindingStatus::Fail, note)
        })
        .collect();
    let accepted = rules.iter().filter(|result| result.count(FindingStatus::Accepted) > 0);
    parts.extend(accepted.map(|result| rule(result, FindingStatus::Accepted, " (accepted)")));
    parts
}

fn rule(result: &RuleResult, status: FindingStatus, note: &str) -> String {
    let rule = result.rule;
    let mut out = String::new();
    let _ = writeln!(out, "### {} {}: {}{note}\n", sign(rule.severity), rule.severity.as_str(), rule.title);
    let _ = writeln!(out, "| `{}` | Region | Seen |\n|---|---|---|", rule.id);
    let findings: Vec<&Finding> = result.findings.iter().filter(|finding| finding.status == status).collect();
    for finding in findings.iter().take(SHOWN) {
        let seen = table::seen(finding);
        let _ =
            writeln!(out, "| {} | {} | {} |", untrusted(&finding.resource), untrusted(&finding.region), code(&seen));
    }
    out.push('\n');
    if findings.len() > SHOWN {
        let _ = writeln!(out, "… and {} more.\n", findings.len() - SHOWN);
    }
    if status == FindingStatus::Fail {
        let _ = writeln!(out, "Remedy: {} `golive explain {}` tells more.\n", rule.remedy.summary, rule.id);
    }
    out
}

/// What people say is not done.
fn people(document: &Document<'_>) -> Option<String> {
    let denied = document.assessment.items.iter().filter(|item| item.is_denied());
    let line = |item: &ItemResult| {
        let answer = item.answer.as_ref().map(table::answer_line).unwrap_or_default();
        format!("- {} (`{}`): {}\n", item.item.title, item.item.id, code(&answer))
    };
    let lines: String = denied.map(line).collect();
    (!lines.is_empty()).then(|| format!("### What people say is not done\n\n{lines}\n"))
}

/// What could not be read, and what golive.toml says to no effect.
fn unreadable(document: &Document<'_>) -> Vec<String> {
    let list = |title: &str, lines: Vec<String>| {
        let shown: String = lines.iter().take(SHOWN * 4).map(|line| format!("- {}\n", code(line))).collect();
        let more = lines.len().saturating_sub(SHOWN * 4);
        let more = if more > 0 { format!("- … and {more} more\n") } else { String::new() };
        (!lines.is_empty()).then(|| format!("### {title}\n\n{shown}{more}\n"))
    };
    let reasons = document.assessment.unreadable.iter().map(|reason| reason.reason().raw().to_owned()).collect();
    let warnings = document.warnings.to_vec();
    [list("What could not be read", reasons), list("Warnings", warnings)].into_iter().flatten().collect()
}

fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "🔴",
        Severity::Medium => "🟠",
        Severity::Low => "🟡",
    }
}

fn untrusted(text: &Untrusted) -> String {
    code(&plain(text))
}

/// Text as code, in which Markdown, HTML, mentions and links mean nothing (GitHub Flavored Markdown Spec, "Code spans"
/// and "Tables (extension)").
fn code(text: &str) -> String {
    let text = harmless(text).replace('|', "\\|");
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_code_span() {
        assert_eq!(code("vol-1"), "`vol-1`");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("``<img> @team"), "``` ``<img> @team ```");
        assert_eq!(code("two\nlines"), "`two\\u{a}lines`");
        assert_eq!(code(""), "`  `");
    }
}
