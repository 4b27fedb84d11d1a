//! Encryption at rest of caches, file systems, search domains and warehouses, and the rotation of keys.

use crate::facts::CacheCluster;
use crate::operation::operations::{
    DESCRIBE_CACHE_CLUSTERS, DESCRIBE_CLUSTERS, DESCRIBE_DOMAINS, DESCRIBE_FILE_SYSTEMS, DESCRIBE_REPLICATION_GROUPS,
};
use crate::{
    Absence, FactKind, Findings, Judge, Operation, Reference, Region, Remedy, Resource, Rule, Severity, Unreadable,
    Verdict,
};

/// `rds-snapshot-not-public`
pub static RDS_SNAPSHOT_NOT_PUBLIC: Rule = Rule {
    id: "rds-snapshot-not-public",
    title: "RDS snapshots are not public",
    severity: Severity::Critical,
    needs: &[FactKind::DbSnapshots],
    absence: Absence::NotApplicable,
    decided: "No manual snapshot of a DB instance or DB cluster, Neptune and DocumentDB included, may be restored by all \
              accounts. Automated snapshots cannot be shared; sharing with single accounts is allowed.",
    remedy: Remedy {
        summary: "Make the snapshot private now, and change every secret that it holds.",
        console: "RDS, Snapshots, the snapshot, Actions, Share snapshot, DB snapshot visibility: Private",
        cli: "aws rds modify-db-snapshot-attribute --region REGION --db-snapshot-identifier ID --attribute-name restore \
              --values-to-remove all",
        terraform: "aws_db_snapshot: shared_accounts without \"all\"",
    },
    controls: &["FSBP RDS.1"],
    references: &[Reference {
        title: "Sharing public snapshots for Amazon RDS",
        url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    }],
    judge: Judge::Region(rds_snapshots),
};

fn rds_snapshots(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for snapshot in region.db_snapshots()? {
        findings.check(snapshot, || {
            let public = *snapshot.public.get(FactKind::DbSnapshots)?;
            Ok(Verdict::when(!public, "is not public", "can be restored by every AWS account"))
        });
    }
    Ok(())
}

/// `elasticache-encrypted`
pub static ELASTICACHE_ENCRYPTED: Rule = Rule {
    id: "elasticache-encrypted",
    title: "Caches are encrypted at rest",
    severity: Severity::Medium,
    needs: &[FactKind::ReplicationGroups, FactKind::CacheClusters],
    absence: Absence::NotApplicable,
    decided: "Each ElastiCache replication group, and each cluster of Valkey or Redis OSS outside of one, is encrypted at \
              rest. A node is judged with its group. Memcached clusters keep nothing on disk, and serverless caches are \
              always encrypted: they are not judged.",
    remedy: Remedy {
        summary: "Make a new replication group with encryption at rest from a backup of the old one.",
        console: "ElastiCache, Backups, the backup, Restore, Encryption at rest: Enable",
        cli: "aws elasticache create-replication-group --region REGION --replication-group-id NEW_ID --snapshot-name \
              SNAPSHOT --at-rest-encryption-enabled ...",
        terraform: "aws_elasticache_replication_group: at_rest_encryption_enabled = true",
    },
    controls: &["FSBP ElastiCache.4"],
    references: &[Reference {
        title: "At-Rest Encryption in ElastiCache",
        url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html",
    }],
    judge: Judge::Region(elasticache),
};

fn elasticache(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    match region.replication_groups() {
        Ok(groups) => {
            for group in groups {
                findings.check(group, || encrypted(group.encrypted, DESCRIBE_REPLICATION_GROUPS, region, group));
            }
        }
        Err(reason) => findings.unknown(FactKind::ReplicationGroups.noun(), reason),
    }
    let alone = |it: &&CacheCluster| it.replication_group_id.is_none() && it.engine != "memcached";
    for cluster in region.cache_clusters()?.iter().filter(alone) {
        findings.check(cluster, || encrypted(cluster.encrypted, DESCRIBE_CACHE_CLUSTERS, region, cluster));
    }
    Ok(())
}

/// `efs-encrypted`
pub static EFS_ENCRYPTED: Rule = Rule {
    id: "efs-encrypted",
    title: "File systems are encrypted at rest",
    severity: Severity::Medium,
    needs: &[FactKind::FileSystems],
    absence: Absence::NotApplicable,
    decided: "Each EFS file system is encrypted at rest, which can be chosen only when it is made.",
    remedy: Remedy {
        summary: "Make an encrypted file system and copy the data with DataSync or a restore of AWS Backup.",
        console: "EFS, File systems, Create file system, Customize, Enable encryption of data at rest",
        cli: "aws efs create-file-system --region REGION --encrypted",
        terraform: "aws_efs_file_system: encrypted = true",
    },
    controls: &["FSBP EFS.1", "CIS 3.0 2.4.1"],
    references: &[Reference {
        title: "Encrypting data at rest - Amazon Elastic File System",
        url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html",
    }],
    judge: Judge::Region(efs),
};

