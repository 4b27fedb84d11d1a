//! `networking/configure-security-groups`: the fewest ports, to the fewest sources.

use std::collections::BTreeSet;

use crate::facts::SecurityGroup;
use crate::internet::is_world;
use crate::security_groups::{Opening, opens, opens_all_ports};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `networking/configure-security-groups`
pub const ITEM: Item = Item {
    id: "networking/configure-security-groups",
    title: "Configure Security Groups",
    decides: Decides::Machine,
    what: "Security groups open the fewest ports to the fewest sources; services name each other by group, \
           and administration is not open to the internet.",
    why: "Scanners find an open administration or database port within minutes, and then only a password \
           is left.",
    confirm: "List the inbound rules with source 0.0.0.0/0 or ::/0: only the ports that the public uses \
              remain. The default groups have no rules.",
    references: &[GROUPS_GUIDE, RULES_GUIDE],
    rules: &[&SG_NO_OPEN_ALL_PORTS, &SG_NO_OPEN_ADMIN_PORT, &SG_NO_OPEN_DATABASE_PORT, &DEFAULT_SG_CLOSED, &SG_UNUSED],
    evidence: &[],
    pending: &[],
};

const GROUPS_GUIDE: Reference = Reference {
    title: "Control traffic to your AWS resources using security groups",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html",
};

const RULES_GUIDE: Reference = Reference {
    title: "Security group rules for different use cases",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html",
};

const DEFAULT_GROUPS_GUIDE: Reference = Reference {
    title: "Default security groups for your VPCs",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
};

const CLOSE: Remedy = Remedy {
    summary: "Name the sources that need the port: a group, a VPN or office range; or take the rule away.",
    console: "EC2, Security Groups, the group, Inbound rules, Edit inbound rules, the rule's Source",
    cli: "aws ec2 revoke-security-group-ingress --region REGION --group-id GROUP_ID --protocol tcp --port PORT \
          --cidr 0.0.0.0/0",
    terraform: "aws_vpc_security_group_ingress_rule: referenced_security_group_id, or a narrower cidr_ipv4",
};

/// `sg-no-open-all-ports`
pub static SG_NO_OPEN_ALL_PORTS: Rule = Rule {
    id: "sg-no-open-all-ports",
    title: "No security group opens all ports to the internet",
    severity: Severity::Critical,
    needs: &[FactKind::SecurityGroups, FactKind::PrefixLists, FactKind::PrefixListEntries],
    absence: Absence::NotApplicable,
    decided: "No inbound rule of a group of this account lets all traffic, or every TCP or UDP port, in from the \
              internet. The internet is any block broader than /8, or /16 for IPv6, so that its halves count too, \
              also as an entry of a prefix list; the lists that AWS keeps hold addresses of its services. Such a \
              group fails the rules of single ports as well. Groups that nothing uses are judged: somebody may use \
              them tomorrow.",
    remedy: CLOSE,
    controls: &["FSBP EC2.18", "CIS 3.0 5.2", "CIS 3.0 5.3"],
    references: &[GROUPS_GUIDE, RULES_GUIDE],
    judge: Judge::Account(no_open_all_ports),
};

fn no_open_all_ports(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    each_group(account, findings, "does not open all ports to the internet", |region, group| {
        opens_all_ports(region, group, is_world)
    })
}

/// `sg-no-open-admin-port`
pub static SG_NO_OPEN_ADMIN_PORT: Rule = Rule {
    id: "sg-no-open-admin-port",
    title: "No security group opens an administration port to the internet",
    severity: Severity::High,
    needs: &[FactKind::SecurityGroups, FactKind::PrefixLists, FactKind::PrefixListEntries],
    absence: Absence::NotApplicable,
    decided: "No inbound rule of a group of this account lets the internet reach the TCP ports 22 and 3389 (setting \
              admin_ports): by the port itself, by a range around it, or by all traffic; over IPv4 or IPv6; by block \
              or prefix list. The internet is any block broader than /8, or /16 for IPv6. Types of ICMP are no ports, \
              and rules that name another group open nothing to the internet.",
    remedy: CLOSE,
    controls: &["FSBP EC2.13", "FSBP EC2.14", "CIS 3.0 5.2", "CIS 3.0 5.3"],
    references: &[GROUPS_GUIDE, RULES_GUIDE],
    judge: Judge::Account(no_open_admin_port),
};

