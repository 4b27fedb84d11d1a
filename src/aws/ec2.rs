//! EC2: networks, volumes and snapshots of one region.

use std::collections::BTreeSet;
use std::net::IpAddr;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{SnapshotAttributeName, VpcPeeringConnectionVpcInfo};
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::facts::{
    Address, ClientVpnEndpoint, FlowLog, Instance, NetworkAcl, NetworkAclEntry, NetworkInterface, PeeredVpc,
    Permission, PrefixList, Route, RouteTable, SecurityGroup, Snapshot, Subnet, Volume, Vpc, VpcPeeringConnection,
    VpnConnection,
};
use golive_checks::operations::*;
use golive_checks::{Reading, Unreadable};
use ipnet::IpNet;

use super::wire::Wire;

/// Entries of a page: the most that every one of these lists allows.
const PAGE: i32 = 1000;
/// Volumes and snapshots: AWS says that up to 500 and 1000 are quick.
const VOLUMES_PAGE: i32 = 500;
/// The most that DescribeRouteTables allows.
const ROUTE_TABLES_PAGE: i32 = 100;
/// The most that lists of prefix lists and of their entries allow.
const PREFIX_LISTS_PAGE: i32 = 100;

fn client(wire: &Wire, region: &str) -> Client {
    wire.client(region, Client::new)
}

pub async fn vpcs(wire: &Wire, region: &str) -> Result<Vec<Vpc>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_vpcs().max_results(PAGE).set_next_token(token).send();
    let convert = |vpc: aws_sdk_ec2::types::Vpc| {
        // A block that is being taken away or failed is none. moto tells no state.
        let live = |state: Option<&str>| matches!(state, None | Some("associated" | "associating"));
        let v4 = vpc.cidr_block_association_set().iter().filter_map(|association| {
            let state = association.cidr_block_state().and_then(|state| state.state()).map(|state| state.as_str());
            association.cidr_block().filter(|_| live(state))
        });
        let v6 = vpc.ipv6_cidr_block_association_set().iter().filter_map(|association| {
            let state = association.ipv6_cidr_block_state().and_then(|state| state.state()).map(|state| state.as_str());
            association.ipv6_cidr_block().filter(|_| live(state))
        });
        let mut cidr_blocks = blocks(vpc.cidr_block().into_iter().chain(v4).chain(v6))?;
        cidr_blocks.sort();
        cidr_blocks.dedup();
        Ok(Vpc {
            is_default: vpc.is_default.ok_or("isDefault")?,
            owner_id: vpc.owner_id.unwrap_or_else(|| wire.account_id.clone()),
            id: vpc.vpc_id.ok_or("vpcId")?,
            cidr_blocks,
        })
    };
    Ok(wire.list(DESCRIBE_VPCS, Some(region), send, |page| (page.vpcs, page.next_token), convert).await?)
}

fn blocks<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<IpNet>, &'static str> {
    texts.map(|text| text.parse().map_err(|_| "a valid CIDR block")).collect()
}

pub async fn subnets(wire: &Wire, region: &str) -> Result<Vec<Subnet>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_subnets().max_results(PAGE).set_next_token(token).send();
    let convert = |subnet: aws_sdk_ec2::types::Subnet| {
        Ok(Subnet {
            id: subnet.subnet_id.ok_or("subnetId")?,
            vpc_id: subnet.vpc_id.ok_or("vpcId")?,
            owner_id: subnet.owner_id.unwrap_or_else(|| wire.account_id.clone()),
            map_public_ip_on_launch: subnet.map_public_ip_on_launch.ok_or("mapPublicIpOnLaunch")?,
        })
    };
    Ok(wire.list(DESCRIBE_SUBNETS, Some(region), send, |page| (page.subnets, page.next_token), convert).await?)
}

