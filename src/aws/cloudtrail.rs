//! CloudTrail: the trails that any audited region shows, each once, and the buckets that they write to.

use std::collections::BTreeSet;

use aws_sdk_cloudtrail::Client;
use futures_util::stream::{FuturesOrdered, FuturesUnordered, StreamExt};
use golive_checks::facts::{
    AdvancedEventSelector, EventSelector, EventSelectors, FieldSelector, Listing, Trail, TrailBucket, TrailStatus,
};
use golive_checks::operations::{DESCRIBE_TRAILS, GET_EVENT_SELECTORS, GET_TRAIL_STATUS};
use golive_checks::{FactKind, Reading, Unreadable};
use tokio::sync::OnceCell;

use super::collect::Plan;
use super::s3::Buckets;
use super::wire::Wire;

/// The trails, listed once for all facts that are made of them.
#[derive(Debug, Default)]
pub struct Trails(OnceCell<Listing<Trail>>);

impl Trails {
    /// The trails of all audited regions, without their details.
    ///
    /// Every region shows its own trails and the shadows of those that record it from elsewhere, an
    /// organization's included: the ARN tells them apart.
    async fn listed(&self, wire: &Wire, plan: &Plan) -> &Listing<Trail> {
        let list = async {
            let regions = plan.regions.iter().map(|region| describe(wire, region));
            let mut known = BTreeSet::new();
            let mut listing = Listing { found: Vec::new(), unreadable: Vec::new() };
            for answer in regions.collect::<FuturesUnordered<_>>().collect::<Vec<_>>().await {
                match answer {
                    Ok(trails) => {
                        listing.found.extend(trails.into_iter().filter(|trail| known.insert(trail.arn.clone())));
                    }
                    Err(reason) => listing.unreadable.push(reason),
                }
            }
            // Where the list of regions is incomplete, so is that of the trails.
            listing.unreadable.extend(plan.regions_unreadable.clone());
            listing.found.sort_by(|a, b| a.arn.cmp(&b.arn));
            listing.unreadable.sort();
            listing
        };
        self.0.get_or_init(|| list).await
    }
}

/// The trails with the details that the plan needs.
pub async fn trails(wire: &Wire, plan: &Plan, trails: &Trails) -> Listing<Trail> {
    let listed = trails.listed(wire, plan).await.clone();
    let found = listed.found.into_iter().map(|trail| with_details(wire, plan, trail));
    Listing { found: found.collect::<FuturesOrdered<_>>().collect().await, unreadable: listed.unreadable }
}

async fn describe(wire: &Wire, region: &str) -> Result<Vec<Trail>, Unreadable> {
    let client = wire.client(region, Client::new);
    let answer = wire.call(DESCRIBE_TRAILS, Some(region), || client.describe_trails().send()).await?;
    let malformed = |lacks| Unreadable::malformed(DESCRIBE_TRAILS, Some(region), format!("the answer lacks {lacks}"));
    let trails = answer.trail_list.ok_or_else(|| malformed("trailList"))?;
    trails.into_iter().map(|trail| convert(trail).map_err(malformed)).collect()
}

fn convert(trail: aws_sdk_cloudtrail::types::Trail) -> Result<Trail, &'static str> {
    Ok(Trail {
        name: trail.name.ok_or("Name")?,
        arn: trail.trail_arn.ok_or("TrailARN")?,
        home_region: trail.home_region.ok_or("HomeRegion")?,
        multi_region: trail.is_multi_region_trail.ok_or("IsMultiRegionTrail")?,
        organization: trail.is_organization_trail.unwrap_or_default(),
        global_service_events: trail.include_global_service_events,
        log_file_validation: trail.log_file_validation_enabled,
        kms_key_id: trail.kms_key_id.filter(|key| !key.is_empty()),
        s3_bucket: trail.s3_bucket_name.filter(|name| !name.is_empty()),
        status: Reading::NotRead,
        event_selectors: Reading::NotRead,
    })
}

async fn with_details(wire: &Wire, plan: &Plan, mut trail: Trail) -> Trail {
    let status =
        async { if plan.wants(FactKind::TrailStatus) { status(wire, &trail).await.into() } else { Reading::NotRead } };
    let selectors = async {
        if plan.wants(FactKind::TrailEventSelectors) { selectors(wire, &trail).await.into() } else { Reading::NotRead }
    };
    let (status, selectors) = tokio::join!(status, selectors);
    trail.status = status;
    trail.event_selectors = selectors;
    trail
}

async fn status(wire: &Wire, trail: &Trail) -> Result<TrailStatus, Unreadable> {
    let region = Some(trail.home_region.as_str());
    let request = wire.client(&trail.home_region, Client::new).get_trail_status().name(&trail.arn);
    let answer = wire.call(GET_TRAIL_STATUS, region, || request.clone().send()).await;
    let answer = answer.map_err(|failure| failure.unreadable.about(&trail.name))?;
    let lacks = || Unreadable::malformed(GET_TRAIL_STATUS, region, "the answer lacks IsLogging").about(&trail.name);
    Ok(TrailStatus {
        is_logging: answer.is_logging.ok_or_else(lacks)?,
        latest_delivery_error: answer.latest_delivery_error.filter(|error| !error.is_empty()),
    })
}

async fn selectors(wire: &Wire, trail: &Trail) -> Result<EventSelectors, Unreadable> {
    let region = Some(trail.home_region.as_str());
    let request = wire.client(&trail.home_region, Client::new).get_event_selectors().trail_name(&trail.arn);
    let answer = wire.call(GET_EVENT_SELECTORS, region, || request.clone().send()).await;
    let answer = answer.map_err(|failure| failure.unreadable.about(&trail.name))?;
    let basic = answer.event_selectors.unwrap_or_default().into_iter().map(|selector| EventSelector {
        // AWS documents `All` and `true` as the defaults of what is left out.
        read_write_type: selector.read_write_type.map_or_else(|| "All".into(), |kind| kind.as_str().into()),
        include_management_events: selector.include_management_events.unwrap_or(true),
        exclude_management_event_sources: selector.exclude_management_event_sources.unwrap_or_default(),
    });
    let advanced = answer.advanced_event_selectors.unwrap_or_default().into_iter().map(|selector| {
        let fields = selector.field_selectors.into_iter().map(|field| {
            let patterns = [&field.starts_with, &field.ends_with, &field.not_starts_with, &field.not_ends_with];
            FieldSelector {
                patterns: patterns.into_iter().flatten().any(|values| !values.is_empty()),
                field: field.field,
                equals: field.equals.unwrap_or_default(),
                not_equals: field.not_equals.unwrap_or_default(),
            }
        });
        AdvancedEventSelector { fields: fields.collect() }
    });
    Ok(EventSelectors { basic: basic.collect(), advanced: advanced.collect() })
}

/// The buckets of the trails, each once, with what decides whether they are public.
pub async fn buckets(wire: &Wire, plan: &Plan, trails: &Trails, buckets: &Buckets) -> Listing<TrailBucket> {
    let trails = trails.listed(wire, plan).await;
    let names: BTreeSet<&String> = trails.found.iter().filter_map(|trail| trail.s3_bucket.as_ref()).collect();
    let read = names.into_iter().map(|name| buckets.trail_bucket(wire, name));
    let mut found: Vec<TrailBucket> = read.collect::<FuturesUnordered<_>>().collect().await;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Listing { found, unreadable: trails.unreadable.clone() }
}
