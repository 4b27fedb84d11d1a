//! Which items and rules the user chose.

use std::collections::BTreeSet;

use golive_checks::{FactKind, Item, Rule, SECTIONS, Section, Severity, items, rules};

use crate::cli::Filters;
use crate::config::Config;
use crate::suggest::suggestion;

/// The chosen part of the checklist.
#[derive(Debug)]
pub struct Selection {
    /// The chosen items in checklist order.
    pub items: Vec<&'static Item>,
    /// Their chosen rules.
    pub rules: Vec<(&'static Item, &'static Rule)>,
    /// The keys of tags that exceptions ask for.
    pub tag_keys: BTreeSet<String>,
    /// Sections, items and rules that `golive.toml` leaves out.
    pub skipped: Vec<String>,
}

/// A choice that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SelectionError {
    #[error("unknown {kind} `{id}`{hint} (`golive list` shows them all)")]
    Unknown { kind: &'static str, id: String, hint: String },
    #[error("nothing is left to check: --skip, or `skip` in golive.toml, takes away all that was chosen")]
    Nothing,
}

impl SelectionError {
    /// An id that no item, section or rule has, with the one that may be meant.
    pub fn unknown(kind: &'static str, id: &str) -> Self {
        Self::Unknown { kind, id: id.to_owned(), hint: suggestion(id, ids(kind)) }
    }
}

impl Selection {
    /// Resolves the user's filters and the scope of `golive.toml`. Sections, items and rules add up; skips and the
    /// severity take away.
    pub fn new(filters: &Filters, config: &Config) -> Result<Self, SelectionError> {
        filters.sections.iter().try_for_each(|id| known("section", id))?;
        filters.items.iter().try_for_each(|id| known("item", id))?;
        filters.rules.iter().try_for_each(|id| known("rule", id))?;
        filters.skip.iter().try_for_each(|id| known("section, item or rule", id))?;

        let by_file = skipped_by_file(filters, config);
        let filters = &merged(filters, config, &by_file);
        let least = filters.severity.map_or(Severity::Low, Severity::from);
        let tag_keys = config.tag_keys();
        let mut selection = Self { items: Vec::new(), rules: Vec::new(), tag_keys, skipped: by_file };
        for item in items().filter(|item| !skipped(filters, item)) {
            let whole = whole(filters, item);
            let chosen = |rule: &&Rule| {
                (whole || filters.rules.iter().any(|id| id == rule.id))
                    && !filters.skip.iter().any(|id| id == rule.id)
                    && rule.severity >= least
            };
            let before = selection.rules.len();
            selection.rules.extend(item.rules.iter().copied().filter(chosen).map(|rule| (item, rule)));
            if whole || selection.rules.len() > before {
                selection.items.push(item);
            }
        }
        if selection.items.is_empty() { Err(SelectionError::Nothing) } else { Ok(selection) }
    }

    /// Whether a rule was chosen for an item.
    pub fn has(&self, item: &Item, rule: &Rule) -> bool {
        self.rules.iter().any(|(its, chosen)| its.id == item.id && chosen.id == rule.id)
    }

    /// The sections that have chosen items, with those.
    pub fn sections(&self) -> impl Iterator<Item = (&'static Section, Vec<&'static Item>)> {
        SECTIONS.iter().filter_map(|section| {
            let items: Vec<_> = self.items.iter().copied().filter(|item| item.section() == section.id).collect();
            (!items.is_empty()).then_some((section, items))
        })
    }

    /// The facts that the chosen rules need, and those that are evidence for an item that was chosen whole.
    pub fn needs(&self) -> impl Iterator<Item = FactKind> {
        let whole = |item: &&&Item| item.rules.iter().all(|rule| self.has(item, rule));
        let evidence = self.items.iter().filter(whole).flat_map(|item| item.evidence_needs());
        let tags = (!self.tag_keys.is_empty()).then_some(FactKind::TaggedResources);
        self.rules.iter().flat_map(|(_, rule)| rule.needs.iter().copied()).chain(evidence).chain(tags)
    }

    /// The IAM actions that reading for the chosen items needs, sorted.
    pub fn permissions(&self) -> Vec<&'static str> {
        permissions(self.needs())
    }
}

/// The IAM actions that reading these facts needs, sorted.
pub fn permissions(facts: impl Iterator<Item = FactKind>) -> Vec<&'static str> {
    let operations = facts.flat_map(FactKind::with_parent).flat_map(FactKind::operations);
    let mut actions: Vec<_> = operations.map(|operation| operation.permission).collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// What `golive.toml` leaves out, but for what the command line names.
fn skipped_by_file(filters: &Filters, config: &Config) -> Vec<String> {
    let named = [&filters.sections, &filters.items, &filters.rules];
    let mut skip: Vec<String> = config.scope.skip.iter().map(|id| id.get_ref().clone()).collect();
    skip.retain(|id| !named.iter().any(|names| names.contains(id)));
    skip
}

