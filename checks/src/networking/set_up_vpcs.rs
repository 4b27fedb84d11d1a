//! `networking/set-up-vpcs`: everything runs in VPCs of the team's own, which do not overlap and are watched.

use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use crate::facts::{FlowLog, PeeredVpc, Vpc, VpcPeeringConnection};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `networking/set-up-vpcs`
pub const ITEM: Item = Item {
    id: "networking/set-up-vpcs",
    title: "Set up VPCs",
    decides: Decides::Machine,
    what: "Custom VPCs, each with an address range of its own, hold everything that the account runs; the default \
           VPCs hold nothing; flow logs record what passes.",
    why: "Every subnet of a default VPC is public, so whatever lands there by accident is on the internet. Ranges that \
          overlap cannot be joined later without moving everything.",
    confirm: "In the VPC console of each region, Your VPCs: the default VPC is gone or empty, each other VPC has a \
              range from your address plan, and its Flow logs tab shows an active log.",
    references: &[DEFAULT_VPC_GUIDE, CIDR_GUIDE, FLOW_LOGS_GUIDE],
    rules: &[&DEFAULT_VPC_UNUSED, &DEFAULT_VPC_REMOVED, &VPC_CIDR_OVERLAP, &VPC_FLOW_LOGS],
    evidence: &[],
    pending: &[],
};

const DEFAULT_VPC_GUIDE: Reference = Reference {
    title: "Default VPCs - Amazon VPC User Guide",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html",
};

const CIDR_GUIDE: Reference = Reference {
    title: "VPC CIDR blocks - Amazon VPC User Guide",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html",
};

const FLOW_LOGS_GUIDE: Reference = Reference {
    title: "Logging IP traffic using VPC Flow Logs - Amazon VPC User Guide",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
};

const PEERING_GUIDE: Reference = Reference {
    title: "How VPC peering connections work - Amazon VPC",
    url: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html",
};

