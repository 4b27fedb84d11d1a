//! CloudFront: distributions.

use serde::{Deserialize, Serialize};

use crate::Resource;

/// A distribution.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Distribution {
    /// `E…`
    pub id: String,
    /// `d111111abcdef8.cloudfront.net`
    pub domain_name: String,
    /// It answers viewers.
    pub enabled: bool,
}

impl Resource for Distribution {
    fn name(&self) -> &str {
        &self.id
    }
}
