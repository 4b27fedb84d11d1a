//! Judging: facts to findings, findings to a status for each rule and item. Pure and synchronous.

use std::collections::BTreeSet;

use crate::{
    Absence, Account, Answer, Decides, Evidence, FactKind, Finding, FindingStatus, Findings, Item, Judge, Rule, Says,
    Scope, Settings, Status, Unreadable, Verdict,
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
    /// The latest answer of a person on it, if there is one.
    pub answer: Option<Answer>,
    /// Its judged rules, as places in [`Assessment::rules`].
    pub rules: Vec<usize>,
    /// Its rules that were left out of this run, so that nobody may call it done.
    pub left_out: Vec<&'static str>,
    /// What was seen beside the rules, for a person who confirms it.
    pub seen: Vec<String>,
    /// Whether some of that could not be read.
    pub unseen: bool,
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

impl ItemResult {
    /// Whether its rules, if it has any, leave it to people.
    fn by_rules(&self, rules: &[RuleResult]) -> Status {
        let any = |status| self.rules.iter().any(|&place| rules[place].status == status);
        if any(Status::Fail) {
            return Status::Fail;
        }
        if any(Status::Unknown) || self.unseen {
            return Status::Unknown;
        }
        let decided = self.left_out.is_empty() && self.item.pending.is_empty() && !self.rules.is_empty();
        if decided && !any(Status::Pass) {
            return Status::NotApplicable;
        }
        if decided && self.item.decides == Decides::Machine { Status::Pass } else { Status::Manual }
    }

    /// The status by its rules and by what people say. A yes never hides what fails, is unknown or was left out.
    fn settled(&self, rules: &[RuleResult]) -> Status {
        let by_rules = self.by_rules(rules);
        match &self.answer {
            Some(answer) if answer.says == Says::No => Status::Fail,
            Some(answer) if by_rules == Status::Manual && self.left_out.is_empty() && !answer.expired => {
                if answer.says == Says::Yes { Status::Pass } else { Status::NotApplicable }
            }
            _ => by_rules,
        }
    }

    /// Whether a person's no makes it fail.
    pub fn is_denied(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.says == Says::No)
    }
}

impl RuleResult {
    fn new(rule: &'static Rule, findings: Vec<Finding>) -> Self {
        let mut result = Self { rule, status: Status::NotApplicable, findings };
        result.settle();
        result
    }

    fn settle(&mut self) {
        let any = |status| self.findings.iter().any(|finding| finding.status == status);
        self.status = if any(FindingStatus::Fail) {
            Status::Fail
        } else if any(FindingStatus::Unknown) {
            Status::Unknown
        } else if self.findings.is_empty() {
            Status::NotApplicable
        } else {
            Status::Pass
        };
    }

    /// `ebs-volume-encrypted: 12 pass, 2 fail`.
    fn tally(&self) -> String {
        let counts: Vec<String> = [
            (FindingStatus::Pass, "pass"),
            (FindingStatus::Fail, "fail"),
            (FindingStatus::Accepted, "accepted"),
            (FindingStatus::Unknown, "unknown"),
        ]
        .into_iter()
        .map(|(status, word)| (self.count(status), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let seen = if counts.is_empty() { "nothing of its kind in the account".to_owned() } else { counts.join(", ") };
        format!("{}: {seen}", self.rule.id)
    }

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

    /// Works out every status anew, after findings were accepted or items were answered.
    pub fn settle(&mut self) {
        self.rules.iter_mut().for_each(RuleResult::settle);
        for item in &mut self.items {
            item.status = item.settled(&self.rules);
        }
    }

    /// What was seen of an item, a line each, for a person who confirms it.
    pub fn evidence(&self, item: &ItemResult) -> Vec<String> {
        let mut lines: Vec<String> = self.rules_of(item).map(RuleResult::tally).collect();
        if !item.left_out.is_empty() {
            lines.push(format!("Left out of this run: {}", item.left_out.join(", ")));
        }
        if !item.item.pending.is_empty() {
            lines.push(format!("Not judged by this version: {}", item.item.pending.join("; ")));
        }
        lines.extend(item.seen.iter().cloned());
        lines
    }

    /// How many failures are accepted.
    pub fn accepted(&self) -> usize {
        self.rules.iter().map(|rule| rule.count(FindingStatus::Accepted)).sum()
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
        // Evidence belongs to the whole item.
        let lines = if left_out.is_empty() { seen(item, account, &mut unseen) } else { Vec::new() };
        results.push(ItemResult {
            item,
            status: Status::Manual,
            answer: None,
            rules: places,
            left_out,
            unseen: lines.iter().any(|line| line.unknown),
            seen: lines.into_iter().map(|line| line.text).collect(),
        });
    }
    let mut unreadable = unreadable(account, &rules);
    unreadable.extend(unseen);
    let mut assessment = Assessment { items: results, rules, unreadable };
    assessment.settle();
    assessment
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
    RuleResult::new(rule, findings.into_vec())
}

/// What an unknown finding is about when a whole fact could not be read.
fn subject(rule: &Rule) -> &'static str {
    rule.needs.first().map_or("account", |kind| kind.noun())
}

fn depends_on_regions(rule: &Rule) -> bool {
    rule.needs.iter().any(|kind| kind.scope() == Scope::Region)
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
