//! What people say of an account: answers on items, and failures that they accept.

use jiff::civil::Date;

use crate::Untrusted;

/// A person's latest answer on an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer.
    pub says: Says,
    /// Who gave it.
    pub by: Untrusted,
    /// When.
    pub on: Date,
    /// The last day that it counts. A no has none: it counts until somebody answers anew.
    pub until: Option<Date>,
    /// Whether that day was over when the account was read.
    pub expired: bool,
    /// What the person wrote; for a no and for what does not apply, the reason.
    pub note: Untrusted,
    /// Links to what proves it.
    pub evidence: Vec<Untrusted>,
}

/// Whether an item is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// It is done.
    Yes,
    /// It is not.
    No,
    /// The item does not speak of this account.
    NotApplicable,
}

/// Why a failure is accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// Why.
    pub reason: Untrusted,
    /// Who answers for it.
    pub owner: Option<Untrusted>,
    /// The last day that it counts; none when it never ends.
    pub until: Option<Date>,
    /// Whether that day was over when the account was read: the failure counts again.
    pub expired: bool,
}
