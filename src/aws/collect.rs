//! The collector: which facts, in which regions, read side by side, each once.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::future::BoxFuture;
use golive_checks::facts::Listing;
use golive_checks::{Account, FactKind, Reading, Region, Scope, Unreadable};
use tokio::task::JoinSet;

use super::cloudtrail::Trails;
use super::rds::Databases;
use super::s3::Buckets;
use super::services::Machines;
use super::session::Session;
use super::{billing, cloudtrail, ec2, edge, elb, iam, rds, route53, s3, services, stores, tags};
use crate::aws::Wire;
use crate::selection::Selection;

/// What is to be read.
#[derive(Debug)]
pub struct Plan {
    /// The regions, sorted.
    pub regions: Vec<String>,
    /// The user chose the regions, so that what is elsewhere is left out.
    pub narrowed: bool,
    /// Why there may be more regions.
    pub regions_unreadable: Option<Unreadable>,
    /// The keys of the tags to be read.
    tag_keys: Vec<String>,
    facts: BTreeSet<FactKind>,
}

impl Plan {
    /// The facts that are needed, and those that they are details of.
    pub fn new(session: &Session, narrowed: bool, selection: &Selection) -> Self {
        let facts = selection.needs().flat_map(FactKind::with_parent).collect();
        let (regions, regions_unreadable) = (session.regions.clone(), session.regions_unreadable.clone());
        let tag_keys = selection.tag_keys.iter().cloned().collect();
        Self { regions, narrowed, regions_unreadable, tag_keys, facts }
    }

    /// The facts to be read.
    pub fn facts(&self) -> impl Iterator<Item = FactKind> {
        self.facts.iter().copied()
    }

    /// Whether a fact is to be read.
    pub fn wants(&self, kind: FactKind) -> bool {
        self.facts.contains(&kind)
    }
}

/// Puts what was read in its place.
type Fill = Box<dyn FnOnce(&mut Account) + Send>;

/// What the readers share.
struct Sources {
    session: Arc<Session>,
    plan: Arc<Plan>,
    trails: Trails,
    buckets: Buckets,
    databases: Databases,
    machines: Machines,
}

impl Sources {
    fn wire(&self) -> &Wire {
        &self.session.wire
    }
}

/// Reads the planned facts.
pub async fn collect(session: Session, plan: Plan) -> Account {
    let taken_at = jiff::Timestamp::now();
    let (session, plan) = (Arc::new(session), Arc::new(plan));
    let wire = &session.wire;
    let mut account = Account::new(&wire.account_id, &wire.partition, &session.caller, taken_at);
    account.regions_unreadable.clone_from(&session.regions_unreadable);
    account.regions = plan.regions.iter().map(|name| Region { name: name.clone(), ..Region::default() }).collect();

    let sources = Arc::new(Sources {
        session: Arc::clone(&session),
        plan: Arc::clone(&plan),
        trails: Trails::default(),
        buckets: Buckets::default(),
        databases: Databases::default(),
        machines: Machines::default(),
    });
    let mut tasks = JoinSet::new();
    for &kind in &plan.facts {
        match kind.scope() {
            Scope::Region => {
                for place in 0..plan.regions.len() {
                    tasks.spawn(of_region(kind, place, Arc::clone(&sources)));
                }
            }
            Scope::Account => {
                tasks.spawn(of_account(kind, Arc::clone(&sources)));
            }
            // Read with the fact that it is a detail of.
            Scope::Detail(_) => {}
        }
    }
    wire.stage.planned.store(tasks.len() as u64, Ordering::Relaxed);
    // A reader that panics leaves its fact unread, and what is unread never passes.
    while let Some(fill) = tasks.join_next().await {
        wire.stage.facts.fetch_add(1, Ordering::Relaxed);
        if let Ok(fill) = fill {
            fill(&mut account);
        }
    }
    account
}

