//! Helpers for the unit tests of rules: a few lines of facts, and the verdict as a sentence.

use crate::facts::Listing;
use crate::operation::operations;
use crate::{Account, Cause, FindingStatus, Reading, Region, Rule, Settings, Status, Unreadable, assess};

/// An account of which nothing was read.
pub(crate) fn account() -> Account {
    Account::new("123456789012", "aws", "arn:aws:iam::123456789012:user/tester", jiff::Timestamp::UNIX_EPOCH)
}

/// An account with these audited regions.
pub(crate) fn with_regions(regions: Vec<Region>) -> Account {
    Account { regions, ..account() }
}

/// A region of which nothing was read.
pub(crate) fn region(name: &str) -> Region {
    Region { name: name.to_owned(), ..Region::default() }
}

/// A denial of some request.
pub(crate) fn denied() -> Unreadable {
    Unreadable::new(operations::DESCRIBE_VPCS, Some("eu-west-1"), Cause::Denied, "UnauthorizedOperation")
}

/// A fact that could not be read.
pub(crate) fn unreadable<T>() -> Reading<T> {
    Reading::Unreadable(denied())
}

/// A complete listing.
pub(crate) fn listing<T>(found: Vec<T>) -> Reading<Listing<T>> {
    Reading::Read(Listing { found, unreadable: Vec::new() })
}

/// What a rule says, with default settings.
pub(crate) struct Said {
    pub(crate) status: Status,
    /// `pass vol-1 eu-west-1`, one line a finding.
    pub(crate) lines: Vec<String>,
    /// The details of the findings.
    pub(crate) details: Vec<String>,
}

/// Judges one rule. Facts that it does not declare are taken away first: a rule that reads them anyway comes
/// out as unknown and fails its test.
pub(crate) fn judge(rule: &'static Rule, account: &Account) -> Said {
    let mut account = account.clone();
    account.keep_only(rule.needs);
    let result = assess::judge(rule, &account, &Settings::default());
    let word = |status| match status {
        FindingStatus::Pass => "pass",
        FindingStatus::Fail => "fail",
        FindingStatus::Unknown => "unknown",
    };
    let line = |finding: &crate::Finding| {
        format!("{} {} {}", word(finding.status), finding.resource.raw(), finding.region.raw())
    };
    for finding in &result.findings {
        let length = finding.detail.raw().chars().count();
        assert!(
            finding.status == FindingStatus::Unknown || length <= 120,
            "{length} characters: {}",
            finding.detail.raw()
        );
    }
    Said {
        status: result.status,
        lines: result.findings.iter().map(line).collect(),
        details: result.findings.iter().map(|finding| finding.detail.raw().to_owned()).collect(),
    }
}
