//! Route 53: hosted zones with their records, and registered domains. Global.

use aws_sdk_route53::types::{ResourceRecordSet, RrType};
use futures_util::stream::{FuturesOrdered, StreamExt};
use golive_checks::facts::{Domain, HostedZone, Record};
use golive_checks::operations::{LIST_DOMAINS, LIST_HOSTED_ZONES, LIST_RESOURCE_RECORD_SETS};
use golive_checks::{FactKind, Reading, Unreadable};

use super::collect::Plan;
use super::wire::Wire;

/// Entries of a page: the most that Route 53 allows.
const ZONES_PAGE: i32 = 100;
const RECORDS_PAGE: i32 = 300;
const DOMAINS_PAGE: i32 = 100;
/// Where the registry of domains answers.
const DOMAINS_REGION: &str = "us-east-1";

/// The hosted zones, with their records where the plan needs them.
pub async fn hosted_zones(wire: &Wire, plan: &Plan) -> Result<Vec<HostedZone>, Unreadable> {
    let client = wire.client(&wire.home_region, aws_sdk_route53::Client::new);
    let send = |marker| client.list_hosted_zones().max_items(ZONES_PAGE).set_marker(marker).send();
    let split = |page: aws_sdk_route53::operation::list_hosted_zones::ListHostedZonesOutput| {
        (Some(page.hosted_zones), page.next_marker.filter(|_| page.is_truncated))
    };
    let listed = wire.list(LIST_HOSTED_ZONES, None, send, split, Ok).await?;
    let read = listed.into_iter().map(async |zone: aws_sdk_route53::types::HostedZone| HostedZone {
        records: if plan.wants(FactKind::Records) {
            records(wire, &zone.id).await.map_err(|reason| reason.about(&zone.name)).into()
        } else {
            Reading::NotRead
        },
        private: zone.config.is_some_and(|config| config.private_zone),
        record_sets: zone.resource_record_set_count.unwrap_or_default(),
        name: zone.name,
    });
    Ok(read.collect::<FuturesOrdered<_>>().collect().await)
}

/// The record sets of a zone that point somewhere. A page's token is the name, type and identifier that come next.
async fn records(wire: &Wire, zone: &str) -> Result<Vec<Record>, Unreadable> {
    let client = wire.client(&wire.home_region, aws_sdk_route53::Client::new);
    let zone = zone.trim_start_matches("/hostedzone/");
    let send = |token: Option<String>| {
        let mut parts = token.iter().flat_map(|token| token.split('\n')).map(str::to_owned);
        let (name, kind, identifier) = (parts.next(), parts.next(), parts.next());
        let request = client.list_resource_record_sets().hosted_zone_id(zone).max_items(RECORDS_PAGE);
        let request =
            request.set_start_record_name(name).set_start_record_type(kind.map(|kind| RrType::from(kind.as_str())));
        request.set_start_record_identifier(identifier.filter(|it| !it.is_empty())).send()
    };
    let split = |page: aws_sdk_route53::operation::list_resource_record_sets::ListResourceRecordSetsOutput| {
        let kind = page.next_record_type.as_ref().map(|kind| kind.as_str().to_owned()).unwrap_or_default();
        let identifier = page.next_record_identifier.unwrap_or_default();
        let next = page.next_record_name.filter(|_| page.is_truncated);
        (Some(page.resource_record_sets), next.map(|name| format!("{name}\n{kind}\n{identifier}")))
    };
    let convert = |set: ResourceRecordSet| Ok(set);
    let listed = wire.list(LIST_RESOURCE_RECORD_SETS, None, send, split, convert).await?;
    let points = |set: &ResourceRecordSet| matches!(set.r#type, RrType::A | RrType::Aaaa | RrType::Cname);
    Ok(listed.into_iter().filter(points).map(record).collect())
}

fn record(set: ResourceRecordSet) -> Record {
    let alias = set.alias_target.map(|alias| alias.dns_name);
    let values = set.resource_records.unwrap_or_default().into_iter().map(|record| record.value);
    Record { targets: alias.into_iter().chain(values).collect(), kind: set.r#type.as_str().to_owned(), name: set.name }
}

/// The domains that are registered with Route 53, which other partitions do not have.
pub async fn domains(wire: &Wire) -> Result<Vec<Domain>, Unreadable> {
    if wire.partition != "aws" {
        return Ok(Vec::new());
    }
    let client = wire.client(DOMAINS_REGION, aws_sdk_route53domains::Client::new);
    let send = |marker| client.list_domains().max_items(DOMAINS_PAGE).set_marker(marker).send();
    let convert = |domain: aws_sdk_route53domains::types::DomainSummary| {
        Ok(Domain {
            name: domain.domain_name.ok_or("DomainName")?,
            auto_renew: domain.auto_renew,
            transfer_lock: domain.transfer_lock,
        })
    };
    let split = |page: aws_sdk_route53domains::operation::list_domains::ListDomainsOutput| {
        (page.domains, page.next_page_marker)
    };
    Ok(wire.list(LIST_DOMAINS, None, send, split, convert).await?)
}
