//! Helpers for the unit tests of rules: a few lines of facts, and the verdict as a sentence.

use crate::facts::{
    AccessKey, CredentialReportRow, Instance, Listing, NetworkInterface, ReportFlag, Route, RouteTable, Subnet, Vpc,
};
use crate::operation::operations;
use crate::{Account, Cause, FindingStatus, Policy, Reading, Region, Rule, Settings, Status, Unreadable, assess};

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
        FindingStatus::Accepted => "accepted",
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

/// A running instance in `subnet-1` of `vpc-1` without anything else.
pub(crate) fn instance(id: &str) -> Instance {
    Instance {
        id: id.to_owned(),
        tag_name: None,
        state: "running".to_owned(),
        vpc_id: Some("vpc-1".to_owned()),
        subnet_ids: vec!["subnet-1".to_owned()],
        security_group_ids: vec![],
        public_addresses: vec![],
        key_name: None,
        instance_profile_arn: None,
        auto_scaling_group: None,
        http_tokens: Some("required".to_owned()),
        http_endpoint: Some("enabled".to_owned()),
    }
}

/// A network interface in a subnet of `vpc-1`.
pub(crate) fn interface(id: &str, subnet_id: &str) -> NetworkInterface {
    NetworkInterface {
        id: id.to_owned(),
        vpc_id: "vpc-1".to_owned(),
        subnet_id: Some(subnet_id.to_owned()),
        interface_type: "interface".to_owned(),
        security_group_ids: vec![],
        public_addresses: vec![],
    }
}

/// A subnet of `vpc-1`.
pub(crate) fn subnet(id: &str) -> Subnet {
    Subnet {
        id: id.to_owned(),
        vpc_id: "vpc-1".to_owned(),
        owner_id: "123456789012".to_owned(),
        map_public_ip_on_launch: false,
    }
}

/// A VPC of ours.
pub(crate) fn vpc(id: &str) -> Vpc {
    Vpc { id: id.to_owned(), is_default: false, owner_id: "123456789012".to_owned(), cidr_blocks: vec![] }
}

/// A route table of `vpc-1` whose default route leads to `target`.
pub(crate) fn route_table(id: &str, subnet_ids: &[&str], target: &str) -> RouteTable {
    let route = |destination: &str, target: &str| Route {
        destination: destination.to_owned(),
        target: target.to_owned(),
        state: "active".to_owned(),
    };
    RouteTable {
        id: id.to_owned(),
        vpc_id: "vpc-1".to_owned(),
        main: false,
        subnet_ids: subnet_ids.iter().map(|&id| id.to_owned()).collect(),
        routes: vec![route("10.0.0.0/16", "local"), route("0.0.0.0/0", target)],
    }
}

/// A row of the credential report: a user without any credentials.
pub(crate) fn report_row(user: &str) -> CredentialReportRow {
    let no_key = AccessKey { active: ReportFlag::False, last_rotated: None, last_used: None };
    CredentialReportRow {
        user: user.to_owned(),
        password_enabled: ReportFlag::False,
        mfa_active: ReportFlag::False,
        created: Some(days_ago(400)),
        password_last_used: None,
        password_last_changed: None,
        access_keys: [no_key.clone(), no_key],
    }
}

/// A time so many days before [`account`] was read.
pub(crate) fn days_ago(days: i64) -> jiff::Timestamp {
    account().taken_at - jiff::SignedDuration::from_hours(24 * days)
}

/// A policy document.
pub(crate) fn policy(statement: &str) -> Policy {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
    serde_json::from_str(&text).expect("a policy")
}
