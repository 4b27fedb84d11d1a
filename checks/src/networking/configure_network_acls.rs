//! `networking/configure-network-acls`: a second wall behind the security groups.

use ipnet::IpNet;

use crate::facts::{NetworkAcl, NetworkAclEntry, Subnet};
use crate::internet::is_world;
use crate::subnets::{InUse, is_public};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `networking/configure-network-acls`
pub const ITEM: Item = Item {
    id: "networking/configure-network-acls",
    title: "Configure Network ACLs",
    decides: Decides::Machine,
    what: "Network ACLs limit what may pass between the tiers of subnets, as a second wall behind the \
           security groups.",
    why: "When a security group is opened by mistake, a network ACL is all that still stands between a \
          subnet and the internet.",
    confirm: "Read the inbound rules of each network ACL in number order: none lets the internet reach 22 or \
              3389, and private subnets are not on the default one.",
    references: &[ACLS_GUIDE, RULES_GUIDE],
    rules: &[&NACL_NO_OPEN_ADMIN_PORT, &PRIVATE_SUBNET_OWN_NACL],
    evidence: &[],
    pending: &[],
};

const ACLS_GUIDE: Reference = Reference {
    title: "Control subnet traffic with network access control lists",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html",
};

const RULES_GUIDE: Reference =
    Reference { title: "Network ACL rules", url: "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html" };

/// `nacl-no-open-admin-port`
pub static NACL_NO_OPEN_ADMIN_PORT: Rule = Rule {
    id: "nacl-no-open-admin-port",
    title: "No network ACL lets the internet reach an administration port",
    severity: Severity::Medium,
    needs: &[FactKind::NetworkAcls, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "For each network ACL of this account with a subnet that has a network interface, for IPv4 and IPv6, and \
              for the TCP ports 22 and 3389 (setting admin_ports): the inbound entries that match, taken in number \
              order, deny the whole internet before one of them allows a part of it broader than /8, or /16 for IPv6. \
              A denial of less than the whole internet closes nothing.",
    remedy: Remedy {
        summary: "Allow administration from known ranges only, and deny the ports before anything that allows all.",
        console: "VPC, Network ACLs, the ACL, Inbound rules, Edit inbound rules",
        cli: "aws ec2 create-network-acl-entry --region REGION --network-acl-id ACL_ID --ingress --rule-number 50 \
              --protocol tcp --port-range From=22,To=22 --cidr-block 0.0.0.0/0 --rule-action deny",
        terraform: "aws_network_acl_rule: rule_action = \"deny\", from_port = 22, a rule_number below the others",
    },
    controls: &["FSBP EC2.21", "CIS 3.0 5.1"],
    references: &[ACLS_GUIDE, RULES_GUIDE],
    judge: Judge::Account(no_open_admin_port),
};

fn no_open_admin_port(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let ports = &findings.settings.admin_ports;
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.network_acls().and_then(|acls| Ok((acls, InUse::of(region)?))) {
            Ok((acls, used)) => {
                let counts = |acl: &&NetworkAcl| {
                    acl.owner_id == account.id && acl.subnet_ids.iter().any(|id| used.subnets.contains(id.as_str()))
                };
                for acl in acls.iter().filter(counts) {
                    findings.check(acl, || {
                        let open = ports.iter().find_map(|port| Some((port, lets_in(acl, *port)?)));
                        Ok(match open {
                            Some((port, entry)) => {
                                Verdict::fail(format!("entry {} lets {} reach tcp {port}", entry.number, entry.cidr))
                            }
                            None => Verdict::pass("keeps administration ports from the internet"),
                        })
                    });
                }
            }
            Err(reason) => findings.unknown(FactKind::NetworkAcls.noun(), reason),
        }
    }
    Ok(())
}

/// The entry that lets the internet reach a TCP port, over either version of IP.
fn lets_in(acl: &NetworkAcl, port: u16) -> Option<&NetworkAclEntry> {
    let first = |v4: bool| {
        let mut entries: Vec<_> = acl.inbound.iter().filter(|entry| matches!(entry.cidr, IpNet::V4(_)) == v4).collect();
        entries.sort_by_key(|entry| entry.number);
        let matching = entries.into_iter().filter(|entry| matches(entry, port));
        let mut decisive =
            matching.filter(|entry| if entry.allow { is_world(&entry.cidr) } else { is_all(&entry.cidr) });
        decisive.next().filter(|entry| entry.allow)
    };
    first(true).or_else(|| first(false))
}

fn is_all(block: &IpNet) -> bool {
    block.prefix_len() == 0
}

