//! The gate: one exit code for an assessment, and why.

use std::collections::BTreeSet;

use golive_checks::{Assessment, FindingStatus, Severity, Status};

use super::baseline::Baseline;
use crate::cli;
use crate::config::Config;
use crate::report::text::count;

/// Nothing stands in the way.
const READY: u8 = 0;
/// Something fails.
const FAILS: u8 = 1;
/// Something could not be read.
const UNKNOWN: u8 = 3;

/// What counts.
#[derive(Debug)]
pub struct Gate {
    /// The least severity that counts; none when none does.
    pub fail_on: Option<Severity>,
    /// What could not be read does not count.
    pub allow_unknown: bool,
    /// What waits for a person counts.
    pub require_manual: bool,
    /// What failed earlier does not count.
    pub baseline: Option<Baseline>,
}

/// The exit code and why.
#[derive(Debug, PartialEq)]
pub struct Decision {
    /// The exit code.
    pub code: u8,
    /// A line for each part of the gate that has anything to say.
    pub reasons: Vec<String>,
    /// Failures that count but for the baseline.
    pub tolerated: usize,
    /// The rules and items for which the code is 1.
    pub counting: BTreeSet<&'static str>,
    /// Failures that the baseline has: a place in the rules, and one in its findings.
    pub old: BTreeSet<(usize, usize)>,
}

impl Gate {
    /// The gate of the command line, of `golive.toml`, and of the defaults, in this order.
    pub fn new(arguments: &cli::Gate, config: &Config, baseline: Option<Baseline>) -> Self {
        let fail_on = arguments.fail_on.or(config.gate.fail_on).unwrap_or(cli::FailOn::Low);
        Self {
            fail_on: fail_on.severity(),
            allow_unknown: arguments.allow_unknown.or(config.gate.allow_unknown).unwrap_or(false),
            require_manual: arguments.require_manual.or(config.gate.require_manual).unwrap_or(false),
            baseline,
        }
    }

    /// Decides. A failure that counts comes before what is unknown.
    pub fn decide(&self, assessment: &Assessment) -> Decision {
        let old_findings = self.baseline.as_ref().map(|baseline| baseline.old(assessment)).unwrap_or_default();
        let failures = self.failures(assessment, &old_findings);
        let [mut new, mut old, mut below] = [0, 0, 0];
        for failure in &failures {
            match failure {
                Failure { counts: false, .. } => below += 1,
                Failure { old: true, .. } => old += 1,
                Failure { .. } => new += 1,
            }
        }
        let (manual, unknown) = (assessment.count(Status::Manual), unknown(assessment));
        let waits = self.require_manual && manual > 0;
        let code = if new > 0 || waits {
            FAILS
        } else if unknown > 0 && !self.allow_unknown {
            UNKNOWN
        } else {
            READY
        };
        let mut reasons = Vec::new();
        let mut say = |number: usize, what: &str, verdict: String| {
            if number > 0 {
                reasons.push(format!("{}: {verdict}", count(number, what)));
            }
        };
        let least = self.fail_on.map_or("none", Severity::as_str);
        let which = if self.baseline.is_some() { "new failure" } else { "failure" };
        say(new, which, format!("count ({})", worst(&failures)));
        say(old, "old failure", "tolerated: the baseline has them".to_owned());
        say(below, "failure", format!("below --fail-on {least}, do not count"));
        say(assessment.accepted(), "accepted failure", "excepted in golive.toml, do not count".to_owned());
        let verdict = if self.allow_unknown { "do not count (--allow-unknown)" } else { "count, after failures" };
        say(unknown, "unknown verdict", verdict.to_owned());
        let verdict = if self.require_manual { "count (--require-manual)" } else { "do not count" };
        say(manual, "manual item", verdict.to_owned());
        let expired = assessment.items.iter().filter(|item| item.answer.as_ref().is_some_and(|it| it.expired)).count();
        say(expired, "expired answer", "counts as no answer".to_owned());
        if reasons.is_empty() {
            reasons.push("nothing fails, is unknown or waits for a person".to_owned());
        }
        let mut counting: BTreeSet<_> = failures.iter().filter(|it| it.counts && !it.old).map(|it| it.id).collect();
        if self.require_manual {
            let manual = assessment.items.iter().filter(|item| item.status == Status::Manual);
            counting.extend(manual.map(|item| item.item.id));
        }
        Decision { code, reasons, tolerated: old, counting, old: old_findings }
    }

    fn failures(&self, assessment: &Assessment, old: &BTreeSet<(usize, usize)>) -> Vec<Failure> {
        let counts = |severity| self.fail_on.is_some_and(|least| severity >= least);
        let mut failures = Vec::new();
        for (rule, result) in assessment.rules.iter().enumerate() {
            let severity = result.rule.severity;
            for (place, finding) in result.findings.iter().enumerate() {
                if finding.status == FindingStatus::Fail {
                    let old = old.contains(&(rule, place));
                    failures.push(Failure { id: result.rule.id, severity, counts: counts(severity), old });
                }
            }
        }
        for item in assessment.items.iter().filter(|item| item.is_denied()) {
            let severity = item.item.severity();
            let old = self.baseline.as_ref().is_some_and(|baseline| baseline.had_denied(item));
            failures.push(Failure { id: item.item.id, severity, counts: counts(severity), old });
        }
        failures
    }
}

