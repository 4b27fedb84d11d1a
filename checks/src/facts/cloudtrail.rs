//! CloudTrail: trails, what they record and the buckets that they write to.

use serde::{Deserialize, Serialize};

use super::{Grant, PublicAccessBlock};
use crate::{Policy, Reading, Resource};

/// A trail, listed once however many regions show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// Its name.
    pub name: String,
    /// Its ARN: unique, and names the owner's account.
    pub arn: String,
    /// The region it was made in.
    pub home_region: String,
    /// Records all regions.
    pub multi_region: bool,
    /// Belongs to the organization: made by its management account or a delegated administrator.
    pub organization: bool,
    /// Records global services such as IAM.
    pub global_service_events: Option<bool>,
    /// Signs its log files.
    pub log_file_validation: Option<bool>,
    /// The KMS key that encrypts its log files.
    pub kms_key_id: Option<String>,
    /// The bucket that it writes to.
    pub s3_bucket: Option<String>,
    /// Whether it is logging.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub status: Reading<TrailStatus>,
    /// Which events it records.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub event_selectors: Reading<EventSelectors>,
}

/// A trail's status.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailStatus {
    /// It is logging now.
    pub is_logging: bool,
    /// Why the last log file could not be delivered to the bucket; none when it was.
    pub latest_delivery_error: Option<String>,
}

/// Which events a trail records: basic or advanced selectors, never both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSelectors {
    /// Basic selectors.
    pub basic: Vec<EventSelector>,
    /// Advanced selectors.
    pub advanced: Vec<AdvancedEventSelector>,
}

/// A basic event selector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventSelector {
    /// `All`, `ReadOnly`, `WriteOnly`.
    pub read_write_type: String,
    /// Management events are recorded.
    pub include_management_events: bool,
    /// Services left out: `kms.amazonaws.com`, `rdsdata.amazonaws.com`.
    pub exclude_management_event_sources: Vec<String>,
}

/// An advanced event selector: an event is recorded when all field selectors match.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdvancedEventSelector {
    /// The conditions.
    pub fields: Vec<FieldSelector>,
}

/// One condition of an advanced event selector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSelector {
    /// `eventCategory`, `readOnly`, `eventSource`, `eventName`, `resources.type`, …
    pub field: String,
    /// The values of `Equals`.
    pub equals: Vec<String>,
    /// The values of `NotEquals`.
    pub not_equals: Vec<String>,
    /// Any of `StartsWith`, `EndsWith`, `NotStartsWith`, `NotEndsWith` is used.
    pub patterns: bool,
}

/// A bucket that some trail writes to, and what decides whether it is public.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrailBucket {
    /// Its name.
    pub name: String,
    /// Its region; none where it could not be read.
    pub region: Option<String>,
    /// Its own public access block; none where it has none.
    pub public_access_block: Reading<Option<PublicAccessBlock>>,
    /// Its policy; none where it has none.
    pub policy: Reading<Option<Policy>>,
    /// Its access control list.
    pub acl: Reading<Vec<Grant>>,
}

impl Resource for Trail {
    fn name(&self) -> &str {
        &self.name
    }

    fn region(&self) -> Option<&str> {
        Some(&self.home_region)
    }
}

impl Resource for TrailBucket {
    fn name(&self) -> &str {
        &self.name
    }

    fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}