pub async fn route_tables(wire: &Wire, region: &str) -> Result<Vec<RouteTable>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_route_tables().max_results(ROUTE_TABLES_PAGE).set_next_token(token).send();
    let convert = |table: aws_sdk_ec2::types::RouteTable| {
        Ok(RouteTable {
            id: table.route_table_id.ok_or("routeTableId")?,
            vpc_id: table.vpc_id.ok_or("vpcId")?,
            main: table.associations.iter().flatten().any(|association| association.main == Some(true)),
            subnet_ids: table
                .associations
                .into_iter()
                .flatten()
                .filter_map(|association| association.subnet_id)
                .collect(),
            routes: table.routes.unwrap_or_default().into_iter().map(route).collect::<Result<_, _>>()?,
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_route_tables::DescribeRouteTablesOutput| {
        (page.route_tables, page.next_token)
    };
    Ok(wire.list(DESCRIBE_ROUTE_TABLES, Some(region), send, split, convert).await?)
}

fn route(route: aws_sdk_ec2::types::Route) -> Result<Route, &'static str> {
    let destination = route.destination_cidr_block.or(route.destination_ipv6_cidr_block);
    let target = route
        .gateway_id
        .or(route.nat_gateway_id)
        .or(route.egress_only_internet_gateway_id)
        .or(route.transit_gateway_id)
        .or(route.vpc_peering_connection_id)
        .or(route.network_interface_id)
        .or(route.instance_id)
        .or(route.local_gateway_id)
        .or(route.carrier_gateway_id)
        .or(route.core_network_arn);
    Ok(Route {
        destination: destination.or(route.destination_prefix_list_id).ok_or("a route's destination")?,
        target: target.unwrap_or_default(),
        state: route.state.map_or_else(|| "active".to_owned(), |state| state.as_str().to_owned()),
    })
}

/// The instances that are not terminated.
pub async fn instances(wire: &Wire, region: &str) -> Result<Vec<Instance>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_instances().max_results(PAGE).set_next_token(token).send();
    let split = |page: aws_sdk_ec2::operation::describe_instances::DescribeInstancesOutput| {
        let instances = |reservation: aws_sdk_ec2::types::Reservation| reservation.instances.unwrap_or_default();
        let reservations = page.reservations;
        (reservations.map(|all| all.into_iter().flat_map(instances).collect::<Vec<_>>()), page.next_token)
    };
    let listed = wire.list(DESCRIBE_INSTANCES, Some(region), send, split, instance).await?;
    Ok(listed.into_iter().filter(|instance| instance.state != "terminated").collect())
}

fn instance(instance: aws_sdk_ec2::types::Instance) -> Result<Instance, &'static str> {
    let interfaces = instance.network_interfaces();
    let addresses = interfaces.iter().flat_map(|interface| {
        let v4 = interface.association().and_then(|association| association.public_ip());
        v4.into_iter().chain(interface.ipv6_addresses().iter().filter_map(|address| address.ipv6_address()))
    });
    let public_addresses: Result<BTreeSet<IpAddr>, _> =
        addresses.chain(instance.public_ip_address()).map(str::parse).collect();
    let groups = interfaces.iter().flat_map(|interface| interface.groups()).chain(instance.security_groups());
    let subnets = interfaces.iter().filter_map(|interface| interface.subnet_id()).chain(instance.subnet_id());
    let tag = |key: &str| {
        let tag = instance.tags().iter().find(|tag| tag.key() == Some(key));
        tag.and_then(|tag| tag.value()).map(str::to_owned)
    };
    let metadata = instance.metadata_options();
    Ok(Instance {
        tag_name: tag("Name"),
        state: instance.state().and_then(|state| state.name()).ok_or("a state")?.as_str().to_owned(),
        subnet_ids: distinct(subnets),
        security_group_ids: distinct(groups.filter_map(|group| group.group_id())),
        public_addresses: public_addresses.map_err(|_| "a valid address")?.into_iter().collect(),
        auto_scaling_group: tag("aws:autoscaling:groupName"),
        http_tokens: metadata.and_then(|it| it.http_tokens()).map(|it| it.as_str().to_owned()),
        http_endpoint: metadata.and_then(|it| it.http_endpoint()).map(|it| it.as_str().to_owned()),
        id: instance.instance_id.ok_or("instanceId")?,
        vpc_id: instance.vpc_id.filter(|id| !id.is_empty()),
        key_name: instance.key_name.filter(|name| !name.is_empty()),
        instance_profile_arn: instance.iam_instance_profile.and_then(|profile| profile.arn),
    })
}

/// Each once, sorted.
fn distinct<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<String> {
    let ids: BTreeSet<&str> = ids.filter(|id| !id.is_empty()).collect();
    ids.into_iter().map(str::to_owned).collect()
}

