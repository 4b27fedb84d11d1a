//! `data-storage/configure-backup`: every data store can be brought back to a day of last week.

use crate::facts::Versioning;
use crate::rds::{clusters, instances, of_cluster, of_instance, stands_alone};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `data-storage/configure-backup`
pub const ITEM: Item = Item {
    id: "data-storage/configure-backup",
    title: "Configure backup",
    decides: Decides::Machine,
    what: "Every data store is backed up by itself, often enough and for long enough: RDS and Aurora, DynamoDB, \
           ElastiCache, Redshift, EBS volumes, and versions of S3 objects.",
    why: "Replicas and zones do not help against a bad deployment, a wrong DELETE or ransomware: they copy the damage \
          at once. Only a backup from before it does.",
    confirm: "List every data store, open its backups in the console, and note the newest one's time and how far back \
              they reach. AWS Backup's Protected resources page shows what its plans cover.",
    references: &[RDS_BACKUP_GUIDE, VERSIONING_GUIDE],
    rules: &[&RDS_BACKUP_RETENTION, &S3_VERSIONING],
    evidence: &[],
    pending: &[
        "DynamoDB point-in-time recovery",
        "ElastiCache and Redshift snapshots",
        "EBS volumes without a recent snapshot or AWS Backup",
    ],
};

const RDS_BACKUP_GUIDE: Reference = Reference {
    title: "Introduction to backups - Amazon RDS User Guide",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html",
};

const VERSIONING_GUIDE: Reference = Reference {
    title: "Retaining multiple versions of objects with S3 Versioning - Amazon S3 User Guide",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
};

/// `rds-backup-retention`
pub static RDS_BACKUP_RETENTION: Rule = Rule {
    id: "rds-backup-retention",
    title: "Databases keep automated backups for a week",
    severity: Severity::High,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "Automated backups of each standalone DB instance and each cluster are kept for at least 7 days; 0 days \
              means none at all. Members are judged at their cluster. A read replica is not judged: its source is \
              backed up. Neptune and DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Keep automated backups for at least 7 days.",
        console: "RDS, Databases, the database, Modify, Backup, Backup retention period",
        cli: "aws rds modify-db-instance --db-instance-identifier ID --backup-retention-period 7\n\
              aws rds modify-db-cluster --db-cluster-identifier ID --backup-retention-period 7",
        terraform: "aws_db_instance and aws_rds_cluster: backup_retention_period = 7",
    },
    controls: &["FSBP RDS.11"],
    references: &[RDS_BACKUP_GUIDE],
    judge: Judge::Region(backup_retention),
};

fn backup_retention(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    const FIELD: &str = "BackupRetentionPeriod";
    let least = i32::from(findings.settings.backup_retention_days);
    instances(
        region,
        findings,
        |it| stands_alone(it) && it.replica_of.is_none(),
        |instance| of_instance(instance.backup_retention_days, FIELD, region, instance).map(|days| kept(days, least)),
    );
    clusters(
        region,
        findings,
        |_| true,
        |cluster| of_cluster(cluster.backup_retention_days, FIELD, region, cluster).map(|days| kept(days, least)),
    );
    Ok(())
}

fn kept(days: i32, least: i32) -> Verdict {
    let unit = if days == 1 { "day" } else { "days" };
    match days {
        ..1 => Verdict::fail("automated backups are off"),
        _ if days < least => Verdict::fail(format!("backups are kept for {days} {unit}, fewer than {least}")),
        _ => Verdict::pass(format!("backups are kept for {days} {unit}")),
    }
}

/// `s3-versioning`
pub static S3_VERSIONING: Rule = Rule {
    id: "s3-versioning",
    title: "Buckets keep old versions of objects",
    severity: Severity::Low,
    needs: &[FactKind::Buckets, FactKind::BucketVersioning],
    absence: Absence::NotApplicable,
    decided: "Versioning of each bucket is enabled. A bucket whose versioning is suspended keeps its old versions and \
              makes no new ones, so it fails.",
    remedy: Remedy {
        summary: "Enable versioning, with a lifecycle rule that expires old versions.",
        console: "S3, the bucket, Properties, Bucket Versioning, Edit, Enable",
        cli: "aws s3api put-bucket-versioning --bucket BUCKET --versioning-configuration Status=Enabled",
        terraform: "aws_s3_bucket_versioning: versioning_configuration with status = \"Enabled\"",
    },
    controls: &["Security Hub S3.14"],
    references: &[VERSIONING_GUIDE],
    judge: Judge::Account(versioning),
};

