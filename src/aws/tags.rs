//! The Resource Groups Tagging API: tags of a region's resources.

use aws_sdk_resourcegroupstagging::operation::get_resources::GetResourcesOutput;
use aws_sdk_resourcegroupstagging::types::{ResourceTagMapping, TagFilter};
use golive_checks::Unreadable;
use golive_checks::facts::{Tag, TaggedResource};
use golive_checks::operations::GET_RESOURCES;

use super::wire::Wire;

/// Resources of a page: the most that the API allows.
const PAGE: i32 = 100;

/// What has tags with some of these keys, and those tags alone.
pub async fn tagged_resources(wire: &Wire, keys: &[String], region: &str) -> Result<Vec<TaggedResource>, Unreadable> {
    let client = wire.client(region, aws_sdk_resourcegroupstagging::Client::new);
    let mut found = Vec::new();
    // Several filters in one request would ask for resources with all of the keys.
    for key in keys {
        let send = |token| {
            let filter = TagFilter::builder().key(key).build();
            client.get_resources().tag_filters(filter).resources_per_page(PAGE).set_pagination_token(token).send()
        };
        let convert = |resource: ResourceTagMapping| {
            let tags = resource.tags.unwrap_or_default().into_iter().filter(|tag| tag.key == *key);
            let tags = tags.map(|tag| Tag { key: tag.key, value: tag.value }).collect();
            Ok(TaggedResource { arn: resource.resource_arn.ok_or("ResourceARN")?, tags })
        };
        let split = |page: GetResourcesOutput| (page.resource_tag_mapping_list, page.pagination_token);
        found.extend(wire.list(GET_RESOURCES, Some(region), send, split, convert).await?);
    }
    Ok(found)
}
