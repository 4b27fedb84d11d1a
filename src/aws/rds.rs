//! RDS: DB instances and clusters of one region.

use std::collections::BTreeSet;

use aws_sdk_rds::Client;
use aws_sdk_rds::types::Filter;
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::Unreadable;
use golive_checks::facts::{ClusterMember, DbCluster, DbInstance, DbSnapshot, TlsParameter};
use golive_checks::operations::{
    DESCRIBE_DB_CLUSTER_PARAMETERS, DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS,
    DESCRIBE_DB_CLUSTERS, DESCRIBE_DB_INSTANCES, DESCRIBE_DB_PARAMETERS, DESCRIBE_DB_SNAPSHOT_ATTRIBUTES,
    DESCRIBE_DB_SNAPSHOTS,
};

use super::wire::{Once, Wire};

/// Entries of a page: the most that RDS allows.
const PAGE: i32 = 100;

/// The databases of the regions, listed once for all facts that are made of them.
#[derive(Debug, Default)]
pub struct Databases {
    instances: Once<String, Result<Vec<DbInstance>, Unreadable>>,
    clusters: Once<String, Result<Vec<DbCluster>, Unreadable>>,
}

impl Databases {
    pub async fn instances(&self, wire: &Wire, region: &String) -> Result<Vec<DbInstance>, Unreadable> {
        self.instances.get(region, db_instances(wire, region)).await
    }

    pub async fn clusters(&self, wire: &Wire, region: &String) -> Result<Vec<DbCluster>, Unreadable> {
        self.clusters.get(region, db_clusters(wire, region)).await
    }

    /// What the parameter groups in use say of TLS, each group asked once.
    pub async fn tls_parameters(&self, wire: &Wire, region: &String) -> Result<Vec<TlsParameter>, Unreadable> {
        let (instances, clusters) = tokio::join!(self.instances(wire, region), self.clusters(wire, region));
        let of_instances = instances?.into_iter().filter(|it| it.cluster_id.is_none());
        let of_instances = of_instances.filter_map(|it| Some((parameter(&it.engine)?, false, it.parameter_group?)));
        let of_clusters = clusters?.into_iter();
        let of_clusters = of_clusters.filter_map(|it| Some((parameter(&it.engine)?, true, it.parameter_group?)));
        let groups: BTreeSet<_> = of_instances.chain(of_clusters).collect();
        let read = groups.into_iter().map(async |(name, of_clusters, group)| {
            let value = if of_clusters {
                cluster_parameter(wire, region, &group, name).await
            } else {
                instance_parameter(wire, region, &group, name).await
            };
            TlsParameter { value: value.map_err(|reason| reason.about(&group)).into(), group, of_clusters }
        });
        Ok(read.collect::<FuturesOrdered<_>>().collect().await)
    }
}