fn efs(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for system in region.file_systems()? {
        findings.check(system, || encrypted(system.encrypted, DESCRIBE_FILE_SYSTEMS, region, system));
    }
    Ok(())
}

/// `redshift-encrypted`
pub static REDSHIFT_ENCRYPTED: Rule = Rule {
    id: "redshift-encrypted",
    title: "Redshift clusters are encrypted at rest",
    severity: Severity::High,
    needs: &[FactKind::RedshiftClusters],
    absence: Absence::NotApplicable,
    decided: "Each provisioned Redshift cluster is encrypted at rest. Redshift Serverless always is and is not judged.",
    remedy: Remedy {
        summary: "Turn on encryption; Redshift moves the data to an encrypted cluster by itself.",
        console: "Redshift, Clusters, the cluster, Properties, Database configurations, Edit encryption",
        cli: "aws redshift modify-cluster --region REGION --cluster-identifier ID --encrypted",
        terraform: "aws_redshift_cluster: encrypted = true",
    },
    controls: &["FSBP Redshift.10"],
    references: &[Reference {
        title: "Amazon Redshift database encryption",
        url: "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-db-encryption.html",
    }],
    judge: Judge::Region(redshift),
};

fn redshift(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for cluster in region.redshift_clusters()? {
        findings.check(cluster, || encrypted(cluster.encrypted, DESCRIBE_CLUSTERS, region, cluster));
    }
    Ok(())
}

/// `opensearch-encrypted`
pub static OPENSEARCH_ENCRYPTED: Rule = Rule {
    id: "opensearch-encrypted",
    title: "Search domains are encrypted at rest",
    severity: Severity::Medium,
    needs: &[FactKind::SearchDomains],
    absence: Absence::NotApplicable,
    decided: "Each OpenSearch Service domain, of OpenSearch or Elasticsearch, is encrypted at rest. OpenSearch Serverless \
              always is and is not judged.",
    remedy: Remedy {
        summary: "Turn on encryption at rest, which newer domains take without being made anew.",
        console: "OpenSearch Service, Domains, the domain, Security configuration, Edit, Encryption of data at rest",
        cli: "aws opensearch update-domain-config --region REGION --domain-name NAME --encryption-at-rest-options \
              Enabled=true",
        terraform: "aws_opensearch_domain: encrypt_at_rest { enabled = true }",
    },
    controls: &["FSBP Opensearch.1", "FSBP ES.1"],
    references: &[Reference {
        title: "Encryption of data at rest for Amazon OpenSearch Service",
        url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/encryption-at-rest.html",
    }],
    judge: Judge::Region(opensearch),
};

fn opensearch(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for domain in region.search_domains()? {
        findings.check(domain, || encrypted(domain.encrypted, DESCRIBE_DOMAINS, region, domain));
    }
    Ok(())
}

/// The verdict on a store whose answer tells whether it is encrypted.
fn encrypted(
    value: Option<bool>,
    operation: Operation,
    region: &Region,
    of: &impl Resource,
) -> Result<Verdict, Unreadable> {
    let lacks = "the answer does not tell whether it is encrypted";
    let value = value.ok_or_else(|| Unreadable::malformed(operation, Some(&region.name), lacks).about(of.name()))?;
    Ok(Verdict::when(value, "is encrypted at rest", "is not encrypted at rest"))
}

/// `kms-key-rotation`
pub static KMS_KEY_ROTATION: Rule = Rule {
    id: "kms-key-rotation",
    title: "Customer managed keys rotate by themselves",
    severity: Severity::Low,
    needs: &[FactKind::KmsKeys],
    absence: Absence::NotApplicable,
    decided: "Each customer managed KMS key rotates by itself, if KMS can do that: it is symmetric, enabled, and of key \
              material that KMS made. Keys of AWS, imported material, custom key stores, asymmetric and HMAC keys, and keys \
              that are disabled or about to be deleted are not judged; a replica of a multi-Region key shows what its \
              primary does.",
    remedy: Remedy {
        summary: "Turn on automatic rotation; what is encrypted already stays readable.",
        console: "KMS, Customer managed keys, the key, Key rotation, Edit, Automatically rotate this KMS key",
        cli: "aws kms enable-key-rotation --region REGION --key-id KEY_ID",
        terraform: "aws_kms_key: enable_key_rotation = true",
    },
    controls: &["Security Hub KMS.4", "CIS 3.0 3.6"],
    references: &[Reference {
        title: "Rotate AWS KMS keys",
        url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    }],
    judge: Judge::Region(key_rotation),
};

