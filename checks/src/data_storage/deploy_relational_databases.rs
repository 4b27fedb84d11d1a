//! `data-storage/deploy-relational-databases`

use crate::{Decides, Item};

/// `data-storage/deploy-relational-databases`
pub const ITEM: Item = Item {
    id: "data-storage/deploy-relational-databases",
    title: "Deploy relational databases",
    decides: Decides::Partly,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
