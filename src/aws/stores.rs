//! ElastiCache, Redshift, OpenSearch, EFS and KMS in one region.

use aws_sdk_kms::types::{KeyManagerType, KeySpec, KeyState, OriginType};
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::facts::{
    CacheCluster, FileSystem, KmsKey, RedshiftCluster, ReplicationGroup, SearchDomain, SubnetGroup,
};
use golive_checks::operations::{
    DESCRIBE_CACHE_CLUSTERS, DESCRIBE_CACHE_SUBNET_GROUPS, DESCRIBE_CLUSTER_SUBNET_GROUPS, DESCRIBE_CLUSTERS,
    DESCRIBE_DOMAINS, DESCRIBE_FILE_SYSTEMS, DESCRIBE_KEY, DESCRIBE_REPLICATION_GROUPS, GET_KEY_ROTATION_STATUS,
    LIST_DOMAIN_NAMES, LIST_KEYS,
};
use golive_checks::{Operation, Reading, Unreadable};

use super::wire::Wire;

/// Entries of a page: the most that ElastiCache and Redshift allow.
const PAGE: i32 = 100;
/// ... EFS and KMS.
const LONG_PAGE: i32 = 1000;
/// Domains that one DescribeDomains may name.
const DOMAINS_AT_ONCE: usize = 5;

pub async fn replication_groups(wire: &Wire, region: &str) -> Result<Vec<ReplicationGroup>, Unreadable> {
    let client = wire.client(region, aws_sdk_elasticache::Client::new);
    let send = |marker| client.describe_replication_groups().max_records(PAGE).set_marker(marker).send();
    let convert = |group: aws_sdk_elasticache::types::ReplicationGroup| {
        Ok(ReplicationGroup {
            id: group.replication_group_id.ok_or("ReplicationGroupId")?,
            encrypted: group.at_rest_encryption_enabled,
            tls: group.transit_encryption_enabled,
            tls_mode: group.transit_encryption_mode.map(|mode| mode.as_str().to_owned()),
        })
    };
    let split = |page: aws_sdk_elasticache::operation::describe_replication_groups::DescribeReplicationGroupsOutput| {
        (page.replication_groups, page.marker)
    };
    Ok(wire.list(DESCRIBE_REPLICATION_GROUPS, Some(region), send, split, convert).await?)
}

pub async fn cache_clusters(wire: &Wire, region: &str) -> Result<Vec<CacheCluster>, Unreadable> {
    let client = wire.client(region, aws_sdk_elasticache::Client::new);
    let send = |marker| client.describe_cache_clusters().max_records(PAGE).set_marker(marker).send();
    let convert = |cluster: aws_sdk_elasticache::types::CacheCluster| {
        let named = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(CacheCluster {
            id: cluster.cache_cluster_id.ok_or("CacheClusterId")?,
            engine: cluster.engine.ok_or("Engine")?,
            replication_group_id: named(cluster.replication_group_id),
            subnet_group: named(cluster.cache_subnet_group_name),
            encrypted: cluster.at_rest_encryption_enabled,
            tls: cluster.transit_encryption_enabled,
            tls_mode: cluster.transit_encryption_mode.map(|mode| mode.as_str().to_owned()),
        })
    };
    let split = |page: aws_sdk_elasticache::operation::describe_cache_clusters::DescribeCacheClustersOutput| {
        (page.cache_clusters, page.marker)
    };
    Ok(wire.list(DESCRIBE_CACHE_CLUSTERS, Some(region), send, split, convert).await?)
}

pub async fn cache_subnet_groups(wire: &Wire, region: &str) -> Result<Vec<SubnetGroup>, Unreadable> {
    let client = wire.client(region, aws_sdk_elasticache::Client::new);
    let send = |marker| client.describe_cache_subnet_groups().max_records(PAGE).set_marker(marker).send();
    let convert = |group: aws_sdk_elasticache::types::CacheSubnetGroup| {
        let subnets = group.subnets.unwrap_or_default().into_iter();
        Ok(SubnetGroup {
            name: group.cache_subnet_group_name.ok_or("CacheSubnetGroupName")?,
            vpc_id: group.vpc_id.unwrap_or_default(),
            subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
        })
    };
    let split =
        |page: aws_sdk_elasticache::operation::describe_cache_subnet_groups::DescribeCacheSubnetGroupsOutput| {
            (page.cache_subnet_groups, page.marker)
        };
    Ok(wire.list(DESCRIBE_CACHE_SUBNET_GROUPS, Some(region), send, split, convert).await?)
}

pub async fn redshift_clusters(wire: &Wire, region: &str) -> Result<Vec<RedshiftCluster>, Unreadable> {
    let client = wire.client(region, aws_sdk_redshift::Client::new);
    let send = |marker| client.describe_clusters().max_records(PAGE).set_marker(marker).send();
    let convert = |cluster: aws_sdk_redshift::types::Cluster| {
        Ok(RedshiftCluster {
            id: cluster.cluster_identifier.ok_or("ClusterIdentifier")?,
            encrypted: cluster.encrypted,
            subnet_group: cluster.cluster_subnet_group_name.filter(|name| !name.is_empty()),
        })
    };
    let split =
        |page: aws_sdk_redshift::operation::describe_clusters::DescribeClustersOutput| (page.clusters, page.marker);
    Ok(wire.list(DESCRIBE_CLUSTERS, Some(region), send, split, convert).await?)
}