/// The manual snapshots of a region, of instances and of clusters, and whether everyone may restore them.
pub async fn db_snapshots(wire: &Wire, region: &str) -> Result<Vec<DbSnapshot>, Unreadable> {
    let client = wire.client(region, Client::new);
    let of_instances =
        |marker| client.describe_db_snapshots().snapshot_type("manual").max_records(PAGE).set_marker(marker).send();
    let split = |page: aws_sdk_rds::operation::describe_db_snapshots::DescribeDbSnapshotsOutput| {
        (page.db_snapshots, page.marker)
    };
    let of_clusters = |marker| {
        client.describe_db_cluster_snapshots().snapshot_type("manual").max_records(PAGE).set_marker(marker).send()
    };
    let split_clusters =
        |page: aws_sdk_rds::operation::describe_db_cluster_snapshots::DescribeDbClusterSnapshotsOutput| {
            (page.db_cluster_snapshots, page.marker)
        };
    // moto lists automated ones, too, whatever was asked for.
    let manual = |kind: Option<String>| kind.is_none_or(|kind| kind == "manual");
    let (instances, clusters) = tokio::join!(
        wire.list(DESCRIBE_DB_SNAPSHOTS, Some(region), of_instances, split, |it| {
            Ok((it.db_snapshot_identifier.ok_or("DBSnapshotIdentifier")?, manual(it.snapshot_type)))
        }),
        wire.list(DESCRIBE_DB_CLUSTER_SNAPSHOTS, Some(region), of_clusters, split_clusters, |it| {
            Ok((it.db_cluster_snapshot_identifier.ok_or("DBClusterSnapshotIdentifier")?, manual(it.snapshot_type)))
        }),
    );
    let instances = instances?.into_iter().filter(|(_, manual)| *manual).map(|(id, _)| (id, false));
    let clusters = clusters?.into_iter().filter(|(_, manual)| *manual).map(|(id, _)| (id, true));
    let read = instances.chain(clusters).map(async |(id, of_cluster)| {
        let public = if of_cluster {
            cluster_snapshot_is_public(wire, region, &id).await
        } else {
            snapshot_is_public(wire, region, &id).await
        };
        DbSnapshot { public: public.map_err(|reason| reason.about(&id)).into(), id }
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

async fn snapshot_is_public(wire: &Wire, region: &str, id: &str) -> Result<bool, Unreadable> {
    let operation = DESCRIBE_DB_SNAPSHOT_ATTRIBUTES;
    let request = wire.client(region, Client::new).describe_db_snapshot_attributes().db_snapshot_identifier(id);
    let answer = wire.call(operation, Some(region), || request.clone().send()).await?;
    let lacks = || Unreadable::malformed(operation, Some(region), "the answer lacks DBSnapshotAttributesResult");
    let attributes = answer.db_snapshot_attributes_result.ok_or_else(lacks)?;
    Ok(attributes.db_snapshot_attributes().iter().any(|attribute| {
        attribute.attribute_name() == Some("restore") && attribute.attribute_values().iter().any(|value| value == "all")
    }))
}

async fn cluster_snapshot_is_public(wire: &Wire, region: &str, id: &str) -> Result<bool, Unreadable> {
    let operation = DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES;
    let request = wire.client(region, Client::new).describe_db_cluster_snapshot_attributes();
    let request = request.db_cluster_snapshot_identifier(id);
    let answer = wire.call(operation, Some(region), || request.clone().send()).await?;
    let lacks = || Unreadable::malformed(operation, Some(region), "the answer lacks DBClusterSnapshotAttributesResult");
    let attributes = answer.db_cluster_snapshot_attributes_result.ok_or_else(lacks)?;
    Ok(attributes.db_cluster_snapshot_attributes().iter().any(|attribute| {
        attribute.attribute_name() == Some("restore") && attribute.attribute_values().iter().any(|value| value == "all")
    }))
}

/// The parameter by which an engine asks for TLS.
fn parameter(engine: &str) -> Option<&'static str> {
    match engine {
        _ if engine.contains("postgres") || engine.starts_with("sqlserver") => Some("rds.force_ssl"),
        _ if engine.contains("mysql") || engine == "mariadb" || engine == "aurora" => Some("require_secure_transport"),
        _ => None,
    }
}

async fn instance_parameter(wire: &Wire, region: &str, group: &str, name: &str) -> Result<Option<String>, Unreadable> {
    let client = wire.client(region, Client::new);
    let send = |marker| {
        let request = client.describe_db_parameters().db_parameter_group_name(group).filters(by_name(name));
        request.max_records(PAGE).set_marker(marker).send()
    };
    let split = |page: aws_sdk_rds::operation::describe_db_parameters::DescribeDbParametersOutput| {
        (page.parameters, page.marker)
    };
    let listed = wire.list(DESCRIBE_DB_PARAMETERS, Some(region), send, split, Ok).await?;
    Ok(value(listed, name))
}

async fn cluster_parameter(wire: &Wire, region: &str, group: &str, name: &str) -> Result<Option<String>, Unreadable> {
    let client = wire.client(region, Client::new);
    let send = |marker| {
        let request = client.describe_db_cluster_parameters().db_cluster_parameter_group_name(group);
        request.filters(by_name(name)).max_records(PAGE).set_marker(marker).send()
    };
    let split = |page: aws_sdk_rds::operation::describe_db_cluster_parameters::DescribeDbClusterParametersOutput| {
        (page.parameters, page.marker)
    };
    let listed = wire.list(DESCRIBE_DB_CLUSTER_PARAMETERS, Some(region), send, split, Ok).await?;
    Ok(value(listed, name))
}

/// The only filter that RDS knows for parameters. Who ignores it answers all of them.
fn by_name(name: &str) -> Filter {
    Filter::builder().name("parameter-name").values(name).build()
}

fn value(listed: Vec<aws_sdk_rds::types::Parameter>, name: &str) -> Option<String> {
    listed.into_iter().find(|it| it.parameter_name.as_deref() == Some(name))?.parameter_value
}

async fn db_instances(wire: &Wire, region: &str) -> Result<Vec<DbInstance>, Unreadable> {
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
            vpc_id: instance.db_subnet_group.as_ref().and_then(|group| group.vpc_id.clone()),
            subnet_ids: (instance.db_subnet_group.into_iter())
                .flat_map(|group| group.subnets.unwrap_or_default())
                .filter_map(|subnet| subnet.subnet_identifier)
                .collect(),
            parameter_group: (instance.db_parameter_groups.into_iter().flatten())
                .find_map(|group| group.db_parameter_group_name),
        })
    };
    Ok(wire.list(DESCRIBE_DB_INSTANCES, Some(region), send, |page| (page.db_instances, page.marker), convert).await?)
}

async fn db_clusters(wire: &Wire, region: &str) -> Result<Vec<DbCluster>, Unreadable> {
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
            parameter_group: cluster.db_cluster_parameter_group,
        })
    };
    Ok(wire.list(DESCRIBE_DB_CLUSTERS, Some(region), send, |page| (page.db_clusters, page.marker), convert).await?)
}