pub async fn network_interfaces(wire: &Wire, region: &str) -> Result<Vec<NetworkInterface>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_network_interfaces().max_results(PAGE).set_next_token(token).send();
    let convert = |interface: aws_sdk_ec2::types::NetworkInterface| {
        Ok(NetworkInterface {
            security_group_ids: distinct(interface.groups().iter().filter_map(|group| group.group_id())),
            public_addresses: public_addresses(&interface)?,
            vpc_id: interface.vpc_id.ok_or("vpcId")?,
            subnet_id: interface.subnet_id.filter(|id| !id.is_empty()),
            interface_type: interface.interface_type.map_or_else(|| "interface".into(), |kind| kind.as_str().into()),
            id: interface.network_interface_id.ok_or("networkInterfaceId")?,
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_network_interfaces::DescribeNetworkInterfacesOutput| {
        (page.network_interfaces, page.next_token)
    };
    Ok(wire.list(DESCRIBE_NETWORK_INTERFACES, Some(region), send, split, convert).await?)
}

fn public_addresses(interface: &aws_sdk_ec2::types::NetworkInterface) -> Result<Vec<IpAddr>, &'static str> {
    let each = interface.private_ip_addresses().iter().filter_map(|address| address.association()?.public_ip());
    let first = interface.association().and_then(|association| association.public_ip());
    let v6 = interface.ipv6_addresses().iter().filter_map(|address| address.ipv6_address());
    let all: Result<BTreeSet<IpAddr>, _> = each.chain(first).chain(v6).map(str::parse).collect();
    all.map(|all| all.into_iter().collect()).map_err(|_| "a valid address")
}

pub async fn vpc_peering_connections(wire: &Wire, region: &str) -> Result<Vec<VpcPeeringConnection>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_vpc_peering_connections().max_results(PAGE).set_next_token(token).send();
    let convert = |peering: aws_sdk_ec2::types::VpcPeeringConnection| {
        let status = peering.status.and_then(|status| status.code).ok_or("a status")?;
        Ok(VpcPeeringConnection {
            id: peering.vpc_peering_connection_id.ok_or("vpcPeeringConnectionId")?,
            status: status.as_str().to_owned(),
            requester: peered(peering.requester_vpc_info.ok_or("requesterVpcInfo")?, region)?,
            accepter: peered(peering.accepter_vpc_info.ok_or("accepterVpcInfo")?, region)?,
        })
    };
    let split =
        |page: aws_sdk_ec2::operation::describe_vpc_peering_connections::DescribeVpcPeeringConnectionsOutput| {
            (page.vpc_peering_connections, page.next_token)
        };
    Ok(wire.list(DESCRIBE_VPC_PEERING_CONNECTIONS, Some(region), send, split, convert).await?)
}

fn peered(vpc: VpcPeeringConnectionVpcInfo, region: &str) -> Result<PeeredVpc, &'static str> {
    let v4 = vpc.cidr_block_set().iter().filter_map(|block| block.cidr_block());
    let v6 = vpc.ipv6_cidr_block_set().iter().filter_map(|block| block.ipv6_cidr_block());
    let mut cidr_blocks = blocks(vpc.cidr_block().into_iter().chain(v4).chain(v6))?;
    cidr_blocks.sort();
    cidr_blocks.dedup();
    Ok(PeeredVpc {
        vpc_id: vpc.vpc_id.ok_or("a peer's vpcId")?,
        owner_id: vpc.owner_id.ok_or("a peer's ownerId")?,
        region: vpc.region.unwrap_or_else(|| region.to_owned()),
        cidr_blocks,
    })
}

pub async fn flow_logs(wire: &Wire, region: &str) -> Result<Vec<FlowLog>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_flow_logs().max_results(PAGE).set_next_token(token).send();
    let convert = |log: aws_sdk_ec2::types::FlowLog| {
        Ok(FlowLog {
            id: log.flow_log_id.ok_or("flowLogId")?,
            resource_id: log.resource_id.ok_or("resourceId")?,
            status: log.flow_log_status.ok_or("flowLogStatus")?,
            deliver_logs_status: log.deliver_logs_status,
            traffic_type: log.traffic_type.map(|kind| kind.as_str().to_owned()),
        })
    };
    Ok(wire.list(DESCRIBE_FLOW_LOGS, Some(region), send, |page| (page.flow_logs, page.next_token), convert).await?)
}

