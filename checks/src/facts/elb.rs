//! Elastic Load Balancing: load balancers of both generations.

use serde::{Deserialize, Serialize};

use crate::Resource;

/// An Application, Network or Gateway Load Balancer, or a Classic one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadBalancer {
    /// Its ARN; none for a Classic Load Balancer.
    pub arn: Option<String>,
    /// Its name.
    pub name: String,
    /// `application`, `network`, `gateway` or `classic`.
    pub kind: String,
    /// `internet-facing` or `internal`; none for Gateway Load Balancers.
    pub scheme: Option<String>,
    /// `web-1234567890.eu-west-1.elb.amazonaws.com`; none for Gateway Load Balancers.
    pub dns_name: Option<String>,
}

impl Resource for LoadBalancer {
    fn name(&self) -> &str {
        &self.name
    }
}
