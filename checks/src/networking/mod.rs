//! The items of the section `networking`.

use crate::Item;

mod set_up_vpcs;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[&set_up_vpcs::ITEM];
