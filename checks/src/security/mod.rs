//! The items of the section `security`.

use crate::Item;

mod configure_encryption_at_rest;
mod create_a_password_policy_and_enforce_mfa;
mod record_audit_logs;

/// The items in checklist order.
pub const ITEMS: &[&Item] =
    &[&configure_encryption_at_rest::ITEM, &create_a_password_policy_and_enforce_mfa::ITEM, &record_audit_logs::ITEM];
