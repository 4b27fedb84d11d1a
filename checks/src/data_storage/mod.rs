//! The items of the section `data-storage`.

use crate::Item;

mod deploy_relational_databases;
mod configure_backup;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[&deploy_relational_databases::ITEM, &configure_backup::ITEM];