impl Decision {
    /// The user ended the run: that comes before all else.
    pub fn interrupted(&mut self, code: u8) {
        self.code = code;
        self.reasons.insert(0, "interrupted before everything was read".to_owned());
    }
}

/// A failing finding, or an item that a person's no makes fail.
struct Failure {
    id: &'static str,
    severity: Severity,
    counts: bool,
    old: bool,
}

/// The first rules and items that count, the most severe first.
fn worst(failures: &[Failure]) -> String {
    const SHOWN: usize = 3;
    let mut counting: Vec<&Failure> = failures.iter().filter(|it| it.counts && !it.old).collect();
    counting.sort_by_key(|failure| std::cmp::Reverse(failure.severity));
    let mut ids: Vec<&str> = counting.iter().map(|failure| failure.id).collect();
    ids.dedup();
    let more = if ids.len() > SHOWN { format!(" and {} more", ids.len() - SHOWN) } else { String::new() };
    ids.truncate(SHOWN);
    ids.join(", ") + &more
}

/// Verdicts that are open because of what could not be read: findings, and items whose evidence could not be seen.
fn unknown(assessment: &Assessment) -> usize {
    let findings: usize = assessment.rules.iter().map(|rule| rule.count(FindingStatus::Unknown)).sum();
    findings + assessment.items.iter().filter(|item| item.unseen).count()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use golive_checks::{Acceptance, Answer, Finding, ItemResult, RuleResult, Says, item, rule};
    use jiff::civil::date;

    use super::*;
    use crate::cli::FailOn;
    use crate::report::json::items;

    /// What an account has, in one word each.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Has {
        Low,
        High,
        Accepted,
        Lapsed,
        Unknown,
        Unseen,
        Manual,
        Attested,
        Expired,
        No,
    }
    use Has::*;

    fn finding(status: FindingStatus, acceptance: Option<bool>) -> Finding {
        let accept = |expired| Acceptance { reason: "a test".into(), owner: None, until: None, expired };
        let acceptance = acceptance.map(accept).map(Box::new);
        let (resource, region) = ("r".into(), "global".into());
        Finding { status, resource, region, detail: "as it was".into(), unreadable: None, acceptance }
    }

    fn answer(says: Says, expired: bool) -> Option<Answer> {
        let (by, note) = ("Ann".into(), "".into());
        Some(Answer { says, by, on: date(2026, 1, 1), until: None, expired, note, evidence: Vec::new() })
    }

    fn assessment(has: &[Has]) -> Assessment {
        let mut assessment = Assessment { items: Vec::new(), rules: Vec::new(), unreadable: BTreeSet::new() };
        for has in has {
            let (id, finding) = match has {
                Low => ("default-vpc-removed", finding(FindingStatus::Fail, None)),
                High => ("default-vpc-unused", finding(FindingStatus::Fail, None)),
                Accepted => ("default-vpc-unused", finding(FindingStatus::Accepted, Some(false))),
                Lapsed => ("default-vpc-unused", finding(FindingStatus::Fail, Some(true))),
                Unknown => ("user-mfa", finding(FindingStatus::Unknown, None)),
                _ => ("user-mfa", finding(FindingStatus::Pass, None)),
            };
            let rule = rule(id).expect("a rule");
            match assessment.rules.iter_mut().find(|result| result.rule.id == id) {
                Some(result) => result.findings.push(finding),
                None => assessment.rules.push(RuleResult { rule, status: Status::Pass, findings: vec![finding] }),
            }
            let (answer, unseen) = match has {
                Attested => (answer(Says::Yes, false), false),
                Expired => (answer(Says::Yes, true), false),
                No => (answer(Says::No, false), false),
                Unseen => (None, true),
                Manual => (None, false),
                _ => continue,
            };
            let item = item("server-side/build-amis").expect("an item");
            let (rules, left_out, seen) = (Vec::new(), Vec::new(), Vec::new());
            assessment.items.push(ItemResult { item, status: Status::Manual, answer, rules, left_out, seen, unseen });
        }
        if assessment.rules.is_empty() {
            return assessment;
        }
        let (answer, rules, left_out, seen) = (None, (0..assessment.rules.len()).collect(), Vec::new(), Vec::new());
        let (item, unseen) = (item("networking/set-up-vpcs").expect("an item"), false);
        assessment.items.push(ItemResult { item, status: Status::Manual, answer, rules, left_out, seen, unseen });
        assessment.settle();
        assessment
    }

    fn gate(fail_on: FailOn) -> Gate {
        let fail_on = fail_on.severity();
        Gate { fail_on, allow_unknown: false, require_manual: false, baseline: None }
    }

    /// The rules of the exit code, one a line, as the README states them.
    #[test]
    fn the_exit_code_follows_the_table() {
        use FailOn::{Critical, High as AtHigh, Low as AtLow, Medium, None as Never};
        let strict = |on| Gate { require_manual: true, ..gate(on) };
        let lenient = |on| Gate { allow_unknown: true, ..gate(on) };
        let table: &[(&[Has], Gate, u8)] = &[
            // Nothing.
            (&[], gate(AtLow), 0),
            (&[], strict(AtLow), 0),
            // Severities.
            (&[Low], gate(AtLow), 1),
            (&[Low], gate(AtHigh), 0),
            (&[High], gate(AtHigh), 1),
            (&[High], gate(Critical), 0),
            (&[Low, High], gate(AtHigh), 1),
            (&[Low, High], gate(Never), 0),
            // Unknown comes after failures that count, and before nothing.
            (&[Unknown], gate(AtLow), 3),
            (&[Unseen], gate(AtLow), 3),
            (&[Unknown], gate(Never), 3),
            (&[Unknown, Low], gate(AtLow), 1),
            (&[Unknown, Low], gate(AtHigh), 3),
            (&[Unknown], lenient(AtLow), 0),
            (&[Unseen], lenient(AtLow), 0),
            (&[Unknown, Low], lenient(AtLow), 1),
            (&[Unknown, Low], lenient(AtHigh), 0),
            // Manual.
            (&[Manual], gate(AtLow), 0),
            (&[Manual], strict(AtLow), 1),
            (&[Manual], strict(Never), 1),
            (&[Manual, Unknown], strict(AtLow), 1),
            // Attested, expired, denied. People's items weigh as medium.
            (&[Attested], strict(AtLow), 0),
            (&[Attested, Manual], strict(AtLow), 1),
            (&[Expired], gate(AtLow), 0),
            (&[Expired], strict(AtLow), 1),
            (&[No], gate(AtLow), 1),
            (&[No], gate(Medium), 1),
            (&[No], gate(AtHigh), 0),
            (&[No, Unknown], gate(AtHigh), 3),
            // Accepted, and accepted until some day that is over.
            (&[Accepted], gate(AtLow), 0),
            (&[Accepted], strict(AtLow), 0),
            (&[Accepted, Low], gate(AtLow), 1),
            (&[Accepted, Unknown], gate(AtLow), 3),
            (&[Lapsed], gate(AtLow), 1),
            (&[Lapsed], gate(Critical), 0),
        ];
        for (has, gate, code) in table {
            assert_eq!(gate.decide(&assessment(has)).code, *code, "{has:?} {gate:?}");
        }
    }

    #[test]
    fn a_baseline_tolerates_what_failed_before_and_nothing_else() {
        let table: &[(&[Has], &[Has], u8, usize)] = &[
            (&[], &[Low], 1, 0),
            (&[Low], &[Low], 0, 1),
            (&[Low], &[High], 1, 0),
            (&[Low], &[Low, High], 1, 1),
            (&[Low, High], &[High], 0, 1),
            (&[No], &[No], 0, 1),
            (&[], &[No], 1, 0),
            // What was accepted or unknown then did not fail then.
            (&[Accepted], &[Lapsed], 1, 0),
            (&[Lapsed], &[Lapsed], 0, 1),
            (&[Unknown], &[Unknown], 3, 0),
            (&[Low], &[Low, Unknown], 3, 1),
            // The same rule fails twice on a resource and did once.
            (&[Low], &[Low, Low], 1, 1),
            (&[Low, Low], &[Low], 0, 1),
        ];
        for (before, now, code, tolerated) in table {
            let baseline = Some(Baseline::of(&items(&assessment(before))));
            let decision = Gate { baseline, ..gate(FailOn::Low) }.decide(&assessment(now));
            assert_eq!((decision.code, decision.tolerated), (*code, *tolerated), "{before:?} {now:?} {decision:?}");
        }
    }

    #[test]
    fn a_baseline_does_not_tolerate_what_waits_for_a_person() {
        let baseline = Some(Baseline::of(&items(&assessment(&[Manual]))));
        let gate = Gate { baseline, require_manual: true, ..gate(FailOn::Low) };
        assert_eq!(gate.decide(&assessment(&[Manual])).code, 1);
    }

    #[test]
    fn every_reason_is_told() {
        let all = [Low, High, Accepted, Unknown, Manual, Expired, No];
        let decision = Gate { require_manual: true, ..gate(FailOn::Medium) }.decide(&assessment(&all));
        assert_eq!(
            decision.reasons,
            [
                "2 failures: count (default-vpc-unused, server-side/build-amis)",
                "1 failure: below --fail-on medium, do not count",
                "1 accepted failure: excepted in golive.toml, do not count",
                "1 unknown verdict: count, after failures",
                "2 manual items: count (--require-manual)",
                "1 expired answer: counts as no answer",
            ]
        );
        let ready = gate(FailOn::Low).decide(&assessment(&[]));
        assert_eq!(ready.reasons, ["nothing fails, is unknown or waits for a person"]);
    }
}
