//! The items of the section `server-side`.

use crate::Item;


/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
