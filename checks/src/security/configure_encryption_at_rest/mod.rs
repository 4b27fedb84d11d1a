//! `security/configure-encryption-at-rest`: disks, databases and buckets are encrypted, and no snapshot is public.

mod stores;

use std::collections::BTreeSet;

use crate::rds::{clusters, instances, of_cluster, of_instance, stands_alone};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `security/configure-encryption-at-rest`
pub const ITEM: Item = Item {
    id: "security/configure-encryption-at-rest",
    title: "Configure encryption at rest",
    decides: Decides::Machine,
    what: "Everything that keeps data encrypts it: EBS volumes and their snapshots, databases, caches, file systems, \
           search domains and buckets. New volumes are encrypted without anybody having to think of it.",
    why: "Encryption makes a leaked snapshot, a shared copy or a returned disk worthless to whoever holds it, and most \
          audits ask for it. Turning it on later often means to copy and replace the store.",
    confirm: "In the EC2 settings of each region, EBS encryption is always on. Volumes, databases, file systems and \
              caches show an encryption key in their details; no snapshot is shared with all accounts.",
    references: &[EBS_GUIDE, RDS_GUIDE, S3_GUIDE],
    rules: &[
        &EBS_VOLUME_ENCRYPTED,
        &EBS_ENCRYPTION_BY_DEFAULT,
        &SNAPSHOT_NOT_PUBLIC,
        &stores::RDS_SNAPSHOT_NOT_PUBLIC,
        &RDS_ENCRYPTED,
        &stores::REDSHIFT_ENCRYPTED,
        &stores::ELASTICACHE_ENCRYPTED,
        &stores::EFS_ENCRYPTED,
        &stores::OPENSEARCH_ENCRYPTED,
        &S3_ENCRYPTED,
        &stores::KMS_KEY_ROTATION,
    ],
    evidence: &[],
    pending: &[],
};

const EBS_GUIDE: Reference = Reference {
    title: "Amazon EBS encryption",
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
};

const EBS_DEFAULT_GUIDE: Reference = Reference {
    title: "Enable Amazon EBS encryption by default",
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
};

const SNAPSHOT_GUIDE: Reference = Reference {
    title: "Share an Amazon EBS snapshot with other AWS accounts",
    url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
};

const RDS_GUIDE: Reference = Reference {
    title: "Encrypting Amazon RDS resources",
    url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html",
};

const S3_GUIDE: Reference = Reference {
    title: "Setting default server-side encryption behavior for Amazon S3 buckets",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",
};

/// `ebs-volume-encrypted`
pub static EBS_VOLUME_ENCRYPTED: Rule = Rule {
    id: "ebs-volume-encrypted",
    title: "EBS volumes are encrypted",
    severity: Severity::High,
    needs: &[FactKind::Volumes],
    absence: Absence::NotApplicable,
    decided: "Each EBS volume of the account is encrypted, whether it is attached or not: an unattached volume still \
              holds its data.",
    remedy: Remedy {
        summary: "Snapshot the volume, copy the snapshot encrypted, and replace the volume.",
        console: "EC2, Volumes, the volume, Create snapshot; Snapshots, Copy snapshot with encryption; Create volume",
        cli: "aws ec2 create-snapshot --volume-id VOLUME_ID\n\
              aws ec2 copy-snapshot --source-region REGION --source-snapshot-id SNAPSHOT_ID --encrypted",
        terraform: "aws_ebs_volume: encrypted = true; aws_instance: root_block_device and ebs_block_device likewise",
    },
    controls: &["FSBP EC2.3"],
    references: &[EBS_GUIDE],
    judge: Judge::Region(volume_encrypted),
};

fn volume_encrypted(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for volume in region.volumes()? {
        findings.check(volume, || Ok(Verdict::when(volume.encrypted, "is encrypted", "is not encrypted")));
    }
    Ok(())
}

/// `ebs-encryption-by-default`
pub static EBS_ENCRYPTION_BY_DEFAULT: Rule = Rule {
    id: "ebs-encryption-by-default",
    title: "New EBS volumes are encrypted by default",
    severity: Severity::Medium,
    needs: &[FactKind::EbsEncryptionByDefault],
    absence: Absence::NotApplicable,
    decided: "EBS encryption by default is on in each audited region: it is a setting of the region, and one that is \
              not used today may be tomorrow.",
    remedy: Remedy {
        summary: "Turn EBS encryption by default on in every enabled region.",
        console: "EC2, in each region: Account attributes, Data protection and security, EBS encryption, Manage, Enable",
        cli: "aws ec2 enable-ebs-encryption-by-default --region REGION",
        terraform: "aws_ebs_encryption_by_default: enabled = true, for each provider region",
    },
    controls: &["FSBP EC2.7", "CIS 3.0 2.2.1"],
    references: &[EBS_DEFAULT_GUIDE],
    judge: Judge::Region(encryption_by_default),
};

