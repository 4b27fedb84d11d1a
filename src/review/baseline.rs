//! The baseline: failures of an older report that the gate tolerates.

use std::collections::{BTreeMap, BTreeSet};

use golive_checks::{Assessment, Finding, FindingStatus, ItemResult};

use crate::report::json::{FindingStatusName, Item, rules};

/// What failed at some earlier time.
#[derive(Debug, Default)]
pub struct Baseline {
    /// The details of what failed, by rule, resource and region.
    failing: BTreeMap<(String, String, String), Vec<String>>,
    /// Items that a person's no made fail.
    denied: BTreeSet<String>,
}

impl Baseline {
    /// What fails among the items of a report.
    pub fn of(items: &[Item<'_>]) -> Self {
        let mut baseline = Self::default();
        for rule in rules(items) {
            for finding in rule.findings.iter().filter(|finding| finding.status == FindingStatusName::Fail) {
                let key = [&rule.id, &finding.resource, &finding.region].map(|text| text.to_string());
                baseline.failing.entry(key.into()).or_default().push(finding.detail.to_string());
            }
        }
        baseline.denied = items.iter().filter(|item| item.is_denied()).map(|item| item.id.to_string()).collect();
        baseline
    }

    /// Which failures of an assessment are old: a place in its rules, and one in the rule's findings. Where a rule fails
    /// more often on a resource than it did, the others are new.
    pub fn old(&self, assessment: &Assessment) -> BTreeSet<(usize, usize)> {
        let mut old = BTreeSet::new();
        for (rule, result) in assessment.rules.iter().enumerate() {
            let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
            for (place, finding) in result.findings.iter().enumerate() {
                if finding.status == FindingStatus::Fail {
                    groups.entry((finding.resource.raw(), finding.region.raw())).or_default().push(place);
                }
            }
            for ((resource, region), mut places) in groups {
                let key = [result.rule.id, resource, region].map(str::to_owned).into();
                let Some(details) = self.failing.get(&key) else { continue };
                // Those that say the same as before are the old ones.
                let is_new = |finding: &Finding| !details.iter().any(|detail| detail == finding.detail.raw());
                places.sort_by_key(|place| is_new(&result.findings[*place]));
                old.extend(places.into_iter().take(details.len()).map(|place| (rule, place)));
            }
        }
        old
    }

    /// Whether a person's no made an item fail then, too.
    pub fn had_denied(&self, item: &ItemResult) -> bool {
        self.denied.contains(item.item.id)
    }
}
