//! The facts that rules judge: plain structs, one file per AWS service, holding only what some rule reads.
//!
//! They are AWS's own resources under AWS's own names, so every field is documented by the API reference of
//! its service; only what differs is told here. All text in them is untrusted.

mod billing;
mod cloudtrail;
mod ec2;
mod iam;
mod rds;
mod s3;

pub use billing::{AlarmAction, BillingAlarm, Budget, BudgetNotification};
pub use cloudtrail::{
    AdvancedEventSelector, EventSelector, EventSelectors, FieldSelector, Trail, TrailBucket, TrailStatus,
};
pub use ec2::{FlowLog, NetworkInterface, PeeredVpc, Snapshot, Subnet, Volume, Vpc, VpcPeeringConnection};
pub use iam::{AccountSummary, CredentialReportRow, PasswordPolicy, ReportFlag};
pub use rds::{ClusterMember, DbCluster, DbInstance};
pub use s3::{Bucket, BucketEncryption, Grant, LifecycleRule, PublicAccessBlock, Versioning};

use serde::{Deserialize, Serialize};

use crate::Unreadable;

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
