//! The items of the section `cost-optimization`.

use crate::Item;

mod clean_up_old_data_with_s3_lifecycle;
mod create_billing_alarms;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[&clean_up_old_data_with_s3_lifecycle::ITEM, &create_billing_alarms::ITEM];
