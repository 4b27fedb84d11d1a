//! `data-storage/deploy-relational-databases`: RDS and Aurora survive a zone, a slip of the hand and a scan.

use std::collections::BTreeSet;

use crate::facts::DbCluster;
use crate::operations::DESCRIBE_DB_INSTANCES;
use crate::rds::{clusters, instances, is_aurora, of_cluster, of_instance, stands_alone};
use crate::{
    Absence, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `data-storage/deploy-relational-databases`
pub const ITEM: Item = Item {
    id: "data-storage/deploy-relational-databases",
    title: "Deploy relational databases",
    decides: Decides::Partly,
    what: "Relational data lives in Amazon RDS or Aurora, spread over Availability Zones, protected from deletion, \
           kept up to date and reachable only from inside the network.",
    why: "A database that a team runs on one instance by itself is the part of most systems that fails hardest: no \
          failover, no patches, and one wrong call deletes it.",
    confirm: "Ask which relational data the application keeps and where. Confirm that all of it is in the databases \
              listed here, or write down why some runs elsewhere and who looks after its failover.",
    references: &[MULTI_AZ_GUIDE, AURORA_GUIDE],
    rules: &[&RDS_MULTI_AZ, &RDS_DELETION_PROTECTION, &RDS_AUTO_MINOR_UPGRADE, &RDS_NOT_PUBLIC],
    evidence: &[],
    pending: &[],
};

const MULTI_AZ_GUIDE: Reference = Reference {
    title: "Configuring and managing a Multi-AZ deployment for Amazon RDS",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html",
};

const AURORA_GUIDE: Reference = Reference {
    title: "High availability for Amazon Aurora",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html",
};

const DELETING_GUIDE: Reference = Reference {
    title: "Deleting a DB instance - Amazon RDS User Guide",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DeleteInstance.html",
};

const UPGRADING_GUIDE: Reference = Reference {
    title: "Upgrading a DB instance engine version - Amazon RDS User Guide",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html",
};

const VPC_GUIDE: Reference = Reference {
    title: "Working with a DB instance in a VPC - Amazon RDS User Guide",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
};

/// `rds-multi-az`
pub static RDS_MULTI_AZ: Rule = Rule {
    id: "rds-multi-az",
    title: "Databases run in more than one Availability Zone",
    severity: Severity::Medium,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "A DB instance is Multi-AZ. An Aurora cluster has members in at least two zones, told from its DB \
              instances; a Multi-AZ DB cluster says so itself. Members are judged at their cluster. Aurora Serverless \
              v1 has no members and is moved to another zone by AWS. A cluster whose verdict hangs on a member without \
              a known zone is unknown. Neptune and DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Turn Multi-AZ on, or add an Aurora replica in another zone.",
        console: "RDS, Databases, the database, Modify, Availability & durability; for Aurora: Actions, Add reader",
        cli: "aws rds modify-db-instance --db-instance-identifier ID --multi-az --apply-immediately",
        terraform: "aws_db_instance: multi_az = true; aws_rds_cluster_instance: a second one in another zone",
    },
    controls: &["FSBP RDS.5", "FSBP RDS.15"],
    references: &[MULTI_AZ_GUIDE, AURORA_GUIDE],
    judge: Judge::Region(multi_az),
};

fn multi_az(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    instances(region, findings, stands_alone, |instance| {
        let on = of_instance(instance.multi_az, "MultiAZ", region, instance)?;
        Ok(Verdict::when(on, "has a standby in another zone", "runs in a single zone"))
    });
    clusters(
        region,
        findings,
        |_| true,
        |cluster| {
            if is_aurora(cluster) {
                return aurora_zones(region, cluster);
            }
            let on = of_cluster(cluster.multi_az, "MultiAZ", region, cluster)?;
            Ok(Verdict::when(on, "has instances in several zones", "runs in a single zone"))
        },
    );
    Ok(())
}

