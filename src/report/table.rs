//! The table: what fails, which resource, why, how to mend it, and what is left to confirm by hand.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use comfy_table::{Cell, Color};
use golive_checks::{Cause, Finding, FindingStatus, ItemResult, RuleResult, Severity, Status, Unreadable, Untrusted};

use super::Document;
use super::text::{Style, count, harmless, plain, severity_cell, status_cell};

/// Resources shown of one rule, unless all are asked for.
const SHOWN: usize = 5;
/// Widths of the columns: status, severity, result; the title between them takes the rest.
const ITEM_COLUMNS: [u16; 3] = [10, 10, 21];
/// Widths of the columns of failing resources: indent, region.
const RESOURCE_COLUMNS: [u16; 2] = [2, 16];

/// The report for people.
pub fn render(document: &Document<'_>, all: bool, style: Style) -> String {
    let mut out = String::new();
    head(&mut out, document, style);
    sections(&mut out, document, all, style);
    failures(&mut out, document, all, style);
    unreadable(&mut out, document, all, style);
    summary(&mut out, document, style);
    out
}

/// Appends a line. Writing to a string cannot fail.
macro_rules! line {
    ($out:expr) => { $out.push('\n') };
    ($out:expr, $($text:tt)*) => {{ let _ = writeln!($out, $($text)*); }};
}

fn head(out: &mut String, document: &Document<'_>, style: Style) {
    let account = document.account;
    let regions: Vec<_> = account.regions.iter().map(|region| harmless(&region.name)).collect();
    line!(out, "{}", style.heading(&format!("Production readiness of AWS account {}", harmless(&account.id))));
    out.push_str(&style.wrapped(0, &format!("{}: {}", count(regions.len(), "region"), regions.join(", "))));
    let taken = account.taken_at.strftime("%Y-%m-%d %H:%M UTC");
    line!(out, "Read {taken} by golive {}", env!("CARGO_PKG_VERSION"));
}

fn sections(out: &mut String, document: &Document<'_>, all: bool, style: Style) {
    for (section, items) in document.selection.sections() {
        let mut results: Vec<&ItemResult> = document
            .assessment
            .items
            .iter()
            .filter(|result| items.iter().any(|item| item.id == result.item.id))
            .collect();
        results.sort_by_key(|result| (rank(result.status), Reverse(worst(document, result))));
        line!(out);
        line!(out, "{}", style.heading(section.title));
        let [status, severity, last] = ITEM_COLUMNS;
        let mut table = style.table(&[status, style.width.saturating_sub(status + severity + last), severity]);
        for result in results {
            let title =
                vec![status_cell(result.status), Cell::new(result.item.title), Cell::new(""), passes(document, result)];
            table.add_row(title);
            table.add_rows(open_rules(document, result));
            if all {
                table.add_rows(
                    result.evidence.iter().map(|it| vec![Cell::new(""), Cell::new(format!("  {}", harmless(it)))]),
                );
            }
        }
        body(out, &table.to_string());
    }
}

/// Appends a table without its empty head and without blanks at the ends of lines.
fn body(out: &mut String, table: &str) {
    for row in table.lines().skip(1) {
        line!(out, "{}", row.trim_end());
    }
}

fn rank(status: Status) -> u8 {
    match status {
        Status::Fail => 0,
        Status::Unknown => 1,
        Status::Manual => 2,
        Status::Pass => 3,
        Status::NotApplicable => 4,
    }
}

fn worst(document: &Document<'_>, result: &ItemResult) -> Option<Severity> {
    let failing = document.assessment.rules_of(result).filter(|rule| rule.status == Status::Fail);
    failing.map(|rule| rule.rule.severity).max()
}

/// For an item that people confirm: how much of it golive saw to be good.
fn passes(document: &Document<'_>, result: &ItemResult) -> Cell {
    let passed: usize = document.assessment.rules_of(result).map(|rule| rule.count(FindingStatus::Pass)).sum();
    let shown = result.status == Status::Manual && passed > 0;
    Cell::new(if shown { format!("{} pass", count(passed, "check")) } else { String::new() })
}

