//! `cost-optimization/create-billing-alarms`

use crate::{Decides, Item};

/// `cost-optimization/create-billing-alarms`
pub const ITEM: Item = Item {
    id: "cost-optimization/create-billing-alarms",
    title: "Create billing alarms",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