fn aurora_zones(region: &Region, cluster: &DbCluster) -> Result<Verdict, Unreadable> {
    const SERVERLESS: &str = "is serverless (v1): AWS moves it to another zone by itself";
    let number = cluster.members.len();
    if number == 0 {
        let mode = of_cluster(cluster.engine_mode.as_deref(), "EngineMode", region, cluster)?;
        return Ok(Verdict::when(mode == "serverless", SERVERLESS, "has no members"));
    }
    if number == 1 {
        return Ok(Verdict::fail("has 1 member, too few for two zones"));
    }
    let instances = region.db_instances()?;
    let zone = |id: &str| instances.iter().find(|it| it.id == id).and_then(|it| it.availability_zone.as_deref());
    // One that is being created, or was deleted between the two lists, has no known zone.
    let zones: BTreeSet<Option<&str>> = cluster.members.iter().map(|member| zone(&member.instance_id)).collect();
    let known: Vec<&str> = zones.iter().copied().flatten().collect();
    match known.as_slice() {
        [_, _, ..] => Ok(Verdict::pass(format!("has members in {} zones", known.len()))),
        [only] if known.len() == zones.len() => {
            Ok(Verdict::fail(format!("has its {number} members in {only:.40} only")))
        }
        _ => {
            let lacks = "the answer lacks AvailabilityZone of a member";
            Err(Unreadable::malformed(DESCRIBE_DB_INSTANCES, Some(&region.name), lacks).about(&cluster.id))
        }
    }
}

/// `rds-deletion-protection`
pub static RDS_DELETION_PROTECTION: Rule = Rule {
    id: "rds-deletion-protection",
    title: "Databases are protected from deletion",
    severity: Severity::Medium,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "Deletion protection is on for each standalone DB instance and each cluster; members are judged at their \
              cluster. Neptune and DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Turn deletion protection on.",
        console: "RDS, Databases, the database, Modify, Deletion protection",
        cli: "aws rds modify-db-instance --db-instance-identifier ID --deletion-protection --apply-immediately\n\
              aws rds modify-db-cluster --db-cluster-identifier ID --deletion-protection --apply-immediately",
        terraform: "aws_db_instance and aws_rds_cluster: deletion_protection = true",
    },
    controls: &["FSBP RDS.7", "FSBP RDS.8"],
    references: &[DELETING_GUIDE],
    judge: Judge::Region(deletion_protection),
};

fn deletion_protection(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    const FIELD: &str = "DeletionProtection";
    let verdict = |on| Verdict::when(on, "is protected from deletion", "can be deleted by one call");
    instances(region, findings, stands_alone, |instance| {
        of_instance(instance.deletion_protection, FIELD, region, instance).map(verdict)
    });
    clusters(
        region,
        findings,
        |_| true,
        |cluster| of_cluster(cluster.deletion_protection, FIELD, region, cluster).map(verdict),
    );
    Ok(())
}

/// `rds-auto-minor-upgrade`
pub static RDS_AUTO_MINOR_UPGRADE: Rule = Rule {
    id: "rds-auto-minor-upgrade",
    title: "Databases take minor engine upgrades by themselves",
    severity: Severity::Low,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "Automatic minor version upgrades are on for each DB instance, Aurora members included, because Aurora \
              upgrades only when all members agree. A Multi-AZ DB cluster is judged by its own setting and its members \
              are not. Neptune and DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Turn automatic minor version upgrades on.",
        console: "RDS, Databases, the instance, Modify, Maintenance, Enable auto minor version upgrade",
        cli: "aws rds modify-db-instance --db-instance-identifier ID --auto-minor-version-upgrade",
        terraform: "aws_db_instance and aws_rds_cluster_instance: auto_minor_version_upgrade = true",
    },
    controls: &["FSBP RDS.13", "CIS 3.0 2.3.2"],
    references: &[UPGRADING_GUIDE],
    judge: Judge::Region(auto_minor_upgrade),
};

fn auto_minor_upgrade(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    const FIELD: &str = "AutoMinorVersionUpgrade";
    let verdict = |on| Verdict::when(on, "takes minor upgrades by itself", "waits for minor upgrades by hand");
    // An instance tells by its own engine whether it is a member of Aurora or of a Multi-AZ DB cluster.
    instances(
        region,
        findings,
        |it| stands_alone(it) || it.engine.starts_with("aurora"),
        |instance| of_instance(instance.auto_minor_version_upgrade, FIELD, region, instance).map(verdict),
    );
    clusters(
        region,
        findings,
        |cluster| !is_aurora(cluster),
        |cluster| of_cluster(cluster.auto_minor_version_upgrade, FIELD, region, cluster).map(verdict),
    );
    Ok(())
}

