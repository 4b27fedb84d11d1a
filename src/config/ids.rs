//! The ids that `golive.toml` may name, for its schema, so that editors complete them.

use std::borrow::Cow;

use golive_checks::{SECTIONS, items, rules};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

macro_rules! ids {
    ($($name:ident, $what:literal, $ids:expr;)*) => {
        $(
            #[doc = $what]
            pub(super) enum $name {}

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    let ids: Vec<&str> = $ids;
                    json_schema!({ "description": $what, "type": "string", "enum": ids })
                }
            }
        )*
    };
}

fn sections() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().map(|section| section.id)
}

fn item_ids() -> impl Iterator<Item = &'static str> {
    items().map(|item| item.id)
}

fn rule_ids() -> impl Iterator<Item = &'static str> {
    rules().into_iter().map(|rule| rule.id)
}

ids! {
    SectionId, "A section of the checklist.", sections().collect();
    ItemId, "An item of the checklist.", item_ids().collect();
    RuleId, "A rule.", rule_ids().collect();
    AnyId, "A section, an item or a rule.", sections().chain(item_ids()).chain(rule_ids()).collect();
}
