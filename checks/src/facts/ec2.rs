//! EC2: networks, volumes and snapshots.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

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
    /// The owner's account id; another one's where the subnet is shared with this account.
    pub owner_id: String,
    /// What is launched here gets a public IPv4 address unless it says otherwise.
    pub map_public_ip_on_launch: bool,
}

/// A route table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteTable {
    /// `rtb-…`
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The VPC's main one, which counts for every subnet that has no table of its own.
    pub main: bool,
    /// The subnets that are associated with it by themselves.
    pub subnet_ids: Vec<String>,
    /// Its routes.
    pub routes: Vec<Route>,
}

/// A route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// An IPv4 or IPv6 block, or a prefix list: `0.0.0.0/0`, `::/0`, `pl-…`.
    pub destination: String,
    /// Where it leads: `local`, `igw-…`, `nat-…`, `eigw-…`, `tgw-…`, `vpce-…`, `eni-…`, …
    pub target: String,
    /// `active`, or `blackhole` where the target is gone.
    pub state: String,
}

/// An instance that is not terminated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// `i-…`
    pub id: String,
    /// The tag `Name`.
    pub tag_name: Option<String>,
    /// `pending`, `running`, `stopping`, `stopped`, `shutting-down`.
    pub state: String,
    /// The VPC of its primary network interface.
    pub vpc_id: Option<String>,
    /// The subnets of all its network interfaces.
    pub subnet_ids: Vec<String>,
    /// The security groups of all its network interfaces.
    pub security_group_ids: Vec<String>,
    /// Public IPv4 and global IPv6 addresses of all its network interfaces.
    pub public_addresses: Vec<std::net::IpAddr>,
    /// The key pair that was put on it when it was launched.
    pub key_name: Option<String>,
    /// The instance profile's ARN.
    pub instance_profile_arn: Option<String>,
    /// The Auto Scaling group that launched it, from the tag `aws:autoscaling:groupName`.
    pub auto_scaling_group: Option<String>,
    /// `required` or `optional`: whether IMDSv2 is required.
    pub http_tokens: Option<String>,
    /// `enabled` or `disabled`: whether the metadata service answers at all.
    pub http_endpoint: Option<String>,
}

/// A network interface.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkInterface {
    /// `eni-…`
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// Its subnet.
    pub subnet_id: Option<String>,
    /// `interface`, `nat_gateway`, `lambda`, `network_load_balancer`, …
    pub interface_type: String,
    /// Its security groups.
    pub security_group_ids: Vec<String>,
    /// Its public IPv4 addresses and its IPv6 addresses.
    pub public_addresses: Vec<std::net::IpAddr>,
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

/// A network ACL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkAcl {
    /// `acl-…`
    pub id: String,
    /// Its VPC.
    pub vpc_id: String,
    /// The owner's account id.
    pub owner_id: String,
    /// The VPC's default one, which a subnet has until somebody gives it another.
    pub is_default: bool,
    /// The subnets that it is associated with.
    pub subnet_ids: Vec<String>,
    /// Its inbound entries.
    pub inbound: Vec<NetworkAclEntry>,
}

/// An entry of a network ACL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkAclEntry {
    /// The lowest number that matches decides; 32767 is the last one, which denies.
    pub number: i32,
    /// It allows; otherwise it denies.
    pub allow: bool,
    /// IANA's protocol number, or `-1` for all.
    pub protocol: String,
    /// The source.
    pub cidr: IpNet,
    /// The first and last port; none for protocols without ports and for all of them.
    pub ports: Option<(i32, i32)>,
}

/// A security group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityGroup {
    /// `sg-…`
    pub id: String,
    /// Its name; `default` is a VPC's default one.
    pub group_name: String,
    /// The owner's account id.
    pub owner_id: String,
    /// What it lets in.
    pub inbound: Vec<Permission>,
    /// What it lets out.
    pub outbound: Vec<Permission>,
}

/// A rule of a security group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for all traffic.
    pub protocol: String,
    /// The first and last port, or an ICMP type and code; none for all traffic.
    pub ports: Option<(i32, i32)>,
    /// IPv4 and IPv6 blocks at the other end.
    pub cidrs: Vec<IpNet>,
    /// Prefix lists at the other end.
    pub prefix_list_ids: Vec<String>,
    /// Security groups at the other end.
    pub group_ids: Vec<String>,
}

/// A managed prefix list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrefixList {
    /// `pl-…`
    pub id: String,
    /// The owner's account id, or `AWS`.
    pub owner_id: String,
    /// Its blocks; those of AWS's own lists are not read.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub entries: Reading<Vec<IpNet>>,
}

/// An Elastic IP address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// The address.
    pub public_ip: std::net::IpAddr,
    /// It is associated with a network interface or an instance.
    pub associated: bool,
}

impl Address {
    /// The address as text.
    pub fn text(&self) -> String {
        self.public_ip.to_string()
    }
}

/// A site-to-site VPN connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VpnConnection {
    /// `vpn-…`
    pub id: String,
    /// `available`, `pending`, `deleting`, `deleted`.
    pub state: String,
    /// Its tunnels that are up.
    pub tunnels_up: usize,
}

/// A Client VPN endpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientVpnEndpoint {
    /// `cvpn-endpoint-…`
    pub id: String,
    /// `available`, `pending-associate`, `deleting`, `deleted`.
    pub state: String,
    /// It logs connections.
    pub logs_connections: bool,
}

macro_rules! resource {
    ($($kind:ty),*) => { $(impl Resource for $kind { fn name(&self) -> &str { &self.id } })* };
}
resource!(
    Vpc,
    Subnet,
    RouteTable,
    Instance,
    NetworkInterface,
    VpcPeeringConnection,
    FlowLog,
    Volume,
    Snapshot,
    NetworkAcl,
    SecurityGroup
);
