//! Judging: facts to findings, findings to a status for each rule and item. Pure and synchronous.

use std::collections::BTreeSet;

use crate::{
    Absence, Account, Decides, Evidence, FactKind, Finding, FindingStatus, Findings, Item, Judge, Rule, Scope,
    Settings, Status, Unreadable, Verdict,
};

/// What was found in an account.
#[derive(Debug)]
pub struct Assessment {
    /// The chosen items in checklist order.
    pub items: Vec<ItemResult>,
    /// The judged rules, each once, in the order of the first item that names them.
    pub rules: Vec<RuleResult>,
    /// What could not be read, each once, whether or not it mattered to a verdict.
    pub unreadable: BTreeSet<Unreadable>,
}

/// What was found for one item.
#[derive(Debug)]
pub struct ItemResult {
    /// The item.
    pub item: &'static Item,
    /// Its status.
    pub status: Status,
    /// What was seen, for a person who confirms it.
    pub evidence: Vec<String>,
    /// Its judged rules, as places in [`Assessment::rules`].
    pub rules: Vec<usize>,
}

/// What was found by one rule.
#[derive(Debug)]
pub struct RuleResult {
    /// The rule.
    pub rule: &'static Rule,
    /// Its status.
    pub status: Status,
    /// What it says of each resource.
    pub findings: Vec<Finding>,
}

impl RuleResult {
    /// How many findings have this status.
    pub fn count(&self, status: FindingStatus) -> usize {
        self.findings.iter().filter(|finding| finding.status == status).count()
    }
}

impl Assessment {
    /// The rules of an item.
    pub fn rules_of<'a>(&'a self, item: &'a ItemResult) -> impl Iterator<Item = &'a RuleResult> {
        item.rules.iter().map(|&place| &self.rules[place])
    }

    /// Whether some verdict is open because of what could not be read.
    pub fn has_unknown(&self) -> bool {
        self.count(Status::Unknown) > 0 || self.rules.iter().any(|rule| rule.count(FindingStatus::Unknown) > 0)
    }

    /// How many items have this status.
    pub fn count(&self, status: Status) -> usize {
        self.items.iter().filter(|item| item.status == status).count()
    }
}

/// Judges the chosen `items` of an account by those of their rules that `chosen` keeps.
pub fn assess(
    account: &Account,
    items: &[&'static Item],
    chosen: impl Fn(&'static Item, &'static Rule) -> bool,
    settings: &Settings,
) -> Assessment {
    let mut rules: Vec<RuleResult> = Vec::new();
    let mut results = Vec::new();
    let mut unseen = Vec::new();
    for &item in items {
        let mut places = Vec::new();
        let mut left_out = Vec::new();
        for &rule in item.rules {
            if !chosen(item, rule) {
                left_out.push(rule.id);
                continue;
            }
            let place = rules.iter().position(|result| result.rule.id == rule.id).unwrap_or_else(|| {
                rules.push(judge(rule, account, settings));
                rules.len() - 1
            });
            places.push(place);
        }
        let judged: Vec<&RuleResult> = places.iter().map(|&place| &rules[place]).collect();
        // Evidence belongs to the whole item.
        let seen = if left_out.is_empty() { seen(item, account, &mut unseen) } else { Vec::new() };
        let complete = left_out.is_empty() && !seen.iter().any(|line| line.unknown);
        let status = match item_status(item, &judged, complete) {
            Status::Manual if seen.iter().any(|line| line.unknown) => Status::Unknown,
            status => status,
        };
        let mut evidence = evidence(item, &judged, &left_out);
        evidence.extend(seen.into_iter().map(|line| line.text));
        results.push(ItemResult { item, status, evidence, rules: places });
    }
    let mut unreadable = unreadable(account, &rules);
    unreadable.extend(unseen);
    Assessment { items: results, rules, unreadable }
}

/// What could not be read of the facts that the rules need.
fn unreadable(account: &Account, rules: &[RuleResult]) -> BTreeSet<Unreadable> {
    let needs: BTreeSet<FactKind> = rules.iter().flat_map(|rule| rule.rule.needs.iter().copied()).collect();
    let in_facts = account.unreadable(&|kind| needs.contains(&kind));
    let in_findings = rules.iter().flat_map(|rule| &rule.findings).filter_map(|finding| finding.unreadable.as_ref());
    in_facts.into_iter().chain(in_findings).cloned().collect()
}

/// Judges one rule.
pub(crate) fn judge(rule: &'static Rule, account: &Account, settings: &Settings) -> RuleResult {
    let mut findings = Findings::new(settings);
    match rule.judge {
        Judge::Account(judge) => {
            if let Err(reason) = judge(account, &mut findings) {
                findings.global();
                findings.unknown(subject(rule), reason);
            }
        }
        Judge::Region(judge) => {
            for region in &account.regions {
                findings.in_region(&region.name);
                if let Err(reason) = judge(region, &mut findings) {
                    findings.unknown(subject(rule), reason);
                }
            }
        }
    }
    // Where the list of regions is incomplete, what depends on regions is too.
    if let Some(reason) = &account.regions_unreadable
        && depends_on_regions(rule)
    {
        findings.global();
        findings.unknown("other regions", reason.clone());
    }
    if let Absence::Fails(detail) = rule.absence
        && findings.is_empty()
    {
        findings.global();
        findings.check(account.id.as_str(), || Ok(Verdict::fail(detail)));
    }
    let findings = findings.into_vec();
    RuleResult { rule, status: rule_status(&findings), findings }
}

/// What an unknown finding is about when a whole fact could not be read.
fn subject(rule: &Rule) -> &'static str {
    rule.needs.first().map_or("account", |kind| kind.noun())
}

