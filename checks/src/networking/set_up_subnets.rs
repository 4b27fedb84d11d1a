//! `networking/set-up-subnets`: tiers of subnets, and nothing in a public one that need not be there.

use crate::facts::{Subnet, SubnetGroup};
use crate::subnets::{InUse, is_bastion, is_public};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `networking/set-up-subnets`
pub const ITEM: Item = Item {
    id: "networking/set-up-subnets",
    title: "Set up subnets",
    decides: Decides::Machine,
    what: "Each VPC has tiers of subnets: public ones for load balancers, private ones for applications, \
           and private ones for data stores.",
    why: "A database in a subnet with a route to the internet is one wrong security group away from \
          everyone.",
    confirm: "Follow the route table of each subnet, the main one where none is associated: only public \
              subnets have a route to an internet gateway, and databases are in none of them.",
    references: &[SUBNETS_GUIDE, ROUTES_GUIDE],
    rules: &[&DATABASE_IN_PRIVATE_SUBNET, &SUBNET_TIERS, &INSTANCE_IN_PRIVATE_SUBNET, &SUBNET_NO_AUTO_PUBLIC_IP],
    evidence: &[],
    pending: &[],
};

const SUBNETS_GUIDE: Reference = Reference {
    title: "Subnets for your VPC",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html",
};

const ROUTES_GUIDE: Reference = Reference {
    title: "Configure route tables",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html",
};

const ADDRESSING_GUIDE: Reference = Reference {
    title: "Modify the IP addressing attributes of your subnet",
    url: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
};

/// `subnet-tiers`
pub static SUBNET_TIERS: Rule = Rule {
    id: "subnet-tiers",
    title: "VPCs in use have public and private subnets",
    severity: Severity::Medium,
    needs: &[FactKind::Vpcs, FactKind::Subnets, FactKind::RouteTables, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "Each VPC of this account that has a network interface, a default one included, has at least one public \
              and one private subnet. A subnet is public when its effective route table has an active route to an \
              internet gateway, over IPv4 or IPv6; the effective table is the main one where the subnet has none of \
              its own. A route to a NAT gateway, a transit gateway or a firewall makes none public.",
    remedy: Remedy {
        summary: "Add the missing tier: subnets whose route table leads to a NAT gateway, or to the internet gateway.",
        console: "VPC, Subnets, Create subnet; Route tables, Create route table, Subnet associations",
        cli: "aws ec2 create-subnet --region REGION --vpc-id VPC_ID --cidr-block CIDR; aws ec2 associate-route-table \
              --region REGION --route-table-id RTB_ID --subnet-id SUBNET_ID",
        terraform: "aws_subnet, aws_route_table with a route to aws_nat_gateway, aws_route_table_association",
    },
    controls: &[],
    references: &[SUBNETS_GUIDE, ROUTES_GUIDE],
    judge: Judge::Account(tiers),
};

fn tiers(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        let (vpcs, used) = match (region.vpcs(), InUse::of(region)) {
            (Ok(vpcs), Ok(used)) => (vpcs, used),
            (Err(reason), _) | (_, Err(reason)) => {
                findings.unknown(FactKind::Vpcs.noun(), reason);
                continue;
            }
        };
        let ours = vpcs.iter().filter(|vpc| vpc.owner_id == account.id && used.vpcs.contains(vpc.id.as_str()));
        for vpc in ours {
            findings.check(vpc, || {
                let subnets = region.subnets()?.iter().filter(|subnet| subnet.vpc_id == vpc.id);
                let (mut public, mut private) = (0, 0);
                for subnet in subnets {
                    *if is_public(region, &vpc.id, &subnet.id)? { &mut public } else { &mut private } += 1;
                }
                Ok(match (public, private) {
                    (0, _) => Verdict::fail(format!("has no public subnet and {private} private")),
                    (_, 0) => Verdict::fail(format!("has no private subnet and {public} public")),
                    _ => Verdict::pass(format!("has {public} public and {private} private subnets")),
                })
            });
        }
    }
    Ok(())
}

