//! A rule: one judgement over facts, defined once and used by every report.

use serde::{Deserialize, Serialize};

use crate::{Account, FactKind, Findings, Reference, Region, Unreadable};

/// One rule. The table, JSON, `list`, `explain` and the IAM policy are all made from this definition.
#[derive(Debug)]
pub struct Rule {
    /// Names the good state: `ebs-volume-encrypted`.
    pub id: &'static str,
    /// The good state as a sentence without a full stop.
    pub title: &'static str,
    /// How bad a failure is.
    pub severity: Severity,
    /// The facts that it reads. Reading another one is a defect that a test finds.
    pub needs: &'static [FactKind],
    /// What it means when the account has no resource of the rule's kind.
    pub absence: Absence,
    /// How it is decided, with its edge cases.
    pub decided: &'static str,
    /// How to mend a failure.
    pub remedy: Remedy,
    /// Controls of the same meaning: `FSBP EC2.3`, `CIS 3.0 2.2.1`.
    pub controls: &'static [&'static str],
    /// AWS documentation.
    pub references: &'static [Reference],
    /// The judgement itself.
    pub judge: Judge,
}

/// The judgement of a rule. An `Err` makes the rule unknown there, with its reason.
#[derive(Clone, Copy, Debug)]
pub enum Judge {
    /// Judged once for the account.
    Account(fn(&Account, &mut Findings<'_>) -> Result<(), Unreadable>),
    /// Judged in each audited region.
    Region(fn(&Region, &mut Findings<'_>) -> Result<(), Unreadable>),
}

/// What it means that a rule found nothing to judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The rule does not apply to this account.
    NotApplicable,
    /// The absence itself fails, with this detail.
    Fails(&'static str),
}

/// How to mend a failure.
#[derive(Clone, Copy, Debug)]
pub struct Remedy {
    /// One line, imperative.
    pub summary: &'static str,
    /// The way through the AWS console, in words.
    pub console: &'static str,
    /// AWS CLI commands; `NAME` in capitals is to be replaced.
    pub cli: &'static str,
    /// The Terraform resource and argument.
    pub terraform: &'static str,
}

/// How bad a failure is, worst last so that severities compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Untidy or wasteful.
    Low,
    /// Weakens a defence or a recovery.
    Medium,
    /// Likely to hurt in production.
    High,
    /// Exposed now.
    Critical,
}

impl Severity {
    /// As written in arguments and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}