/// Reads a fact of a region: one line for each.
fn of_region(kind: FactKind, place: usize, sources: Arc<Sources>) -> BoxFuture<'static, Fill> {
    macro_rules! read {
        ($source:ident.$reader:ident, $field:ident) => {
            Box::pin(async move {
                let read = sources.$source.$reader(sources.wire(), &sources.plan.regions[place]).await;
                Box::new(move |account: &mut Account| account.regions[place].$field = read.into()) as Fill
            })
        };
        ($reader:path, $field:ident) => {
            Box::pin(async move {
                let read = $reader(sources.wire(), &sources.plan.regions[place]).await;
                Box::new(move |account: &mut Account| account.regions[place].$field = read.into()) as Fill
            })
        };
    }
    match kind {
        FactKind::Vpcs => read!(ec2::vpcs, vpcs),
        FactKind::Subnets => read!(ec2::subnets, subnets),
        FactKind::RouteTables => read!(ec2::route_tables, route_tables),
        FactKind::Instances => read!(ec2::instances, instances),
        FactKind::NetworkAcls => read!(ec2::network_acls, network_acls),
        FactKind::SecurityGroups => read!(ec2::security_groups, security_groups),
        FactKind::PrefixLists => read!(ec2::prefix_lists, prefix_lists),
        FactKind::Addresses => read!(ec2::addresses, addresses),
        FactKind::VpnConnections => read!(ec2::vpn_connections, vpn_connections),
        FactKind::ClientVpnEndpoints => read!(ec2::client_vpn_endpoints, client_vpn_endpoints),
        FactKind::Certificates => read!(edge::certificates, certificates),
        FactKind::TaggedResources => Box::pin(async move {
            let plan = &sources.plan;
            let read = tags::tagged_resources(sources.wire(), &plan.tag_keys, &plan.regions[place]).await;
            Box::new(move |account: &mut Account| account.regions[place].tagged_resources = read.into()) as Fill
        }),
        FactKind::LoadBalancers => Box::pin(async move {
            let read = elb::load_balancers(sources.wire(), &sources.plan, &sources.plan.regions[place]).await;
            Box::new(move |account: &mut Account| account.regions[place].load_balancers = read.into()) as Fill
        }),
        FactKind::NetworkInterfaces => read!(ec2::network_interfaces, network_interfaces),
        FactKind::VpcPeeringConnections => read!(ec2::vpc_peering_connections, vpc_peering_connections),
        FactKind::FlowLogs => read!(ec2::flow_logs, flow_logs),
        FactKind::Volumes => read!(ec2::volumes, volumes),
        FactKind::EbsEncryptionByDefault => read!(ec2::ebs_encryption_by_default, ebs_encryption_by_default),
        FactKind::Snapshots => read!(ec2::snapshots, snapshots),
        FactKind::PublicSnapshots => read!(ec2::public_snapshots, public_snapshots),
        FactKind::DbInstances => read!(databases.instances, db_instances),
        FactKind::DbClusters => read!(databases.clusters, db_clusters),
        FactKind::DbSnapshots => read!(rds::db_snapshots, db_snapshots),
        FactKind::TlsParameters => read!(databases.tls_parameters, tls_parameters),
        FactKind::LambdaFunctions => read!(services::lambda_functions, lambda_functions),
        FactKind::TaskDefinitions => read!(services::task_definitions, task_definitions),
        FactKind::SsmParameters => read!(services::ssm_parameters, ssm_parameters),
        FactKind::Secrets => read!(services::secrets, secrets),
        FactKind::ManagedInstances => read!(machines.list, managed_instances),
        FactKind::PatchStates => read!(machines.patch_states, patch_states),
        FactKind::InspectorStatus => read!(services::inspector_status, inspector_status),
        FactKind::GuardDuty => read!(services::guard_duty, guard_duty),
        FactKind::SecurityHub => read!(services::security_hub, security_hub),
        FactKind::ConfigRecorders => read!(services::config_recorders, config_recorders),
        FactKind::Analyzers => read!(services::analyzers, analyzers),
        FactKind::ReplicationGroups => read!(stores::replication_groups, replication_groups),
        FactKind::CacheClusters => read!(stores::cache_clusters, cache_clusters),
        FactKind::CacheSubnetGroups => read!(stores::cache_subnet_groups, cache_subnet_groups),
        FactKind::RedshiftClusters => read!(stores::redshift_clusters, redshift_clusters),
        FactKind::RedshiftSubnetGroups => read!(stores::redshift_subnet_groups, redshift_subnet_groups),
        FactKind::SearchDomains => read!(stores::search_domains, search_domains),
        FactKind::FileSystems => read!(stores::file_systems, file_systems),
        FactKind::KmsKeys => read!(stores::kms_keys, kms_keys),
        _ => not_here(),
    }
}

/// Reads a fact of the account: one line for each.
fn of_account(kind: FactKind, sources: Arc<Sources>) -> BoxFuture<'static, Fill> {
    macro_rules! read {
        ($field:ident, |$from:ident| $reader:expr) => {
            Box::pin(async move {
                let read = {
                    let $from = &*sources;
                    $reader.await
                };
                Box::new(move |account: &mut Account| account.$field = read.into()) as Fill
            })
        };
    }
    match kind {
        FactKind::PasswordPolicy => read!(password_policy, |from| iam::password_policy(from.wire())),
        FactKind::AccountSummary => read!(account_summary, |from| iam::account_summary(from.wire())),
        FactKind::CredentialReport => read!(credential_report, |from| iam::credential_report(from.wire())),
        FactKind::AuthorizationDetails => {
            read!(authorization_details, |from| iam::authorization_details(from.wire()))
        }
        FactKind::InstanceProfiles => read!(instance_profiles, |from| iam::instance_profiles(from.wire())),
        FactKind::OrganizationAccounts => {
            read!(organization_accounts, |from| iam::organization_accounts(from.wire()))
        }
        FactKind::Trails => read!(trails, |from| trails(from)),
        FactKind::TrailBuckets => read!(trail_buckets, |from| trail_buckets(from)),
        FactKind::AccountPublicAccessBlock => {
            read!(account_public_access_block, |from| s3::account_public_access_block(from.wire()))
        }
        FactKind::Buckets => read!(buckets, |from| from.buckets.list(from.wire(), &from.plan)),
        FactKind::HostedZones => read!(hosted_zones, |from| route53::hosted_zones(from.wire(), &from.plan)),
        FactKind::Domains => read!(domains, |from| route53::domains(from.wire())),
        FactKind::SecurityContact => read!(security_contact, |from| services::security_contact(from.wire())),
        FactKind::Distributions => read!(distributions, |from| edge::distributions(from.wire())),
        FactKind::BillingAlarms => read!(billing_alarms, |from| billing::billing_alarms(from.wire())),
        FactKind::Budgets => read!(budgets, |from| billing::budgets(from.wire())),
        _ => not_here(),
    }
}

async fn trails(from: &Sources) -> Reading<Listing<golive_checks::facts::Trail>> {
    Reading::Read(cloudtrail::trails(from.wire(), &from.plan, &from.trails).await)
}

async fn trail_buckets(from: &Sources) -> Reading<Listing<golive_checks::facts::TrailBucket>> {
    Reading::Read(cloudtrail::buckets(from.wire(), &from.plan, &from.trails, &from.buckets).await)
}

/// A fact that belongs elsewhere: nothing to do here.
fn not_here() -> BoxFuture<'static, Fill> {
    Box::pin(async { Box::new(|_: &mut Account| ()) as Fill })
}
