//! `golive diff`: what changed between two reports or recordings of an account.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use comfy_table::Cell;
use serde::Serialize;

use crate::cli::{Diff, DiffFormat, Filters};
use crate::config::Config;
use crate::output::{self, OutputFile};
use crate::past::Past;
use crate::report::json::{FindingStatusName, Item, ItemStatus, OneFinding, Rule, SeverityName, rules};
use crate::report::text::{self, Style, count, harmless};
use crate::selection::Selection;

/// What became of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Change {
    /// It fails, and did not.
    New,
    /// It failed, and does not.
    Fixed,
    /// Anything else.
    Changed,
}

/// The result.
#[derive(Debug, Serialize)]
struct Comparison {
    old: Side,
    new: Side,
    summary: Summary,
    /// Items whose status is not what it was.
    items: Vec<ItemChange>,
    /// Findings that are not what they were.
    findings: Vec<FindingChange>,
}

#[derive(Debug, Serialize)]
struct Side {
    account: String,
    taken_at: String,
}

/// How many findings became what.
#[derive(Debug, Default, Serialize)]
struct Summary {
    new: usize,
    fixed: usize,
    changed: usize,
    unchanged: usize,
    /// Old failures whose rule or region the newer one leaves out.
    not_compared: usize,
}

#[derive(Debug, Serialize)]
struct ItemChange {
    id: String,
    title: String,
    change: Change,
    old: ItemStatus,
    new: ItemStatus,
    /// A person's no makes it fail.
    denied: bool,
}