/// The filters with what `golive.toml` says where the command line says nothing.
fn merged(filters: &Filters, config: &Config, skipped: &[String]) -> Filters {
    let mut filters = filters.clone();
    if filters.sections.is_empty() && filters.items.is_empty() && filters.rules.is_empty() {
        let texts = |list: &[toml::Spanned<String>]| list.iter().map(|id| id.get_ref().clone()).collect();
        filters.sections = texts(&config.scope.sections);
        filters.items = texts(&config.scope.items);
    }
    filters.skip.extend_from_slice(skipped);
    filters
}

/// Whether every rule of an item is chosen, but for those that are taken away.
fn whole(filters: &Filters, item: &Item) -> bool {
    let all = filters.sections.is_empty() && filters.items.is_empty() && filters.rules.is_empty();
    all || filters.sections.iter().any(|id| id == item.section()) || filters.items.iter().any(|id| id == item.id)
}

fn skipped(filters: &Filters, item: &Item) -> bool {
    filters.skip.iter().any(|id| id == item.id || id == item.section())
}

fn known(kind: &'static str, id: &str) -> Result<(), SelectionError> {
    if ids(kind).contains(&id) { Ok(()) } else { Err(SelectionError::unknown(kind, id)) }
}

/// The ids of a kind, or of several: `section, item or rule`.
pub fn ids(kind: &str) -> Vec<&'static str> {
    let mut ids: Vec<&str> = Vec::new();
    if kind.contains("section") {
        ids.extend(SECTIONS.iter().map(|section| section.id));
    }
    if kind.contains("item") {
        ids.extend(items().map(|item| item.id));
    }
    if kind.contains("rule") {
        ids.extend(rules().iter().map(|rule| rule.id));
    }
    ids
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;

    use super::*;
    use crate::cli::Level;

    fn ids(filters: &Filters) -> (Vec<&'static str>, Vec<&'static str>) {
        with(filters, "")
    }

    fn with(filters: &Filters, scope: &str) -> (Vec<&'static str>, Vec<&'static str>) {
        let text = format!("[scope]\n{scope}");
        let config = Config::parse(Path::new("golive.toml"), text, date(2026, 11, 25)).expect("a configuration");
        let selection = Selection::new(filters, &config).expect("a selection");
        let items = selection.items.iter().map(|item| item.id).collect();
        (items, selection.rules.iter().map(|(_, rule)| rule.id).collect())
    }

    fn list(ids: &[&str]) -> Vec<String> {
        ids.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn nothing_chosen_means_everything() {
        assert_eq!(ids(&Filters::default()).0.len(), 93);
    }

    #[test]
    fn sections_items_and_rules_add_up() {
        let filters = Filters {
            sections: list(&["client-side"]),
            items: list(&["networking/set-up-vpcs"]),
            rules: list(&["user-mfa"]),
            ..Filters::default()
        };
        let (items, rules) = ids(&filters);
        assert_eq!(items.len(), 8);
        assert!(rules.contains(&"vpc-flow-logs") && rules.contains(&"user-mfa") && !rules.contains(&"root-mfa"));
    }

    #[test]
    fn skips_and_severity_take_away() {
        let filters = Filters {
            items: list(&["networking/set-up-vpcs"]),
            skip: list(&["default-vpc-unused"]),
            severity: Some(Level::Medium),
            ..Filters::default()
        };
        assert_eq!(ids(&filters).1, ["vpc-flow-logs"]);
    }

    #[test]
    fn an_unknown_id_suggests_the_nearest() {
        let filters = Filters { items: list(&["networking/setup-vpcs"]), ..Filters::default() };
        let error = Selection::new(&filters, &Config::default()).expect_err("no such item").to_string();
        assert_eq!(
            error,
            "unknown item `networking/setup-vpcs`; did you mean `networking/set-up-vpcs`? (`golive list` shows them all)"
        );
    }

    #[test]
    fn skipping_all_is_an_error() {
        let filters = Filters { sections: list(&["networking"]), skip: list(&["networking"]), ..Filters::default() };
        assert!(matches!(Selection::new(&filters, &Config::default()), Err(SelectionError::Nothing)));
    }

    #[test]
    fn the_command_line_comes_before_the_file() {
        let scope =
            "sections = ['networking']\nitems = ['security/create-iam-users']\nskip = ['sg-unused', 'user-mfa']";
        let (items, rules) = with(&Filters::default(), scope);
        assert_eq!(items.len(), 7);
        assert!(!rules.contains(&"sg-unused") && rules.contains(&"vpc-flow-logs"));
        let security = Filters { sections: list(&["security"]), skip: list(&["root-mfa"]), ..Filters::default() };
        let (items, rules) = with(&security, scope);
        assert_eq!(items.len(), 16);
        // Skips add up.
        assert!(!rules.contains(&"root-mfa") && !rules.contains(&"user-mfa"));
        // What is named is wanted.
        let named = Filters { rules: list(&["user-mfa"]), ..Filters::default() };
        assert!(with(&named, scope).1.contains(&"user-mfa"));
    }
}