/// `instance-in-private-subnet`
pub static INSTANCE_IN_PRIVATE_SUBNET: Rule = Rule {
    id: "instance-in-private-subnet",
    title: "Instances are in private subnets",
    severity: Severity::Medium,
    needs: &[FactKind::Instances, FactKind::RouteTables],
    absence: Absence::NotApplicable,
    decided: "No network interface of a running instance is in a public subnet, whether or not it has a public address. \
              Instances that are meant to be reached from outside say so by a word of their tag Name (setting \
              bastion_names: bastion, jump, vpn). In a subnet that another account shares, the route table is not \
              visible and the instance is unknown.",
    remedy: Remedy {
        summary: "Launch it anew in a private subnet, behind a load balancer, and let people in by Session Manager.",
        console: "EC2, Instances, the instance, Networking: the subnet's route table; launch the replacement elsewhere",
        cli: "aws ec2 run-instances --region REGION --subnet-id PRIVATE_SUBNET_ID ...",
        terraform: "aws_instance: subnet_id, or aws_autoscaling_group: vpc_zone_identifier, of private subnets",
    },
    controls: &["FSBP EC2.9"],
    references: &[SUBNETS_GUIDE, ROUTES_GUIDE],
    judge: Judge::Region(instances_in_private),
};

fn instances_in_private(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let settings = findings.settings;
    for instance in region.instances()?.iter().filter(|instance| instance.state == "running") {
        findings.check(instance, || {
            if is_bastion(instance, settings) {
                return Ok(Verdict::pass("is meant to be reached from outside, by its name"));
            }
            let vpc = instance.vpc_id.as_deref().unwrap_or_default();
            for subnet in &instance.subnet_ids {
                if is_public(region, vpc, subnet)? {
                    return Ok(Verdict::fail(format!("is in the public subnet {subnet:.40}")));
                }
            }
            Ok(Verdict::pass("is in no public subnet"))
        });
    }
    Ok(())
}

/// `database-in-private-subnet`
pub static DATABASE_IN_PRIVATE_SUBNET: Rule = Rule {
    id: "database-in-private-subnet",
    title: "Databases are in private subnets",
    severity: Severity::High,
    needs: &[
        FactKind::DbInstances,
        FactKind::CacheClusters,
        FactKind::CacheSubnetGroups,
        FactKind::RedshiftClusters,
        FactKind::RedshiftSubnetGroups,
        FactKind::RouteTables,
    ],
    absence: Absence::NotApplicable,
    decided: "No subnet of the subnet group of a DB instance (RDS, Aurora, Neptune and DocumentDB), an ElastiCache cluster \
              or a Redshift cluster is public, by its effective route table: a failover may move the database to any of \
              them. Databases without a subnet group are not judged.",
    remedy: Remedy {
        summary: "Make a subnet group of private subnets, and move the database into it.",
        console: "RDS, Subnet groups, Create DB subnet group; the database, Modify, Connectivity, DB subnet group",
        cli: "aws rds modify-db-instance --region REGION --db-instance-identifier ID --db-subnet-group-name GROUP",
        terraform: "aws_db_subnet_group, aws_elasticache_subnet_group, aws_redshift_subnet_group: private subnet_ids",
    },
    controls: &[],
    references: &[SUBNETS_GUIDE, DB_VPC_GUIDE],
    judge: Judge::Region(databases_in_private),
};

const DB_VPC_GUIDE: Reference = Reference {
    title: "Working with a DB instance in a VPC",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
};

fn databases_in_private(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    match region.db_instances() {
        Ok(instances) => {
            for instance in instances.iter().filter(|instance| !instance.subnet_ids.is_empty()) {
                let vpc = instance.vpc_id.as_deref().unwrap_or_default();
                findings.check(instance, || all_private(region, vpc, &instance.subnet_ids));
            }
        }
        Err(reason) => findings.unknown(FactKind::DbInstances.noun(), reason),
    }
    match region.cache_clusters() {
        Ok(clusters) => {
            for cluster in clusters {
                if let Some(name) = &cluster.subnet_group {
                    findings.check(cluster, || in_group(region, name, region.cache_subnet_groups()?));
                }
            }
        }
        Err(reason) => findings.unknown(FactKind::CacheClusters.noun(), reason),
    }
    for cluster in region.redshift_clusters()? {
        if let Some(name) = &cluster.subnet_group {
            findings.check(cluster, || in_group(region, name, region.redshift_subnet_groups()?));
        }
    }
    Ok(())
}

