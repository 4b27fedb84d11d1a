//! `data-storage/configure-backup`

use crate::{Decides, Item};

/// `data-storage/configure-backup`
pub const ITEM: Item = Item {
    id: "data-storage/configure-backup",
    title: "Configure backup",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