fn encryption_by_default(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let on = *region.ebs_encryption_by_default()?;
    findings.check(&region.name, || {
        Ok(Verdict::when(on, "new volumes are encrypted", "new volumes are not encrypted unless asked for"))
    });
    Ok(())
}

/// `snapshot-not-public`
pub static SNAPSHOT_NOT_PUBLIC: Rule = Rule {
    id: "snapshot-not-public",
    title: "EBS snapshots are not public",
    severity: Severity::Critical,
    needs: &[FactKind::Snapshots, FactKind::PublicSnapshots],
    absence: Absence::NotApplicable,
    decided: "No EBS snapshot that this account owns may be restored by all accounts. Snapshots of others that the \
              account can see are not judged; sharing with single accounts is allowed.",
    remedy: Remedy {
        summary: "Make the snapshot private now, and change every secret that it holds.",
        console: "EC2, Snapshots, the snapshot, Actions, Modify permissions, Private; \
                  then EC2, Account attributes, Block public access for EBS snapshots",
        cli: "aws ec2 modify-snapshot-attribute --snapshot-id SNAPSHOT_ID --attribute createVolumePermission \
              --operation-type remove --group-names all\n\
              aws ec2 enable-snapshot-block-public-access --region REGION --state block-all-sharing",
        terraform: "aws_ebs_snapshot_block_public_access: state = \"block-all-sharing\"",
    },
    controls: &["FSBP EC2.1"],
    references: &[SNAPSHOT_GUIDE],
    judge: Judge::Region(snapshot_not_public),
};

fn snapshot_not_public(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let public: BTreeSet<&str> = region.public_snapshots()?.iter().map(String::as_str).collect();
    let own = region.snapshots();
    // One that became public between the two lists is only in this one.
    let listed: BTreeSet<&str> = own.iter().flat_map(|own| own.iter()).map(|it| it.id.as_str()).collect();
    for id in public.union(&listed) {
        let restorable = public.contains(id);
        findings.check(*id, || Ok(Verdict::when(!restorable, "is private", "can be restored by every AWS account")));
    }
    own.map(drop)
}

/// `rds-encrypted`
pub static RDS_ENCRYPTED: Rule = Rule {
    id: "rds-encrypted",
    title: "Databases are encrypted",
    severity: Severity::High,
    needs: &[FactKind::DbInstances, FactKind::DbClusters],
    absence: Absence::NotApplicable,
    decided: "Storage encryption is on for each standalone DB instance and each cluster; members share their cluster's \
              storage. Neptune and DocumentDB are not meant.",
    remedy: Remedy {
        summary: "Copy a snapshot with encryption, restore it, and move to the new database.",
        console: "RDS, Snapshots, Take snapshot, Copy snapshot with encryption, Restore snapshot",
        cli: "aws rds copy-db-snapshot --source-db-snapshot-identifier SNAPSHOT \
              --target-db-snapshot-identifier NEW_SNAPSHOT --kms-key-id KEY",
        terraform: "aws_db_instance and aws_rds_cluster: storage_encrypted = true, kms_key_id",
    },
    controls: &["FSBP RDS.3", "FSBP RDS.27", "CIS 3.0 2.3.1"],
    references: &[RDS_GUIDE],
    judge: Judge::Region(rds_encrypted),
};

fn rds_encrypted(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    const FIELD: &str = "StorageEncrypted";
    let verdict = |on| Verdict::when(on, "storage is encrypted", "storage is not encrypted");
    instances(region, findings, stands_alone, |instance| {
        of_instance(instance.storage_encrypted, FIELD, region, instance).map(verdict)
    });
    clusters(
        region,
        findings,
        |_| true,
        |cluster| of_cluster(cluster.storage_encrypted, FIELD, region, cluster).map(verdict),
    );
    Ok(())
}

