//! EC2: networks, volumes and snapshots.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::Resource;

/// A VPC: one of this account, or one of another that is shared with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vpc {
    /// `vpc-…`; unique within a region.
    pub id: String,
    /// Whether it is the region's default VPC.
    pub is_default: bool,
    /// The owner's account id.
    pub owner_id: String,
    /// Every associated block, secondary and IPv6 ones included.
    pub cidr_blocks: Vec<IpNet>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subnet {
    /// `subnet-…`
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkInterface {
    /// `eni-…`
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// `interface`, `nat_gateway`, `lambda`, `network_load_balancer`, …
    pub interface_type: String,
}

/// A VPC peering connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VpcPeeringConnection {
    /// `pcx-…`
    pub id: String,
    /// `active`, `pending-acceptance`, `deleted`, …
    pub status: String,
    /// The side that asked.
    pub requester: PeeredVpc,
    /// The side that accepts.
    pub accepter: PeeredVpc,
}

/// One side of a peering connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeeredVpc {
    /// `vpc-…`
    pub vpc_id: String,
    /// The owner's account id.
    pub owner_id: String,
    /// Its region.
    pub region: String,
    /// Its blocks, as far as AWS shows them: none while the connection is pending.
    pub cidr_blocks: Vec<IpNet>,
}

/// A flow log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowLog {
    /// `fl-…`
    pub id: String,
    /// The VPC, subnet or network interface that it records.
    pub resource_id: String,
    /// `ACTIVE`
    pub status: String,
    /// `SUCCESS` or `FAILED`; none before the first delivery.
    pub deliver_logs_status: Option<String>,
    /// `ALL`, `ACCEPT` or `REJECT`; none for transit gateways.
    pub traffic_type: Option<String>,
}

/// An EBS volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// `vol-…`
    pub id: String,
    /// Whether it is encrypted.
    pub encrypted: bool,
}

/// An EBS snapshot that this account owns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// `snap-…`
    pub id: String,
}

macro_rules! resource {
    ($($kind:ty),*) => { $(impl Resource for $kind { fn name(&self) -> &str { &self.id } })* };
}
resource!(Vpc, Subnet, NetworkInterface, VpcPeeringConnection, FlowLog, Volume, Snapshot);
