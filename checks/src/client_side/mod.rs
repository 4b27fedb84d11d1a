//! The items of the section `client-side`.

use crate::Item;


/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
