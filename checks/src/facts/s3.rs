//! S3: buckets and their settings. A setting is read only where a chosen rule needs it.

use serde::{Deserialize, Serialize};

use crate::{Policy, Reading, Resource};

/// A general purpose bucket of this account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// Its region; none where it could not be read, and then no setting could be either.
    pub region: Option<String>,
    /// The default encryption; none where the bucket has no configuration.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub encryption: Reading<Option<BucketEncryption>>,
    /// The lifecycle rules; empty where the bucket has no configuration.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub lifecycle: Reading<Vec<LifecycleRule>>,
    /// The bucket policy; none where the bucket has none.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub policy: Reading<Option<Policy>>,
    /// The versioning state.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub versioning: Reading<Versioning>,
}

/// A bucket's default encryption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketEncryption {
    /// `AES256`, `aws:kms`, `aws:kms:dsse`.
    pub algorithm: String,
}

/// Whether a bucket keeps old versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Versioning {
    /// It does.
    Enabled,
    /// It did.
    Suspended,
    /// It never did.
    Never,
}

/// A lifecycle rule, reduced to what it does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LifecycleRule {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its status is `Enabled`.
    pub enabled: bool,
    /// It expires current objects (days or date) or noncurrent versions. Removing expired delete markers
    /// alone is not meant.
    pub expires: bool,
    /// It moves current objects or noncurrent versions to another storage class.
    pub transitions: bool,
    /// It aborts incomplete multipart uploads.
    pub aborts_multipart: bool,
}

/// The four switches of S3 Block Public Access, of a bucket or of the account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused.
    pub block_public_policy: bool,
    /// Public policies have no effect for others than AWS services and this account.
    pub restrict_public_buckets: bool,
}

/// A grant of a bucket's access control list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The grantee's URI when it is a predefined group, such as
    /// `http://acs.amazonaws.com/groups/global/AllUsers`.
    pub group_uri: Option<String>,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
    pub permission: String,
}

impl Resource for Bucket {
    fn name(&self) -> &str {
        &self.name
    }

    fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }
}
