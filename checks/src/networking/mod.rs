//! The section Networking: who can reach what, and by which way.

mod configure_dns_using_route_53;
mod configure_network_acls;
mod configure_security_groups;
mod configure_static_ips;
mod set_up_subnets;
mod set_up_vpcs;

pub use set_up_subnets::INSTANCE_IN_PRIVATE_SUBNET;

use crate::Item;

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &set_up_vpcs::ITEM,
    &set_up_subnets::ITEM,
    &configure_network_acls::ITEM,
    &configure_security_groups::ITEM,
    &configure_static_ips::ITEM,
    &configure_dns_using_route_53::ITEM,
];
