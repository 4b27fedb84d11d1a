//! ElastiCache, Redshift, OpenSearch, EFS and KMS: stores of data, and the keys that encrypt them.

use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

/// An ElastiCache replication group of Valkey or Redis OSS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplicationGroup {
    /// `ReplicationGroupId`
    pub id: String,
    /// It is encrypted at rest.
    pub encrypted: Option<bool>,
    /// It takes TLS.
    pub tls: Option<bool>,
    /// `required`, or `preferred` where it takes plain connections too.
    pub tls_mode: Option<String>,
}

/// An ElastiCache cluster: a node of a replication group, or one by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CacheCluster {
    /// `CacheClusterId`
    pub id: String,
    /// `memcached`, `redis` or `valkey`.
    pub engine: String,
    /// The replication group that it is a node of.
    pub replication_group_id: Option<String>,
    /// Its subnet group.
    pub subnet_group: Option<String>,
    /// It is encrypted at rest.
    pub encrypted: Option<bool>,
    /// It takes TLS.
    pub tls: Option<bool>,
    /// `required` or `preferred`.
    pub tls_mode: Option<String>,
}

/// A group of subnets, of ElastiCache or of Redshift.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubnetGroup {
    /// Its name.
    pub name: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its subnets.
    pub subnet_ids: Vec<String>,
}

/// A provisioned Redshift cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedshiftCluster {
    /// `ClusterIdentifier`
    pub id: String,
    /// It is encrypted at rest.
    pub encrypted: Option<bool>,
    /// Its subnet group.
    pub subnet_group: Option<String>,
}

/// An OpenSearch Service domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchDomain {
    /// Its name.
    pub name: String,
    /// It is encrypted at rest.
    pub encrypted: Option<bool>,
    /// It takes HTTPS only.
    pub https_only: Option<bool>,
    /// `Policy-Min-TLS-1-2-2019-07`, …
    pub tls_policy: Option<String>,
}

/// An EFS file system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSystem {
    /// `fs-…`
    pub id: String,
    /// It is encrypted at rest.
    pub encrypted: Option<bool>,
}

/// A customer managed KMS key whose material KMS could rotate: symmetric, enabled and made by KMS.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KmsKey {
    /// Its id.
    pub id: String,
    /// It rotates by itself.
    pub rotates: Reading<bool>,
}

macro_rules! resource {
    ($($kind:ty { $name:ident }),*) => {
        $(impl Resource for $kind { fn name(&self) -> &str { &self.$name } })*
    };
}
resource!(
    ReplicationGroup { id },
    CacheCluster { id },
    RedshiftCluster { id },
    SearchDomain { name },
    FileSystem { id },
    KmsKey { id }
);
