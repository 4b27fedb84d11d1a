//! The checklist as a whole: its sections in order, and look-ups by id.

use crate::{
    Item, Rule, client_side, continuous_delivery, continuous_integration, cost_optimization, data_storage, monitoring,
    networking, scalability, security, server_side,
};

/// A section of the checklist.
#[derive(Debug)]
pub struct Section {
    /// `data-storage`.
    pub id: &'static str,
    /// `Data storage`.
    pub title: &'static str,
    /// Its items in checklist order.
    pub items: &'static [&'static Item],
}

/// The ten sections in checklist order.
pub const SECTIONS: &[Section] = &[
    Section { id: "server-side", title: "Server-side", items: server_side::ITEMS },
    Section { id: "client-side", title: "Client-side", items: client_side::ITEMS },
    Section { id: "data-storage", title: "Data storage", items: data_storage::ITEMS },
    Section { id: "scalability", title: "Scalability and High Availability", items: scalability::ITEMS },
    Section { id: "continuous-integration", title: "Continuous Integration", items: continuous_integration::ITEMS },
    Section { id: "continuous-delivery", title: "Continuous Delivery", items: continuous_delivery::ITEMS },
    Section { id: "networking", title: "Networking", items: networking::ITEMS },
    Section { id: "security", title: "Security", items: security::ITEMS },
    Section { id: "monitoring", title: "Monitoring", items: monitoring::ITEMS },
    Section { id: "cost-optimization", title: "Cost optimization", items: cost_optimization::ITEMS },
];

/// Every item in checklist order.
pub fn items() -> impl Iterator<Item = &'static Item> {
    SECTIONS.iter().flat_map(|section| section.items.iter().copied())
}

/// The item of this id.
pub fn item(id: &str) -> Option<&'static Item> {
    items().find(|item| item.id == id)
}

/// Every rule once, in the order of the first item that names it.
pub fn rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = Vec::new();
    for rule in items().flat_map(|item| item.rules.iter().copied()) {
        if !rules.iter().any(|known| known.id == rule.id) {
            rules.push(rule);
        }
    }
    rules
}

/// The rule of this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().into_iter().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Decides;

    #[test]
    fn the_checklist_has_93_items_in_ten_sections() {
        let counts: Vec<usize> = SECTIONS.iter().map(|section| section.items.len()).collect();
        assert_eq!(counts, [5, 6, 13, 9, 9, 11, 6, 16, 7, 11]);
        assert_eq!(items().count(), 93);
    }

    #[test]
    fn ids_are_unique_and_belong_to_their_section() {
        let ids: BTreeSet<_> = items().map(|item| item.id).collect();
        assert_eq!(ids.len(), 93);
        for section in SECTIONS {
            for item in section.items {
                assert_eq!(item.section(), section.id, "{}", item.id);
            }
        }
        for rule in rules() {
            assert!(!rule.id.contains('/'), "{}", rule.id);
        }
    }

    #[test]
    fn every_item_tells_what_why_and_how() {
        for item in items() {
            for text in [item.what, item.why, item.confirm] {
                assert!(text.len() > 40 && text.ends_with('.'), "{}: {text}", item.id);
            }
            assert!(!item.references.is_empty(), "{} has no reference", item.id);
            let ours = item.references.iter().all(|reference| reference.url.starts_with("https://"));
            assert!(ours, "{} has a reference that is no https address", item.id);
        }
    }

    #[test]
    fn every_rule_tells_how_it_is_decided_and_mended() {
        for rule in rules() {
            assert!(!rule.needs.is_empty(), "{}", rule.id);
            assert!(rule.decided.len() > 40 && rule.decided.ends_with('.'), "{}", rule.id);
            let remedy = rule.remedy;
            for text in [remedy.summary, remedy.console, remedy.cli, remedy.terraform] {
                assert!(!text.is_empty(), "{}", rule.id);
            }
            assert!(!rule.references.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn a_human_item_has_no_rules() {
        for item in items().filter(|item| item.decides == Decides::Human) {
            assert!(item.rules.is_empty() && item.pending.is_empty(), "{}", item.id);
        }
    }

    #[test]
    fn a_machine_item_without_rules_says_what_is_missing() {
        for item in items().filter(|item| item.decides == Decides::Machine && item.rules.is_empty()) {
            assert!(!item.pending.is_empty(), "{}", item.id);
        }
    }
}