#[derive(Debug, Serialize)]
struct FindingChange {
    change: Change,
    rule: String,
    severity: SeverityName,
    resource: String,
    region: String,
    /// What was found; null when there was no such resource.
    old: Option<Found>,
    /// What is found; null when there is no such resource any more.
    new: Option<Found>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Found {
    status: FindingStatusName,
    detail: String,
}

/// Compares the two and prints the result. The exit code is 1 when something fails anew.
pub fn run(arguments: &Diff, config: &Config) -> anyhow::Result<u8> {
    let output = arguments.output.as_deref().map(|path| OutputFile::open(path, 0o666)).transpose()?;
    let selection = Selection::new(&Filters::default(), config)?;
    let old = Past::read(&arguments.old, &selection, config)?;
    let new = Past::read(&arguments.new, &selection, config)?;
    let comparison = compare(&old, &new);
    let text = match arguments.format {
        DiffFormat::Table => {
            let colour = output.is_none() && text::colour(&std::io::stdout());
            comparison.table(Style::new(colour))
        }
        DiffFormat::Json => serde_json::to_string_pretty(&comparison)? + "\n",
    };
    match output {
        Some(file) => file.write(|to| to.write_all(text.as_bytes()))?,
        None => output::print(&text)?,
    }
    Ok(comparison.exit_code())
}

fn compare(old: &Past, new: &Past) -> Comparison {
    let side = |past: &Past| Side { account: past.account.clone(), taken_at: past.taken_at.clone() };
    let mut comparison = Comparison {
        old: side(old),
        new: side(new),
        summary: Summary::default(),
        items: Vec::new(),
        findings: Vec::new(),
    };
    old.with_items(|before| {
        new.with_items(|now| {
            comparison.items = items(before, now);
            findings(before, now, &new.regions, &mut comparison);
        });
    });
    comparison.findings.sort_by(|a, b| {
        let key = |it: &FindingChange| (it.change, std::cmp::Reverse(rank(it.severity)));
        key(a).cmp(&key(b)).then_with(|| (&a.rule, &a.region, &a.resource).cmp(&(&b.rule, &b.region, &b.resource)))
    });
    for change in &comparison.findings {
        match change.change {
            Change::New => comparison.summary.new += 1,
            Change::Fixed => comparison.summary.fixed += 1,
            Change::Changed => comparison.summary.changed += 1,
        }
    }
    comparison
}

fn rank(severity: SeverityName) -> u8 {
    match severity {
        SeverityName::Low => 0,
        SeverityName::Medium => 1,
        SeverityName::High => 2,
        SeverityName::Critical => 3,
    }
}

fn items(before: &[Item<'_>], now: &[Item<'_>]) -> Vec<ItemChange> {
    let mut changes = Vec::new();
    for item in now {
        let Some(old) = before.iter().find(|old| old.id == item.id) else { continue };
        let change = match (old.status, item.status) {
            (old, new) if old == new => continue,
            (_, ItemStatus::Fail) => Change::New,
            // What is unknown may still fail.
            (ItemStatus::Fail, new) if new != ItemStatus::Unknown => Change::Fixed,
            _ => Change::Changed,
        };
        let denied = item.is_denied();
        let (id, title) = (item.id.to_string(), item.title.to_string());
        changes.push(ItemChange { id, title, change, old: old.status, new: item.status, denied });
    }
    changes
}

/// What a rule says of a resource in a region. More than one thing, where the rule judges parts of it.
type Groups<'a> = BTreeMap<(&'a str, &'a str), Vec<Found>>;

fn groups<'a>(rule: &'a Rule<'_>) -> Groups<'a> {
    let mut groups = Groups::new();
    for OneFinding { status, resource, region, detail, .. } in &rule.findings {
        let found = Found { status: *status, detail: detail.to_string() };
        groups.entry((region.as_ref(), resource.as_ref())).or_default().push(found);
    }
    groups
}

fn findings(before: &[Item<'_>], now: &[Item<'_>], regions: &[String], to: &mut Comparison) {
    let old_rules: BTreeMap<&str, &Rule<'_>> = rules(before).map(|rule| (rule.id.as_ref(), rule)).collect();
    let new_rules: BTreeMap<&str, &Rule<'_>> = rules(now).map(|rule| (rule.id.as_ref(), rule)).collect();
    let ids: BTreeSet<&str> = old_rules.keys().chain(new_rules.keys()).copied().collect();
    for id in ids {
        let (old_rule, new_rule) = (old_rules.get(id), new_rules.get(id));
        let mut old = old_rule.map(|rule| groups(rule)).unwrap_or_default();
        let mut new = new_rule.map(|rule| groups(rule)).unwrap_or_default();
        let Some(rule) = new_rule.or(old_rule) else { continue };
        let unread: Vec<(&str, Found)> = new
            .iter()
            .flat_map(|((region, _), found)| found.iter().map(|found| (*region, found.clone())))
            .filter(|(_, found)| found.status == FindingStatusName::Unknown)
            .collect();
        let places: BTreeSet<(&str, &str)> = old.keys().chain(new.keys()).copied().collect();
        for place in places {
            let (region, resource) = place;
            let audited = new_rule.is_some() && (region == "global" || regions.iter().any(|name| name == region));
            let (olds, mut news) = (old.remove(&place).unwrap_or_default(), new.remove(&place).unwrap_or_default());
            let mut left = Vec::new();
            for before in olds {
                match news.iter().position(|found| *found == before) {
                    Some(same) => {
                        news.swap_remove(same);
                        to.summary.unchanged += 1;
                    }
                    None => left.push(before),
                }
            }
            let mut pairs: Vec<(Option<Found>, Option<Found>)> = Vec::new();
            for before in left {
                let like = news.iter().position(|found| found.status == before.status);
                let now = like.or(if news.is_empty() { None } else { Some(0) }).map(|at| news.remove(at));
                // Where a list could not be read, what was in it is not gone.
                let unseen = || unread.iter().find(|(where_, _)| *where_ == region || *where_ == "global");
                let now = now.or_else(|| unseen().map(|(_, found)| found.clone()));
                pairs.push((Some(before), now));
            }
            pairs.extend(news.into_iter().map(|now| (None, Some(now))));
            for (before, now) in pairs {
                if !audited && now.is_none() {
                    to.summary.not_compared += 1;
                    continue;
                }
                let Some(change) = changed(before.as_ref(), now.as_ref()) else {
                    to.summary.unchanged += 1;
                    continue;
                };
                to.findings.push(FindingChange {
                    change,
                    rule: id.to_owned(),
                    severity: rule.severity,
                    resource: resource.to_owned(),
                    region: region.to_owned(),
                    old: before,
                    new: now,
                });
            }
        }
    }
}

/// What became of a finding; none when nothing to speak of.
fn changed(old: Option<&Found>, new: Option<&Found>) -> Option<Change> {
    use FindingStatusName::{Accepted, Fail, Pass, Unknown};
    match (old.map(|found| found.status), new.map(|found| found.status)) {
        (Some(Fail), Some(Fail)) => Some(Change::Changed),
        (_, Some(Fail)) => Some(Change::New),
        (Some(Fail | Accepted), Some(Pass) | None) => Some(Change::Fixed),
        (Some(old), Some(new)) if old == new => None,
        // A resource that came or went and was good is no news.
        (None, Some(Pass)) | (Some(Pass), None) | (None, None) => None,
        (None, Some(Accepted | Unknown)) | (Some(_), _) => Some(Change::Changed),
    }
}

impl Comparison {
    /// 1 when something fails anew; 3 when something is unknown that was not.
    fn exit_code(&self) -> u8 {
        let denied = self.items.iter().any(|item| item.change == Change::New && item.denied);
        let is_unknown =
            |found: &Option<Found>| found.as_ref().is_some_and(|it| it.status == FindingStatusName::Unknown);
        let blinded = self.findings.iter().any(|it| is_unknown(&it.new) && !is_unknown(&it.old))
            || self.items.iter().any(|item| item.new == ItemStatus::Unknown);
        match self.summary.new > 0 || denied {
            true => 1,
            false if blinded => 3,
            false => 0,
        }
    }