fn depends_on_regions(rule: &Rule) -> bool {
    rule.needs.iter().any(|kind| kind.scope() == Scope::Region)
}

fn rule_status(findings: &[Finding]) -> Status {
    let any = |status| findings.iter().any(|finding| finding.status == status);
    if any(FindingStatus::Fail) {
        Status::Fail
    } else if any(FindingStatus::Unknown) {
        Status::Unknown
    } else if findings.is_empty() {
        Status::NotApplicable
    } else {
        Status::Pass
    }
}

fn item_status(item: &Item, rules: &[&RuleResult], complete: bool) -> Status {
    let any = |status| rules.iter().any(|rule| rule.status == status);
    if any(Status::Fail) {
        return Status::Fail;
    }
    if any(Status::Unknown) {
        return Status::Unknown;
    }
    let decided = complete && item.pending.is_empty() && !rules.is_empty();
    if decided && !any(Status::Pass) {
        return Status::NotApplicable;
    }
    if decided && item.decides == Decides::Machine { Status::Pass } else { Status::Manual }
}

fn evidence(item: &Item, rules: &[&RuleResult], left_out: &[&str]) -> Vec<String> {
    let mut lines: Vec<String> = rules.iter().map(|rule| counts(rule)).collect();
    if !left_out.is_empty() {
        lines.push(format!("Left out of this run: {}", left_out.join(", ")));
    }
    if !item.pending.is_empty() {
        lines.push(format!("Not judged by this version: {}", item.pending.join("; ")));
    }
    lines
}

struct Line {
    text: String,
    unknown: bool,
}

/// What there is of an item's evidence in the account.
fn seen(item: &Item, account: &Account, unseen: &mut Vec<Unreadable>) -> Vec<Line> {
    let line = |evidence: &&Evidence| match (evidence.gather)(account) {
        Ok(seen) if seen.is_empty() => Line { text: format!("{}: none", evidence.title), unknown: false },
        Ok(seen) => Line { text: format!("{}: {}", evidence.title, shortened(&seen)), unknown: false },
        Err(reason) => {
            let text = format!("{}: unknown: {}", evidence.title, reason.reason().raw());
            unseen.push(reason);
            Line { text, unknown: true }
        }
    };
    item.evidence.iter().map(line).collect()
}

/// The first of a list, and how many there are.
fn shortened(seen: &[String]) -> String {
    const SHOWN: usize = 8;
    let first = seen.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if seen.len() > SHOWN { format!("{first} and {} more", seen.len() - SHOWN) } else { first }
}

/// `ebs-volume-encrypted: 12 pass, 2 fail`.
fn counts(result: &RuleResult) -> String {
    let counts: Vec<String> =
        [(FindingStatus::Pass, "pass"), (FindingStatus::Fail, "fail"), (FindingStatus::Unknown, "unknown")]
            .into_iter()
            .map(|(status, word)| (result.count(status), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
    let seen = if counts.is_empty() { "nothing of its kind in the account".to_owned() } else { counts.join(", ") };
    format!("{}: {seen}", result.rule.id)
}
