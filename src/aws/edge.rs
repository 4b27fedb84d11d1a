//! CloudFront's distributions and ACM's certificates.

use aws_sdk_acm::types::{Filters, KeyAlgorithm};
use aws_sdk_cloudfront::types::ViewerProtocolPolicy;
use golive_checks::Unreadable;
use golive_checks::facts::{Certificate, Distribution};
use golive_checks::operations::{LIST_CERTIFICATES, LIST_DISTRIBUTIONS};
use jiff::Timestamp;

use super::wire::Wire;

/// Entries of a page: the most that CloudFront allows.
const DISTRIBUTIONS_PAGE: i32 = 100;
/// ... and ACM.
const CERTIFICATES_PAGE: i32 = 1000;

/// The distributions. CloudFront is global.
pub async fn distributions(wire: &Wire) -> Result<Vec<Distribution>, Unreadable> {
    let client = wire.client(&wire.home_region, aws_sdk_cloudfront::Client::new);
    let send = |marker| client.list_distributions().max_items(DISTRIBUTIONS_PAGE).set_marker(marker).send();
    // A list without distributions has a quantity of 0 and no items.
    let split = |page: aws_sdk_cloudfront::operation::list_distributions::ListDistributionsOutput| {
        let list = page.distribution_list;
        let next = list.as_ref().and_then(|list| list.next_marker.clone());
        let items = list.and_then(|list| match list.quantity {
            0 => Some(Vec::new()),
            _ => list.items,
        });
        (items, next)
    };
    Ok(wire.list(LIST_DISTRIBUTIONS, None, send, split, distribution).await?)
}

fn distribution(it: aws_sdk_cloudfront::types::DistributionSummary) -> Result<Distribution, &'static str> {
    let default = it.default_cache_behavior().ok_or("DefaultCacheBehavior")?.viewer_protocol_policy();
    let others = it.cache_behaviors().map(|behaviors| behaviors.items()).unwrap_or_default();
    let policies = others.iter().map(|behavior| behavior.viewer_protocol_policy()).chain([default]);
    let policies: Vec<_> = policies.cloned().collect();
    // The SDK fills in what an answer lacks.
    if policies.iter().any(|policy| !ViewerProtocolPolicy::values().contains(&policy.as_str())) {
        return Err("a known ViewerProtocolPolicy");
    }
    let certificate = it.viewer_certificate();
    Ok(Distribution {
        viewer_protocols: policies.iter().map(|policy| policy.as_str().to_owned()).collect(),
        // Without a certificate of its own it has CloudFront's.
        default_certificate: certificate.is_none_or(|it| it.cloud_front_default_certificate() == Some(true)),
        minimum_protocol: certificate
            .and_then(|it| it.minimum_protocol_version())
            .map(|version| version.as_str().to_owned()),
        has_web_acl: !it.web_acl_id().is_empty(),
        enabled: it.enabled,
        id: it.id,
        domain_name: it.domain_name,
    })
}

/// The certificates of a region.
pub async fn certificates(wire: &Wire, region: &str) -> Result<Vec<Certificate>, Unreadable> {
    let client = wire.client(region, aws_sdk_acm::Client::new);
    let send = |token| {
        // Unless asked, ACM hides all but RSA keys of 1024 and 2048 bits.
        let kinds = KeyAlgorithm::values().iter().map(|kind| KeyAlgorithm::from(*kind)).collect();
        let filters = Filters::builder().set_key_types(Some(kinds)).build();
        client.list_certificates().includes(filters).max_items(CERTIFICATES_PAGE).set_next_token(token).send()
    };
    let convert = |certificate: aws_sdk_acm::types::CertificateSummary| {
        let arn = certificate.certificate_arn.ok_or("CertificateArn")?;
        let not_after = certificate.not_after.map(|time| Timestamp::from_second(time.secs()));
        Ok(Certificate {
            id: arn.rsplit('/').next().unwrap_or_default().to_owned(),
            domain_name: certificate.domain_name.unwrap_or_default(),
            status: certificate.status.map(|status| status.as_str().to_owned()),
            in_use: certificate.in_use,
            not_after: not_after.transpose().map_err(|_| "a valid NotAfter")?,
        })
    };
    let split = |page: aws_sdk_acm::operation::list_certificates::ListCertificatesOutput| {
        (page.certificate_summary_list, page.next_token)
    };
    Ok(wire.list(LIST_CERTIFICATES, Some(region), send, split, convert).await?)
}
