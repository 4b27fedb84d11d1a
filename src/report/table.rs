//! The table: what fails, which resource, why, how to mend it, and what is left to confirm by hand.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use comfy_table::{Cell, Color};
use golive_checks::{
    Acceptance, Answer, Assessment, Cause, Finding, FindingStatus, ItemResult, RuleResult, Says, Severity, Status,
    Unreadable, Untrusted,
};

use super::Document;
use super::text::{Style, count, harmless, plain, severity_cell, status_cell};
use crate::review::readiness::Readiness;

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
    denied(&mut out, document, style);
    accepted(&mut out, document, all, style);
    unreadable(&mut out, document, all, style);
    warnings(&mut out, document, style);
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
    line!(out, "Ready: {}", percent(Readiness::of(&document.assessment.items)));
    if !document.settings.is_empty() {
        let changed: Vec<_> = document.settings.iter().map(|it| format!("{} = {}", it.name, it.value)).collect();
        out.push_str(&style.wrapped(0, &format!("Settings of golive.toml: {}", harmless(&changed.join(", ")))));
    }
    if !document.selection.skipped.is_empty() {
        let skipped = document.selection.skipped.join(", ");
        out.push_str(&style.wrapped(0, &format!("Left out by golive.toml: {}", harmless(&skipped))));
    }
}

/// `42 %`, or `nothing applies`.
pub fn percent(readiness: Readiness) -> String {
    readiness.percent().map_or("nothing applies".to_owned(), |percent| format!("{percent} %"))
}

fn sections(out: &mut String, document: &Document<'_>, all: bool, style: Style) {
    for (section, mut results) in document.sections() {
        let ready = percent(Readiness::of(results.iter().copied()));
        results.sort_by_key(|result| (rank(result.status), Reverse(worst(document, result))));
        line!(out);
        line!(out, "{}  {}", style.heading(section.title), style.faint(&ready));
        let [status, severity, last] = ITEM_COLUMNS;
        for result in results {
            let mut table = style.table(&[status, style.width.saturating_sub(status + severity + last), severity]);
            let title =
                vec![status_cell(result.status), Cell::new(result.item.title), Cell::new(""), passes(document, result)];
            table.add_row(title);
            table.add_rows(open_rules(document, result));
            body(out, &table.to_string());
            let mut lines: Vec<String> = result.answer.as_ref().map(answer_line).into_iter().collect();
            if all {
                lines.extend(document.assessment.evidence(result));
                lines.extend(result.answer.iter().flat_map(answer_details));
            }
            lines.iter().for_each(|line| out.push_str(&style.wrapped(usize::from(status) + 3, &harmless(line))));
        }
    }
}

/// Appends a table without its empty head and without blanks at the ends of lines.
fn body(out: &mut String, table: &str) {
    for row in table.lines().skip(1) {
        line!(out, "{}", row.trim_end());
    }
}

/// Who answered, when, and until when it counts.
pub fn answer_line(answer: &Answer) -> String {
    let (by, on) = (plain(&answer.by), answer.on);
    let until = answer.until.map(|day| day.to_string()).unwrap_or_default();
    match answer.says {
        _ if answer.expired => format!("{by} answered on {on}; expired on {until}"),
        Says::Yes => format!("{by} confirmed it on {on}, until {until}"),
        Says::No => format!("{by} denied it on {on}: {}", plain(&answer.note)),
        Says::NotApplicable => format!("{by} on {on}, until {until}: does not apply: {}", plain(&answer.note)),
    }
}

fn answer_details(answer: &Answer) -> Vec<String> {
    let note = Some(&answer.note).filter(|note| answer.says == Says::Yes && !note.raw().is_empty());
    let note = note.map(|note| format!("Note: {}", plain(note)));
    note.into_iter().chain(answer.evidence.iter().map(|link| format!("Evidence: {}", plain(link)))).collect()
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
    let open = |rule: &RuleResult| matches!(rule.status, Status::Fail | Status::Unknown);
    rules.retain(|rule| open(rule) || rule.count(FindingStatus::Accepted) > 0);
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
    let accepted = rule.count(FindingStatus::Accepted);
    let fails = (fail > 0).then(|| format!("{fail} of {} fail", rule.findings.len()));
    let unknowns = (unknown > 0).then(|| format!("{unknown} unknown"));
    let accepts = (accepted > 0).then(|| format!("{accepted} accepted"));
    fails.into_iter().chain(unknowns).chain(accepts).collect::<Vec<_>>().join(", ")
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
        found(out, rule, FindingStatus::Fail, all, style);
        out.push_str(&style.wrapped(3, &format!("Remedy: {}", rule.rule.remedy.summary)));
    }
}

/// What a rule found of one status, below its title.
fn found(out: &mut String, rule: &RuleResult, status: FindingStatus, all: bool, style: Style) {
    title(out, rule.rule.severity, rule.rule.title, rule.rule.id, style);
    let findings: Vec<&Finding> = rule.findings.iter().filter(|finding| finding.status == status).collect();
    let shown = if all { findings.len() } else { findings.len().min(SHOWN) };
    resources(out, &findings[..shown], style);
    if shown < findings.len() {
        let rest = format!("… and {} more; --all shows them", findings.len() - shown);
        line!(out, "   {}", style.faint(&rest));
    }
}