fn no_open_admin_port(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let ports = &findings.settings.admin_ports;
    each_group(account, findings, "keeps administration ports from the internet", |region, group| {
        opens(region, group, &["tcp"], ports, is_world)
    })
}

/// `sg-no-open-database-port`
pub static SG_NO_OPEN_DATABASE_PORT: Rule = Rule {
    id: "sg-no-open-database-port",
    title: "No security group opens a database port to the internet",
    severity: Severity::High,
    needs: &[FactKind::SecurityGroups, FactKind::PrefixLists, FactKind::PrefixListEntries],
    absence: Absence::NotApplicable,
    decided: "No inbound rule of a group of this account lets the internet reach a TCP or UDP port of a database, cache \
              or search engine (setting database_ports: those of SQL Server, Oracle, MySQL, PostgreSQL, Redshift, \
              CouchDB, Redis, Cassandra, InfluxDB, Elasticsearch, memcached, MongoDB and Db2), however the rule \
              covers it. The internet is any block broader than /8, or /16 for IPv6.",
    remedy: CLOSE,
    controls: &["FSBP EC2.19"],
    references: &[GROUPS_GUIDE, RULES_GUIDE],
    judge: Judge::Account(no_open_database_port),
};

fn no_open_database_port(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let ports = &findings.settings.database_ports;
    each_group(account, findings, "keeps database ports from the internet", |region, group| {
        opens(region, group, &["tcp", "udp"], ports, is_world)
    })
}

/// Judges the groups of this account: those of others, seen in shared VPCs, are theirs to mend.
fn each_group<'a>(
    account: &'a Account,
    findings: &mut Findings<'_>,
    good: &'static str,
    opening: impl Fn(&Region, &'a SecurityGroup) -> Result<Option<Opening<'a>>, Unreadable>,
) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.security_groups.get(FactKind::SecurityGroups) {
            Ok(groups) => {
                for group in groups.iter().filter(|group| group.owner_id == account.id) {
                    findings.check(group, || {
                        Ok(match opening(region, group)? {
                            Some(opening) => {
                                Verdict::fail(format!("{:.40} opens {}", group.group_name, opening.text()))
                            }
                            None => Verdict::pass(good),
                        })
                    });
                }
            }
            Err(reason) => findings.unknown(FactKind::SecurityGroups.noun(), reason),
        }
    }
    Ok(())
}

/// `default-sg-closed`
pub static DEFAULT_SG_CLOSED: Rule = Rule {
    id: "default-sg-closed",
    title: "Default security groups have no rules",
    severity: Severity::Medium,
    needs: &[FactKind::SecurityGroups],
    absence: Absence::NotApplicable,
    decided: "The default group of each VPC of this account, default VPCs included, has neither inbound nor outbound \
              rules: what is launched without a group gets it, and then reaches nothing. The rule that AWS puts there, \
              which lets its members reach each other, fails too.",
    remedy: Remedy {
        summary: "Give what uses the default group a group of its own, then take all rules of the default one away.",
        console: "EC2, Security Groups, the group named default, Inbound rules and Outbound rules, delete each",
        cli: "aws ec2 revoke-security-group-egress --region REGION --group-id GROUP_ID --protocol all --port all \
              --cidr 0.0.0.0/0  # and revoke-security-group-ingress alike",
        terraform: "aws_default_security_group with vpc_id and no ingress or egress",
    },
    controls: &["FSBP EC2.2", "CIS 3.0 5.4"],
    references: &[DEFAULT_GROUPS_GUIDE],
    judge: Judge::Account(default_closed),
};