/// A row for each failing or unknown rule of an item, the most severe first.
fn open_rules(document: &Document<'_>, result: &ItemResult) -> Vec<Vec<Cell>> {
    let mut rules: Vec<&RuleResult> = document.assessment.rules_of(result).collect();
    rules.retain(|rule| matches!(rule.status, Status::Fail | Status::Unknown));
    rules.sort_by_key(|rule| (rank(rule.status), Reverse(rule.rule.severity)));
    let row = |rule: &RuleResult| {
        let id = Cell::new(format!("  {}", rule.rule.id));
        vec![Cell::new(""), id, severity_cell(rule.rule.severity), Cell::new(tally(rule))]
    };
    rules.into_iter().map(row).collect()
}

/// `2 of 14 fail, 1 unknown`
fn tally(rule: &RuleResult) -> String {
    let (fail, unknown) = (rule.count(FindingStatus::Fail), rule.count(FindingStatus::Unknown));
    let fails = (fail > 0).then(|| format!("{fail} of {} fail", rule.findings.len()));
    let unknowns = (unknown > 0).then(|| format!("{unknown} unknown"));
    fails.into_iter().chain(unknowns).collect::<Vec<_>>().join(", ")
}

fn failures(out: &mut String, document: &Document<'_>, all: bool, style: Style) {
    let mut failing: Vec<&RuleResult> =
        document.assessment.rules.iter().filter(|rule| rule.status == Status::Fail).collect();
    if failing.is_empty() {
        return;
    }
    failing.sort_by_key(|rule| Reverse(rule.rule.severity));
    line!(out);
    line!(out, "{}", style.heading("What fails, and how to mend it"));
    for rule in failing {
        line!(out);
        let mut title = style.table(&[10]);
        title.add_row(vec![
            severity_cell(rule.rule.severity),
            Cell::new(format!("{} ({})", rule.rule.title, rule.rule.id)),
        ]);
        body(out, &title.to_string());
        let findings: Vec<&Finding> =
            rule.findings.iter().filter(|finding| finding.status == FindingStatus::Fail).collect();
        let shown = if all { findings.len() } else { findings.len().min(SHOWN) };
        resources(out, &findings[..shown], style);
        if shown < findings.len() {
            let rest = format!("… and {} more; --all shows them", findings.len() - shown);
            line!(out, "   {}", style.faint(&rest));
        }
        out.push_str(&style.wrapped(3, &format!("Remedy: {}", rule.rule.remedy.summary)));
    }
}

fn resources(out: &mut String, findings: &[&Finding], style: Style) {
    let [indent, region] = RESOURCE_COLUMNS;
    let widest = findings.iter().map(|finding| plain(&finding.resource).chars().count()).max().unwrap_or(0);
    let room = style.width / 5 * 2;
    let mut table = style.table(&[indent, u16::try_from(widest + 2).unwrap_or(u16::MAX).min(room), region]);
    for finding in findings {
        table.add_row(vec![
            Cell::new(""),
            Cell::new(plain(&finding.resource)).fg(Color::Cyan),
            Cell::new(plain(&finding.region)),
            Cell::new(plain(&finding.detail)),
        ]);
    }
    body(out, &table.to_string());
}

