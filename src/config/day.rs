//! Days as people write them: TOML dates, or strings of the same form.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Days that an attestation counts, unless it says otherwise.
pub const DEFAULT_DAYS: i64 = 180;

/// A day of the calendar, taken in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

/// The last day that something counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It counts to the end of this day.
    On(Day),
    /// It counts for ever.
    Never,
}

/// The day of a moment, in UTC.
pub fn day_of(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}

/// Today, in UTC.
pub fn today() -> Date {
    day_of(Timestamp::now())
}

/// The day so many days later.
pub fn days_after(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// Reads `2026-11-25`.
pub fn parse(text: &str) -> Result<Date, String> {
    let strict = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = text.parse().ok().filter(|_| strict);
    date.ok_or_else(|| format!("`{text}` is no date; write one as 2026-11-25"))
}

struct DayVisitor {
    never: bool,
}

impl<'de> Visitor<'de> for DayVisitor {
    type Value = Expiry;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(if self.never { "a date such as 2026-11-25, or \"never\"" } else { "a date such as 2026-11-25" })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Expiry, E> {
        if self.never && text == "never" {
            return Ok(Expiry::Never);
        }
        let or_never = if self.never { ", or \"never\"" } else { "" };
        parse(text).map(|date| Expiry::On(Day(date))).map_err(|error| E::custom(format!("{error}{or_never}")))
    }

    // A TOML date comes as a map of its own.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Expiry, A::Error> {
        let date = toml::value::Datetime::deserialize(MapAccessDeserializer::new(map))?;
        self.visit_str(&date.to_string())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match from.deserialize_any(DayVisitor { never: false })? {
            Expiry::On(day) => Ok(day),
            Expiry::Never => Err(D::Error::custom("write a date as 2026-11-25")),
        }
    }
}

impl<'de> Deserialize<'de> for Expiry {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(DayVisitor { never: true })
    }
}

const PATTERN: &str = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "A date: 2026-11-25.", "type": "string", "pattern": format!("^{PATTERN}$") })
    }
}

impl JsonSchema for Expiry {
    fn schema_name() -> Cow<'static, str> {
        "Expiry".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let what = "The last day that it counts: 2026-11-25, or \"never\".";
        json_schema!({ "description": what, "type": "string", "pattern": format!("^({PATTERN}|never)$") })
    }
}