/// `rds-not-public`
pub static RDS_NOT_PUBLIC: Rule = Rule {
    id: "rds-not-public",
    title: "Databases have no public address",
    severity: Severity::Critical,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "Public access is off for each DB instance, members of clusters included, and for each Multi-AZ DB \
              cluster. A public address counts whatever the security groups say: they change more easily. Neptune and \
              DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Turn public access off, and reach the database through the VPC.",
        console: "RDS, Databases, the database, Modify, Connectivity, Additional configuration, Not publicly accessible",
        cli: "aws rds modify-db-instance --db-instance-identifier ID --no-publicly-accessible --apply-immediately",
        terraform: "aws_db_instance and aws_rds_cluster_instance: publicly_accessible = false",
    },
    controls: &["FSBP RDS.2", "CIS 3.0 2.3.3"],
    references: &[VPC_GUIDE],
    judge: Judge::Region(not_public),
};

fn not_public(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    const FIELD: &str = "PubliclyAccessible";
    let verdict = |public: bool| Verdict::when(!public, "has no public address", "has a public address");
    instances(
        region,
        findings,
        |_| true,
        |instance| of_instance(instance.publicly_accessible, FIELD, region, instance).map(verdict),
    );
    // Aurora has the setting at its members only; a Multi-AZ DB cluster has it at both.
    clusters(
        region,
        findings,
        |cluster| !is_aurora(cluster),
        |cluster| of_cluster(cluster.publicly_accessible, FIELD, region, cluster).map(verdict),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;
    use crate::facts::DbInstance;
    use crate::rds::testing::{aurora, databases, instance, member, multi_az_cluster};
    use crate::testing::{Said, judge, unreadable, with_regions};

    const RULES: [&Rule; 4] = [&RDS_MULTI_AZ, &RDS_DELETION_PROTECTION, &RDS_AUTO_MINOR_UPGRADE, &RDS_NOT_PUBLIC];

    fn said(rule: &'static Rule, instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> Said {
        judge(rule, &with_regions(databases(instances, clusters)))
    }

    #[test]
    fn a_good_instance_and_a_good_multi_az_cluster_pass_every_rule() {
        for rule in RULES {
            let said = said(rule, vec![instance("orders")], vec![multi_az_cluster("billing")]);
            assert_eq!(said.lines, ["pass orders eu-west-1", "pass billing eu-west-1"], "{}", rule.id);
        }
    }

    #[test]
    fn a_bad_instance_fails_each_rule_by_its_own_setting() {
        let bad: [(&'static Rule, DbInstance); 4] = [
            (&RDS_MULTI_AZ, DbInstance { multi_az: Some(false), ..instance("db") }),
            (&RDS_DELETION_PROTECTION, DbInstance { deletion_protection: Some(false), ..instance("db") }),
            (&RDS_AUTO_MINOR_UPGRADE, DbInstance { auto_minor_version_upgrade: Some(false), ..instance("db") }),
            (&RDS_NOT_PUBLIC, DbInstance { publicly_accessible: Some(true), ..instance("db") }),
        ];
        for (rule, instance) in bad {
            assert_eq!(said(rule, vec![instance], vec![]).lines, ["fail db eu-west-1"], "{}", rule.id);
        }
    }

    #[test]
    fn a_setting_that_the_answer_lacks_is_unknown() {
        let bare = DbInstance {
            multi_az: None,
            publicly_accessible: None,
            deletion_protection: None,
            auto_minor_version_upgrade: None,
            ..instance("db")
        };
        let cluster = DbCluster {
            multi_az: None,
            publicly_accessible: None,
            deletion_protection: None,
            auto_minor_version_upgrade: None,
            ..multi_az_cluster("cluster")
        };
        for rule in RULES {
            let said = said(rule, vec![bare.clone()], vec![cluster.clone()]);
            assert_eq!(said.lines, ["unknown db eu-west-1", "unknown cluster eu-west-1"], "{}", rule.id);
            assert!(said.details[0].contains("the answer lacks"), "{}", said.details[0]);
        }
    }

    #[test]
    fn neptune_and_documentdb_are_not_relational() {
        for engine in ["neptune", "docdb"] {
            let instance = DbInstance { engine: engine.to_owned(), multi_az: Some(false), ..instance("graph") };
            let cluster = DbCluster { engine: engine.to_owned(), ..multi_az_cluster("graph") };
            for rule in RULES {
                let said = said(rule, vec![instance.clone()], vec![cluster.clone()]);
                assert_eq!(said.status, Status::NotApplicable, "{engine} {}", rule.id);
            }
        }
    }

    #[test]
    fn without_databases_nothing_applies() {
        for rule in RULES {
            assert_eq!(said(rule, vec![], vec![]).status, Status::NotApplicable, "{}", rule.id);
        }
    }

    #[test]
    fn aurora_in_two_zones_passes_and_in_one_fails() {
        let two = vec![member("a", "shop", "eu-west-1a"), member("b", "shop", "eu-west-1b")];
        let said_two = said(&RDS_MULTI_AZ, two, vec![aurora("shop", &["a", "b"])]);
        assert_eq!(said_two.lines, ["pass shop eu-west-1"]);
        assert_eq!(said_two.details, ["has members in 2 zones"]);
        let one = vec![member("a", "shop", "eu-west-1a"), member("b", "shop", "eu-west-1a")];
        let said_one = said(&RDS_MULTI_AZ, one, vec![aurora("shop", &["a", "b"])]);
        assert_eq!(said_one.details, ["has its 2 members in eu-west-1a only"]);
        assert_eq!(said_one.lines, ["fail shop eu-west-1"]);
    }

    #[test]
    fn aurora_with_one_or_no_member_fails_and_the_flag_of_the_cluster_does_not_help() {
        let single = DbCluster { multi_az: Some(true), ..aurora("shop", &["a"]) };
        let said_single = said(&RDS_MULTI_AZ, vec![member("a", "shop", "eu-west-1a")], vec![single]);
        assert_eq!(said_single.lines, ["fail shop eu-west-1"]);
        let headless = said(&RDS_MULTI_AZ, vec![], vec![aurora("headless", &[])]);
        assert_eq!((headless.status, headless.details[0].as_str()), (Status::Fail, "has no members"));
    }

    #[test]
    fn aurora_is_unknown_where_the_verdict_hangs_on_a_zone_that_is_not_told() {
        let creating = || DbInstance { availability_zone: None, ..member("b", "shop", "") };
        let a = || member("a", "shop", "eu-west-1a");
        let cluster = || vec![aurora("shop", &["a", "b"])];
        for listed in [vec![a(), creating()], vec![a()], vec![]] {
            let said = said(&RDS_MULTI_AZ, listed, cluster());
            assert_eq!(said.lines, ["unknown shop eu-west-1"]);
            assert!(said.details[0].contains("the answer lacks AvailabilityZone"), "{}", said.details[0]);
        }
        let three = vec![a(), creating(), member("c", "shop", "eu-west-1c")];
        let proven = said(&RDS_MULTI_AZ, three, vec![aurora("shop", &["a", "b", "c"])]);
        assert_eq!(proven.lines, ["pass shop eu-west-1"]);
    }

    #[test]
    fn an_instance_of_another_cluster_lends_no_zone() {
        let listed = vec![
            member("a", "shop", "eu-west-1a"),
            member("b", "shop", "eu-west-1a"),
            member("c", "other", "eu-west-1c"),
        ];
        let said = said(&RDS_MULTI_AZ, listed, vec![aurora("shop", &["a", "b"])]);
        assert_eq!(said.lines, ["fail shop eu-west-1"]);
    }

    #[test]
    fn serverless_v1_is_moved_by_aws() {
        let serverless = DbCluster { engine_mode: Some("serverless".to_owned()), ..aurora("jobs", &[]) };
        assert_eq!(said(&RDS_MULTI_AZ, vec![], vec![serverless]).lines, ["pass jobs eu-west-1"]);
        let untold = DbCluster { engine_mode: None, ..aurora("jobs", &[]) };
        assert_eq!(said(&RDS_MULTI_AZ, vec![], vec![untold]).lines, ["unknown jobs eu-west-1"]);
    }

    #[test]
    fn members_are_judged_at_their_cluster() {
        let members = || vec![member("a", "shop", "eu-west-1a"), member("b", "shop", "eu-west-1b")];
        for rule in [&RDS_MULTI_AZ, &RDS_DELETION_PROTECTION] {
            let said = said(rule, members(), vec![aurora("shop", &["a", "b"])]);
            assert_eq!(said.lines, ["pass shop eu-west-1"], "{}", rule.id);
        }
        let unprotected = DbCluster { deletion_protection: Some(false), ..aurora("shop", &["a", "b"]) };
        assert_eq!(said(&RDS_DELETION_PROTECTION, members(), vec![unprotected]).lines, ["fail shop eu-west-1"]);
    }

    #[test]
    fn aurora_members_have_upgrades_and_addresses_of_their_own() {
        let by_hand = DbInstance { auto_minor_version_upgrade: Some(false), ..member("a", "shop", "eu-west-1a") };
        let public = DbInstance { publicly_accessible: Some(true), ..member("b", "shop", "eu-west-1b") };
        let members = || vec![by_hand.clone(), public.clone()];
        let cluster = || vec![aurora("shop", &["a", "b"])];
        let upgrades = said(&RDS_AUTO_MINOR_UPGRADE, members(), cluster());
        assert_eq!(upgrades.lines, ["fail a eu-west-1", "pass b eu-west-1"]);
        let addresses = said(&RDS_NOT_PUBLIC, members(), cluster());
        assert_eq!(addresses.lines, ["pass a eu-west-1", "fail b eu-west-1"]);
    }

    #[test]
    fn members_of_a_multi_az_cluster_are_upgraded_by_its_setting() {
        let member = DbInstance {
            engine: "mysql".to_owned(),
            auto_minor_version_upgrade: Some(false),
            ..member("a", "billing", "eu-west-1a")
        };
        let said = said(&RDS_AUTO_MINOR_UPGRADE, vec![member], vec![multi_az_cluster("billing")]);
        assert_eq!(said.lines, ["pass billing eu-west-1"]);
    }

    #[test]
    fn members_of_a_multi_az_cluster_have_addresses_of_their_own() {
        let member = DbInstance {
            engine: "mysql".to_owned(),
            publicly_accessible: Some(true),
            ..member("a", "billing", "eu-west-1a")
        };
        let private = said(&RDS_NOT_PUBLIC, vec![member.clone()], vec![multi_az_cluster("billing")]);
        assert_eq!(private.lines, ["fail a eu-west-1", "pass billing eu-west-1"]);
        let public = DbCluster { publicly_accessible: Some(true), ..multi_az_cluster("billing") };
        let public = said(&RDS_NOT_PUBLIC, vec![], vec![public]);
        assert_eq!(public.lines, ["fail billing eu-west-1"]);
    }

    #[test]
    fn a_replica_that_stands_alone_is_judged_like_any_instance() {
        let replica = DbInstance {
            replica_of: Some("orders".to_owned()),
            multi_az: Some(false),
            deletion_protection: Some(false),
            auto_minor_version_upgrade: Some(false),
            publicly_accessible: Some(true),
            ..instance("replica")
        };
        for rule in RULES {
            assert_eq!(said(rule, vec![replica.clone()], vec![]).lines, ["fail replica eu-west-1"], "{}", rule.id);
        }
    }

    #[test]
    fn what_is_unreadable_does_not_hide_what_is_known() {
        let mut regions = databases(vec![], vec![DbCluster { multi_az: Some(false), ..multi_az_cluster("billing") }]);
        regions[0].db_instances = unreadable();
        let said = judge(&RDS_MULTI_AZ, &with_regions(regions));
        assert_eq!(said.lines, ["unknown DB instances eu-west-1", "fail billing eu-west-1"]);
        let mut regions = databases(vec![DbInstance { multi_az: Some(false), ..instance("orders") }], vec![]);
        regions[0].db_clusters = unreadable();
        let said = judge(&RDS_MULTI_AZ, &with_regions(regions));
        assert_eq!(said.lines, ["fail orders eu-west-1", "unknown DB clusters eu-west-1"]);
    }

    #[test]
    fn aurora_without_readable_instances_is_unknown() {
        let mut regions = databases(vec![], vec![aurora("shop", &["a", "b"])]);
        regions[0].db_instances = unreadable();
        let said = judge(&RDS_MULTI_AZ, &with_regions(regions));
        assert_eq!(said.lines, ["unknown DB instances eu-west-1", "unknown shop eu-west-1"]);
    }

    #[test]
    fn an_unread_region_is_unknown_for_every_rule() {
        let mut regions = databases(vec![], vec![]);
        (regions[0].db_instances, regions[0].db_clusters) = (unreadable(), unreadable());
        let lines = ["unknown DB instances eu-west-1", "unknown DB clusters eu-west-1"];
        for rule in RULES {
            assert_eq!(judge(rule, &with_regions(regions.clone())).lines, lines, "{}", rule.id);
        }
    }
}
