//! The gate: one exit code for an assessment.

use golive_checks::{Assessment, Status};

use crate::cli::Gate;

/// Nothing stands in the way.
const READY: u8 = 0;
/// Something fails.
const FAILS: u8 = 1;
/// Something could not be read.
const UNKNOWN: u8 = 3;

/// The exit code. A failure that counts comes before what is unknown.
pub fn exit_code(assessment: &Assessment, gate: Gate) -> u8 {
    let counts = |severity| gate.fail_on.severity().is_some_and(|least| severity >= least);
    let fails = assessment.rules.iter().any(|rule| rule.status == Status::Fail && counts(rule.rule.severity));
    let waits = gate.require_manual && assessment.count(Status::Manual) > 0;
    if fails || waits {
        FAILS
    } else if !gate.allow_unknown && assessment.has_unknown() {
        UNKNOWN
    } else {
        READY
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use golive_checks::{Cause, Finding, FindingStatus, ItemResult, RuleResult, Unreadable, item, operations, rule};

    use super::*;
    use crate::cli::FailOn;

    const GATE: Gate = Gate { fail_on: FailOn::Low, allow_unknown: false, require_manual: false };

    fn assessment(fails: Option<&str>, unknown: bool) -> Assessment {
        let mut rules = Vec::new();
        let mut add = |id: &str, status, finding| {
            let reason = Unreadable::new(operations::DESCRIBE_VPCS, None, Cause::Denied, "");
            let unreadable = (finding == FindingStatus::Unknown).then_some(reason);
            let (resource, region) = ("r".into(), "global".into());
            let finding = Finding { status: finding, resource, region, detail: "".into(), unreadable };
            rules.push(RuleResult { rule: rule(id).expect("a rule"), status, findings: vec![finding] });
        };
        if let Some(id) = fails {
            add(id, Status::Fail, FindingStatus::Fail);
        }
        if unknown {
            add("user-mfa", Status::Unknown, FindingStatus::Unknown);
        }
        let item = item("server-side/build-amis").expect("an item");
        let manual = ItemResult { item, status: Status::Manual, evidence: Vec::new(), rules: Vec::new() };
        Assessment { items: vec![manual], rules, unreadable: BTreeSet::new() }
    }

    #[test]
    fn the_exit_code_follows_the_table() {
        let (low, high) = (Some("default-vpc-removed"), Some("default-vpc-unused"));
        let on = |fail_on| Gate { fail_on, ..GATE };
        let table = [
            (assessment(None, false), GATE, 0),
            (assessment(low, false), GATE, 1),
            (assessment(low, true), GATE, 1),
            (assessment(None, true), GATE, 3),
            (assessment(None, true), Gate { allow_unknown: true, ..GATE }, 0),
            (assessment(low, true), Gate { allow_unknown: true, ..GATE }, 1),
            (assessment(low, false), on(FailOn::High), 0),
            (assessment(low, true), on(FailOn::High), 3),
            (assessment(high, false), on(FailOn::High), 1),
            (assessment(high, false), on(FailOn::Critical), 0),
            (assessment(high, false), on(FailOn::None), 0),
            (assessment(high, true), on(FailOn::None), 3),
            (assessment(None, false), Gate { require_manual: true, ..GATE }, 1),
        ];
        for (place, (assessment, gate, code)) in table.iter().enumerate() {
            assert_eq!(exit_code(assessment, *gate), *code, "row {place}");
        }
    }
}
