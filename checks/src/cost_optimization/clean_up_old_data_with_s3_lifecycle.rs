//! `cost-optimization/clean-up-old-data-with-s3-lifecycle`

use crate::{Decides, Item};

/// `cost-optimization/clean-up-old-data-with-s3-lifecycle`
pub const ITEM: Item = Item {
    id: "cost-optimization/clean-up-old-data-with-s3-lifecycle",
    title: "Clean up old data with S3 Lifecycle settings",
    decides: Decides::Machine,
    what: "",
    why: "",
    confirm: "",
    references: &[],
    rules: &[],
    pending: &[],
};
