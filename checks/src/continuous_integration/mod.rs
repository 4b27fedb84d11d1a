//! The items of the section `continuous-integration`.

use crate::Item;


/// The items in checklist order.
pub const ITEMS: &[&Item] = &[];