/// The severity and title of a rule or item, below an empty line.
fn title(out: &mut String, severity: Severity, title: &str, id: &str, style: Style) {
    line!(out);
    let mut table = style.table(&[10]);
    table.add_row(vec![severity_cell(severity), Cell::new(format!("{title} ({id})"))]);
    body(out, &table.to_string());
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
            Cell::new(seen(finding)),
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

/// Items that a person's no makes fail.
fn denied(out: &mut String, document: &Document<'_>, style: Style) {
    let denied: Vec<_> = document.assessment.items.iter().filter(|item| item.is_denied()).collect();
    if denied.is_empty() {
        return;
    }
    line!(out);
    line!(out, "{}", style.heading("What people say is not done"));
    for item in denied {
        title(out, item.item.severity(), item.item.title, item.item.id, style);
        for line in item.answer.iter().map(answer_line) {
            out.push_str(&style.wrapped(3, &line));
        }
        out.push_str(&style.wrapped(3, item.item.what));
    }
}

/// Failures that somebody accepts.
fn accepted(out: &mut String, document: &Document<'_>, all: bool, style: Style) {
    let mut rules: Vec<_> = document.assessment.rules.iter().collect();
    rules.retain(|rule| rule.count(FindingStatus::Accepted) > 0);
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|rule| Reverse(rule.rule.severity));
    line!(out);
    line!(out, "{}", style.heading("What fails and is accepted"));
    rules.into_iter().for_each(|rule| found(out, rule, FindingStatus::Accepted, all, style));
}

/// What was seen of a resource, and until when, by whom and why it is or was accepted.
pub fn seen(finding: &Finding) -> String {
    let accepted = finding.acceptance.as_deref().map(|it| format!("; {}", acceptance_line(it))).unwrap_or_default();
    format!("{}{accepted}", plain(&finding.detail))
}

/// `vol-1 (eu-west-1): is not encrypted`
pub fn finding_line(finding: &Finding) -> String {
    format!("{} ({}): {}", plain(&finding.resource), plain(&finding.region), seen(finding))
}

/// Until when a failure is or was accepted, by whom and why.
pub fn acceptance_line(acceptance: &Acceptance) -> String {
    let owner = acceptance.owner.as_ref().map(|owner| format!(" by {}", plain(owner))).unwrap_or_default();
    let until = acceptance.until.map_or("for ever".to_owned(), |day| format!("until {day}"));
    let word = if acceptance.expired { "was accepted" } else { "accepted" };
    format!("{word}{owner} {until}: {}", plain(&acceptance.reason))
}

/// What golive.toml says to no effect.
fn warnings(out: &mut String, document: &Document<'_>, style: Style) {
    if document.warnings.is_empty() {
        return;
    }
    line!(out);
    line!(out, "{}", style.heading("Warnings"));
    for warning in document.warnings {
        out.push_str(&style.wrapped(3, &harmless(warning)));
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
    line!(out);
    line!(out, "{}", style.heading(style.wrapped(0, &summary_line(document.assessment)).trim_end()));
    if document.decision.tolerated > 0 {
        line!(out, "{} tolerated: the baseline has them.", count(document.decision.tolerated, "old failure"));
    }
    out.push_str(&style.wrapped(0, &next(document)));
}

/// `93 items: 25 fail, 3 unknown, 65 manual; 2 failures are accepted`
pub fn summary_line(assessment: &Assessment) -> String {
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
    let accepted = match assessment.accepted() {
        0 => String::new(),
        number => format!("; {} accepted", count(number, "failure")),
    };
    format!("{}: {}{accepted}", count(assessment.items.len(), "item"), counts.join(", "))
}

/// What to do next, in a sentence.
pub fn next(document: &Document<'_>) -> String {
    let failing = document.assessment.rules.iter().filter(|rule| rule.status == Status::Fail);
    let worst = failing.min_by_key(|rule| Reverse(rule.rule.severity));
    let denied = document.assessment.items.iter().find(|item| item.is_denied());
    let manual = document.assessment.count(Status::Manual);
    if let Some(worst) = worst {
        let severity = worst.rule.severity.as_str();
        format!("Next: mend what is {severity} first; `golive explain {}` tells how.", worst.rule.id)
    } else if let Some(denied) = denied {
        format!("Next: do what is not done; `golive attest {}` says when it is.", denied.item.id)
    } else if document.assessment.count(Status::Unknown) > 0 {
        "Next: let golive read what it could not, and run it again.".to_owned()
    } else if manual > 0 {
        format!("Next: confirm {} by hand; `golive review` walks through them.", count(manual, "manual item"))
    } else {
        "Nothing fails and nothing is left to confirm.".to_owned()
    }
}
