//! Elastic Load Balancing: load balancers of both generations.

use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

/// An Application, Network or Gateway Load Balancer, or a Classic one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancer {
    /// Its name.
    pub name: String,
    /// `application`, `network`, `gateway` or `classic`.
    pub kind: String,
    /// `internet-facing` or `internal`; none for Gateway Load Balancers.
    pub scheme: Option<String>,
    /// `web-1234567890.eu-west-1.elb.amazonaws.com`; none for Gateway Load Balancers.
    pub dns_name: Option<String>,
    /// Its listeners.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub listeners: Reading<Vec<Listener>>,
    /// Whether it has a web ACL; asked of internet-facing Application Load Balancers alone.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub has_web_acl: Reading<bool>,
}

/// A listener.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// The port.
    pub port: i32,
    /// `HTTP`, `HTTPS`, `TCP`, `TLS`, `SSL`, …
    pub protocol: String,
    /// Every request is redirected to HTTPS.
    pub only_redirects: bool,
    /// The security policy of a TLS listener.
    pub tls_policy: Option<String>,
    /// The protocol versions that the policy allows, as Elastic Load Balancing tells: `TLSv1.2`; none without TLS.
    pub tls_protocols: Option<Vec<String>>,
}

impl Resource for LoadBalancer {
    fn name(&self) -> &str {
        &self.name
    }
}