fn in_group(region: &Region, name: &str, groups: &[SubnetGroup]) -> Result<Verdict, Unreadable> {
    match groups.iter().find(|group| group.name == name) {
        Some(group) => all_private(region, &group.vpc_id, &group.subnet_ids),
        None => {
            let operation = FactKind::CacheSubnetGroups.operations()[0];
            let message = format!("the subnet group {name:.60} is not listed");
            Err(Unreadable::malformed(operation, Some(&region.name), message))
        }
    }
}

fn all_private(region: &Region, vpc: &str, subnets: &[String]) -> Result<Verdict, Unreadable> {
    for subnet in subnets {
        if is_public(region, vpc, subnet)? {
            return Ok(Verdict::fail(format!("its subnet group has the public subnet {subnet:.40}")));
        }
    }
    Ok(Verdict::pass("its subnets are private"))
}

/// `subnet-no-auto-public-ip`
pub static SUBNET_NO_AUTO_PUBLIC_IP: Rule = Rule {
    id: "subnet-no-auto-public-ip",
    title: "Subnets give no public addresses by themselves",
    severity: Severity::Low,
    needs: &[FactKind::Vpcs, FactKind::Subnets, FactKind::NetworkInterfaces],
    absence: Absence::NotApplicable,
    decided: "No subnet of this account, public ones included, gives a public IPv4 address to whatever is launched in \
              it: what needs one asks for it. The subnets of a default VPC count once a network interface is in that \
              VPC; before, default-vpc-removed speaks of it.",
    remedy: Remedy {
        summary: "Turn off the automatic public addresses of the subnet.",
        console: "VPC, Subnets, the subnet, Actions, Edit subnet settings, Enable auto-assign public IPv4 address: off",
        cli: "aws ec2 modify-subnet-attribute --region REGION --subnet-id SUBNET_ID --no-map-public-ip-on-launch",
        terraform: "aws_subnet: map_public_ip_on_launch = false",
    },
    controls: &["FSBP EC2.15"],
    references: &[ADDRESSING_GUIDE],
    judge: Judge::Account(no_auto_public_ip),
};

fn no_auto_public_ip(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.subnets().and_then(|subnets| Ok((subnets, idle_defaults(region)?))) {
            Ok((subnets, idle)) => {
                let ours = |subnet: &&Subnet| subnet.owner_id == account.id && !idle.contains(&subnet.vpc_id.as_str());
                for subnet in subnets.iter().filter(ours) {
                    findings.check(subnet, || {
                        Ok(Verdict::when(
                            !subnet.map_public_ip_on_launch,
                            "gives no public address by itself",
                            "gives a public address to what is launched in it",
                        ))
                    });
                }
            }
            Err(reason) => findings.unknown(FactKind::Subnets.noun(), reason),
        }
    }
    Ok(())
}

