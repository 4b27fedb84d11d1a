//! EC2: networks, volumes and snapshots of one region.

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{SnapshotAttributeName, VpcPeeringConnectionVpcInfo};
use golive_checks::Unreadable;
use golive_checks::facts::{FlowLog, NetworkInterface, PeeredVpc, Snapshot, Subnet, Volume, Vpc, VpcPeeringConnection};
use golive_checks::operations::{
    DESCRIBE_FLOW_LOGS, DESCRIBE_NETWORK_INTERFACES, DESCRIBE_SNAPSHOT_ATTRIBUTE, DESCRIBE_SNAPSHOTS, DESCRIBE_SUBNETS,
    DESCRIBE_VOLUMES, DESCRIBE_VPC_PEERING_CONNECTIONS, DESCRIBE_VPCS, GET_EBS_ENCRYPTION_BY_DEFAULT,
};
use ipnet::IpNet;

use super::wire::Wire;

/// Entries of a page: the most that every one of these lists allows.
const PAGE: i32 = 1000;
/// Volumes and snapshots: AWS says that up to 500 and 1000 are quick.
const VOLUMES_PAGE: i32 = 500;

fn client(wire: &Wire, region: &str) -> Client {
    Client::new(&wire.config(region))
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
        Ok(Subnet { id: subnet.subnet_id.ok_or("subnetId")?, vpc_id: subnet.vpc_id.ok_or("vpcId")? })
    };
    Ok(wire.list(DESCRIBE_SUBNETS, Some(region), send, |page| (page.subnets, page.next_token), convert).await?)
}

pub async fn network_interfaces(wire: &Wire, region: &str) -> Result<Vec<NetworkInterface>, Unreadable> {
    let client = client(wire, region);
    let send = |token| client.describe_network_interfaces().max_results(PAGE).set_next_token(token).send();
    let convert = |interface: aws_sdk_ec2::types::NetworkInterface| {
        Ok(NetworkInterface {
            id: interface.network_interface_id.ok_or("networkInterfaceId")?,
            vpc_id: interface.vpc_id.ok_or("vpcId")?,
            interface_type: interface.interface_type.map_or_else(|| "interface".into(), |kind| kind.as_str().into()),
        })
    };
    let split = |page: aws_sdk_ec2::operation::describe_network_interfaces::DescribeNetworkInterfacesOutput| {
        (page.network_interfaces, page.next_token)
    };
    Ok(wire.list(DESCRIBE_NETWORK_INTERFACES, Some(region), send, split, convert).await?)
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
    let request = client(wire, region).get_ebs_encryption_by_default().send();
    let answer = wire.call(operation, Some(region), request).await?;
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
        let request = client.describe_snapshot_attribute().snapshot_id(&id).attribute(permissions).send();
        match wire.call(operation, Some(region), request).await {
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
