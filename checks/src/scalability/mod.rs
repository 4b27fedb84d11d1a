//! The items of the section `scalability`.

use crate::Item;


/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
