//! The section Networking: who can reach what, and by which way.

mod configure_security_groups;
mod set_up_vpcs;

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &set_up_vpcs::ITEM,
    &SET_UP_SUBNETS,
    &CONFIGURE_NETWORK_ACLS,
    &configure_security_groups::ITEM,
    &CONFIGURE_STATIC_IPS,
    &CONFIGURE_DNS_USING_ROUTE_53,
];

const SET_UP_SUBNETS: Item = Item {
    id: "networking/set-up-subnets",
    title: "Set up subnets",
    decides: Decides::Machine,
    what: "Each VPC has tiers of subnets: public ones for load balancers, private ones for applications, \
           and private ones for data stores.",
    why: "A database in a subnet with a route to the internet is one wrong security group away from \
           everyone.",
    confirm: "Follow the route table of each subnet, the main one where none is associated: only public \
           subnets have a route to an internet gateway, and databases are in none of them.",
    references: &[
        Reference {
            title: "Subnets for your VPC",
            url: "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
        },
        Reference {
            title: "Configure route tables",
            url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "VPCs without a public and a private tier",
        "databases in public subnets",
        "instances in public subnets",
        "subnets that give public addresses by themselves",
    ],
};

const CONFIGURE_NETWORK_ACLS: Item = Item {
    id: "networking/configure-network-acls",
    title: "Configure Network ACLs",
    decides: Decides::Machine,
    what: "Network ACLs limit what may pass between the tiers of subnets, as a second wall behind the \
           security groups.",
    why: "When a security group is opened by mistake, a network ACL is all that still stands between a \
           subnet and the internet.",
    confirm: "Read the inbound rules of each network ACL in number order: none lets the internet reach 22 or \
           3389, and private subnets are not on the default one.",
    references: &[Reference {
        title: "Control subnet traffic with network access control lists",
        url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["network ACLs that open 22 or 3389 to the internet", "private subnets on the default network ACL"],
};

const CONFIGURE_STATIC_IPS: Item = Item {
    id: "networking/configure-static-ips",
    title: "Configure Static IPs",
    decides: Decides::Partly,
    what: "Addresses that others rely on are Elastic IPs or fixed network interfaces; everything else is \
           found by name.",
    why: "An address that changes with a redeployment breaks whoever put it on a list; one that nobody \
           uses costs money.",
    confirm: "List the Elastic IP addresses and who relies on each, such as partners with allow lists. \
           Release those that nobody names.",
    references: &[Reference {
        title: "Elastic IP addresses",
        url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
    }],
    rules: &[],
    evidence: &[],
    pending: &["Elastic IP addresses that are not associated"],
};

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
