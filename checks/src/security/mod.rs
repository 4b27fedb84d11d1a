//! The section Security: encryption, access, secrets, people and the record of what they did.

mod configure_encryption_at_rest;
mod configure_encryption_in_transit;
mod create_a_password_policy_and_enforce_mfa;
mod create_cross_account_iam_roles;
mod create_iam_groups;
mod create_iam_roles;
mod create_iam_users;
mod deploy_a_bastion_host;
mod deploy_a_vpn_server;
mod go_through_a_security_audit;
mod go_through_the_owasp_top_10;
mod record_audit_logs;
mod set_up_secrets_management;
mod set_up_ssh_access;
mod sign_up_for_security_advisories;
mod use_server_hardening_practices;

use crate::Item;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &configure_encryption_in_transit::ITEM,
    &configure_encryption_at_rest::ITEM,
    &set_up_ssh_access::ITEM,
    &deploy_a_bastion_host::ITEM,
    &deploy_a_vpn_server::ITEM,
    &set_up_secrets_management::ITEM,
    &use_server_hardening_practices::ITEM,
    &go_through_the_owasp_top_10::ITEM,
    &go_through_a_security_audit::ITEM,
    &sign_up_for_security_advisories::ITEM,
    &create_iam_users::ITEM,
    &create_iam_groups::ITEM,
    &create_iam_roles::ITEM,
    &create_cross_account_iam_roles::ITEM,
    &create_a_password_policy_and_enforce_mfa::ITEM,
    &record_audit_logs::ITEM,
];
