//! Elastic Load Balancing: load balancers of both generations in one region, with their listeners and web ACLs.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_elasticloadbalancing as classic;
use aws_sdk_elasticloadbalancingv2 as v2;
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::facts::{Listener, LoadBalancer};
use golive_checks::operations::{
    DESCRIBE_CLASSIC_LOAD_BALANCERS, DESCRIBE_LISTENERS, DESCRIBE_LOAD_BALANCER_POLICIES, DESCRIBE_LOAD_BALANCERS,
    DESCRIBE_RULES, DESCRIBE_SSL_POLICIES, GET_WEB_ACL_FOR_RESOURCE,
};
use golive_checks::{FactKind, Reading, Unreadable};

use super::collect::Plan;
use super::wire::{Once, Wire};

/// Entries of a page: the most that Elastic Load Balancing allows.
const PAGE: i32 = 400;

/// The load balancers of a region, with the details that the plan needs.
pub async fn load_balancers(wire: &Wire, plan: &Plan, region: &str) -> Result<Vec<LoadBalancer>, Unreadable> {
    let (current, classic) = tokio::join!(current(wire, plan, region), classic_ones(wire, plan, region));
    let mut balancers = current?;
    balancers.extend(classic?);
    Ok(balancers)
}

type Policies = Arc<HashMap<String, Vec<String>>>;

