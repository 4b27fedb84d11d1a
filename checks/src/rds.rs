//! What the rules of several items share about RDS: which databases are meant, and where each is judged.

use crate::facts::{DbCluster, DbInstance};
use crate::operation::operations::{DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES};
use crate::{FactKind, Findings, Region, Unreadable, Verdict};

/// Neptune and DocumentDB answer to the same calls and are no relational databases.
fn is_relational(engine: &str) -> bool {
    !engine.starts_with("neptune") && !engine.starts_with("docdb")
}

/// Whether a cluster is Aurora's; others are Multi-AZ DB clusters.
pub(crate) fn is_aurora(cluster: &DbCluster) -> bool {
    cluster.engine.starts_with("aurora")
}

/// Judges the relational DB instances that `chosen` keeps. Where they cannot be listed, that is an unknown finding:
/// what else is known of the region still stands.
pub(crate) fn instances(
    region: &Region,
    findings: &mut Findings<'_>,
    chosen: impl Fn(&DbInstance) -> bool,
    judge: impl Fn(&DbInstance) -> Result<Verdict, Unreadable>,
) {
    match region.db_instances() {
        Ok(instances) => instances
            .iter()
            .filter(|instance| is_relational(&instance.engine) && chosen(instance))
            .for_each(|instance| findings.check(instance, || judge(instance))),
        Err(reason) => findings.unknown(FactKind::DbInstances.noun(), reason),
    }
}

/// Judges the relational DB clusters that `chosen` keeps, in the same way.
pub(crate) fn clusters(
    region: &Region,
    findings: &mut Findings<'_>,
    chosen: impl Fn(&DbCluster) -> bool,
    judge: impl Fn(&DbCluster) -> Result<Verdict, Unreadable>,
) {
    match region.db_clusters() {
        Ok(clusters) => clusters
            .iter()
            .filter(|cluster| is_relational(&cluster.engine) && chosen(cluster))
            .for_each(|cluster| findings.check(cluster, || judge(cluster))),
        Err(reason) => findings.unknown(FactKind::DbClusters.noun(), reason),
    }
}

/// Whether an instance stands alone: a member is judged at its cluster.
pub(crate) fn stands_alone(instance: &DbInstance) -> bool {
    instance.cluster_id.is_none()
}

/// A field of an instance that AWS documents: its absence is no answer.
pub(crate) fn of_instance<T>(value: Option<T>, field: &str, region: &Region, of: &DbInstance) -> Result<T, Unreadable> {
    let lacks = || format!("the answer lacks {field}");
    value.ok_or_else(|| Unreadable::malformed(DESCRIBE_DB_INSTANCES, Some(&region.name), lacks()).about(&of.id))
}

/// A field of a cluster that AWS documents.
pub(crate) fn of_cluster<T>(value: Option<T>, field: &str, region: &Region, of: &DbCluster) -> Result<T, Unreadable> {
    let lacks = || format!("the answer lacks {field}");
    value.ok_or_else(|| Unreadable::malformed(DESCRIBE_DB_CLUSTERS, Some(&region.name), lacks()).about(&of.id))
}

/// Facts for the tests of rules about RDS.
#[cfg(test)]
pub(crate) mod testing {
    use super::*;
    use crate::Reading;
    use crate::facts::ClusterMember;
    use crate::testing::region;

    /// A standalone instance that is as every rule asks.
    pub(crate) fn instance(id: &str) -> DbInstance {
        DbInstance {
            id: id.to_owned(),
            engine: "postgres".to_owned(),
            cluster_id: None,
            replica_of: None,
            availability_zone: Some("eu-west-1a".to_owned()),
            multi_az: Some(true),
            storage_encrypted: Some(true),
            publicly_accessible: Some(false),
            deletion_protection: Some(true),
            auto_minor_version_upgrade: Some(true),
            backup_retention_days: Some(7),
            vpc_id: Some("vpc-1".to_owned()),
            subnet_ids: vec!["subnet-1".to_owned()],
            parameter_group: Some("ours".to_owned()),
        }
    }

    /// An Aurora member, bad wherever only its cluster is to be judged.
    pub(crate) fn member(id: &str, cluster: &str, zone: &str) -> DbInstance {
        DbInstance {
            engine: "aurora-postgresql".to_owned(),
            cluster_id: Some(cluster.to_owned()),
            availability_zone: Some(zone.to_owned()),
            multi_az: Some(false),
            storage_encrypted: Some(false),
            deletion_protection: Some(false),
            backup_retention_days: Some(0),
            ..instance(id)
        }
    }

    /// An Aurora cluster of these members that is as every rule asks, if they are in different zones.
    pub(crate) fn aurora(id: &str, members: &[&str]) -> DbCluster {
        let member = |id: &&str| ClusterMember { instance_id: (*id).to_owned(), writer: false };
        DbCluster {
            id: id.to_owned(),
            engine: "aurora-postgresql".to_owned(),
            engine_mode: Some("provisioned".to_owned()),
            members: members.iter().map(member).collect(),
            multi_az: Some(false),
            storage_encrypted: Some(true),
            publicly_accessible: None,
            deletion_protection: Some(true),
            auto_minor_version_upgrade: None,
            backup_retention_days: Some(7),
            parameter_group: Some("ours".to_owned()),
        }
    }

    /// A Multi-AZ DB cluster that is as every rule asks.
    pub(crate) fn multi_az_cluster(id: &str) -> DbCluster {
        DbCluster {
            engine: "mysql".to_owned(),
            multi_az: Some(true),
            publicly_accessible: Some(false),
            auto_minor_version_upgrade: Some(true),
            ..aurora(id, &[])
        }
    }

    /// A region with these databases.
    pub(crate) fn databases(instances: Vec<DbInstance>, clusters: Vec<DbCluster>) -> Vec<Region> {
        let (db_instances, db_clusters) = (Reading::Read(instances), Reading::Read(clusters));
        vec![Region { db_instances, db_clusters, ..region("eu-west-1") }]
    }
}
