//! The facts of an account: everything that rules may read, and nothing else.
//!
//! One table declares each fact: its kind, the field that holds it, its type, the noun that reports use and
//! the operations that read it. To add a fact, add a line here, a struct in `facts/` and a reader in the
//! program.

use serde::{Deserialize, Serialize};

use crate::facts::*;
use crate::operation::{Operation, operations::*};
use crate::{Reading, Unreadable};

/// Where a fact belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read in each audited region.
    Region,
    /// Read once for the account.
    Account,
    /// Read for each resource of another fact.
    Detail(FactKind),
}

macro_rules! facts {
    (
        region { $($region_kind:ident $region_field:ident: $region_type:ty = $region_noun:literal [$($region_op:ident),+];)* }
        account { $($account_kind:ident $account_field:ident: $account_type:ty = $account_noun:literal [$($account_op:ident),+];)* }
        detail { $($detail_kind:ident of $parent:ident = $detail_noun:literal [$($detail_op:ident),+];)* }
    ) => {
        /// The kinds of facts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FactKind {
            $(#[doc = $region_noun] $region_kind,)*
            $(#[doc = $account_noun] $account_kind,)*
            $(#[doc = $detail_noun] $detail_kind,)*
        }

        impl FactKind {
            /// Every kind.
            pub const ALL: &[Self] = &[
                $(Self::$region_kind,)* $(Self::$account_kind,)* $(Self::$detail_kind,)*
            ];

            /// What it is called in reports, in the plural.
            pub fn noun(self) -> &'static str {
                match self {
                    $(Self::$region_kind => $region_noun,)*
                    $(Self::$account_kind => $account_noun,)*
                    $(Self::$detail_kind => $detail_noun,)*
                }
            }

            /// The operations that read it.
            pub fn operations(self) -> &'static [Operation] {
                match self {
                    $(Self::$region_kind => &[$($region_op),+],)*
                    $(Self::$account_kind => &[$($account_op),+],)*
                    $(Self::$detail_kind => &[$($detail_op),+],)*
                }
            }

            /// Where it belongs.
            pub fn scope(self) -> Scope {
                match self {
                    $(Self::$region_kind => Scope::Region,)*
                    $(Self::$account_kind => Scope::Account,)*
                    $(Self::$detail_kind => Scope::Detail(Self::$parent),)*
                }
            }
        }

        impl FactKind {
            /// The fact itself and, for a detail, the fact that it is a detail of: what has to be read for it.
            pub fn with_parent(self) -> impl Iterator<Item = Self> {
                let parent = match self.scope() {
                    Scope::Detail(parent) => Some(parent),
                    Scope::Region | Scope::Account => None,
                };
                parent.into_iter().chain([self])
            }
        }

        /// One region that was audited.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Region {
            /// `eu-west-1`.
            pub name: String,
            $(
                #[doc = $region_noun]
                #[serde(default, skip_serializing_if = "Reading::is_not_read")]
                pub $region_field: Reading<$region_type>,
            )*
        }

        impl Region {
            $(
                #[doc = concat!("The ", $region_noun, ", or why they could not be read.")]
                pub fn $region_field(&self) -> Result<&$region_type, Unreadable> {
                    self.$region_field.get(FactKind::$region_kind)
                }
            )*

            fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
                $(if wanted(FactKind::$region_kind) { self.$region_field.unread(wanted, found); })*
            }

            /// Forgets every fact that is not among `kinds`.
            #[cfg(test)]
            pub(crate) fn keep_only(&mut self, kinds: &[FactKind]) {
                $(if !kinds.contains(&FactKind::$region_kind) { self.$region_field = Reading::NotRead; })*
            }
        }

        /// What was read of an account at one time.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Account {
            /// The twelve-digit account id.
            pub id: String,
            /// `aws`, `aws-cn`, `aws-us-gov`.
            pub partition: String,
            /// Who read it: the caller's ARN.
            pub caller: String,
            /// When reading began; ages are counted from here.
            pub taken_at: jiff::Timestamp,
            /// The audited regions, sorted by name.
            pub regions: Vec<Region>,
            /// Why the list of the account's regions could not be read, so that others may exist.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub regions_unreadable: Option<Unreadable>,
            $(
                #[doc = $account_noun]
                #[serde(default, skip_serializing_if = "Reading::is_not_read")]
                pub $account_field: Reading<$account_type>,
            )*
        }

        impl Account {
            /// An account of which nothing was read yet.
            pub fn new(id: &str, partition: &str, caller: &str, taken_at: jiff::Timestamp) -> Self {
                Self {
                    id: id.to_owned(),
                    partition: partition.to_owned(),
                    caller: caller.to_owned(),
                    taken_at,
                    regions: Vec::new(),
                    regions_unreadable: None,
                    $($account_field: Reading::NotRead,)*
                }
            }

            $(
                #[doc = concat!("The ", $account_noun, ", or why they could not be read.")]
                pub fn $account_field(&self) -> Result<&$account_type, Unreadable> {
                    self.$account_field.get(FactKind::$account_kind)
                }
            )*

            /// What could not be read of the wanted facts, whether or not it mattered to a verdict.
            pub fn unreadable(&self, wanted: &dyn Fn(FactKind) -> bool) -> Vec<&Unreadable> {
                let mut found = Vec::new();
                self.regions.iter().for_each(|region| region.unread(wanted, &mut found));
                $(if wanted(FactKind::$account_kind) { self.$account_field.unread(wanted, &mut found); })*
                found
            }

            /// Forgets every fact that is not among `kinds`.
            #[cfg(test)]
            pub(crate) fn keep_only(&mut self, kinds: &[FactKind]) {
                $(if !kinds.contains(&FactKind::$account_kind) { self.$account_field = Reading::NotRead; })*
                self.regions.iter_mut().for_each(|region| region.keep_only(kinds));
            }
        }
    };
}

