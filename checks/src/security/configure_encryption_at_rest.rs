//! `security/configure-encryption-at-rest`

use crate::{Decides, Item};

/// `security/configure-encryption-at-rest`
pub const ITEM: Item = Item {
    id: "security/configure-encryption-at-rest",
    title: "Configure encryption at rest",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