fn default_closed(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.security_groups() {
            Ok(groups) => {
                let ours = |group: &&SecurityGroup| group.owner_id == account.id && is_default(group);
                for group in groups.iter().filter(ours) {
                    findings.check(group, || {
                        Ok(match (group.inbound.len(), group.outbound.len()) {
                            (0, 0) => Verdict::pass("has no rules"),
                            (inbound, outbound) => {
                                Verdict::fail(format!("has {inbound} inbound and {outbound} outbound rules"))
                            }
                        })
                    });
                }
            }
            Err(reason) => findings.unknown(FactKind::SecurityGroups.noun(), reason),
        }
    }
    Ok(())
}

fn is_default(group: &SecurityGroup) -> bool {
    group.group_name == "default"
}

/// `sg-unused`
pub static SG_UNUSED: Rule = Rule {
    id: "sg-unused",
    title: "Security groups are in use",
    severity: Severity::Low,
    needs: &[FactKind::SecurityGroups, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "Each group of this account but the default ones, which cannot be deleted, is on a network interface or \
              named by a rule of another group. Groups that only a launch template, a stopped function or a scaled-in \
              group names have no network interface at the moment and fail: look before you delete one.",
    remedy: Remedy {
        summary: "Delete the group, or use it.",
        console: "EC2, Security Groups, the group, Actions, Delete security groups: the console names what uses it",
        cli: "aws ec2 delete-security-group --region REGION --group-id GROUP_ID",
        terraform: "remove the aws_security_group",
    },
    controls: &["Security Hub EC2.22"],
    references: &[GROUPS_GUIDE],
    judge: Judge::Account(unused),
};

fn unused(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        let groups = match region.security_groups() {
            Ok(groups) => groups,
            Err(reason) => {
                findings.unknown(FactKind::SecurityGroups.noun(), reason);
                continue;
            }
        };
        let named: BTreeSet<(&str, &str)> = groups
            .iter()
            .flat_map(|group| {
                let rules = group.inbound.iter().chain(&group.outbound);
                rules.flat_map(|rule| &rule.group_ids).map(|named| (group.id.as_str(), named.as_str()))
            })
            .filter(|(group, named)| group != named)
            .collect();
        let named: BTreeSet<&str> = named.into_iter().map(|(_, named)| named).collect();
        let interfaces = region.network_interfaces();
        let worn: BTreeSet<&str> = match &interfaces {
            Ok(interfaces) => interfaces.iter().flat_map(|it| &it.security_group_ids).map(String::as_str).collect(),
            Err(_) => BTreeSet::new(),
        };
        for group in groups.iter().filter(|group| group.owner_id == account.id && !is_default(group)) {
            findings.check(group, || {
                if named.contains(group.id.as_str()) {
                    return Ok(Verdict::pass("another group names it"));
                }
                interfaces.as_ref().map_err(Clone::clone)?;
                Ok(if worn.contains(group.id.as_str()) {
                    Verdict::pass("is on a network interface")
                } else {
                    Verdict::fail(format!("{:.40} is on no network interface, and no group names it", group.group_name))
                })
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{NetworkInterface, Permission, PrefixList};
    use crate::testing::{Said, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn allows(protocol: &str, ports: Option<(i32, i32)>, cidrs: &[&str]) -> Permission {
        Permission {
            protocol: protocol.to_owned(),
            ports,
            cidrs: cidrs.iter().map(|block| block.parse().expect("a block")).collect(),
            prefix_list_ids: vec![],
            group_ids: vec![],
        }
    }

    fn group(name: &str, inbound: Vec<Permission>) -> SecurityGroup {
        SecurityGroup {
            id: format!("sg-{name}"),
            group_name: name.to_owned(),
            owner_id: "123456789012".to_owned(),
            inbound,
            outbound: vec![],
        }
    }

    fn with(groups: Vec<SecurityGroup>) -> Region {
        Region {
            security_groups: Reading::Read(groups),
            prefix_lists: Reading::Read(vec![]),
            network_interfaces: Reading::Read(vec![]),
            ..region("eu-west-1")
        }
    }

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    /// What one inbound rule makes of a rule of ours.
    fn one(rule: &'static Rule, permission: Permission) -> (Status, String) {
        let said = say(rule, with(vec![group("web", vec![permission])]));
        (said.status, said.details[0].clone())
    }

    #[test]
    fn an_open_port_is_named_with_its_group_and_source() {
        let (status, detail) = one(&SG_NO_OPEN_ADMIN_PORT, allows("tcp", Some((22, 22)), &["0.0.0.0/0"]));
        assert_eq!((status, detail.as_str()), (Status::Fail, "web opens tcp 22 to 0.0.0.0/0"));
        let (status, detail) = one(&SG_NO_OPEN_ADMIN_PORT, allows("tcp", Some((3000, 4000)), &["10.0.0.0/8", "::/0"]));
        assert_eq!((status, detail.as_str()), (Status::Fail, "web opens tcp 3389 (of 3000-4000) to ::/0"));
        let (status, detail) = one(&SG_NO_OPEN_ADMIN_PORT, allows("-1", None, &["128.0.0.0/1"]));
        assert_eq!((status, detail.as_str()), (Status::Fail, "web opens all traffic to 128.0.0.0/1"));
        let (status, detail) = one(&SG_NO_OPEN_DATABASE_PORT, allows("17", Some((11211, 11211)), &["0.0.0.0/0"]));
        assert_eq!((status, detail.as_str()), (Status::Fail, "web opens 17 11211 to 0.0.0.0/0"));
    }

    #[test]
    fn what_opens_no_such_port_to_the_internet_passes() {
        for permission in [
            allows("tcp", Some((443, 443)), &["0.0.0.0/0", "::/0"]),
            allows("tcp", Some((22, 22)), &["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"]),
            allows("udp", Some((22, 22)), &["0.0.0.0/0"]),
            // Types of ICMP: -1 is all of them, 8 is echo.
            allows("icmp", Some((-1, -1)), &["0.0.0.0/0"]),
            allows("icmp", Some((8, 22)), &["0.0.0.0/0"]),
            Permission { group_ids: vec!["sg-lb".to_owned()], ..allows("tcp", Some((22, 22)), &[]) },
        ] {
            for rule in [&SG_NO_OPEN_ADMIN_PORT, &SG_NO_OPEN_DATABASE_PORT, &SG_NO_OPEN_ALL_PORTS] {
                assert_eq!(one(rule, permission.clone()).0, Status::Pass, "{} {permission:?}", rule.id);
            }
        }
    }

    #[test]
    fn all_ports_are_all_traffic_or_the_whole_range() {
        for open in [
            allows("-1", None, &["0.0.0.0/0"]),
            allows("tcp", Some((0, 65535)), &["::/0"]),
            allows("udp", Some((1, 65535)), &["0.0.0.0/1"]),
        ] {
            assert_eq!(one(&SG_NO_OPEN_ALL_PORTS, open.clone()).0, Status::Fail, "{open:?}");
        }
        assert_eq!(one(&SG_NO_OPEN_ALL_PORTS, allows("tcp", Some((22, 65535)), &["0.0.0.0/0"])).0, Status::Pass);
        assert_eq!(one(&SG_NO_OPEN_ALL_PORTS, allows("-1", None, &["10.0.0.0/8"])).0, Status::Pass);
    }

    fn listed(id: &str, owner: &str, entries: Reading<Vec<ipnet::IpNet>>) -> PrefixList {
        PrefixList { id: id.to_owned(), owner_id: owner.to_owned(), entries }
    }

    #[test]
    fn prefix_lists_are_looked_into() {
        let by_list =
            |id: &str| Permission { prefix_list_ids: vec![id.to_owned()], ..allows("tcp", Some((22, 22)), &[]) };
        let blocks = |text: &str| Reading::Read(vec![text.parse().expect("a block")]);
        let groups = ["pl-office", "pl-world", "pl-aws", "pl-denied", "pl-gone"];
        let groups = groups.map(|id| group(id, vec![by_list(id)])).to_vec();
        let region = Region {
            prefix_lists: Reading::Read(vec![
                listed("pl-office", "123456789012", blocks("203.0.113.0/24")),
                listed("pl-world", "123456789012", blocks("0.0.0.0/1")),
                listed("pl-aws", "AWS", Reading::NotRead),
                listed("pl-denied", "999999999999", unreadable()),
            ]),
            ..with(groups)
        };
        let said = say(&SG_NO_OPEN_ADMIN_PORT, region);
        assert_eq!(
            said.lines,
            [
                "pass sg-pl-office eu-west-1",
                "fail sg-pl-world eu-west-1",
                "pass sg-pl-aws eu-west-1",
                "unknown sg-pl-denied eu-west-1",
                "unknown sg-pl-gone eu-west-1",
            ]
        );
        assert_eq!(said.details[1], "pl-world opens tcp 22 to 0.0.0.0/1 of pl-world");
    }

    #[test]
    fn what_is_open_is_told_although_a_list_is_unreadable() {
        let hidden = Permission { prefix_list_ids: vec!["pl-1".to_owned()], ..allows("tcp", Some((22, 22)), &[]) };
        let open = allows("tcp", Some((3389, 3389)), &["0.0.0.0/0"]);
        let region = Region { prefix_lists: unreadable(), ..with(vec![group("web", vec![hidden, open])]) };
        assert_eq!(say(&SG_NO_OPEN_ADMIN_PORT, region).status, Status::Fail);
        // A list whose rule is about other ports need not be read.
        let other = Permission { prefix_list_ids: vec!["pl-1".to_owned()], ..allows("tcp", Some((443, 443)), &[]) };
        let region = Region { prefix_lists: unreadable(), ..with(vec![group("web", vec![other])]) };
        assert_eq!(say(&SG_NO_OPEN_ADMIN_PORT, region).status, Status::Pass);
    }

    #[test]
    fn a_default_group_has_no_rules_at_all() {
        let own = Permission { group_ids: vec!["sg-default".to_owned()], ..allows("-1", None, &[]) };
        let mut open = group("default", vec![own]);
        open.outbound = vec![allows("-1", None, &["0.0.0.0/0"])];
        let said = say(&DEFAULT_SG_CLOSED, with(vec![open, group("default", vec![]), group("web", vec![])]));
        assert_eq!(said.lines, ["fail sg-default eu-west-1", "pass sg-default eu-west-1"]);
        assert_eq!(said.details[0], "has 1 inbound and 1 outbound rules");
    }

    #[test]
    fn a_group_is_used_by_interfaces_and_by_other_groups() {
        let names = |id: &str| Permission { group_ids: vec![id.to_owned()], ..allows("tcp", Some((80, 80)), &[]) };
        let region = Region {
            network_interfaces: Reading::Read(vec![NetworkInterface {
                id: "eni-1".to_owned(),
                vpc_id: "vpc-1".to_owned(),
                subnet_id: None,
                interface_type: "interface".to_owned(),
                security_group_ids: vec!["sg-web".to_owned()],
                public_addresses: vec![],
            }]),
            ..with(vec![
                group("web", vec![names("sg-lb")]),
                group("lb", vec![]),
                group("alone", vec![names("sg-alone")]),
                group("default", vec![]),
            ])
        };
        let said = say(&SG_UNUSED, region.clone());
        assert_eq!(
            said.lines,
            ["pass sg-web eu-west-1", "pass sg-lb eu-west-1", "fail sg-alone eu-west-1"],
            "a group that names itself is not used by that"
        );
        let said = say(&SG_UNUSED, Region { network_interfaces: unreadable(), ..region });
        assert_eq!(said.lines, ["unknown sg-web eu-west-1", "pass sg-lb eu-west-1", "unknown sg-alone eu-west-1"]);
    }

    #[test]
    fn the_groups_of_other_accounts_are_theirs() {
        let shared = SecurityGroup {
            owner_id: "999999999999".to_owned(),
            ..group("default", vec![allows("-1", None, &["0.0.0.0/0"])])
        };
        for rule in ITEM.rules {
            assert_eq!(say(rule, with(vec![shared.clone()])).status, Status::NotApplicable, "{}", rule.id);
        }
    }

    #[test]
    fn unread_groups_are_unknown() {
        for rule in ITEM.rules {
            let said = say(rule, Region { security_groups: unreadable(), ..with(vec![]) });
            assert_eq!(said.lines, ["unknown security groups eu-west-1"], "{}", rule.id);
        }
    }
}
