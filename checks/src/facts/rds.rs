//! RDS: DB instances and DB clusters. The same calls also list Neptune and DocumentDB.

use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

/// A DB instance. A field that AWS documents and an answer lacks is none: not known, not false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbInstance {
    /// `DBInstanceIdentifier`
    pub id: String,
    /// `postgres`, `aurora-mysql`, `docdb`, …
    pub engine: String,
    /// The cluster that it is a member of.
    pub cluster_id: Option<String>,
    /// The instance that it replicates.
    pub replica_of: Option<String>,
    /// None while it is being created.
    pub availability_zone: Option<String>,
    /// Has a standby in another zone.
    pub multi_az: Option<bool>,
    /// Its storage is encrypted.
    pub storage_encrypted: Option<bool>,
    /// Has a public address.
    pub publicly_accessible: Option<bool>,
    /// Cannot be deleted by one call.
    pub deletion_protection: Option<bool>,
    /// Takes minor engine upgrades by itself.
    pub auto_minor_version_upgrade: Option<bool>,
    /// Days; 0 is no automated backup.
    pub backup_retention_days: Option<i32>,
    /// The VPC of its subnet group.
    pub vpc_id: Option<String>,
    /// The subnets of its subnet group.
    pub subnet_ids: Vec<String>,
    /// Its DB parameter group.
    pub parameter_group: Option<String>,
}

/// A DB cluster: Aurora, or a Multi-AZ DB cluster of another engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbCluster {
    /// `DBClusterIdentifier`
    pub id: String,
    /// `aurora-postgresql`, `mysql`, `neptune`, …
    pub engine: String,
    /// `provisioned`, `serverless`, `global`, …
    pub engine_mode: Option<String>,
    /// Its members.
    pub members: Vec<ClusterMember>,
    /// Has instances in more than one zone.
    pub multi_az: Option<bool>,
    /// Its storage is encrypted.
    pub storage_encrypted: Option<bool>,
    /// Has a public address; Multi-AZ DB clusters only.
    pub publicly_accessible: Option<bool>,
    /// Cannot be deleted by one call.
    pub deletion_protection: Option<bool>,
    /// Takes minor engine upgrades by itself; Multi-AZ DB clusters only.
    pub auto_minor_version_upgrade: Option<bool>,
    /// Days.
    pub backup_retention_days: Option<i32>,
    /// Its DB cluster parameter group.
    pub parameter_group: Option<String>,
}

/// What a parameter group in use says of TLS: `rds.force_ssl` or `require_secure_transport`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsParameter {
    /// The parameter group.
    pub group: String,
    /// It is one of clusters.
    pub of_clusters: bool,
    /// `0`, `1`, `OFF`, `ON`; none where the group has no such parameter or no value for it.
    pub value: Reading<Option<String>>,
}

/// A member of a cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterMember {
    /// The DB instance's identifier.
    pub instance_id: String,
    /// Whether it is the writer.
    pub writer: bool,
}

/// A manual snapshot of a DB instance or a DB cluster: automated ones cannot be shared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DbSnapshot {
    /// Its identifier.
    pub id: String,
    /// Every account may restore it.
    pub public: Reading<bool>,
}

impl Resource for DbSnapshot {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Resource for DbInstance {
    fn name(&self) -> &str {
        &self.id
    }
}

impl Resource for DbCluster {
    fn name(&self) -> &str {
        &self.id
    }
}
