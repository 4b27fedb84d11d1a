//! Findings: what a rule says of one resource.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Acceptance, Settings, Unreadable, Untrusted};

/// The region shown for what belongs to no region.
pub(crate) const GLOBAL: &str = "global";

/// What a rule says of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The verdict.
    pub status: FindingStatus,
    /// The resource's id or name as AWS knows it.
    pub resource: Untrusted,
    /// Its region, or `global`.
    pub region: Untrusted,
    /// What was seen, in one line.
    pub detail: Untrusted,
    /// For an unknown finding: what could not be read.
    pub unreadable: Option<Unreadable>,
    /// For a failure that somebody accepts, or accepted until some day: who and why.
    pub acceptance: Option<Box<Acceptance>>,
}

/// The verdict on one resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingStatus {
    /// It is as the rule asks.
    Pass,
    /// It is not.
    Fail,
    /// It is not, and somebody accepts that.
    Accepted,
    /// It could not be read.
    Unknown,
}

/// What a rule decides about a resource that it could read: the verdict and what was seen.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It is as the rule asks.
    Pass(Cow<'static, str>),
    /// It is not.
    Fail(Cow<'static, str>),
}

impl Verdict {
    /// A pass with what was seen.
    pub fn pass(seen: impl Into<Cow<'static, str>>) -> Self {
        Self::Pass(seen.into())
    }

    /// A failure with what was seen.
    pub fn fail(seen: impl Into<Cow<'static, str>>) -> Self {
        Self::Fail(seen.into())
    }

    /// Passes when `good`; the details say what was seen in either case.
    pub fn when(good: bool, seen_good: &'static str, seen_bad: &'static str) -> Self {
        if good { Self::pass(seen_good) } else { Self::fail(seen_bad) }
    }
}

/// Something that findings speak of.
pub trait Resource {
    /// Its id or name as AWS knows it.
    fn name(&self) -> &str;

    /// Its region, where it differs from the region being judged.
    fn region(&self) -> Option<&str> {
        None
    }
}

impl Resource for str {
    fn name(&self) -> &str {
        self
    }
}

impl Resource for String {
    fn name(&self) -> &str {
        self
    }
}

/// Collects the findings of one rule.
#[derive(Debug)]
pub struct Findings<'a> {
    /// The thresholds in force.
    pub settings: &'a Settings,
    region: String,
    found: Vec<Finding>,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, region: GLOBAL.to_owned(), found: Vec::new() }
    }

    /// Says that what follows is about `region`.
    pub fn in_region(&mut self, region: &str) {
        region.clone_into(&mut self.region);
    }

    /// Says that what follows belongs to no region.
    pub fn global(&mut self) {
        self.in_region(GLOBAL);
    }

    /// Judges one resource. Where the judgement needs what could not be read, the finding is unknown.
    pub fn check<R: Resource + ?Sized>(&mut self, resource: &R, judge: impl FnOnce() -> Result<Verdict, Unreadable>) {
        let (status, detail, unreadable) = match judge() {
            Ok(Verdict::Pass(detail)) => (FindingStatus::Pass, detail.into(), None),
            Ok(Verdict::Fail(detail)) => (FindingStatus::Fail, detail.into(), None),
            Err(reason) => (FindingStatus::Unknown, reason.reason(), Some(reason)),
        };
        let region = resource.region().unwrap_or(&self.region).to_owned().into();
        let resource = resource.name().to_owned().into();
        self.found.push(Finding { status, resource, region, detail, unreadable, acceptance: None });
    }

    /// Says that something that the rule speaks of could not be read.
    pub fn unknown<R: Resource + ?Sized>(&mut self, resource: &R, reason: Unreadable) {
        self.check(resource, || Err(reason));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}