async fn current(wire: &Wire, plan: &Plan, region: &str) -> Result<Vec<LoadBalancer>, Unreadable> {
    let client = wire.client(region, v2::Client::new);
    let send = |marker| client.describe_load_balancers().page_size(PAGE).set_marker(marker).send();
    let split = |page: v2::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (page.load_balancers, page.next_marker)
    };
    let convert = |balancer: v2::types::LoadBalancer| {
        let kind = balancer.r#type.ok_or("Type")?.as_str().to_owned();
        let scheme = balancer.scheme.map(|scheme| scheme.as_str().to_owned());
        let name = balancer.load_balancer_name.ok_or("LoadBalancerName")?;
        let dns_name = balancer.dns_name.filter(|name| !name.is_empty());
        let (listeners, has_web_acl) = (Reading::NotRead, Reading::NotRead);
        let arn = balancer.load_balancer_arn.ok_or("LoadBalancerArn")?;
        Ok((arn, LoadBalancer { name, kind, scheme, dns_name, listeners, has_web_acl }))
    };
    let listed = wire.list(DESCRIBE_LOAD_BALANCERS, Some(region), send, split, convert).await?;
    let policies = Once::default();
    let read = listed.into_iter().map(async |(arn, mut balancer)| {
        let public = balancer.kind == "application" && balancer.scheme.as_deref() == Some("internet-facing");
        let listeners = async {
            if plan.wants(FactKind::Listeners) {
                listeners(wire, region, &arn, &policies).await.map_err(|reason| reason.about(&balancer.name)).into()
            } else {
                Reading::NotRead
            }
        };
        let has_web_acl = async {
            if plan.wants(FactKind::WebAcls) && public {
                has_web_acl(wire, region, &arn).await.map_err(|reason| reason.about(&balancer.name)).into()
            } else {
                Reading::NotRead
            }
        };
        let (listeners, has_web_acl) = tokio::join!(listeners, has_web_acl);
        (balancer.listeners, balancer.has_web_acl) = (listeners, has_web_acl);
        balancer
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

async fn listeners(
    wire: &Wire,
    region: &str,
    balancer: &str,
    policies: &Once<(), Result<Policies, Unreadable>>,
) -> Result<Vec<Listener>, Unreadable> {
    let client = wire.client(region, v2::Client::new);
    let send =
        |marker| client.describe_listeners().load_balancer_arn(balancer).page_size(PAGE).set_marker(marker).send();
    let split = |page: v2::operation::describe_listeners::DescribeListenersOutput| (page.listeners, page.next_marker);
    let mut listeners = Vec::new();
    for listener in wire.list(DESCRIBE_LISTENERS, Some(region), send, split, Ok).await? {
        let lacks =
            |what: &str| Unreadable::malformed(DESCRIBE_LISTENERS, Some(region), format!("a listener lacks {what}"));
        // A Gateway Load Balancer's listener has neither.
        let protocol = listener.protocol.as_ref().map_or_else(String::new, |protocol| protocol.as_str().to_owned());
        let only_redirects = protocol == "HTTP" && redirects(listener.default_actions()) && {
            let arn = listener.listener_arn.as_deref().ok_or_else(|| lacks("ListenerArn"))?;
            every_rule_redirects(wire, region, arn).await?
        };
        let tls_protocols = match (&listener.ssl_policy, protocol.as_str()) {
            (Some(policy), "HTTPS" | "TLS") => {
                let known = policies.get(&(), ssl_policies(wire, region)).await?;
                let unlisted = || {
                    let message = format!("the policy {policy:.60} is not listed");
                    Unreadable::malformed(DESCRIBE_SSL_POLICIES, Some(region), message)
                };
                Some(known.get(policy).cloned().ok_or_else(unlisted)?)
            }
            (None, "HTTPS" | "TLS") => return Err(lacks("SslPolicy")),
            _ => None,
        };
        let port = listener.port.unwrap_or_default();
        listeners.push(Listener { port, protocol, only_redirects, tls_policy: listener.ssl_policy, tls_protocols });
    }
    Ok(listeners)
}

async fn every_rule_redirects(wire: &Wire, region: &str, listener: &str) -> Result<bool, Unreadable> {
    let client = wire.client(region, v2::Client::new);
    let send = |marker| client.describe_rules().listener_arn(listener).page_size(PAGE).set_marker(marker).send();
    let split = |page: v2::operation::describe_rules::DescribeRulesOutput| (page.rules, page.next_marker);
    let convert = |rule: v2::types::Rule| Ok(redirects(rule.actions()));
    Ok(wire.list(DESCRIBE_RULES, Some(region), send, split, convert).await?.into_iter().all(|redirects| redirects))
}

/// Whether actions send a request to HTTPS. `#{protocol}` keeps it where it is.
fn redirects(actions: &[v2::types::Action]) -> bool {
    let to_https = |action: &v2::types::Action| {
        action.redirect_config().is_some_and(|to| to.protocol().is_some_and(|it| it.eq_ignore_ascii_case("HTTPS")))
    };
    actions.iter().any(to_https)
}

/// The protocol versions that each security policy allows.
async fn ssl_policies(wire: &Wire, region: &str) -> Result<Policies, Unreadable> {
    let client = wire.client(region, v2::Client::new);
    let send = |marker| client.describe_ssl_policies().page_size(PAGE).set_marker(marker).send();
    let split =
        |page: v2::operation::describe_ssl_policies::DescribeSslPoliciesOutput| (page.ssl_policies, page.next_marker);
    let convert =
        |policy: v2::types::SslPolicy| Ok((policy.name.ok_or("Name")?, policy.ssl_protocols.ok_or("SslProtocols")?));
    let listed = wire.list(DESCRIBE_SSL_POLICIES, Some(region), send, split, convert).await?;
    Ok(Arc::new(listed.into_iter().collect()))
}

async fn has_web_acl(wire: &Wire, region: &str, arn: &str) -> Result<bool, Unreadable> {
    let request = wire.client(region, aws_sdk_wafv2::Client::new).get_web_acl_for_resource().resource_arn(arn);
    match wire.call(GET_WEB_ACL_FOR_RESOURCE, Some(region), || request.clone().send()).await {
        Ok(answer) => Ok(answer.web_acl.is_some()),
        Err(failure) if failure.is(&["WAFNonexistentItemException"]) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

async fn classic_ones(wire: &Wire, plan: &Plan, region: &str) -> Result<Vec<LoadBalancer>, Unreadable> {
    let client = wire.client(region, classic::Client::new);
    let send = |marker| client.describe_load_balancers().page_size(PAGE).set_marker(marker).send();
    let split = |page: classic::operation::describe_load_balancers::DescribeLoadBalancersOutput| {
        (page.load_balancer_descriptions, page.next_marker)
    };
    let listed = wire.list(DESCRIBE_CLASSIC_LOAD_BALANCERS, Some(region), send, split, |balancer| {
        let name = balancer.load_balancer_name.clone().ok_or("LoadBalancerName")?;
        Ok((name, balancer))
    });
    let read = listed.await?.into_iter().map(async |(name, balancer)| LoadBalancer {
        listeners: if plan.wants(FactKind::Listeners) {
            classic_listeners(wire, region, &balancer, &name).await.map_err(|reason| reason.about(&name)).into()
        } else {
            Reading::NotRead
        },
        kind: "classic".to_owned(),
        scheme: balancer.scheme,
        dns_name: balancer.dns_name,
        has_web_acl: Reading::NotRead,
        name,
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

/// The listeners of a Classic Load Balancer. Its TLS versions are attributes of the policies of its listeners.
async fn classic_listeners(
    wire: &Wire,
    region: &str,
    balancer: &classic::types::LoadBalancerDescription,
    name: &str,
) -> Result<Vec<Listener>, Unreadable> {
    let lacks = |what: &str| {
        Unreadable::malformed(DESCRIBE_CLASSIC_LOAD_BALANCERS, Some(region), format!("a listener lacks {what}"))
    };
    let is_tls = |protocol: &str| ["HTTPS", "SSL"].contains(&protocol);
    let mut listeners = Vec::new();
    for description in balancer.listener_descriptions() {
        let listener = description.listener().ok_or_else(|| lacks("Listener"))?;
        let protocol = listener.protocol().to_uppercase();
        let mut tls_protocols = None;
        if is_tls(&protocol) {
            let names = description.policy_names().to_vec();
            tls_protocols = Some(classic_protocols(wire, region, name, names).await?);
        }
        let (port, tls_policy) = (listener.load_balancer_port(), description.policy_names().first().cloned());
        listeners.push(Listener { port, protocol, only_redirects: false, tls_policy, tls_protocols });
    }
    Ok(listeners)
}

async fn classic_protocols(
    wire: &Wire,
    region: &str,
    balancer: &str,
    policies: Vec<String>,
) -> Result<Vec<String>, Unreadable> {
    let operation = DESCRIBE_LOAD_BALANCER_POLICIES;
    let request = wire.client(region, classic::Client::new).describe_load_balancer_policies();
    let request = request.load_balancer_name(balancer).set_policy_names(Some(policies));
    let answer = wire.call(operation, Some(region), || request.clone().send()).await?;
    let described = answer.policy_descriptions();
    let attributes = described.iter().flat_map(|policy| policy.policy_attribute_descriptions());
    let on = attributes.filter(|attribute| attribute.attribute_value() == Some("true"));
    let protocols: Vec<String> =
        on.filter_map(|attribute| attribute.attribute_name()?.strip_prefix("Protocol-").map(str::to_owned)).collect();
    if protocols.is_empty() {
        return Err(Unreadable::malformed(operation, Some(region), "no policy tells a protocol"));
    }
    Ok(protocols)
}