/// `default-vpc-unused`
pub static DEFAULT_VPC_UNUSED: Rule = Rule {
    id: "default-vpc-unused",
    title: "Nothing runs in a default VPC",
    severity: Severity::High,
    needs: &[FactKind::Vpcs, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "In each region, no network interface is in the default VPC. Every kind counts: those of instances, \
              databases, load balancers, NAT gateways, endpoints and functions. A region without a default VPC has \
              nothing to judge.",
    remedy: Remedy {
        summary: "Move what runs in the default VPC to a VPC of your own, then delete the default VPC.",
        console: "EC2, Network Interfaces, filter by the default VPC's id to see what uses it",
        cli: "aws ec2 describe-network-interfaces --region REGION --filters Name=vpc-id,Values=VPC_ID",
        terraform: "aws_vpc with aws_subnet of your own; name them in every subnet_id, subnet_ids and vpc_id",
    },
    controls: &[],
    references: &[DEFAULT_VPC_GUIDE],
    judge: Judge::Region(default_vpc_unused),
};

fn default_vpc_unused(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for vpc in region.vpcs()?.iter().filter(|vpc| vpc.is_default) {
        findings.check(vpc, || {
            let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
            for interface in region.network_interfaces()?.iter().filter(|interface| interface.vpc_id == vpc.id) {
                *kinds.entry(&interface.interface_type).or_default() += 1;
            }
            Ok(match kinds.values().sum() {
                0 => Verdict::pass("no network interface is in it"),
                1 => Verdict::fail(format!("1 network interface is in it ({})", tally(&kinds))),
                number => Verdict::fail(format!("{number} network interfaces are in it ({})", tally(&kinds))),
            })
        });
    }
    Ok(())
}

/// `2 interface, 1 nat_gateway`: the most frequent kinds first, at most three of them.
fn tally(kinds: &BTreeMap<&str, usize>) -> String {
    let mut kinds: Vec<_> = kinds.iter().collect();
    kinds.sort_by_key(|(_, number)| std::cmp::Reverse(**number));
    let mut parts: Vec<String> = kinds.iter().take(3).map(|(kind, number)| format!("{number} {kind:.20}")).collect();
    if kinds.len() > 3 {
        parts.push("others".to_owned());
    }
    parts.join(", ")
}

/// `default-vpc-removed`
pub static DEFAULT_VPC_REMOVED: Rule = Rule {
    id: "default-vpc-removed",
    title: "Default VPCs are deleted",
    severity: Severity::Low,
    needs: &[FactKind::Vpcs],
    absence: Absence::NotApplicable,
    decided: "Each audited region has no default VPC. One that only exists does no harm yet; it is where a launch \
              without a subnet ends up.",
    remedy: Remedy {
        summary: "Delete the default VPC of each region once nothing runs in it.",
        console: "VPC, Your VPCs, the one whose Default VPC column says Yes, Actions, Delete VPC",
        cli: "aws ec2 delete-vpc --region REGION --vpc-id VPC_ID  # after its subnets and internet gateway",
        terraform: "aws_default_vpc with force_destroy = true, then remove the resource",
    },
    controls: &[],
    references: &[DEFAULT_VPC_GUIDE],
    judge: Judge::Region(default_vpc_removed),
};

fn default_vpc_removed(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let mut defaults = region.vpcs()?.iter().filter(|vpc| vpc.is_default).peekable();
    if defaults.peek().is_none() {
        findings.check(&region.name, || Ok(Verdict::pass("has no default VPC")));
    }
    for vpc in defaults {
        findings.check(vpc, || Ok(Verdict::fail("is the region's default VPC")));
    }
    Ok(())
}

/// `vpc-cidr-overlap`
pub static VPC_CIDR_OVERLAP: Rule = Rule {
    id: "vpc-cidr-overlap",
    title: "VPCs do not overlap",
    severity: Severity::Low,
    needs: &[FactKind::Vpcs, FactKind::VpcPeeringConnections],
    absence: Absence::NotApplicable,
    decided: "No block of a VPC of this account, secondary and IPv6 blocks included, overlaps one of another of its \
              VPCs in any audited region, or one of a VPC that it is peered with, whoever owns that. Default VPCs all \
              share 172.31.0.0/16, so they count only where they are peered, as do VPCs that other accounts share. While \
              VPCs or peering connections of a region are unreadable, a VPC without an overlap seen is unknown.",
    remedy: Remedy {
        summary: "Give new VPCs ranges from one plan (such as an IPAM pool), and move what overlaps.",
        console: "VPC, Your VPCs, column IPv4 CIDR; VPC IP Address Manager, Pools, to plan ranges",
        cli: "aws ec2 describe-vpcs --query 'Vpcs[].[VpcId,CidrBlock]'",
        terraform: "aws_vpc: ipv4_ipam_pool_id with ipv4_netmask_length, or distinct cidr_block values",
    },
    controls: &[],
    references: &[CIDR_GUIDE, PEERING_GUIDE],
    judge: Judge::Account(cidr_overlap),
};

/// A VPC's place: ids are unique only within a region.
type Place<'a> = (&'a str, &'a str);

fn cidr_overlap(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let mut listed: Vec<(Place<'_>, &Vpc)> = Vec::new();
    let mut peerings: Vec<&VpcPeeringConnection> = Vec::new();
    let mut unread: Vec<(&str, FactKind, Unreadable)> = Vec::new();
    for region in &account.regions {
        match region.vpcs() {
            Ok(vpcs) => listed.extend(vpcs.iter().map(|vpc| ((region.name.as_str(), vpc.id.as_str()), vpc))),
            Err(reason) => unread.push((&region.name, FactKind::Vpcs, reason)),
        }
        match region.vpc_peering_connections() {
            Ok(connections) => peerings.extend(connections.iter().filter(|connection| joins(connection))),
            Err(reason) => unread.push((&region.name, FactKind::VpcPeeringConnections, reason)),
        }
    }
    // A region that could not even be listed may hold what overlaps, too.
    let hidden = unread.first().map(|(_, _, reason)| reason).or(account.regions_unreadable.as_ref());
    for &(place, vpc) in listed.iter().filter(|(_, vpc)| vpc.owner_id == account.id) {
        findings.in_region(place.0);
        findings.check(vpc, || match (overlap(place, vpc, &listed, &peerings), hidden) {
            (Some(seen), _) => Ok(Verdict::fail(seen)),
            (None, Some(reason)) => Err(reason.clone()),
            (None, None) => Ok(Verdict::pass("overlaps no other VPC")),
        });
    }
    for (region, kind, reason) in unread {
        findings.in_region(region);
        findings.unknown(kind.noun(), reason);
    }
    Ok(())
}

/// Whether a peering connection joins its VPCs, or will once it is accepted.
fn joins(connection: &VpcPeeringConnection) -> bool {
    matches!(connection.status.as_str(), "active" | "pending-acceptance" | "provisioning")
}

/// The first overlap of a VPC with another of the account, or with one that it is peered with.
fn overlap(
    place: Place<'_>,
    vpc: &Vpc,
    listed: &[(Place<'_>, &Vpc)],
    peerings: &[&VpcPeeringConnection],
) -> Option<String> {
    let peers = peerings.iter().filter_map(|connection| other_side(connection, place));
    let peered = peers.map(|peer| ((peer.region.as_str(), peer.vpc_id.as_str()), peer.cidr_blocks.as_slice()));
    let peered: Vec<(Place<'_>, &[IpNet])> = peered.collect();
    let joined: BTreeSet<Place<'_>> = peered.iter().map(|(place, _)| *place).collect();
    let others = listed.iter().filter(|(other, _)| *other != place);
    // Default VPCs share one block, and a VPC that another account shares is that account's to plan.
    let planned = |its: &Vpc| its.owner_id == vpc.owner_id && !vpc.is_default && !its.is_default;
    let counts = |other: Place<'_>, its: &Vpc| joined.contains(&other) || planned(its);
    let others =
        others.filter(|(other, its)| counts(*other, its)).map(|(other, its)| (*other, its.cidr_blocks.as_slice()));
    let clash = |(other, blocks): (Place<'_>, &[IpNet])| {
        let (ours, theirs) = clash(&vpc.cidr_blocks, blocks)?;
        Some(format!("{ours} overlaps {theirs} of {:.40} in {:.20}", other.1, other.0))
    };
    peered.iter().copied().chain(others).find_map(clash)
}

/// The side of a peering connection that is not the VPC at `place`, if the other side is.
fn other_side<'a>(connection: &'a VpcPeeringConnection, place: Place<'_>) -> Option<&'a PeeredVpc> {
    let at = |side: &PeeredVpc| (side.region.as_str(), side.vpc_id.as_str()) == place;
    match (at(&connection.requester), at(&connection.accepter)) {
        (true, false) => Some(&connection.accepter),
        (false, true) => Some(&connection.requester),
        _ => None,
    }
}

/// The first two blocks that overlap.
fn clash(ours: &[IpNet], theirs: &[IpNet]) -> Option<(IpNet, IpNet)> {
    let overlaps = |a: &IpNet, b: &IpNet| a.contains(b) || b.contains(a);
    ours.iter().find_map(|a| theirs.iter().find(|b| overlaps(a, b)).map(|b| (*a, *b)))
}

/// `vpc-flow-logs`
pub static VPC_FLOW_LOGS: Rule = Rule {
    id: "vpc-flow-logs",
    title: "Flow logs record the traffic of each VPC",
    severity: Severity::Medium,
    needs: &[FactKind::Vpcs, FactKind::FlowLogs, FactKind::Subnets],
    absence: Absence::NotApplicable,
    decided: "Each VPC of this account, default ones included, has an active flow log that is delivered and records \
              all or rejected traffic; or each of its subnets has one. Logs of single network interfaces do not count, \
              and VPCs that another account shares are that account's to watch.",
    remedy: Remedy {
        summary: "Create a flow log for the VPC that records all or rejected traffic.",
        console: "VPC, Your VPCs, the VPC, Flow logs, Create flow log, Filter: All or Reject",
        cli: "aws ec2 create-flow-logs --region REGION --resource-type VPC --resource-ids VPC_ID --traffic-type ALL \
              --log-destination-type s3 --log-destination arn:aws:s3:::BUCKET",
        terraform: "aws_flow_log: vpc_id, traffic_type = \"ALL\", log_destination",
    },
    controls: &["FSBP EC2.6", "CIS 3.0 3.7"],
    references: &[FLOW_LOGS_GUIDE],
    judge: Judge::Account(flow_logs),
};

fn flow_logs(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.vpcs() {
            Ok(vpcs) => {
                for vpc in vpcs.iter().filter(|vpc| vpc.owner_id == account.id) {
                    findings.check(vpc, || watched(vpc, region));
                }
            }
            Err(reason) => findings.unknown(FactKind::Vpcs.noun(), reason),
        }
    }
    Ok(())
}

fn watched(vpc: &Vpc, region: &Region) -> Result<Verdict, Unreadable> {
    let logs = region.flow_logs()?;
    let of = |id: &str| logs.iter().filter(|log| log.resource_id == id).collect::<Vec<_>>();
    let its = of(&vpc.id);
    if its.iter().any(|log| records(log)) {
        return Ok(Verdict::pass("a flow log records it"));
    }
    let mut subnets = region.subnets()?.iter().filter(|subnet| subnet.vpc_id == vpc.id).peekable();
    if subnets.peek().is_some() && subnets.all(|subnet| of(&subnet.id).iter().any(|log| records(log))) {
        return Ok(Verdict::pass("a flow log records each of its subnets"));
    }
    let delivered = |log: &&FlowLog| log.status == "ACTIVE" && !fails(log);
    Ok(Verdict::fail(if its.is_empty() {
        "has no flow log"
    } else if its.iter().any(delivered) {
        "its flow log records accepted traffic only"
    } else if its.iter().any(|log| fails(log)) {
        "its flow log cannot be delivered"
    } else {
        "its flow log is not active"
    }))
}

fn fails(log: &FlowLog) -> bool {
    log.deliver_logs_status.as_deref() == Some("FAILED")
}

/// Whether a flow log is delivered and holds at least what was rejected.
fn records(log: &FlowLog) -> bool {
    let rejected = matches!(log.traffic_type.as_deref(), None | Some("ALL" | "REJECT"));
    log.status == "ACTIVE" && !fails(log) && rejected
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{NetworkInterface, Subnet};
    use crate::testing::{Said, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    const OURS: &str = "123456789012";

    fn vpc(id: &str, blocks: &[&str]) -> Vpc {
        let cidr_blocks = blocks.iter().map(|block| block.parse().expect("a block")).collect();
        Vpc { id: id.to_owned(), is_default: false, owner_id: OURS.to_owned(), cidr_blocks }
    }

    fn default_vpc(id: &str) -> Vpc {
        Vpc { is_default: true, ..vpc(id, &["172.31.0.0/16"]) }
    }

    fn interface(vpc_id: &str, kind: &str) -> NetworkInterface {
        NetworkInterface {
            id: "eni-1".to_owned(),
            vpc_id: vpc_id.to_owned(),
            subnet_id: None,
            interface_type: kind.to_owned(),
            security_group_ids: vec![],
            public_addresses: vec![],
        }
    }

    fn with_vpcs(name: &str, vpcs: Vec<Vpc>) -> Region {
        Region {
            vpcs: Reading::Read(vpcs),
            network_interfaces: Reading::Read(vec![]),
            vpc_peering_connections: Reading::Read(vec![]),
            flow_logs: Reading::Read(vec![]),
            subnets: Reading::Read(vec![]),
            ..region(name)
        }
    }

    fn said(rule: &'static Rule, regions: Vec<Region>) -> Said {
        judge(rule, &with_regions(regions))
    }

    #[test]
    fn an_empty_default_vpc_is_unused_and_one_with_interfaces_is_not() {
        let used = Region {
            network_interfaces: Reading::Read(vec![
                interface("vpc-1", "interface"),
                interface("vpc-1", "nat_gateway"),
                interface("vpc-1", "interface"),
                interface("vpc-2", "interface"),
            ]),
            ..with_vpcs("eu-west-1", vec![default_vpc("vpc-1"), vpc("vpc-2", &["10.0.0.0/16"])])
        };
        let said = said(&DEFAULT_VPC_UNUSED, vec![used, with_vpcs("us-east-1", vec![default_vpc("vpc-1")])]);
        assert_eq!(said.lines, ["fail vpc-1 eu-west-1", "pass vpc-1 us-east-1"]);
        assert_eq!(said.details[0], "3 network interfaces are in it (2 interface, 1 nat_gateway)");
    }

    #[test]
    fn without_a_default_vpc_nothing_can_run_in_it() {
        let custom = with_vpcs("eu-west-1", vec![vpc("vpc-2", &["10.0.0.0/16"])]);
        assert_eq!(said(&DEFAULT_VPC_UNUSED, vec![custom]).status, Status::NotApplicable);
    }

    #[test]
    fn a_default_vpc_whose_interfaces_are_unreadable_is_unknown() {
        let unread = Region { network_interfaces: unreadable(), ..with_vpcs("eu-west-1", vec![default_vpc("vpc-1")]) };
        assert_eq!(said(&DEFAULT_VPC_UNUSED, vec![unread]).lines, ["unknown vpc-1 eu-west-1"]);
        let unread = Region { vpcs: unreadable(), ..region("eu-west-1") };
        assert_eq!(said(&DEFAULT_VPC_UNUSED, vec![unread]).lines, ["unknown VPCs eu-west-1"]);
    }

    #[test]
    fn many_kinds_of_interfaces_make_one_short_line() {
        let kinds = ["a".repeat(80), "b".repeat(80), "c".repeat(80), "d".repeat(80)];
        let interfaces = kinds.iter().map(|kind| interface("vpc-1", kind)).collect();
        let used = Region {
            network_interfaces: Reading::Read(interfaces),
            ..with_vpcs("eu-west-1", vec![default_vpc("vpc-1")])
        };
        assert!(said(&DEFAULT_VPC_UNUSED, vec![used]).details[0].ends_with(", others)"));
    }

    #[test]
    fn a_default_vpc_that_only_exists_fails_to_be_removed() {
        let regions = vec![
            with_vpcs("eu-west-1", vec![default_vpc("vpc-1")]),
            with_vpcs("us-east-1", vec![vpc("vpc-2", &["10.0.0.0/16"])]),
            Region { vpcs: unreadable(), ..region("us-west-2") },
        ];
        let said = said(&DEFAULT_VPC_REMOVED, regions);
        assert_eq!(said.lines, ["fail vpc-1 eu-west-1", "pass us-east-1 us-east-1", "unknown VPCs us-west-2"]);
    }

    #[test]
    fn vpcs_of_two_regions_that_overlap_both_fail() {
        let regions = vec![
            with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"]), vpc("vpc-2", &["10.1.0.0/16"])]),
            with_vpcs("us-east-1", vec![vpc("vpc-1", &["192.168.0.0/24", "10.0.128.0/20"])]),
        ];
        let said = said(&VPC_CIDR_OVERLAP, regions);
        assert_eq!(said.lines, ["fail vpc-1 eu-west-1", "pass vpc-2 eu-west-1", "fail vpc-1 us-east-1"]);
        assert_eq!(said.details[0], "10.0.0.0/16 overlaps 10.0.128.0/20 of vpc-1 in us-east-1");
    }

    #[test]
    fn ipv6_blocks_are_compared_too_and_never_with_ipv4() {
        let vpcs =
            vec![vpc("vpc-1", &["2001:db8::/56"]), vpc("vpc-2", &["2001:db8::/60"]), vpc("vpc-3", &["10.0.0.0/8"])];
        let said = said(&VPC_CIDR_OVERLAP, vec![with_vpcs("eu-west-1", vpcs)]);
        assert_eq!(said.lines, ["fail vpc-1 eu-west-1", "fail vpc-2 eu-west-1", "pass vpc-3 eu-west-1"]);
    }

    #[test]
    fn default_vpcs_share_their_block_and_count_only_when_peered() {
        let regions = |peerings| {
            vec![
                Region {
                    vpc_peering_connections: Reading::Read(peerings),
                    ..with_vpcs("eu-west-1", vec![default_vpc("vpc-1")])
                },
                with_vpcs("us-east-1", vec![default_vpc("vpc-2"), vpc("vpc-3", &["172.31.0.0/20"])]),
            ]
        };
        assert_eq!(said(&VPC_CIDR_OVERLAP, regions(vec![])).status, Status::Pass);
        let peering = peering("active", side("vpc-1", "eu-west-1", OURS, &[]), side("vpc-2", "us-east-1", OURS, &[]));
        let said = said(&VPC_CIDR_OVERLAP, regions(vec![peering]));
        assert_eq!(said.lines, ["fail vpc-1 eu-west-1", "fail vpc-2 us-east-1", "pass vpc-3 us-east-1"]);
    }

    fn side(vpc_id: &str, region: &str, owner_id: &str, blocks: &[&str]) -> PeeredVpc {
        PeeredVpc {
            vpc_id: vpc_id.to_owned(),
            owner_id: owner_id.to_owned(),
            region: region.to_owned(),
            cidr_blocks: blocks.iter().map(|block| block.parse().expect("a block")).collect(),
        }
    }

    fn peering(status: &str, requester: PeeredVpc, accepter: PeeredVpc) -> VpcPeeringConnection {
        VpcPeeringConnection { id: "pcx-1".to_owned(), status: status.to_owned(), requester, accepter }
    }

    #[test]
    fn a_peer_of_another_account_is_compared_while_the_connection_lives() {
        let with = |status| {
            let ours = side("vpc-1", "eu-west-1", OURS, &["10.0.0.0/16"]);
            let theirs = side("vpc-9", "us-west-2", "999999999999", &["10.0.0.0/8"]);
            vec![Region {
                vpc_peering_connections: Reading::Read(vec![peering(status, theirs, ours)]),
                ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"])])
            }]
        };
        for status in ["active", "pending-acceptance", "provisioning"] {
            let said = said(&VPC_CIDR_OVERLAP, with(status));
            assert_eq!(said.details, ["10.0.0.0/16 overlaps 10.0.0.0/8 of vpc-9 in us-west-2"], "{status}");
        }
        for status in ["deleted", "rejected", "expired", "failed"] {
            assert_eq!(said(&VPC_CIDR_OVERLAP, with(status)).status, Status::Pass, "{status}");
        }
    }

    #[test]
    fn vpcs_shared_by_another_account_are_not_judged() {
        let shared = Vpc { owner_id: "999999999999".to_owned(), ..vpc("vpc-2", &["10.0.0.0/16"]) };
        let region = || with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"]), shared.clone()]);
        assert_eq!(said(&VPC_CIDR_OVERLAP, vec![region()]).lines, ["pass vpc-1 eu-west-1"]);
        assert_eq!(said(&VPC_FLOW_LOGS, vec![region()]).lines, ["fail vpc-1 eu-west-1"]);
    }

    #[test]
    fn a_shared_vpc_that_is_peered_counts_by_its_own_blocks_while_the_connection_hides_them() {
        let shared = Vpc { owner_id: "999999999999".to_owned(), ..vpc("vpc-2", &["10.0.0.0/16"]) };
        let theirs = side("vpc-2", "eu-west-1", "999999999999", &[]);
        let peering = peering("pending-acceptance", side("vpc-1", "eu-west-1", OURS, &["10.0.0.0/16"]), theirs);
        let region = Region {
            vpc_peering_connections: Reading::Read(vec![peering]),
            ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"]), shared])
        };
        assert_eq!(said(&VPC_CIDR_OVERLAP, vec![region]).lines, ["fail vpc-1 eu-west-1"]);
    }

    #[test]
    fn a_vpc_does_not_overlap_itself_through_its_own_connections() {
        let ours = || side("vpc-1", "eu-west-1", OURS, &["10.0.0.0/16"]);
        let to_other = || peering("active", ours(), side("vpc-1", "us-east-1", OURS, &["10.1.0.0/16"]));
        let with = |name, block, peerings| Region {
            vpc_peering_connections: Reading::Read(peerings),
            ..with_vpcs(name, vec![vpc("vpc-1", &[block])])
        };
        // Both regions list the connection, and both VPCs have the same id.
        let regions = vec![
            with("eu-west-1", "10.0.0.0/16", vec![to_other(), peering("active", ours(), ours())]),
            with("us-east-1", "10.1.0.0/16", vec![to_other()]),
        ];
        assert_eq!(said(&VPC_CIDR_OVERLAP, regions).lines, ["pass vpc-1 eu-west-1", "pass vpc-1 us-east-1"]);
    }

    #[test]
    fn a_single_vpc_overlaps_nothing() {
        let only = with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16", "10.0.0.0/24"])]);
        assert_eq!(said(&VPC_CIDR_OVERLAP, vec![only]).lines, ["pass vpc-1 eu-west-1"]);
    }

    #[test]
    fn regions_that_could_not_be_listed_leave_a_vpc_unknown() {
        let vpcs = vec![vpc("vpc-1", &["10.0.0.0/16"]), vpc("vpc-2", &["10.0.0.0/24"]), vpc("vpc-3", &["10.9.0.0/16"])];
        let mut account = with_regions(vec![with_vpcs("eu-west-1", vpcs)]);
        account.regions_unreadable = Some(crate::testing::denied());
        let lines =
            ["fail vpc-1 eu-west-1", "fail vpc-2 eu-west-1", "unknown vpc-3 eu-west-1", "unknown other regions global"];
        assert_eq!(judge(&VPC_CIDR_OVERLAP, &account).lines, lines);
    }

    #[test]
    fn an_unread_region_leaves_only_seen_overlaps_certain() {
        let vpcs = vec![vpc("vpc-1", &["10.0.0.0/16"]), vpc("vpc-2", &["10.0.0.0/24"]), vpc("vpc-3", &["10.9.0.0/16"])];
        let unread = Region { vpcs: unreadable(), ..with_vpcs("us-east-1", vec![]) };
        let said = said(&VPC_CIDR_OVERLAP, vec![with_vpcs("eu-west-1", vpcs), unread]);
        assert_eq!(
            said.lines,
            ["fail vpc-1 eu-west-1", "fail vpc-2 eu-west-1", "unknown vpc-3 eu-west-1", "unknown VPCs us-east-1"]
        );
    }

    #[test]
    fn unread_peering_connections_leave_a_vpc_unknown() {
        let unread = Region {
            vpc_peering_connections: unreadable(),
            ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"])])
        };
        let lines = ["unknown vpc-1 eu-west-1", "unknown VPC peering connections eu-west-1"];
        assert_eq!(said(&VPC_CIDR_OVERLAP, vec![unread]).lines, lines);
    }

    #[test]
    fn without_vpcs_nothing_overlaps_and_nothing_is_watched() {
        for rule in [&VPC_CIDR_OVERLAP, &VPC_FLOW_LOGS] {
            assert_eq!(said(rule, vec![with_vpcs("eu-west-1", vec![])]).status, Status::NotApplicable);
        }
    }

    fn log(resource_id: &str) -> FlowLog {
        FlowLog {
            id: "fl-1".to_owned(),
            resource_id: resource_id.to_owned(),
            status: "ACTIVE".to_owned(),
            deliver_logs_status: Some("SUCCESS".to_owned()),
            traffic_type: Some("ALL".to_owned()),
        }
    }

    fn watched_by(logs: Vec<FlowLog>) -> Said {
        let subnet = |id: &str| Subnet {
            id: id.to_owned(),
            vpc_id: "vpc-1".to_owned(),
            owner_id: OURS.to_owned(),
            map_public_ip_on_launch: false,
        };
        let region = Region {
            flow_logs: Reading::Read(logs),
            subnets: Reading::Read(vec![subnet("subnet-1"), subnet("subnet-2")]),
            ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"])])
        };
        said(&VPC_FLOW_LOGS, vec![region])
    }

    #[test]
    fn a_log_of_the_vpc_or_of_every_subnet_records_it() {
        assert_eq!(watched_by(vec![log("vpc-1")]).status, Status::Pass);
        let rejected = FlowLog { traffic_type: Some("REJECT".to_owned()), deliver_logs_status: None, ..log("vpc-1") };
        assert_eq!(watched_by(vec![rejected]).status, Status::Pass);
        assert_eq!(watched_by(vec![log("subnet-1"), log("subnet-2")]).status, Status::Pass);
        assert_eq!(watched_by(vec![log("subnet-1"), log("eni-1")]).details, ["has no flow log"]);
    }

    #[test]
    fn a_log_that_fails_sleeps_or_sees_half_does_not_record_it() {
        let failed = FlowLog { deliver_logs_status: Some("FAILED".to_owned()), ..log("vpc-1") };
        assert_eq!(watched_by(vec![failed]).details, ["its flow log cannot be delivered"]);
        let accepted = FlowLog { traffic_type: Some("ACCEPT".to_owned()), ..log("vpc-1") };
        assert_eq!(watched_by(vec![accepted]).details, ["its flow log records accepted traffic only"]);
        let strange = FlowLog { traffic_type: Some("SOME".to_owned()), ..log("vpc-1") };
        assert_eq!(watched_by(vec![strange]).status, Status::Fail);
        let untold = FlowLog { traffic_type: None, ..log("vpc-1") };
        assert_eq!(watched_by(vec![untold]).status, Status::Pass);
        let failed = FlowLog { deliver_logs_status: Some("FAILED".to_owned()), ..log("subnet-2") };
        assert_eq!(watched_by(vec![log("subnet-1"), failed]).status, Status::Fail);
        let asleep = FlowLog { status: "INACTIVE".to_owned(), ..log("vpc-1") };
        assert_eq!(watched_by(vec![asleep]).details, ["its flow log is not active"]);
    }

    #[test]
    fn subnets_matter_only_where_the_vpc_has_no_log_of_its_own() {
        let with = |logs, subnets| Region {
            flow_logs: Reading::Read(logs),
            subnets,
            ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"])])
        };
        let said = |logs, subnets| said(&VPC_FLOW_LOGS, vec![with(logs, subnets)]).lines;
        assert_eq!(said(vec![log("vpc-1")], unreadable()), ["pass vpc-1 eu-west-1"]);
        assert_eq!(said(vec![log("subnet-1")], unreadable()), ["unknown vpc-1 eu-west-1"]);
        assert_eq!(said(vec![], Reading::Read(vec![])), ["fail vpc-1 eu-west-1"]);
    }

    #[test]
    fn unread_flow_logs_leave_a_vpc_unknown_and_other_regions_judged() {
        let unread = Region { flow_logs: unreadable(), ..with_vpcs("eu-west-1", vec![vpc("vpc-1", &["10.0.0.0/16"])]) };
        let unlisted = Region { vpcs: unreadable(), ..region("eu-west-2") };
        let judged = with_vpcs("us-east-1", vec![default_vpc("vpc-1")]);
        let said = said(&VPC_FLOW_LOGS, vec![unread, unlisted, judged]);
        assert_eq!(said.lines, ["unknown vpc-1 eu-west-1", "unknown VPCs eu-west-2", "fail vpc-1 us-east-1"]);
    }
}