fn unreadable(out: &mut String, document: &Document<'_>, all: bool, style: Style) {
    let unreadable = &document.assessment.unreadable;
    if unreadable.is_empty() {
        return;
    }
    let mut actions: BTreeMap<(&str, Cause), Vec<&Unreadable>> = BTreeMap::new();
    for reason in unreadable {
        actions.entry((&reason.action, reason.cause)).or_default().push(reason);
    }
    line!(out);
    line!(out, "{}", style.heading("What could not be read"));
    for ((action, cause), reasons) in &actions {
        let regions: BTreeSet<&Untrusted> = reasons.iter().filter_map(|reason| reason.region.as_ref()).collect();
        let place = if regions.is_empty() { String::new() } else { format!(" in {}", several(&regions, all)) };
        let resources: BTreeSet<&Untrusted> = reasons.iter().filter_map(|reason| reason.resource.as_ref()).collect();
        let about = if resources.is_empty() { String::new() } else { format!(" for {}", several(&resources, all)) };
        let said = reasons.first().map(|reason| plain(&reason.message)).filter(|said| !said.is_empty());
        let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
        out.push_str(&style.wrapped(3, &format!("{action}{place}{about}: {}{said}", word(*cause))));
    }
    let denied: BTreeSet<&str> =
        unreadable.iter().filter(|reason| reason.cause == Cause::Denied).map(|reason| reason.action.as_str()).collect();
    if !denied.is_empty() {
        let actions: Vec<_> = denied.into_iter().collect();
        let add = format!("Allow the caller {}; `golive policy` prints the whole policy.", actions.join(", "));
        out.push_str(&style.wrapped(3, &add));
    }
}

fn several(names: &BTreeSet<&Untrusted>, all: bool) -> String {
    let shown = if all { names.len() } else { names.len().min(SHOWN) };
    let mut text = names.iter().take(shown).map(|name| plain(name)).collect::<Vec<_>>().join(", ");
    if shown < names.len() {
        let _ = write!(text, " and {} more", names.len() - shown);
    }
    text
}

fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Denied => "denied",
        Cause::DeniedByOrganization => "denied by a service control policy, ask who keeps it",
        Cause::NotEnabled => "the region or service is not enabled for the account",
        Cause::Suspended => "AWS has suspended the account",
        Cause::Throttled => "throttled, try again later",
        Cause::TimedOut => "timed out",
        Cause::Unreachable => "not reached",
        Cause::Malformed => "answered what AWS does not document",
        Cause::Expired => "the credentials expired, renew them and run again",
        Cause::Fault => "answered an error",
        Cause::AnotherAccount => "only the account that owns it can read it",
        Cause::Interrupted => "interrupted",
        Cause::NotRead => "not in this recording",
    }
}

fn summary(out: &mut String, document: &Document<'_>, style: Style) {
    let assessment = document.assessment;
    let counts = [
        (Status::Fail, "fail"),
        (Status::Unknown, "unknown"),
        (Status::Manual, "manual"),
        (Status::Pass, "pass"),
        (Status::NotApplicable, "not applicable"),
    ]
    .map(|(status, word)| (assessment.count(status), word));
    let counts: Vec<String> =
        counts.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    line!(out);
    line!(out, "{}", style.heading(&format!("{}: {}", count(assessment.items.len(), "item"), counts.join(", "))));
    out.push_str(&style.wrapped(0, &next(document)));
}

/// What to do next, in a sentence.
fn next(document: &Document<'_>) -> String {
    let failing = document.assessment.rules.iter().filter(|rule| rule.status == Status::Fail);
    let worst = failing.min_by_key(|rule| Reverse(rule.rule.severity));
    let manual = document.assessment.count(Status::Manual);
    if let Some(worst) = worst {
        let severity = worst.rule.severity.as_str();
        format!("Next: mend what is {severity} first; `golive explain {}` tells how.", worst.rule.id)
    } else if document.assessment.count(Status::Unknown) > 0 {
        "Next: let golive read what it could not, and run it again.".to_owned()
    } else if manual > 0 {
        let first = document.assessment.items.iter().find(|item| item.status == Status::Manual);
        let example = first.map(|item| item.item.id).unwrap_or_default();
        format!("Next: confirm {} by hand; `golive explain {example}` tells how.", count(manual, "manual item"))
    } else {
        "Nothing fails and nothing is left to confirm.".to_owned()
    }
}