pub async fn volumes(wire: &Wire, region: &str) -> Result<Vec<Volume>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_volumes().max_results(VOLUMES_PAGE).set_next_token(token).send();
    let convert = |volume: aws_sdk_ec2::types::Volume| {
        Ok(Volume { id: volume.volume_id.ok_or("volumeId")?, encrypted: volume.encrypted.ok_or("encrypted")? })
    };
    Ok(wire.list(DESCRIBE_VOLUMES, Some(region), send, |page| (page.volumes, page.next_token), convert).await?)
}

pub async fn ebs_encryption_by_default(wire: &Wire, region: &str) -> Result<bool, Unreadable> {
    let operation = GET_EBS_ENCRYPTION_BY_DEFAULT;
    let client = client(wire, region);
    let answer = wire.call(operation, Some(region), || client.get_ebs_encryption_by_default().send()).await?;
    let lacks = || Unreadable::malformed(operation, Some(region), "the answer lacks ebsEncryptionByDefault");
    answer.ebs_encryption_by_default.ok_or_else(lacks)
}

/// The snapshots that this account owns.
pub async fn snapshots(wire: &Wire, region: &str) -> Result<Vec<Snapshot>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_snapshots().owner_ids("self").max_results(PAGE).set_next_token(token).send();
    let own = own_snapshots(wire, region, send).await?;
    Ok(own.into_iter().map(|id| Snapshot { id }).collect())
}

/// Those of them that anyone may restore.
///
/// One list gives the candidates, hardly ever any; each is confirmed by its own attribute, so that an endpoint
/// that ignores the filter makes no false alarm.
pub async fn public_snapshots(wire: &Wire, region: &str) -> Result<Vec<String>, Unreadable> {
    let client = client(wire, region);
    let restorable_by_all = |token| {
        let request = client.describe_snapshots().owner_ids("self").restorable_by_user_ids("all");
        request.max_results(PAGE).set_next_token(token).send()
    };
    let mut public = Vec::new();
    for id in own_snapshots(wire, region, restorable_by_all).await? {
        let operation = DESCRIBE_SNAPSHOT_ATTRIBUTE;
        let permissions = SnapshotAttributeName::CreateVolumePermission;
        let request = client.describe_snapshot_attribute().snapshot_id(&id).attribute(permissions);
        match wire.call(operation, Some(region), || request.clone().send()).await {
            Ok(answer) => {
                let everyone = |group: &aws_sdk_ec2::types::PermissionGroup| group.as_str() == "all";
                if answer.create_volume_permissions().iter().any(|p| p.group().is_some_and(everyone)) {
                    public.push(id);
                }
            }
            // Deleted since it was listed.
            Err(failure) if failure.is(&["InvalidSnapshot.NotFound"]) => {}
            Err(failure) => return Err(failure.unreadable.about(id)),
        }
    }
    Ok(public)
}

/// Lists snapshots and keeps those of this account, whatever the endpoint makes of the owner filter.
async fn own_snapshots<F>(
    wire: &Wire,
    region: &str,
    send: impl Fn(Option<String>) -> F,
) -> Result<Vec<String>, Unreadable>
where
    F: Future<
        Output = super::wire::Answer<
            aws_sdk_ec2::operation::describe_snapshots::DescribeSnapshotsOutput,
            aws_sdk_ec2::operation::describe_snapshots::DescribeSnapshotsError,
        >,
    >,
{
    let convert = |snapshot: aws_sdk_ec2::types::Snapshot| {
        let owner = snapshot.owner_id.ok_or("ownerId")?;
        Ok((snapshot.snapshot_id.ok_or("snapshotId")?, owner))
    };
    let split =
        |page: aws_sdk_ec2::operation::describe_snapshots::DescribeSnapshotsOutput| (page.snapshots, page.next_token);
    let listed = wire.list(DESCRIBE_SNAPSHOTS, Some(region), send, split, convert).await?;
    Ok(listed.into_iter().filter(|(_, owner)| *owner == wire.account_id).map(|(id, _)| id).collect())
}