/// The default VPCs that nothing uses.
fn idle_defaults(region: &Region) -> Result<Vec<&str>, Unreadable> {
    let used = InUse::of(region)?;
    let idle =
        region.vpcs.get(FactKind::Vpcs)?.iter().filter(|vpc| vpc.is_default && !used.vpcs.contains(vpc.id.as_str()));
    Ok(idle.map(|vpc| vpc.id.as_str()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Instance, RouteTable, Vpc};
    use crate::testing::{
        Said, instance, interface, judge, region, route_table, subnet, unreadable, vpc, with_regions,
    };
    use crate::{Reading, Status};

    /// A VPC in use: `subnet-1` is public, `subnet-2` leads to a NAT gateway.
    fn network() -> Region {
        Region {
            vpcs: Reading::Read(vec![vpc("vpc-1")]),
            subnets: Reading::Read(vec![subnet("subnet-1"), subnet("subnet-2")]),
            route_tables: Reading::Read(vec![
                RouteTable { main: true, ..route_table("rtb-main", &[], "igw-1") },
                route_table("rtb-private", &["subnet-2"], "nat-1"),
            ]),
            network_interfaces: Reading::Read(vec![interface("eni-1", "subnet-2")]),
            instances: Reading::Read(vec![]),
            ..region("eu-west-1")
        }
    }

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    #[test]
    fn a_vpc_in_use_has_both_tiers() {
        let said = say(&SUBNET_TIERS, network());
        assert_eq!(said.lines, ["pass vpc-1 eu-west-1"]);
        assert_eq!(said.details, ["has 1 public and 1 private subnets"]);
        // By the main table alone all are public.
        let tables = Reading::Read(vec![RouteTable { main: true, ..route_table("rtb-main", &[], "igw-1") }]);
        let said = say(&SUBNET_TIERS, Region { route_tables: tables, ..network() });
        assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, "has no private subnet and 2 public"));
        // A way out by a transit gateway makes none public.
        let tables = Reading::Read(vec![RouteTable { main: true, ..route_table("rtb-main", &[], "tgw-1") }]);
        let said = say(&SUBNET_TIERS, Region { route_tables: tables, ..network() });
        assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, "has no public subnet and 2 private"));
    }

    #[test]
    fn a_vpc_that_nothing_uses_needs_no_tiers() {
        let region = Region { network_interfaces: Reading::Read(vec![]), ..network() };
        assert_eq!(say(&SUBNET_TIERS, region).status, Status::NotApplicable);
    }

    #[test]
    fn a_vpc_of_another_account_is_its_own_to_divide() {
        let shared = Vpc { owner_id: "999999999999".to_owned(), ..vpc("vpc-1") };
        let region = Region { vpcs: Reading::Read(vec![shared]), ..network() };
        assert_eq!(say(&SUBNET_TIERS, region).status, Status::NotApplicable);
    }

    #[test]
    fn tiers_that_cannot_be_told_are_unknown() {
        for region in [
            Region { vpcs: unreadable(), ..network() },
            Region { network_interfaces: unreadable(), ..network() },
            Region { subnets: unreadable(), ..network() },
            Region { route_tables: unreadable(), ..network() },
        ] {
            assert_eq!(say(&SUBNET_TIERS, region).status, Status::Unknown);
        }
    }

    #[test]
    fn an_instance_in_a_public_subnet_fails_unless_it_is_a_bastion() {
        let at = |id: &str, subnets: &[&str], name: Option<&str>| Instance {
            subnet_ids: subnets.iter().map(|&id| id.to_owned()).collect(),
            tag_name: name.map(str::to_owned),
            ..instance(id)
        };
        let instances = vec![
            at("i-private", &["subnet-2"], None),
            at("i-public", &["subnet-1"], Some("web")),
            at("i-second-interface", &["subnet-2", "subnet-1"], None),
            at("i-bastion", &["subnet-1"], Some("prod bastion")),
            Instance { state: "stopped".to_owned(), ..at("i-stopped", &["subnet-1"], None) },
            Instance { vpc_id: Some("vpc-shared".to_owned()), ..at("i-shared", &["subnet-9"], None) },
        ];
        let said = say(&INSTANCE_IN_PRIVATE_SUBNET, Region { instances: Reading::Read(instances), ..network() });
        assert_eq!(
            said.lines,
            [
                "pass i-private eu-west-1",
                "fail i-public eu-west-1",
                "fail i-second-interface eu-west-1",
                "pass i-bastion eu-west-1",
                "unknown i-shared eu-west-1",
            ]
        );
        assert_eq!(said.details[1], "is in the public subnet subnet-1");
    }

    #[test]
    fn without_instances_there_is_nothing_to_place_and_unread_ones_are_unknown() {
        assert_eq!(say(&INSTANCE_IN_PRIVATE_SUBNET, network()).status, Status::NotApplicable);
        let region = Region { instances: unreadable(), ..network() };
        assert_eq!(say(&INSTANCE_IN_PRIVATE_SUBNET, region).status, Status::Unknown);
    }

    #[test]
    fn a_database_fails_by_any_public_subnet_of_its_group() {
        let db = |id: &str, subnets: &[&str]| crate::facts::DbInstance {
            subnet_ids: subnets.iter().map(|&id| id.to_owned()).collect(),
            ..crate::rds::testing::instance(id)
        };
        let cache = |id: &str, group: Option<&str>| crate::facts::CacheCluster {
            id: id.to_owned(),
            engine: "redis".to_owned(),
            replication_group_id: None,
            subnet_group: group.map(str::to_owned),
            encrypted: None,
            tls: None,
            tls_mode: None,
        };
        let group = |name: &str, subnet: &str| SubnetGroup {
            name: name.to_owned(),
            vpc_id: "vpc-1".to_owned(),
            subnet_ids: vec![subnet.to_owned()],
        };
        let warehouse = crate::facts::RedshiftCluster {
            id: "warehouse".to_owned(),
            encrypted: None,
            subnet_group: Some("public".to_owned()),
        };
        let region = Region {
            db_instances: Reading::Read(vec![
                db("private", &["subnet-2"]),
                db("mixed", &["subnet-2", "subnet-1"]),
                db("none", &[]),
            ]),
            cache_clusters: Reading::Read(vec![
                cache("cache", Some("private")),
                cache("lost", Some("gone")),
                cache("old", None),
            ]),
            cache_subnet_groups: Reading::Read(vec![group("private", "subnet-2")]),
            redshift_clusters: Reading::Read(vec![warehouse]),
            redshift_subnet_groups: Reading::Read(vec![group("public", "subnet-1")]),
            ..network()
        };
        let said = say(&DATABASE_IN_PRIVATE_SUBNET, region.clone());
        assert_eq!(
            said.lines,
            [
                "pass private eu-west-1",
                "fail mixed eu-west-1",
                "pass cache eu-west-1",
                "unknown lost eu-west-1",
                "fail warehouse eu-west-1",
            ]
        );
        assert_eq!(said.details[1], "its subnet group has the public subnet subnet-1");
        let empty = Region {
            db_instances: Reading::Read(vec![]),
            cache_clusters: Reading::Read(vec![]),
            redshift_clusters: Reading::Read(vec![]),
            ..region.clone()
        };
        assert_eq!(say(&DATABASE_IN_PRIVATE_SUBNET, empty).status, Status::NotApplicable);
        for denied in [
            Region { db_instances: unreadable(), ..region.clone() },
            Region { cache_clusters: unreadable(), ..region.clone() },
            Region { redshift_clusters: unreadable(), ..region.clone() },
        ] {
            assert!(
                say(&DATABASE_IN_PRIVATE_SUBNET, denied)
                    .lines
                    .iter()
                    .any(|line| line.contains("unknown") && !line.contains("lost"))
            );
        }
        let said = say(&DATABASE_IN_PRIVATE_SUBNET, Region { route_tables: unreadable(), ..region });
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn automatic_public_addresses_fail_in_every_subnet_that_may_be_used() {
        let auto = |id: &str, vpc: &str| Subnet { map_public_ip_on_launch: true, vpc_id: vpc.to_owned(), ..subnet(id) };
        let shared = Subnet { owner_id: "999999999999".to_owned(), ..auto("subnet-shared", "vpc-1") };
        let region = Region {
            vpcs: Reading::Read(vec![vpc("vpc-1"), Vpc { is_default: true, ..vpc("vpc-default") }]),
            subnets: Reading::Read(vec![
                subnet("subnet-1"),
                auto("subnet-auto", "vpc-1"),
                auto("subnet-default", "vpc-default"),
                shared,
            ]),
            ..network()
        };
        let said = say(&SUBNET_NO_AUTO_PUBLIC_IP, region.clone());
        assert_eq!(said.lines, ["pass subnet-1 eu-west-1", "fail subnet-auto eu-west-1"]);
        // Once the default VPC is used, its subnets count.
        let used =
            crate::facts::NetworkInterface { vpc_id: "vpc-default".to_owned(), ..interface("eni-2", "subnet-default") };
        let said =
            say(&SUBNET_NO_AUTO_PUBLIC_IP, Region { network_interfaces: Reading::Read(vec![used]), ..region.clone() });
        assert_eq!(said.lines.len(), 3);
        assert_eq!(
            say(&SUBNET_NO_AUTO_PUBLIC_IP, Region { subnets: unreadable(), ..region.clone() }).status,
            Status::Unknown
        );
        assert_eq!(say(&SUBNET_NO_AUTO_PUBLIC_IP, Region { vpcs: unreadable(), ..region }).status, Status::Unknown);
    }
}
