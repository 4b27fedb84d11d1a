//! The ids that `golive.toml` may name, for its schema, so that editors complete them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::selection::ids;

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

ids! {
    SectionId, "A section of the checklist.", ids("section");
    ItemId, "An item of the checklist.", ids("item");
    RuleId, "A rule.", ids("rule");
    AnyId, "A section, an item or a rule.", ids("section, item or rule");
}
