//! `security/record-audit-logs`

use crate::{Decides, Item};

/// `security/record-audit-logs`
pub const ITEM: Item = Item {
    id: "security/record-audit-logs",
    title: "Record audit Logs",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
