//! `security/create-a-password-policy-and-enforce-mfa`

use crate::{Decides, Item};

/// `security/create-a-password-policy-and-enforce-mfa`
pub const ITEM: Item = Item {
    id: "security/create-a-password-policy-and-enforce-mfa",
    title: "Create a password policy and enforce MFA",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
