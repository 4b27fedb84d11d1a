//! Route 53: hosted zones and registered domains.

use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

/// A hosted zone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostedZone {
    /// Its name with the dot at the end: `example.com.`
    pub name: String,
    /// It answers inside VPCs only.
    pub private: bool,
    /// How many record sets it has.
    pub record_sets: i64,
    /// Its record sets that point somewhere: A, AAAA and CNAME.
    #[serde(default, skip_serializing_if = "Reading::is_not_read")]
    pub records: Reading<Vec<Record>>,
}

/// A record set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Its name with the dot at the end; `*` is written `\\052`.
    pub name: String,
    /// `A`, `AAAA` or `CNAME`.
    pub kind: String,
    /// Its values, or the name that an alias stands for.
    pub targets: Vec<String>,
}

/// A registered domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// Its name.
    pub name: String,
    /// It renews by itself.
    pub auto_renew: Option<bool>,
    /// It cannot be transferred to another registrar.
    pub transfer_lock: Option<bool>,
}

impl Resource for Domain {
    fn name(&self) -> &str {
        &self.name
    }
}