/// `s3-encrypted`
pub static S3_ENCRYPTED: Rule = Rule {
    id: "s3-encrypted",
    title: "Buckets encrypt new objects by default",
    severity: Severity::Medium,
    needs: &[FactKind::Buckets, FactKind::BucketEncryption],
    absence: Absence::NotApplicable,
    decided: "Each bucket has a default encryption: SSE-S3 or a KMS key. S3 gives every bucket SSE-S3 since January \
              2023, so a failure is rare there; other S3 endpoints may differ.",
    remedy: Remedy {
        summary: "Set a default encryption for the bucket.",
        console: "S3, the bucket, Properties, Default encryption, Edit",
        cli: "aws s3api put-bucket-encryption --bucket BUCKET --server-side-encryption-configuration \
              '{\"Rules\":[{\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}]}'",
        terraform: "aws_s3_bucket_server_side_encryption_configuration: rule",
    },
    controls: &[],
    references: &[S3_GUIDE],
    judge: Judge::Account(s3_encrypted),
};

fn s3_encrypted(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for bucket in account.buckets()? {
        findings.check(bucket, || {
            let encryption = bucket.encryption.get(FactKind::BucketEncryption)?;
            Ok(match encryption.as_ref().map(|encryption| encryption.algorithm.as_str()) {
                None | Some("") => Verdict::fail("has no default encryption"),
                Some(algorithm) => Verdict::pass(format!("encrypts by default ({algorithm:.20})")),
            })
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Bucket, BucketEncryption, DbCluster, DbInstance, Snapshot, Volume};
    use crate::rds::testing::{aurora, databases, instance, member};
    use crate::testing::{account, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn volume(id: &str, encrypted: bool) -> Volume {
        Volume { id: id.to_owned(), encrypted }
    }

    #[test]
    fn each_volume_of_each_region_is_judged() {
        let here = vec![volume("vol-1", true), volume("vol-2", false)];
        let regions = vec![
            Region { volumes: Reading::Read(here), ..region("eu-west-1") },
            Region { volumes: Reading::Read(vec![]), ..region("us-east-1") },
            Region { volumes: unreadable(), ..region("us-west-2") },
        ];
        let said = judge(&EBS_VOLUME_ENCRYPTED, &with_regions(regions));
        assert_eq!(said.lines, ["pass vol-1 eu-west-1", "fail vol-2 eu-west-1", "unknown EBS volumes us-west-2"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn without_volumes_there_is_nothing_to_encrypt() {
        let empty = Region { volumes: Reading::Read(vec![]), ..region("eu-west-1") };
        assert_eq!(judge(&EBS_VOLUME_ENCRYPTED, &with_regions(vec![empty])).status, Status::NotApplicable);
    }

    #[test]
    fn a_region_that_could_not_be_listed_is_unknown() {
        let mut account = with_regions(vec![Region { volumes: Reading::Read(vec![]), ..region("eu-west-1") }]);
        account.regions_unreadable = Some(crate::testing::denied());
        assert_eq!(judge(&EBS_VOLUME_ENCRYPTED, &account).lines, ["unknown other regions global"]);
    }

    #[test]
    fn the_default_is_judged_in_each_region() {
        let with = |name: &str, on| Region { ebs_encryption_by_default: on, ..region(name) };
        let regions = vec![
            with("eu-west-1", Reading::Read(true)),
            with("us-east-1", Reading::Read(false)),
            with("us-west-2", unreadable()),
        ];
        let said = judge(&EBS_ENCRYPTION_BY_DEFAULT, &with_regions(regions));
        let lines =
            ["pass eu-west-1 eu-west-1", "fail us-east-1 us-east-1", "unknown EBS encryption settings us-west-2"];
        assert_eq!(said.lines, lines);
    }

    fn with_snapshots(own: Reading<Vec<Snapshot>>, public: Reading<Vec<String>>) -> Account {
        with_regions(vec![Region { snapshots: own, public_snapshots: public, ..region("eu-west-1") }])
    }

    fn snapshots(ids: &[&str]) -> Reading<Vec<Snapshot>> {
        Reading::Read(ids.iter().map(|id| Snapshot { id: (*id).to_owned() }).collect())
    }

    #[test]
    fn a_public_snapshot_fails_among_private_ones() {
        let public = Reading::Read(vec!["snap-2".to_owned()]);
        let said = judge(&SNAPSHOT_NOT_PUBLIC, &with_snapshots(snapshots(&["snap-1", "snap-2"]), public));
        assert_eq!(said.lines, ["pass snap-1 eu-west-1", "fail snap-2 eu-west-1"]);
    }

    #[test]
    fn a_public_snapshot_fails_even_where_the_list_lacks_it() {
        let public = || Reading::Read(vec!["snap-9".to_owned()]);
        let said = judge(&SNAPSHOT_NOT_PUBLIC, &with_snapshots(snapshots(&[]), public()));
        assert_eq!(said.lines, ["fail snap-9 eu-west-1"]);
        let said = judge(&SNAPSHOT_NOT_PUBLIC, &with_snapshots(unreadable(), public()));
        assert_eq!(said.lines, ["fail snap-9 eu-west-1", "unknown EBS snapshots eu-west-1"]);
    }

    #[test]
    fn snapshots_whose_permissions_are_unreadable_are_unknown_and_none_are_not_applicable() {
        let said = judge(&SNAPSHOT_NOT_PUBLIC, &with_snapshots(snapshots(&["snap-1"]), unreadable()));
        assert_eq!(said.status, Status::Unknown);
        let none = with_snapshots(snapshots(&[]), Reading::Read(vec![]));
        assert_eq!(judge(&SNAPSHOT_NOT_PUBLIC, &none).status, Status::NotApplicable);
    }

    #[test]
    fn databases_are_judged_and_members_by_their_cluster() {
        let plain = DbInstance { storage_encrypted: Some(false), ..instance("legacy") };
        let untold = DbInstance { storage_encrypted: None, ..instance("untold") };
        let instances = vec![instance("orders"), plain, untold, member("a", "shop", "eu-west-1a")];
        let clusters = vec![aurora("shop", &["a"]), DbCluster { storage_encrypted: Some(false), ..aurora("old", &[]) }];
        let said = judge(&RDS_ENCRYPTED, &with_regions(databases(instances, clusters)));
        assert_eq!(
            said.lines,
            [
                "pass orders eu-west-1",
                "fail legacy eu-west-1",
                "unknown untold eu-west-1",
                "pass shop eu-west-1",
                "fail old eu-west-1"
            ]
        );
    }

    #[test]
    fn an_unencrypted_neptune_or_documentdb_cluster_is_not_meant() {
        for engine in ["neptune", "docdb"] {
            let plain = Some(false);
            let instance =
                DbInstance { engine: engine.to_owned(), storage_encrypted: plain, ..member("g", "graph", "") };
            let cluster = DbCluster { engine: engine.to_owned(), storage_encrypted: plain, ..aurora("graph", &["g"]) };
            let said = judge(&RDS_ENCRYPTED, &with_regions(databases(vec![instance], vec![cluster])));
            assert_eq!(said.status, Status::NotApplicable, "{engine}");
        }
    }

    #[test]
    fn without_databases_or_with_unread_ones_nothing_passes() {
        assert_eq!(judge(&RDS_ENCRYPTED, &with_regions(databases(vec![], vec![]))).status, Status::NotApplicable);
        let mut regions = databases(vec![], vec![]);
        regions[0].db_clusters = unreadable();
        assert_eq!(judge(&RDS_ENCRYPTED, &with_regions(regions)).lines, ["unknown DB clusters eu-west-1"]);
    }

    fn bucket(name: &str, encryption: Reading<Option<BucketEncryption>>) -> Bucket {
        Bucket {
            policy: Reading::NotRead,
            name: name.to_owned(),
            region: Some("us-east-1".to_owned()),
            encryption,
            lifecycle: Reading::NotRead,
            versioning: Reading::NotRead,
        }
    }

    #[test]
    fn a_bucket_needs_a_default_encryption() {
        let by = |algorithm: &str| Reading::Read(Some(BucketEncryption { algorithm: algorithm.to_owned() }));
        let buckets = vec![
            bucket("a", by("AES256")),
            bucket("b", by("aws:kms")),
            bucket("c", Reading::Read(None)),
            bucket("d", by("")),
            bucket("e", unreadable()),
        ];
        let said = judge(&S3_ENCRYPTED, &Account { buckets: Reading::Read(buckets), ..account() });
        let lines =
            ["pass a us-east-1", "pass b us-east-1", "fail c us-east-1", "fail d us-east-1", "unknown e us-east-1"];
        assert_eq!(said.lines, lines);
    }

    #[test]
    fn no_bucket_is_not_applicable_and_an_unread_list_unknown() {
        let none = Account { buckets: Reading::Read(vec![]), ..account() };
        assert_eq!(judge(&S3_ENCRYPTED, &none).status, Status::NotApplicable);
        let unread = Account { buckets: unreadable(), ..account() };
        assert_eq!(judge(&S3_ENCRYPTED, &unread).lines, ["unknown S3 buckets global"]);
    }
}