pub async fn redshift_subnet_groups(wire: &Wire, region: &str) -> Result<Vec<SubnetGroup>, Unreadable> {
    let client = wire.client(region, aws_sdk_redshift::Client::new);
    let send = |marker| client.describe_cluster_subnet_groups().max_records(PAGE).set_marker(marker).send();
    let convert = |group: aws_sdk_redshift::types::ClusterSubnetGroup| {
        let subnets = group.subnets.unwrap_or_default().into_iter();
        Ok(SubnetGroup {
            name: group.cluster_subnet_group_name.ok_or("ClusterSubnetGroupName")?,
            vpc_id: group.vpc_id.unwrap_or_default(),
            subnet_ids: subnets.filter_map(|subnet| subnet.subnet_identifier).collect(),
        })
    };
    let split =
        |page: aws_sdk_redshift::operation::describe_cluster_subnet_groups::DescribeClusterSubnetGroupsOutput| {
            (page.cluster_subnet_groups, page.marker)
        };
    Ok(wire.list(DESCRIBE_CLUSTER_SUBNET_GROUPS, Some(region), send, split, convert).await?)
}

/// The domains of a region, described five at a time. Those that are being deleted are left out.
pub async fn search_domains(wire: &Wire, region: &str) -> Result<Vec<SearchDomain>, Unreadable> {
    let client = wire.client(region, aws_sdk_opensearch::Client::new);
    let lacks = |operation: Operation, what: &str| {
        Unreadable::malformed(operation, Some(region), format!("the answer lacks {what}"))
    };
    let listed = wire.call(LIST_DOMAIN_NAMES, Some(region), || client.list_domain_names().send()).await?;
    let listed = listed.domain_names.ok_or_else(|| lacks(LIST_DOMAIN_NAMES, "DomainNames"))?;
    let names: Option<Vec<String>> = listed.into_iter().map(|domain| domain.domain_name).collect();
    let names = names.ok_or_else(|| lacks(LIST_DOMAIN_NAMES, "DomainName"))?;
    let mut domains = Vec::new();
    for names in names.chunks(DOMAINS_AT_ONCE) {
        let request = client.describe_domains().set_domain_names(Some(names.to_vec()));
        let answer = wire.call(DESCRIBE_DOMAINS, Some(region), || request.clone().send()).await?;
        let described = answer.domain_status_list;
        if names.iter().any(|name| described.iter().all(|domain| domain.domain_name != *name)) {
            return Err(lacks(DESCRIBE_DOMAINS, "a domain that it was asked for"));
        }
        for domain in described.into_iter().filter(|domain| domain.deleted != Some(true)) {
            let endpoint = domain.domain_endpoint_options;
            domains.push(SearchDomain {
                name: domain.domain_name,
                encrypted: domain.encryption_at_rest_options.and_then(|options| options.enabled),
                https_only: endpoint.as_ref().and_then(|options| options.enforce_https),
                tls_policy: endpoint.and_then(|it| it.tls_security_policy).map(|policy| policy.as_str().to_owned()),
            });
        }
    }
    Ok(domains)
}

pub async fn file_systems(wire: &Wire, region: &str) -> Result<Vec<FileSystem>, Unreadable> {
    let client = wire.client(region, aws_sdk_efs::Client::new);
    let send = |marker| client.describe_file_systems().max_items(LONG_PAGE).set_marker(marker).send();
    let convert = |system: aws_sdk_efs::types::FileSystemDescription| {
        Ok(FileSystem { id: system.file_system_id, encrypted: system.encrypted })
    };
    let split = |page: aws_sdk_efs::operation::describe_file_systems::DescribeFileSystemsOutput| {
        (page.file_systems, page.next_marker)
    };
    Ok(wire.list(DESCRIBE_FILE_SYSTEMS, Some(region), send, split, convert).await?)
}

/// The customer managed keys that KMS could rotate.
pub async fn kms_keys(wire: &Wire, region: &str) -> Result<Vec<KmsKey>, Unreadable> {
    let client = wire.client(region, aws_sdk_kms::Client::new);
    let send = |marker| client.list_keys().limit(LONG_PAGE).set_marker(marker).send();
    let convert = |key: aws_sdk_kms::types::KeyListEntry| key.key_id.ok_or("KeyId");
    let split = |page: aws_sdk_kms::operation::list_keys::ListKeysOutput| (page.keys, page.next_marker);
    let listed = wire.list(LIST_KEYS, Some(region), send, split, convert).await?;
    let read = listed.into_iter().map(async |id| {
        let rotates = match rotatable(wire, region, &id).await {
            Ok(false) => return None,
            Ok(true) => rotates(wire, region, &id).await,
            Err(reason) => Err(reason),
        };
        Some(KmsKey { rotates: Reading::from(rotates.map_err(|reason| reason.about(&id))), id })
    });
    Ok(read.collect::<FuturesOrdered<_>>().filter_map(async |key| key).collect().await)
}

async fn rotatable(wire: &Wire, region: &str, id: &str) -> Result<bool, Unreadable> {
    let request = wire.client(region, aws_sdk_kms::Client::new).describe_key().key_id(id);
    let answer = wire.call(DESCRIBE_KEY, Some(region), || request.clone().send()).await?;
    let lacks = || Unreadable::malformed(DESCRIBE_KEY, Some(region), "the answer lacks KeyMetadata");
    let key = answer.key_metadata.ok_or_else(lacks)?;
    Ok(key.key_manager() == Some(&KeyManagerType::Customer)
        && key.key_state() == Some(&KeyState::Enabled)
        && key.origin() == Some(&OriginType::AwsKms)
        && key.key_spec().is_none_or(|spec| *spec == KeySpec::SymmetricDefault))
}

async fn rotates(wire: &Wire, region: &str, id: &str) -> Result<bool, Unreadable> {
    let request = wire.client(region, aws_sdk_kms::Client::new).get_key_rotation_status().key_id(id);
    let answer = wire.call(GET_KEY_ROTATION_STATUS, Some(region), || request.clone().send()).await?;
    Ok(answer.key_rotation_enabled)
}