    fn table(&self, style: Style) -> String {
        let mut out = String::new();
        let minute = |text: &str| match text.parse::<jiff::Timestamp>() {
            Ok(moment) => moment.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            Err(_) => harmless(text).into_owned(),
        };
        let side = |side: &Side| format!("account {}, read {}", harmless(&side.account), minute(&side.taken_at));
        let _ = writeln!(out, "Old: {}\nNew: {}", side(&self.old), side(&self.new));
        for (change, title) in
            [(Change::New, "Fails anew"), (Change::Fixed, "Fixed"), (Change::Changed, "Changed otherwise")]
        {
            self.part(&mut out, change, title, style);
        }
        let Summary { new, fixed, changed, unchanged, not_compared } = self.summary;
        let line = format!("{new} new, {fixed} fixed, {changed} changed, {unchanged} unchanged");
        let _ = writeln!(out, "\n{}", style.heading(&format!("Findings: {line}")));
        if not_compared > 0 {
            let left = count(not_compared, "old finding");
            let why = format!("{left} not compared: the newer one leaves out the rule or the region.");
            out.push_str(&style.wrapped(0, &why));
        }
        out
    }

    fn part(&self, out: &mut String, change: Change, title: &str, style: Style) {
        let items: Vec<_> = self.items.iter().filter(|item| item.change == change).collect();
        let findings: Vec<_> = self.findings.iter().filter(|finding| finding.change == change).collect();
        if items.is_empty() && findings.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n{}", style.heading(title));
        for item in items {
            let by = if item.denied { " (a person says so)" } else { "" };
            let line = format!("{}: {} → {}{by}", harmless(&item.id), word(item.old), word(item.new));
            out.push_str(&style.wrapped(1, &line));
        }
        let mut rule = "";
        for finding in findings {
            if finding.rule != rule {
                rule = &finding.rule;
                let severity = format!("{:?}", finding.severity).to_lowercase();
                let _ = writeln!(out, " {} ({severity})", harmless(rule));
            }
            let mut row = style.table(&[3, style.width / 5 * 2, 16]);
            let texts = [&finding.resource, &finding.region, &finding.became()].map(|text| Cell::new(shown(text)));
            row.add_row(std::iter::once(Cell::new("")).chain(texts));
            for line in row.to_string().lines().skip(1) {
                let _ = writeln!(out, "{}", line.trim_end());
            }
        }
    }
}

impl FindingChange {
    /// `pass → fail: is not encrypted`, `still fail: is valid for 11 more days`
    fn became(&self) -> String {
        let status = |found: &Option<Found>| match found.as_ref().map(|found| found.status) {
            None => "none",
            Some(FindingStatusName::Pass) => "pass",
            Some(FindingStatusName::Fail) => "fail",
            Some(FindingStatusName::Accepted) => "accepted",
            Some(FindingStatusName::Unknown) => "unknown",
        };
        let detail = self.new.as_ref().map(|found| format!(": {}", found.detail)).unwrap_or_default();
        let (old, new) = (status(&self.old), status(&self.new));
        if old == new { format!("still {new}{detail}") } else { format!("{old} → {new}{detail}") }
    }
}

/// Text of a report is untrusted.
fn shown(text: &str) -> String {
    text::plain(&text.to_owned().into()).into_owned()
}

fn word(status: ItemStatus) -> &'static str {
    match status {
        ItemStatus::Pass => "pass",
        ItemStatus::Fail => "fail",
        ItemStatus::Manual => "manual",
        ItemStatus::Unknown => "unknown",
        ItemStatus::NotApplicable => "not applicable",
    }
}