/// Whether an entry speaks of a TCP port: 6 is TCP, -1 all protocols.
fn matches(entry: &NetworkAclEntry, port: u16) -> bool {
    match entry.protocol.as_str() {
        "-1" => true,
        "6" | "tcp" => entry.ports.is_none_or(|(from, to)| (from..=to).contains(&i32::from(port))),
        _ => false,
    }
}

/// `private-subnet-own-nacl`
pub static PRIVATE_SUBNET_OWN_NACL: Rule = Rule {
    id: "private-subnet-own-nacl",
    title: "Private subnets have a network ACL that limits something",
    severity: Severity::Low,
    needs: &[FactKind::Subnets, FactKind::RouteTables, FactKind::NetworkAcls, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "Each private subnet of this account with a network interface is not on a default network ACL that lets \
              everything in. A default ACL whose entries were narrowed passes.",
    remedy: Remedy {
        summary: "Give the private subnets a network ACL that lets in only what the VPC's own ranges send.",
        console: "VPC, Network ACLs, Create network ACL, then Subnet associations",
        cli: "aws ec2 replace-network-acl-association --region REGION --association-id ACL_ASSOCIATION_ID \
              --network-acl-id ACL_ID",
        terraform: "aws_network_acl: subnet_ids, ingress",
    },
    controls: &[],
    references: &[ACLS_GUIDE],
    judge: Judge::Account(own_acl),
};

fn own_acl(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.subnets().and_then(|subnets| Ok((subnets, InUse::of(region)?))) {
            Ok((subnets, used)) => {
                let ours =
                    |subnet: &&Subnet| subnet.owner_id == account.id && used.subnets.contains(subnet.id.as_str());
                for subnet in subnets.iter().filter(ours) {
                    match is_public(region, &subnet.vpc_id, &subnet.id) {
                        Ok(true) => {}
                        Ok(false) => findings.check(subnet, || limited(region, subnet)),
                        Err(reason) => findings.unknown(subnet, reason),
                    }
                }
            }
            Err(reason) => findings.unknown(FactKind::Subnets.noun(), reason),
        }
    }
    Ok(())
}

