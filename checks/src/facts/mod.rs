//! The facts that rules judge: plain structs, one file per AWS service, holding only what some rule reads.
//!
//! They are AWS's own resources under AWS's own names, so every field is documented by the API reference of
//! its service; only what differs is told here. All text in them is untrusted.

mod acm;
mod billing;
mod cloudfront;
mod cloudtrail;
mod ec2;
mod elb;
mod iam;
mod rds;
mod route53;
mod s3;
mod services;
mod stores;
mod tags;

pub use acm::Certificate;
pub use billing::{AlarmAction, BillingAlarm, Budget, BudgetNotification};
pub use cloudfront::Distribution;
pub use cloudtrail::{
    AdvancedEventSelector, EventSelector, EventSelectors, FieldSelector, Trail, TrailBucket, TrailStatus,
};
pub use ec2::{
    Address, ClientVpnEndpoint, FlowLog, Instance, NetworkAcl, NetworkAclEntry, NetworkInterface, PeeredVpc,
    Permission, PrefixList, Route, RouteTable, SecurityGroup, Snapshot, Subnet, Volume, Vpc, VpcPeeringConnection,
    VpnConnection,
};
pub use elb::{Listener, LoadBalancer};
pub use iam::{
    AccessKey, AccountSummary, AuthorizationDetails, CredentialReportRow, CustomerPolicy, IamUser, InstanceProfile,
    PasswordPolicy, ReportFlag, Role,
};
pub use rds::{ClusterMember, DbCluster, DbInstance, DbSnapshot, TlsParameter};
pub use route53::{Domain, HostedZone, Record};
pub use s3::{Bucket, BucketEncryption, Grant, LifecycleRule, PublicAccessBlock, Versioning};
pub use services::{
    Analyzer, ConfigRecorder, InspectorStatus, LambdaFunction, ManagedInstance, PatchState, Secret, SsmParameter,
    TaskDefinition,
};
pub use stores::{CacheCluster, FileSystem, KmsKey, RedshiftCluster, ReplicationGroup, SearchDomain, SubnetGroup};
pub use tags::{Tag, TaggedResource};

use serde::{Deserialize, Serialize};

use crate::{FactKind, Reading, Unreadable};

/// Things listed in several places, where some places may be unreadable while others are not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing<T> {
    /// What was listed.
    pub found: Vec<T>,
    /// The places that could not be listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<Unreadable>,
}

/// Finds what could not be read within a fact, whether or not it mattered to a verdict.
pub(crate) trait Unread {
    /// Adds each reason to `found`; details of a kind that is not `wanted` are passed over.
    fn unread<'a>(&'a self, _wanted: &dyn Fn(FactKind) -> bool, _found: &mut Vec<&'a Unreadable>) {}
}

impl<T: Unread> Unread for Reading<T> {
    fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
        match self {
            Self::NotRead => {}
            Self::Read(value) => value.unread(wanted, found),
            Self::Unreadable(reason) => found.push(reason),
        }
    }
}

impl<T: Unread> Unread for Vec<T> {
    fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
        self.iter().for_each(|value| value.unread(wanted, found));
    }
}

impl<T: Unread> Unread for Option<T> {
    fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
        self.iter().for_each(|value| value.unread(wanted, found));
    }
}

impl<T: Unread> Unread for Listing<T> {
    fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
        self.found.unread(wanted, found);
        found.extend(&self.unreadable);
    }
}

/// Facts that hold the readings of their details.
macro_rules! with_details {
    ($($fact:ty { $($field:ident: $kind:ident),+ })*) => { $(
        impl Unread for $fact {
            fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
                $(if wanted(FactKind::$kind) { self.$field.unread(wanted, found); })+
            }
        }
    )* };
}

with_details! {
    Trail { status: TrailStatus, event_selectors: TrailEventSelectors }
    TrailBucket { public_access_block: TrailBuckets, policy: TrailBuckets, acl: TrailBuckets }
    LambdaFunction { plaintext_secrets: LambdaFunctions }
    LoadBalancer { listeners: Listeners, has_web_acl: WebAcls }
    PrefixList { entries: PrefixListEntries }
    Bucket {
        encryption: BucketEncryption,
        lifecycle: BucketLifecycle,
        policy: BucketPolicy,
        versioning: BucketVersioning
    }
    DbSnapshot { public: DbSnapshots }
    HostedZone { records: Records }
    KmsKey { rotates: KmsKeys }
    TlsParameter { value: TlsParameters }
    BillingAlarm { actions: BillingAlarms }
    AlarmAction { confirmed_subscriptions: BillingAlarms }
    Budget { notifications: Budgets }
    BudgetNotification { subscribers: Budgets }
}

impl Unread for AuthorizationDetails {
    fn unread<'a>(&'a self, wanted: &dyn Fn(FactKind) -> bool, found: &mut Vec<&'a Unreadable>) {
        self.roles.iter().for_each(|role| role.trust.unread(wanted, found));
        self.policies.iter().for_each(|policy| policy.document.unread(wanted, found));
    }
}

/// Facts that are read as a whole.
macro_rules! whole {
    ($($fact:ty),* $(,)?) => { $(impl Unread for $fact {})* };
}

whole!(
    bool,
    u32,
    ipnet::IpNet,
    String,
    AccountSummary,
    Address,
    Analyzer,
    BucketEncryption,
    CacheCluster,
    Certificate,
    ClientVpnEndpoint,
    ConfigRecorder,
    CredentialReportRow,
    DbCluster,
    DbInstance,
    Distribution,
    Domain,
    EventSelectors,
    FileSystem,
    FlowLog,
    Grant,
    Instance,
    InspectorStatus,
    InstanceProfile,
    LifecycleRule,
    Listener,
    ManagedInstance,
    NetworkAcl,
    NetworkInterface,
    PasswordPolicy,
    PatchState,
    crate::Policy,
    PublicAccessBlock,
    Record,
    RedshiftCluster,
    ReplicationGroup,
    RouteTable,
    SearchDomain,
    Secret,
    SecurityGroup,
    Snapshot,
    SsmParameter,
    TaggedResource,
    Subnet,
    SubnetGroup,
    TaskDefinition,
    TrailStatus,
    Versioning,
    Volume,
    Vpc,
    VpnConnection,
    VpcPeeringConnection,
);