facts! {
    region {
        Vpcs vpcs: Vec<Vpc> = "VPCs" [DESCRIBE_VPCS];
        Subnets subnets: Vec<Subnet> = "subnets" [DESCRIBE_SUBNETS];
        RouteTables route_tables: Vec<RouteTable> = "route tables" [DESCRIBE_ROUTE_TABLES];
        Instances instances: Vec<Instance> = "instances" [DESCRIBE_INSTANCES];
        NetworkAcls network_acls: Vec<NetworkAcl> = "network ACLs" [DESCRIBE_NETWORK_ACLS];
        SecurityGroups security_groups: Vec<SecurityGroup> = "security groups" [DESCRIBE_SECURITY_GROUPS];
        PrefixLists prefix_lists: Vec<PrefixList> = "prefix lists" [DESCRIBE_MANAGED_PREFIX_LISTS];
        Addresses addresses: Vec<Address> = "Elastic IP addresses" [DESCRIBE_ADDRESSES];
        VpnConnections vpn_connections: Vec<VpnConnection> = "VPN connections" [DESCRIBE_VPN_CONNECTIONS];
        ClientVpnEndpoints client_vpn_endpoints: Vec<ClientVpnEndpoint> = "Client VPN endpoints" [DESCRIBE_CLIENT_VPN_ENDPOINTS];
        LoadBalancers load_balancers: Vec<LoadBalancer> = "load balancers" [DESCRIBE_LOAD_BALANCERS, DESCRIBE_CLASSIC_LOAD_BALANCERS];
        Certificates certificates: Vec<Certificate> = "certificates" [LIST_CERTIFICATES];
        NetworkInterfaces network_interfaces: Vec<NetworkInterface> = "network interfaces" [DESCRIBE_NETWORK_INTERFACES];
        VpcPeeringConnections vpc_peering_connections: Vec<VpcPeeringConnection> = "VPC peering connections" [DESCRIBE_VPC_PEERING_CONNECTIONS];
        FlowLogs flow_logs: Vec<FlowLog> = "flow logs" [DESCRIBE_FLOW_LOGS];
        Volumes volumes: Vec<Volume> = "EBS volumes" [DESCRIBE_VOLUMES];
        EbsEncryptionByDefault ebs_encryption_by_default: bool = "EBS encryption settings" [GET_EBS_ENCRYPTION_BY_DEFAULT];
        Snapshots snapshots: Vec<Snapshot> = "EBS snapshots" [DESCRIBE_SNAPSHOTS];
        PublicSnapshots public_snapshots: Vec<String> = "public EBS snapshots" [DESCRIBE_SNAPSHOTS, DESCRIBE_SNAPSHOT_ATTRIBUTE];
        DbInstances db_instances: Vec<DbInstance> = "DB instances" [DESCRIBE_DB_INSTANCES];
        DbSnapshots db_snapshots: Vec<DbSnapshot> = "manual RDS snapshots" [DESCRIBE_DB_SNAPSHOTS, DESCRIBE_DB_SNAPSHOT_ATTRIBUTES, DESCRIBE_DB_CLUSTER_SNAPSHOTS, DESCRIBE_DB_CLUSTER_SNAPSHOT_ATTRIBUTES];
        TlsParameters tls_parameters: Vec<TlsParameter> = "TLS parameters of databases" [DESCRIBE_DB_PARAMETERS, DESCRIBE_DB_CLUSTER_PARAMETERS, DESCRIBE_DB_INSTANCES, DESCRIBE_DB_CLUSTERS];
        ReplicationGroups replication_groups: Vec<ReplicationGroup> = "ElastiCache replication groups" [DESCRIBE_REPLICATION_GROUPS];
        CacheClusters cache_clusters: Vec<CacheCluster> = "ElastiCache clusters" [DESCRIBE_CACHE_CLUSTERS];
        CacheSubnetGroups cache_subnet_groups: Vec<SubnetGroup> = "ElastiCache subnet groups" [DESCRIBE_CACHE_SUBNET_GROUPS];
        RedshiftClusters redshift_clusters: Vec<RedshiftCluster> = "Redshift clusters" [DESCRIBE_CLUSTERS];
        RedshiftSubnetGroups redshift_subnet_groups: Vec<SubnetGroup> = "Redshift subnet groups" [DESCRIBE_CLUSTER_SUBNET_GROUPS];
        SearchDomains search_domains: Vec<SearchDomain> = "OpenSearch domains" [LIST_DOMAIN_NAMES, DESCRIBE_DOMAINS];
        FileSystems file_systems: Vec<FileSystem> = "EFS file systems" [DESCRIBE_FILE_SYSTEMS];
        KmsKeys kms_keys: Vec<KmsKey> = "KMS keys" [LIST_KEYS, DESCRIBE_KEY, GET_KEY_ROTATION_STATUS];
        LambdaFunctions lambda_functions: Vec<LambdaFunction> = "Lambda functions" [LIST_FUNCTIONS];
        TaskDefinitions task_definitions: Vec<TaskDefinition> = "ECS task definitions in use" [LIST_CLUSTERS, LIST_SERVICES, DESCRIBE_SERVICES, DESCRIBE_TASK_DEFINITION];
        SsmParameters ssm_parameters: Vec<SsmParameter> = "parameters of Parameter Store" [DESCRIBE_PARAMETERS];
        Secrets secrets: Vec<Secret> = "secrets" [LIST_SECRETS];
        ManagedInstances managed_instances: Vec<ManagedInstance> = "machines of Systems Manager" [DESCRIBE_INSTANCE_INFORMATION];
        PatchStates patch_states: Vec<PatchState> = "patch states" [DESCRIBE_INSTANCE_PATCH_STATES, DESCRIBE_INSTANCE_INFORMATION];
        InspectorStatus inspector_status: InspectorStatus = "states of Inspector" [BATCH_GET_ACCOUNT_STATUS];
        GuardDuty guard_duty: bool = "GuardDuty detectors" [LIST_DETECTORS, GET_DETECTOR];
        SecurityHub security_hub: bool = "states of Security Hub" [DESCRIBE_HUB];
        ConfigRecorders config_recorders: Vec<ConfigRecorder> = "recorders of AWS Config" [DESCRIBE_CONFIGURATION_RECORDERS, DESCRIBE_CONFIGURATION_RECORDER_STATUS];
        Analyzers analyzers: Vec<Analyzer> = "access analyzers" [LIST_ANALYZERS];
        TaggedResources tagged_resources: Vec<TaggedResource> = "tags" [GET_RESOURCES];
        DbClusters db_clusters: Vec<DbCluster> = "DB clusters" [DESCRIBE_DB_CLUSTERS];
    }
    account {
        PasswordPolicy password_policy: Option<PasswordPolicy> = "password policies" [GET_ACCOUNT_PASSWORD_POLICY];
        AccountSummary account_summary: AccountSummary = "account summaries" [GET_ACCOUNT_SUMMARY];
        CredentialReport credential_report: Vec<CredentialReportRow> = "credential reports" [GET_CREDENTIAL_REPORT, GENERATE_CREDENTIAL_REPORT];
        AuthorizationDetails authorization_details: AuthorizationDetails = "IAM users, groups, roles and policies" [GET_ACCOUNT_AUTHORIZATION_DETAILS];
        InstanceProfiles instance_profiles: Vec<InstanceProfile> = "instance profiles" [LIST_INSTANCE_PROFILES];
        OrganizationAccounts organization_accounts: Option<Vec<String>> = "accounts of the organization" [LIST_ACCOUNTS];
        Trails trails: Listing<Trail> = "trails" [DESCRIBE_TRAILS];
        TrailBuckets trail_buckets: Listing<TrailBucket> = "log buckets of trails" [GET_BUCKET_POLICY, GET_BUCKET_ACL, GET_BUCKET_PUBLIC_ACCESS_BLOCK, GET_BUCKET_LOCATION, DESCRIBE_TRAILS];
        AccountPublicAccessBlock account_public_access_block: Option<PublicAccessBlock> = "account-wide S3 public access blocks" [GET_ACCOUNT_PUBLIC_ACCESS_BLOCK];
        Buckets buckets: Vec<Bucket> = "S3 buckets" [LIST_BUCKETS, GET_BUCKET_LOCATION];
        HostedZones hosted_zones: Vec<HostedZone> = "hosted zones" [LIST_HOSTED_ZONES];
        Domains domains: Vec<Domain> = "registered domains" [LIST_DOMAINS];
        SecurityContact security_contact: bool = "security contacts" [GET_ALTERNATE_CONTACT];
        Distributions distributions: Vec<Distribution> = "CloudFront distributions" [LIST_DISTRIBUTIONS];
        BillingAlarms billing_alarms: Vec<BillingAlarm> = "billing alarms" [DESCRIBE_ALARMS, LIST_SUBSCRIPTIONS_BY_TOPIC];
        Budgets budgets: Vec<Budget> = "budgets" [DESCRIBE_BUDGETS, DESCRIBE_NOTIFICATIONS_FOR_BUDGET, DESCRIBE_SUBSCRIBERS_FOR_NOTIFICATION];
    }
    detail {
        Listeners of LoadBalancers = "listeners of load balancers" [DESCRIBE_LISTENERS, DESCRIBE_RULES, DESCRIBE_SSL_POLICIES, DESCRIBE_LOAD_BALANCER_POLICIES];
        WebAcls of LoadBalancers = "web ACLs of load balancers" [GET_WEB_ACL_FOR_RESOURCE];
        PrefixListEntries of PrefixLists = "entries of prefix lists" [GET_MANAGED_PREFIX_LIST_ENTRIES];
        TrailStatus of Trails = "trail statuses" [GET_TRAIL_STATUS];
        TrailEventSelectors of Trails = "event selectors of trails" [GET_EVENT_SELECTORS];
        BucketEncryption of Buckets = "bucket encryption settings" [GET_BUCKET_ENCRYPTION];
        BucketLifecycle of Buckets = "bucket lifecycle configurations" [GET_BUCKET_LIFECYCLE_CONFIGURATION];
        Records of HostedZones = "records of hosted zones" [LIST_RESOURCE_RECORD_SETS];
        BucketPolicy of Buckets = "bucket policies" [GET_BUCKET_POLICY];
        BucketVersioning of Buckets = "bucket versioning settings" [GET_BUCKET_VERSIONING];
    }
}
