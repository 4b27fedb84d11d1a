//! Tags, as the Resource Groups Tagging API tells them.

use serde::{Deserialize, Serialize};

/// A resource with some of the tags that exceptions ask for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaggedResource {
    /// Its ARN.
    pub arn: String,
    /// Those of its tags that exceptions ask for.
    pub tags: Vec<Tag>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tag {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: String,
}
