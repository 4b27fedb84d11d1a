//! RDS: DB instances and clusters of one region.

use aws_sdk_rds::Client;
use golive_checks::Unreadable;
use golive_checks::facts::{ClusterMember, DbCluster, DbInstance};
use golive_checks::operations::{DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES};

use super::wire::Wire;

/// Entries of a page: the most that RDS allows.
const PAGE: i32 = 100;

pub async fn db_instances(wire: &Wire, region: &str) -> Result<Vec<DbInstance>, Unreadable> {
    let client = wire.client(region, Client::new);
    let send = |marker| client.describe_db_instances().max_records(PAGE).set_marker(marker).send();
    let convert = |instance: aws_sdk_rds::types::DbInstance| {
        Ok(DbInstance {
            id: instance.db_instance_identifier.ok_or("DBInstanceIdentifier")?,
            engine: instance.engine.ok_or("Engine")?,
            cluster_id: instance.db_cluster_identifier.filter(|id| !id.is_empty()),
            replica_of: instance.read_replica_source_db_instance_identifier.filter(|id| !id.is_empty()),
            availability_zone: instance.availability_zone.filter(|zone| !zone.is_empty()),
            multi_az: instance.multi_az,
            storage_encrypted: instance.storage_encrypted,
            publicly_accessible: instance.publicly_accessible,
            deletion_protection: instance.deletion_protection,
            auto_minor_version_upgrade: instance.auto_minor_version_upgrade,
            backup_retention_days: instance.backup_retention_period,
        })
    };
    Ok(wire.list(DESCRIBE_DB_INSTANCES, Some(region), send, |page| (page.db_instances, page.marker), convert).await?)
}

pub async fn db_clusters(wire: &Wire, region: &str) -> Result<Vec<DbCluster>, Unreadable> {
    let client = wire.client(region, Client::new);
    let send = |marker| client.describe_db_clusters().max_records(PAGE).set_marker(marker).send();
    let convert = |cluster: aws_sdk_rds::types::DbCluster| {
        let members = cluster.db_cluster_members.unwrap_or_default().into_iter().map(|member| {
            Ok(ClusterMember {
                instance_id: member.db_instance_identifier.ok_or("a member's DBInstanceIdentifier")?,
                writer: member.is_cluster_writer.unwrap_or_default(),
            })
        });
        Ok(DbCluster {
            id: cluster.db_cluster_identifier.ok_or("DBClusterIdentifier")?,
            engine: cluster.engine.ok_or("Engine")?,
            engine_mode: cluster.engine_mode,
            members: members.collect::<Result<_, &'static str>>()?,
            multi_az: cluster.multi_az,
            storage_encrypted: cluster.storage_encrypted,
            publicly_accessible: cluster.publicly_accessible,
            deletion_protection: cluster.deletion_protection,
            auto_minor_version_upgrade: cluster.auto_minor_version_upgrade,
            backup_retention_days: cluster.backup_retention_period,
        })
    };
    Ok(wire.list(DESCRIBE_DB_CLUSTERS, Some(region), send, |page| (page.db_clusters, page.marker), convert).await?)
}
