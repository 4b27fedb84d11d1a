//! Older reports and recordings, to be compared with.

use std::borrow::Cow;
use std::path::Path;

use anyhow::{Context, bail};
use golive_checks::Assessment;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::config::Config;
use crate::report::json::{self, Item, Report};
use crate::selection::Selection;
use crate::{recording, review};

/// Enough of a file to tell what it is.
#[derive(Deserialize)]
struct Header {
    schema_version: Option<u32>,
    tool_version: Option<String>,
    items: Option<IgnoredAny>,
}

/// What was found of an account at some time.
pub struct Past {
    /// The account's id.
    pub account: String,
    /// The audited regions.
    pub regions: Vec<String>,
    /// When it was read (RFC 3339).
    pub taken_at: String,
    found: Found,
}

enum Found {
    Report(Vec<Item<'static>>),
    Recording(Assessment),
}

impl Past {
    /// Reads a JSON report, or judges a recording by the chosen rules and by `golive.toml`. The error names the file,
    /// the place in it and the remedy.
    pub fn read(path: &Path, selection: &Selection, config: &Config) -> anyhow::Result<Self> {
        let name = path.display();
        let text = recording::text(path, "report or recording")?;
        let remedy = "give it a file that `golive audit` wrote with --format json or --record";
        let header: Header = serde_json::from_str(&text).with_context(|| format!("cannot use {name}; {remedy}"))?;
        if header.items.is_none() {
            let account = recording::parse(&text).with_context(|| format!("cannot use {name}"))?;
            let (assessment, _) = review::judge(&account, selection, config);
            return Ok(Self {
                account: account.id,
                regions: account.regions.into_iter().map(|region| region.name).collect(),
                taken_at: account.taken_at.to_string(),
                found: Found::Recording(assessment),
            });
        }
        match header.schema_version {
            Some(json::SCHEMA_VERSION) => {}
            Some(version) => {
                let by = header.tool_version.map(|tool| format!(" by golive {tool}")).unwrap_or_default();
                let ours = json::SCHEMA_VERSION;
                bail!("the report {name} has version {version}{by} and this golive reads version {ours}; make it again")
            }
            None => bail!("{name} is JSON, but no report of golive: it has no `schema_version`; {remedy}"),
        }
        let report: Report<'static> =
            serde_json::from_str(&text).with_context(|| format!("cannot use the report {name}; make it again"))?;
        Ok(Self {
            account: report.account.into_owned(),
            regions: report.regions.into_iter().map(Cow::into_owned).collect(),
            taken_at: report.taken_at.into_owned(),
            found: Found::Report(report.items),
        })
    }

    /// Does something with its items.
    pub fn with_items<T>(&self, work: impl FnOnce(&[Item<'_>]) -> T) -> T {
        match &self.found {
            Found::Report(items) => work(items),
            Found::Recording(assessment) => work(&json::items(assessment)),
        }
    }
}