fn limited(region: &Region, subnet: &Subnet) -> Result<Verdict, Unreadable> {
    let acls = region.network_acls()?;
    let own = acls.iter().find(|acl| acl.subnet_ids.contains(&subnet.id));
    // A subnet is always on one: on the default one of its VPC while the association is not listed.
    let acl = own.or_else(|| acls.iter().find(|acl| acl.is_default && acl.vpc_id == subnet.vpc_id));
    let open = |acl: &NetworkAcl| {
        let all = |entry: &NetworkAclEntry| entry.allow && entry.protocol == "-1" && is_all(&entry.cidr);
        acl.is_default && acl.inbound.iter().any(all)
    };
    Ok(match acl {
        Some(acl) if open(acl) => Verdict::fail(format!("is on the default {:.40}, which lets everything in", acl.id)),
        Some(acl) => Verdict::pass(format!("is on {:.40}", acl.id)),
        None => {
            return Err(Unreadable::malformed(
                crate::operations::DESCRIBE_NETWORK_ACLS,
                Some(&region.name),
                format!("no network ACL of {:.40} is listed", subnet.id),
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Said, interface, judge, region, route_table, subnet, unreadable, with_regions};
    use crate::{Reading, Status};

    fn entry(number: i32, allow: bool, protocol: &str, cidr: &str, ports: Option<(i32, i32)>) -> NetworkAclEntry {
        NetworkAclEntry { number, allow, protocol: protocol.to_owned(), cidr: cidr.parse().expect("a block"), ports }
    }

    /// The entry that ends every list.
    fn last() -> NetworkAclEntry {
        entry(32767, false, "-1", "0.0.0.0/0", None)
    }

    fn acl(inbound: Vec<NetworkAclEntry>) -> NetworkAcl {
        NetworkAcl {
            id: "acl-1".to_owned(),
            vpc_id: "vpc-1".to_owned(),
            owner_id: "123456789012".to_owned(),
            is_default: false,
            subnet_ids: vec!["subnet-1".to_owned()],
            inbound,
        }
    }

    fn with(acls: Vec<NetworkAcl>) -> Region {
        Region {
            network_acls: Reading::Read(acls),
            network_interfaces: Reading::Read(vec![interface("eni-1", "subnet-1")]),
            subnets: Reading::Read(vec![subnet("subnet-1"), subnet("subnet-idle")]),
            route_tables: Reading::Read(vec![route_table("rtb-1", &["subnet-1", "subnet-idle"], "nat-1")]),
            ..region("eu-west-1")
        }
    }

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    #[test]
    fn the_first_entry_that_matches_decides() {
        let all = |number, allow| entry(number, allow, "-1", "0.0.0.0/0", None);
        let ssh = |number, allow| entry(number, allow, "6", "0.0.0.0/0", Some((22, 22)));
        let rdp = |number, allow| entry(number, allow, "6", "0.0.0.0/0", Some((3000, 4000)));
        for (entries, detail) in [
            (vec![last(), all(100, true)], Some("entry 100 lets 0.0.0.0/0 reach tcp 22")),
            (vec![all(100, true), ssh(200, false), last()], Some("entry 100 lets 0.0.0.0/0 reach tcp 22")),
            // 22 is denied before, 3389 is not.
            (vec![ssh(50, false), all(100, true), last()], Some("entry 100 lets 0.0.0.0/0 reach tcp 3389")),
            (vec![ssh(50, false), rdp(60, false), all(100, true), last()], None),
            (vec![all(50, false), all(100, true), last()], None),
            (vec![entry(100, true, "6", "0.0.0.0/0", Some((443, 443))), last()], None),
            (vec![entry(100, true, "17", "0.0.0.0/0", Some((22, 22))), last()], None),
            (vec![entry(100, true, "6", "10.0.0.0/8", Some((22, 22))), last()], None),
            (
                vec![entry(100, true, "6", "128.0.0.0/1", Some((22, 22)))],
                Some("entry 100 lets 128.0.0.0/1 reach tcp 22"),
            ),
            // Half a denial closes nothing.
            (
                vec![entry(50, false, "-1", "0.0.0.0/1", None), ssh(100, true)],
                Some("entry 100 lets 0.0.0.0/0 reach tcp 22"),
            ),
            // IPv6 has entries of its own.
            (vec![all(50, false), entry(101, true, "-1", "::/0", None)], Some("entry 101 lets ::/0 reach tcp 22")),
        ] {
            let said = say(&NACL_NO_OPEN_ADMIN_PORT, with(vec![acl(entries.clone())]));
            match detail {
                Some(detail) => {
                    assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, detail), "{entries:?}")
                }
                None => assert_eq!(said.status, Status::Pass, "{entries:?}"),
            }
        }
    }

    #[test]
    fn an_acl_that_guards_nothing_is_not_judged() {
        let open = || vec![entry(100, true, "-1", "0.0.0.0/0", None)];
        let idle = NetworkAcl { subnet_ids: vec!["subnet-idle".to_owned()], ..acl(open()) };
        let alone = NetworkAcl { subnet_ids: vec![], ..acl(open()) };
        let foreign = NetworkAcl { owner_id: "999999999999".to_owned(), ..acl(open()) };
        let said = say(&NACL_NO_OPEN_ADMIN_PORT, with(vec![idle, alone, foreign]));
        assert_eq!(said.status, Status::NotApplicable);
    }

    #[test]
    fn a_private_subnet_needs_more_than_the_open_default() {
        let open = NetworkAcl { is_default: true, ..acl(vec![entry(100, true, "-1", "0.0.0.0/0", None), last()]) };
        let said = say(&PRIVATE_SUBNET_OWN_NACL, with(vec![open.clone()]));
        assert_eq!(said.lines, ["fail subnet-1 eu-west-1"], "the idle subnet is not judged");
        assert_eq!(said.details, ["is on the default acl-1, which lets everything in"]);
        let narrowed = NetworkAcl { is_default: true, ..acl(vec![entry(100, true, "6", "10.0.0.0/8", None), last()]) };
        assert_eq!(say(&PRIVATE_SUBNET_OWN_NACL, with(vec![narrowed])).status, Status::Pass);
        assert_eq!(say(&PRIVATE_SUBNET_OWN_NACL, with(vec![acl(vec![last()])])).status, Status::Pass);
        let public = Region {
            route_tables: Reading::Read(vec![route_table("rtb-1", &["subnet-1"], "igw-1")]),
            ..with(vec![open])
        };
        assert_eq!(say(&PRIVATE_SUBNET_OWN_NACL, public).status, Status::NotApplicable);
    }

    #[test]
    fn what_is_unread_is_unknown() {
        let region = || with(vec![acl(vec![last()])]);
        for rule in ITEM.rules {
            for region in [
                Region { network_acls: unreadable(), ..region() },
                Region { network_interfaces: unreadable(), ..region() },
            ] {
                assert_eq!(say(rule, region).status, Status::Unknown, "{}", rule.id);
            }
        }
        assert_eq!(
            say(&PRIVATE_SUBNET_OWN_NACL, Region { route_tables: unreadable(), ..region() }).status,
            Status::Unknown
        );
        assert_eq!(say(&PRIVATE_SUBNET_OWN_NACL, with(vec![])).status, Status::Unknown);
    }
}
