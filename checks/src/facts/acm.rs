//! ACM: certificates.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::Resource;

/// A certificate, issued by ACM or imported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The last part of its ARN.
    pub id: String,
    /// Its domain name.
    pub domain_name: String,
    /// `ISSUED`, `EXPIRED`, …
    pub status: Option<String>,
    /// Some other AWS resource uses it. None when the answer lacks it.
    pub in_use: Option<bool>,
    /// When it ends.
    pub not_after: Option<Timestamp>,
}

impl Resource for Certificate {
    fn name(&self) -> &str {
        &self.id
    }
}
