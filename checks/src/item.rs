//! An item of the checklist: what a team should have done before it goes live.

use serde::{Deserialize, Serialize};

use crate::{Account, FactKind, Rule, Severity, Unreadable};

/// One of the 93 items of the Production Readiness Checklist.
///
/// Its text is golive's own; its order and title are those of the checklist.
#[derive(Debug)]
pub struct Item {
    /// `section/slug`; never changes once released.
    pub id: &'static str,
    /// The checklist's title.
    pub title: &'static str,
    /// Who can tell whether it is done.
    pub decides: Decides,
    /// What the item asks for.
    pub what: &'static str,
    /// Why it matters in production.
    pub why: &'static str,
    /// How a person confirms it by hand.
    pub confirm: &'static str,
    /// Pages to read, most useful first.
    pub references: &'static [Reference],
    /// The rules that decide it, or find evidence for it. A rule may serve several items.
    pub rules: &'static [&'static Rule],
    /// What golive shows of the account to whoever confirms it.
    pub evidence: &'static [&'static Evidence],
    /// What the item also asks of AWS and this version does not judge yet. While anything stands here the
    /// item never passes by machine: it stays manual and says why.
    pub pending: &'static [&'static str],
}

impl Item {
    /// The facts that its evidence reads.
    pub fn evidence_needs(&self) -> impl Iterator<Item = FactKind> {
        self.evidence.iter().flat_map(|evidence| evidence.needs.iter().copied())
    }

    /// How much it weighs: as its most severe rule does, and medium where people alone can tell.
    pub fn severity(&self) -> Severity {
        self.rules.iter().map(|rule| rule.severity).max().unwrap_or(Severity::Medium)
    }

    /// Whether a person's answer can change what golive says of it.
    pub fn is_for_people(&self) -> bool {
        self.decides != Decides::Machine || !self.pending.is_empty()
    }

    /// The section's id: `networking` of `networking/set-up-vpcs`.
    pub fn section(&self) -> &'static str {
        self.id.split_once('/').map_or(self.id, |(section, _)| section)
    }
}

/// Something seen in the account that helps a person to confirm an item, and decides nothing.
#[derive(Debug)]
pub struct Evidence {
    /// `vpn-endpoints`
    pub id: &'static str,
    /// What it speaks of, in the plural: `VPN endpoints`.
    pub title: &'static str,
    /// The facts that it reads.
    pub needs: &'static [FactKind],
    /// What there is of it, a line each; none where the account has nothing of the kind.
    pub gather: fn(&Account) -> Result<Vec<String>, Unreadable>,
}

/// Who can tell whether an item is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decides {
    /// The rules alone decide: pass or fail.
    Machine,
    /// The rules find failures and evidence; a person confirms the rest.
    Partly,
    /// No AWS API tells; a person confirms it.
    Human,
}

/// A page worth reading.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The page's title, with its publisher where it is not AWS.
    pub title: &'static str,
    /// Its address.
    pub url: &'static str,
}

/// The status of an item or of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Something fails.
    Fail,
    /// Nothing fails, but something could not be read.
    Unknown,
    /// A person has to confirm it.
    Manual,
    /// Decided, and good.
    Pass,
    /// The account has nothing that it speaks of.
    NotApplicable,
}
