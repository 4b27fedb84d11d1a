//! `networking/set-up-vpcs`

use crate::{Decides, Item};

/// `networking/set-up-vpcs`
pub const ITEM: Item = Item {
    id: "networking/set-up-vpcs",
    title: "Set up VPCs",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
