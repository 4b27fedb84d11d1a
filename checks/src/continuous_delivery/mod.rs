//! The items of the section `continuous-delivery`.

use crate::Item;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
