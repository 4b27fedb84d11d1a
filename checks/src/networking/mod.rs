//! The section Networking: who can reach what, and by which way.

mod configure_network_acls;
mod configure_security_groups;
mod configure_static_ips;
mod set_up_subnets;
mod set_up_vpcs;

pub use set_up_subnets::INSTANCE_IN_PRIVATE_SUBNET;

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &set_up_vpcs::ITEM,
    &set_up_subnets::ITEM,
    &configure_network_acls::ITEM,
    &configure_security_groups::ITEM,
    &configure_static_ips::ITEM,
    &CONFIGURE_DNS_USING_ROUTE_53,
];

const CONFIGURE_DNS_USING_ROUTE_53: Item = Item {
    id: "networking/configure-dns-using-route-53",
    title: "Configure DNS using Route 53",
    decides: Decides::Partly,
    what: "Public and private names are kept in Route 53 zones, point only at what the account still has, \
           and domains renew by themselves.",
    why: "A record that points at something released can be taken over by whoever claims it next; a \
           domain that expires takes the product with it.",
    confirm: "Walk through the records of each zone and name the target of each. Under Registered domains, \
           renewal and transfer lock are on.",
    references: &[
        Reference {
            title: "What is Amazon Route 53?",
            url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/Welcome.html",
        },
        Reference {
            title: "Renewing registration for a domain",
            url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-renew.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "records that point at what the account no longer has",
        "domains without automatic renewal or transfer lock",
    ],
};