pub async fn network_acls(wire: &Wire, region: &str) -> Result<Vec<NetworkAcl>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_network_acls().max_results(PAGE).set_next_token(token).send();
    let convert = |acl: aws_sdk_ec2::types::NetworkAcl| {
        let inbound = acl.entries.unwrap_or_default().into_iter().filter(|entry| entry.egress != Some(true));
        let associations = acl.associations.unwrap_or_default().into_iter();
        Ok(NetworkAcl {
            id: acl.network_acl_id.ok_or("networkAclId")?,
            vpc_id: acl.vpc_id.ok_or("vpcId")?,
            owner_id: acl.owner_id.unwrap_or_else(|| wire.account_id.clone()),
            is_default: acl.is_default.ok_or("default")?,
            subnet_ids: associations.filter_map(|association| association.subnet_id).collect(),
            inbound: inbound.map(network_acl_entry).collect::<Result<_, _>>()?,
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_network_acls::DescribeNetworkAclsOutput| {
        (page.network_acls, page.next_token)
    };
    Ok(wire.list(DESCRIBE_NETWORK_ACLS, Some(region), send, split, convert).await?)
}

fn network_acl_entry(entry: aws_sdk_ec2::types::NetworkAclEntry) -> Result<NetworkAclEntry, &'static str> {
    let cidr = entry.cidr_block.or(entry.ipv6_cidr_block).ok_or("an entry's cidrBlock")?;
    Ok(NetworkAclEntry {
        number: entry.rule_number.ok_or("an entry's ruleNumber")?,
        allow: entry.rule_action.ok_or("an entry's ruleAction")?.as_str() == "allow",
        protocol: entry.protocol.ok_or("an entry's protocol")?,
        cidr: cidr.parse().map_err(|_| "a valid CIDR block")?,
        ports: entry.port_range.and_then(|range| range.from.zip(range.to)),
    })
}

pub async fn security_groups(wire: &Wire, region: &str) -> Result<Vec<SecurityGroup>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_security_groups().max_results(PAGE).set_next_token(token).send();
    let convert = |group: aws_sdk_ec2::types::SecurityGroup| {
        let permissions = |permissions: Option<Vec<aws_sdk_ec2::types::IpPermission>>| {
            permissions.unwrap_or_default().into_iter().map(permission).collect::<Result<Vec<_>, _>>()
        };
        Ok(SecurityGroup {
            id: group.group_id.ok_or("groupId")?,
            group_name: group.group_name.ok_or("groupName")?,
            owner_id: group.owner_id.unwrap_or_else(|| wire.account_id.clone()),
            inbound: permissions(group.ip_permissions)?,
            outbound: permissions(group.ip_permissions_egress)?,
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_security_groups::DescribeSecurityGroupsOutput| {
        (page.security_groups, page.next_token)
    };
    Ok(wire.list(DESCRIBE_SECURITY_GROUPS, Some(region), send, split, convert).await?)
}

fn permission(permission: aws_sdk_ec2::types::IpPermission) -> Result<Permission, &'static str> {
    let v4 = permission.ip_ranges().iter().filter_map(|range| range.cidr_ip());
    let v6 = permission.ipv6_ranges().iter().filter_map(|range| range.cidr_ipv6());
    let lists = permission.prefix_list_ids().iter().filter_map(|list| list.prefix_list_id());
    let groups = permission.user_id_group_pairs().iter().filter_map(|pair| pair.group_id());
    Ok(Permission {
        cidrs: blocks(v4.chain(v6))?,
        prefix_list_ids: distinct(lists),
        group_ids: distinct(groups),
        ports: permission.from_port.zip(permission.to_port),
        protocol: permission.ip_protocol.ok_or("a permission's ipProtocol")?,
    })
}

/// The prefix lists that this account sees, with the entries of those that are not AWS's own.
pub async fn prefix_lists(wire: &Wire, region: &str) -> Result<Vec<PrefixList>, Unreadable> {
    let client = client(wire, region);
    let send =
        |token| client.describe_managed_prefix_lists().max_results(PREFIX_LISTS_PAGE).set_next_token(token).send();
    let convert = |list: aws_sdk_ec2::types::ManagedPrefixList| {
        Ok((list.prefix_list_id.ok_or("prefixListId")?, list.owner_id.ok_or("ownerId")?))
    };
    let split = |page: aws_sdk_ec2::operation::describe_managed_prefix_lists::DescribeManagedPrefixListsOutput| {
        (page.prefix_lists, page.next_token)
    };
    let listed = wire.list(DESCRIBE_MANAGED_PREFIX_LISTS, Some(region), send, split, convert).await?;
    let read = listed.into_iter().map(async |(id, owner_id)| {
        let entries = match owner_id.as_str() {
            "AWS" => Reading::NotRead,
            _ => prefix_list_entries(wire, region, &id).await.into(),
        };
        PrefixList { id, owner_id, entries }
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

async fn prefix_list_entries(wire: &Wire, region: &str, id: &str) -> Result<Vec<IpNet>, Unreadable> {
    let client = client(wire, region);
    let send = |token| {
        let request = client.get_managed_prefix_list_entries().prefix_list_id(id);
        request.max_results(PREFIX_LISTS_PAGE).set_next_token(token).send()
    };
    let convert = |entry: aws_sdk_ec2::types::PrefixListEntry| {
        entry.cidr.ok_or("cidr")?.parse::<IpNet>().map_err(|_| "a valid CIDR block")
    };
    let split = |page: aws_sdk_ec2::operation::get_managed_prefix_list_entries::GetManagedPrefixListEntriesOutput| {
        (page.entries, page.next_token)
    };
    let listed = wire.list(GET_MANAGED_PREFIX_LIST_ENTRIES, Some(region), send, split, convert).await;
    listed.map_err(|failure| failure.unreadable.about(id))
}

/// DescribeAddresses and DescribeVpnConnections have no pages.
pub async fn addresses(wire: &Wire, region: &str) -> Result<Vec<Address>, Unreadable> {
    let client = client(wire, region);
    let answer = wire.call(DESCRIBE_ADDRESSES, Some(region), || client.describe_addresses().send()).await?;
    let malformed =
        |lacks: &str| Unreadable::malformed(DESCRIBE_ADDRESSES, Some(region), format!("the answer lacks {lacks}"));
    let listed = answer.addresses.ok_or_else(|| malformed("addressesSet"))?;
    let convert = |address: aws_sdk_ec2::types::Address| {
        let ip = address.public_ip.or(address.carrier_ip).and_then(|ip| ip.parse().ok());
        let used = |id: Option<String>| id.is_some_and(|id| !id.is_empty());
        Ok(Address {
            public_ip: ip.ok_or_else(|| malformed("a valid publicIp"))?,
            associated: used(address.association_id) || used(address.instance_id),
        })
    };
    listed.into_iter().map(convert).collect()
}

pub async fn vpn_connections(wire: &Wire, region: &str) -> Result<Vec<VpnConnection>, Unreadable> {
    let client = client(wire, region);
    let answer = wire.call(DESCRIBE_VPN_CONNECTIONS, Some(region), || client.describe_vpn_connections().send()).await?;
    let lacks =
        |what: &str| Unreadable::malformed(DESCRIBE_VPN_CONNECTIONS, Some(region), format!("the answer lacks {what}"));
    let listed = answer.vpn_connections.ok_or_else(|| lacks("vpnConnectionSet"))?;
    let convert = |vpn: aws_sdk_ec2::types::VpnConnection| {
        let up =
            |telemetry: &&aws_sdk_ec2::types::VgwTelemetry| telemetry.status().is_some_and(|it| it.as_str() == "UP");
        Ok(VpnConnection {
            tunnels_up: vpn.vgw_telemetry().iter().filter(up).count(),
            id: vpn.vpn_connection_id.ok_or_else(|| lacks("vpnConnectionId"))?,
            state: vpn.state.ok_or_else(|| lacks("state"))?.as_str().to_owned(),
        })
    };
    listed.into_iter().map(convert).collect()
}

pub async fn client_vpn_endpoints(wire: &Wire, region: &str) -> Result<Vec<ClientVpnEndpoint>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_client_vpn_endpoints().max_results(PAGE).set_next_token(token).send();
    let convert = |endpoint: aws_sdk_ec2::types::ClientVpnEndpoint| {
        let logs = endpoint.connection_log_options.and_then(|options| options.enabled);
        let state = endpoint.status.and_then(|status| status.code).ok_or("status")?;
        Ok(ClientVpnEndpoint {
            id: endpoint.client_vpn_endpoint_id.ok_or("clientVpnEndpointId")?,
            state: state.as_str().to_owned(),
            logs_connections: logs.unwrap_or_default(),
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_client_vpn_endpoints::DescribeClientVpnEndpointsOutput| {
        (page.client_vpn_endpoints, page.next_token)
    };
    Ok(wire.list(DESCRIBE_CLIENT_VPN_ENDPOINTS, Some(region), send, split, convert).await?)
}
