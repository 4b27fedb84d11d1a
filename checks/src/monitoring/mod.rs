//! The items of the section `monitoring`.

use crate::Item;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
