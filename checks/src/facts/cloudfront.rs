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
    /// The viewer protocol policies of its cache behaviors: `allow-all`, `https-only`, `redirect-to-https`.
    pub viewer_protocols: Vec<String>,
    /// It has CloudFront's certificate, and then takes TLS 1.0 whatever is set.
    pub default_certificate: bool,
    /// `TLSv1.2_2021`, …
    pub minimum_protocol: Option<String>,
    /// It has a web ACL, of AWS WAF or of AWS WAF Classic.
    pub has_web_acl: bool,
}

impl Resource for Distribution {
    fn name(&self) -> &str {
        &self.id
    }
}