fn key_rotation(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for key in region.kms_keys()? {
        findings.check(key, || {
            let rotates = *key.rotates.get(FactKind::KmsKeys)?;
            Ok(Verdict::when(rotates, "rotates by itself", "does not rotate by itself"))
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{DbSnapshot, FileSystem, KmsKey, RedshiftCluster, ReplicationGroup, SearchDomain};
    use crate::testing::{Said, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    /// What is encrypted, plain and untold, in that order.
    const THREE: [Option<bool>; 3] = [Some(true), Some(false), None];

    fn id(place: usize) -> String {
        format!("it-{place}")
    }

    #[test]
    fn each_store_is_judged_by_what_it_tells() {
        let every = THREE.iter().copied().enumerate();
        let systems = every.clone().map(|(place, encrypted)| FileSystem { id: id(place), encrypted });
        let warehouses =
            every.clone().map(|(place, encrypted)| RedshiftCluster { id: id(place), encrypted, subnet_group: None });
        let domains = every.clone().map(|(place, encrypted)| SearchDomain {
            name: id(place),
            encrypted,
            https_only: None,
            tls_policy: None,
        });
        let groups =
            every.map(|(place, encrypted)| ReplicationGroup { id: id(place), encrypted, tls: None, tls_mode: None });
        let region = Region {
            file_systems: Reading::Read(systems.collect()),
            redshift_clusters: Reading::Read(warehouses.collect()),
            search_domains: Reading::Read(domains.collect()),
            replication_groups: Reading::Read(groups.collect()),
            cache_clusters: Reading::Read(vec![]),
            ..region("eu-west-1")
        };
        for rule in [&EFS_ENCRYPTED, &REDSHIFT_ENCRYPTED, &OPENSEARCH_ENCRYPTED, &ELASTICACHE_ENCRYPTED] {
            assert_eq!(
                say(rule, region.clone()).lines,
                ["pass it-0 eu-west-1", "fail it-1 eu-west-1", "unknown it-2 eu-west-1"],
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn nodes_of_groups_and_memcached_are_not_judged_by_themselves() {
        let cluster = |id: &str, engine: &str, group: Option<&str>| CacheCluster {
            id: id.to_owned(),
            engine: engine.to_owned(),
            replication_group_id: group.map(str::to_owned),
            subnet_group: None,
            encrypted: Some(false),
            tls: None,
            tls_mode: None,
        };
        let clusters = vec![
            cluster("node", "redis", Some("group")),
            cluster("mem", "memcached", None),
            cluster("one", "redis", None),
        ];
        let region =
            Region { replication_groups: unreadable(), cache_clusters: Reading::Read(clusters), ..region("eu-west-1") };
        let said = say(&ELASTICACHE_ENCRYPTED, region);
        assert_eq!(said.lines, ["unknown ElastiCache replication groups eu-west-1", "fail one eu-west-1"]);
    }

    #[test]
    fn a_snapshot_that_everyone_may_restore_fails() {
        let snapshot = |id: &str, public: Reading<bool>| DbSnapshot { id: id.to_owned(), public };
        let snapshots = vec![
            snapshot("own", Reading::Read(false)),
            snapshot("open", Reading::Read(true)),
            snapshot("denied", unreadable()),
        ];
        let with = |db_snapshots| say(&RDS_SNAPSHOT_NOT_PUBLIC, Region { db_snapshots, ..region("eu-west-1") });
        assert_eq!(
            with(Reading::Read(snapshots)).lines,
            ["pass own eu-west-1", "fail open eu-west-1", "unknown denied eu-west-1"]
        );
        assert_eq!(with(Reading::Read(vec![])).status, Status::NotApplicable);
        assert_eq!(with(unreadable()).status, Status::Unknown);
    }

    #[test]
    fn keys_rotate_or_do_not_or_nobody_may_know() {
        let key = |id: &str, rotates: Reading<bool>| KmsKey { id: id.to_owned(), rotates };
        let keys =
            vec![key("good", Reading::Read(true)), key("bad", Reading::Read(false)), key("denied", unreadable())];
        let said = say(&KMS_KEY_ROTATION, Region { kms_keys: Reading::Read(keys), ..region("eu-west-1") });
        assert_eq!(said.lines, ["pass good eu-west-1", "fail bad eu-west-1", "unknown denied eu-west-1"]);
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        let empty = Region {
            file_systems: Reading::Read(vec![]),
            redshift_clusters: Reading::Read(vec![]),
            search_domains: Reading::Read(vec![]),
            replication_groups: Reading::Read(vec![]),
            cache_clusters: Reading::Read(vec![]),
            kms_keys: Reading::Read(vec![]),
            ..region("eu-west-1")
        };
        let denied = Region {
            file_systems: unreadable(),
            redshift_clusters: unreadable(),
            search_domains: unreadable(),
            replication_groups: unreadable(),
            cache_clusters: unreadable(),
            kms_keys: unreadable(),
            ..region("eu-west-1")
        };
        for rule in
            [&EFS_ENCRYPTED, &REDSHIFT_ENCRYPTED, &OPENSEARCH_ENCRYPTED, &ELASTICACHE_ENCRYPTED, &KMS_KEY_ROTATION]
        {
            assert_eq!(say(rule, empty.clone()).status, Status::NotApplicable, "{}", rule.id);
            assert_eq!(say(rule, denied.clone()).status, Status::Unknown, "{}", rule.id);
        }
    }
}