fn versioning(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for bucket in account.buckets()? {
        findings.check(bucket, || {
            Ok(match bucket.versioning.get(FactKind::BucketVersioning)? {
                Versioning::Enabled => Verdict::pass("versioning is enabled"),
                Versioning::Suspended => Verdict::fail("versioning is suspended"),
                Versioning::Never => Verdict::fail("versioning was never enabled"),
            })
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Bucket, DbCluster, DbInstance};
    use crate::rds::testing::{aurora, databases, instance, member};
    use crate::testing::{Said, account, judge, unreadable, with_regions};
    use crate::{Reading, Status};

    fn retention(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> Said {
        judge(&RDS_BACKUP_RETENTION, &with_regions(databases(instances, clusters)))
    }

    fn keeping(days: Option<i32>) -> DbInstance {
        DbInstance { backup_retention_days: days, ..instance("db") }
    }

    #[test]
    fn a_week_of_backups_passes_and_less_fails() {
        let details = [
            (Some(35), "backups are kept for 35 days"),
            (Some(7), "backups are kept for 7 days"),
            (Some(6), "backups are kept for 6 days, fewer than 7"),
            (Some(1), "backups are kept for 1 day, fewer than 7"),
            (Some(0), "automated backups are off"),
        ];
        for (days, detail) in details {
            let said = retention(vec![keeping(days)], vec![]);
            assert_eq!(said.details, [detail]);
            let good = days >= Some(7);
            assert_eq!(said.status, if good { Status::Pass } else { Status::Fail }, "{detail}");
        }
    }

    #[test]
    fn an_answer_without_the_period_is_unknown() {
        assert_eq!(retention(vec![keeping(None)], vec![]).lines, ["unknown db eu-west-1"]);
        let said = retention(vec![], vec![DbCluster { backup_retention_days: None, ..aurora("shop", &[]) }]);
        assert_eq!(said.lines, ["unknown shop eu-west-1"]);
        assert!(said.details[0].contains("DescribeDBClusters"), "{}", said.details[0]);
    }

    #[test]
    fn neptune_and_documentdb_are_not_meant() {
        for engine in ["neptune", "docdb"] {
            let instance = DbInstance { engine: engine.to_owned(), ..keeping(Some(0)) };
            let cluster =
                DbCluster { engine: engine.to_owned(), backup_retention_days: Some(1), ..aurora("graph", &[]) };
            assert_eq!(retention(vec![instance], vec![cluster]).status, Status::NotApplicable, "{engine}");
        }
    }

    #[test]
    fn unlisted_clusters_do_not_hide_an_instance_without_backups() {
        let mut regions = databases(vec![keeping(Some(0))], vec![]);
        regions[0].db_clusters = unreadable();
        let said = judge(&RDS_BACKUP_RETENTION, &with_regions(regions));
        assert_eq!(said.lines, ["fail db eu-west-1", "unknown DB clusters eu-west-1"]);
    }

    #[test]
    fn replicas_are_backed_up_at_their_source_and_members_at_their_cluster() {
        let replica = DbInstance { replica_of: Some("orders".to_owned()), ..keeping(Some(0)) };
        let member = member("a", "shop", "eu-west-1a");
        let cluster = DbCluster { backup_retention_days: Some(1), ..aurora("shop", &["a"]) };
        assert_eq!(retention(vec![replica, member], vec![cluster]).lines, ["fail shop eu-west-1"]);
    }

    #[test]
    fn without_databases_there_is_nothing_to_keep() {
        assert_eq!(retention(vec![], vec![]).status, Status::NotApplicable);
    }

    #[test]
    fn unlisted_databases_are_unknown() {
        let mut regions = databases(vec![], vec![]);
        (regions[0].db_instances, regions[0].db_clusters) = (unreadable(), unreadable());
        let said = judge(&RDS_BACKUP_RETENTION, &with_regions(regions));
        assert_eq!(said.lines, ["unknown DB instances eu-west-1", "unknown DB clusters eu-west-1"]);
    }

    fn bucket(name: &str, versioning: Reading<Versioning>) -> Bucket {
        Bucket {
            policy: Reading::NotRead,
            name: name.to_owned(),
            region: Some("eu-west-1".to_owned()),
            encryption: Reading::NotRead,
            lifecycle: Reading::NotRead,
            versioning,
        }
    }

    fn versions(buckets: Reading<Vec<Bucket>>) -> Said {
        judge(&S3_VERSIONING, &Account { buckets, ..account() })
    }

    #[test]
    fn only_enabled_versioning_passes_and_one_unreadable_bucket_is_unknown() {
        let said = versions(Reading::Read(vec![
            bucket("a", Reading::Read(Versioning::Enabled)),
            bucket("b", Reading::Read(Versioning::Suspended)),
            bucket("c", Reading::Read(Versioning::Never)),
            bucket("d", unreadable()),
        ]));
        assert_eq!(said.lines, ["pass a eu-west-1", "fail b eu-west-1", "fail c eu-west-1", "unknown d eu-west-1"]);
    }

    #[test]
    fn no_bucket_is_not_applicable_and_an_unread_list_unknown() {
        assert_eq!(versions(Reading::Read(vec![])).status, Status::NotApplicable);
        assert_eq!(versions(unreadable()).lines, ["unknown S3 buckets global"]);
    }
}
