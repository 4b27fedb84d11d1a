//! `golive.toml`: scope, settings of rules, the gate, and what people say of the account.
//!
//! The file is read whole and checked before anything is asked of AWS. Every error names file, line and column.

pub mod day;
mod edit;
mod error;
mod ids;
mod template;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use golive_checks::{Settings, item, rule};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

pub use day::{Day, Expiry};
pub use edit::{NewAttestation, attest};
pub use error::ConfigError;
use error::Text;
use ids::{AnyId, ItemId, RuleId, SectionId};
pub use template::template;

use crate::cli::FailOn;
use crate::selection;
use crate::suggest::suggestion;

/// The name of the file.
pub const FILE: &str = "golive.toml";
/// What the people of the embedded demo account say.
const DEMO: &str = include_str!("../../fixtures/demo/golive.toml");
/// The largest file that is read, in bytes.
const LARGEST: u64 = 16 << 20;

/// What `golive.toml` says.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "golive.toml")]
pub struct Config {
    /// Which part of the checklist, and of the account.
    pub scope: Scope,
    /// Thresholds of the rules.
    #[schemars(with = "Settings")]
    settings: Option<Spanned<Settings>>,
    /// What the exit code says.
    pub gate: Gate,
    /// What people confirm.
    #[serde(rename = "attestation")]
    pub attestations: Vec<Attestation>,
    /// Failures that are accepted.
    #[serde(rename = "exception")]
    pub exceptions: Vec<Exception>,
    /// The file that it was read from.
    #[serde(skip)]
    source: Option<Text>,
}

/// Which part of the checklist, and of the account. The same options of the command line take their place.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Audit only these regions.
    #[schemars(with = "Vec<String>")]
    pub regions: Vec<Spanned<String>>,
    /// Only these sections.
    #[schemars(with = "Vec<SectionId>")]
    pub sections: Vec<Spanned<String>>,
    /// Only these items, together with those of `sections`.
    #[schemars(with = "Vec<ItemId>")]
    pub items: Vec<Spanned<String>>,
    /// Leave out these sections, items or rules. An item that does not apply is better attested so, with a reason.
    #[schemars(with = "Vec<AnyId>")]
    pub skip: Vec<Spanned<String>>,
}

/// What the exit code says. The same options of the command line take their place.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Gate {
    /// Exit 1 for failures at or above this severity; `none` turns it off.
    pub fail_on: Option<FailOn>,
    /// Exit 0 although something could not be read.
    pub allow_unknown: Option<bool>,
    /// Exit 1 while an item waits for a person to confirm it.
    pub require_manual: Option<bool>,
    /// Tolerate the failures of this older report or recording; the path is relative to this file.
    pub baseline: Option<PathBuf>,
}

/// A person's answer on an item. The latest one on an item counts.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The item, as `golive list` shows it.
    #[schemars(with = "ItemId")]
    pub item: Spanned<String>,
    /// Whether it is done.
    #[serde(default)]
    pub answer: AnswerWord,
    /// Who says so.
    #[schemars(with = "String")]
    pub by: Spanned<String>,
    /// When.
    #[schemars(with = "Day")]
    pub on: Spanned<Day>,
    /// The last day that it counts; 180 days after `on` unless it says otherwise. A no has none.
    #[serde(default)]
    #[schemars(with = "Option<Day>")]
    pub expires: Option<Spanned<Day>>,
    /// What was looked at; for `no` and `not-applicable`, the reason.
    #[serde(default)]
    pub note: String,
    /// Links to what proves it.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// The accounts that it speaks of, by their ids of twelve digits; every account unless it says otherwise.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub accounts: Vec<Spanned<String>>,
}

/// Whether an item is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerWord {
    /// It is done.
    #[default]
    Yes,
    /// It is not: the item fails, until somebody answers anew.
    No,
    /// The item does not speak of this account.
    NotApplicable,
}

/// Failures that are accepted: counted and listed, and no reason for the gate.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The rule.
    #[schemars(with = "RuleId")]
    pub rule: Spanned<String>,
    /// Only this resource: its id or name as the report shows it, with `*` and `?` as wildcards; or its ARN.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub resource: Option<Spanned<String>>,
    /// Only in this region; `global` for what belongs to none.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub region: Option<Spanned<String>>,
    /// Only in this account, by its id of twelve digits.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub account: Option<Spanned<String>>,
    /// Only resources with this tag: `key=value`, or `key` for any value; `*` and `?` in the value are wildcards.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub tag: Option<Spanned<String>>,
    /// Why it is accepted.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<String>,
    /// The last day that it counts, or "never".
    pub expires: Expiry,
}

impl AnswerWord {
    /// The last day that an answer of this day counts, unless another is given; none for a no.
    pub fn until(self, on: Date, given: Option<Date>) -> Option<Date> {
        (self != Self::No).then(|| given.unwrap_or_else(|| day::days_after(on, day::DEFAULT_DAYS)))
    }
}

impl Attestation {
    /// The last day that it counts; none for a no.
    pub fn until(&self) -> Option<Date> {
        self.answer.until(self.on.get_ref().0, self.expires.as_ref().map(|day| day.get_ref().0))
    }
}

impl Config {
    /// The configuration that `--config` names, or that of the working directory or of the nearest folder above
    /// that has one, or none.
    pub fn find(named: Option<&Path>) -> anyhow::Result<Self> {
        match named {
            Some(path) => Self::read(path),
            None => discover().map_or_else(|| Ok(Self::default()), |path| Self::read(&path)),
        }
    }

    /// That of the embedded demo account.
    pub fn demo() -> anyhow::Result<Self> {
        Ok(Self::parse(Path::new("demo/golive.toml"), DEMO.to_owned(), day::today())?)
    }

    /// Reads a file.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        Ok(Self::parse(path, read(path)?, day::today())?)
    }

    /// Understands the text of a file, and refuses what cannot be meant. What is said of later than tomorrow is.
    pub fn parse(path: &Path, text: String, today: Date) -> Result<Self, ConfigError> {
        let text = Text::new(path, text);
        let mut config: Self = toml::from_str(text.as_str()).map_err(|error| text.syntax(&error))?;
        config.check(&text, today)?;
        config.source = Some(text);
        Ok(config)
    }

    /// The thresholds of the rules.
    pub fn settings(&self) -> Settings {
        self.settings.as_ref().map(|settings| settings.get_ref().clone()).unwrap_or_default()
    }

    /// The older report or recording that the gate tolerates the failures of.
    pub fn baseline(&self) -> Option<PathBuf> {
        let folder = self.source.as_ref().and_then(Text::folder);
        self.gate.baseline.as_ref().map(|path| folder.unwrap_or(Path::new("")).join(path))
    }

    /// `golive.toml:12`, for warnings about what stands there.
    pub fn place<T>(&self, of: &Spanned<T>) -> String {
        self.source.as_ref().map(|source| source.place(of.span().start)).unwrap_or_default()
    }

    /// The keys of tags that some exception asks for.
    pub fn tag_keys(&self) -> BTreeSet<String> {
        self.exceptions.iter().filter_map(Exception::wanted_tag).map(|(key, _)| key.to_owned()).collect()
    }

    fn check(&self, text: &Text, today: Date) -> Result<(), ConfigError> {
        let Scope { regions, sections, items: chosen, skip } = &self.scope;
        regions.iter().try_for_each(|name| region(text, name))?;
        sections.iter().try_for_each(|id| known(text, &["section"], id))?;
        chosen.iter().try_for_each(|id| known(text, &["item"], id))?;
        skip.iter().try_for_each(|id| known(text, &["section", "item", "rule"], id))?;
        if let Some(settings) = &self.settings
            && let Some((name, fault)) = settings.get_ref().fault()
        {
            return Err(text.at_key(settings.span(), name, &format!("`{name}` {fault}")));
        }
        self.attestations.iter().try_for_each(|it| it.check(text, today))?;
        self.exceptions.iter().try_for_each(|it| it.check(text))
    }
}

impl Attestation {
    fn check(&self, text: &Text, today: Date) -> Result<(), ConfigError> {
        known(text, &["item"], &self.item)?;
        filled(text, &self.by, "`by` has to name who answers")?;
        self.accounts.iter().try_for_each(|id| account(text, id))?;
        let on = self.on.get_ref().0;
        // It may be tomorrow already where the answer was given.
        if on > day::days_after(today, 1) {
            return Err(text.at(self.on.span(), "`on` lies in the future; write the day of the answer"));
        }
        match &self.expires {
            Some(expires) if self.answer == AnswerWord::No => {
                return Err(text.at(expires.span(), "a no does not expire; take `expires` away"));
            }
            Some(expires) if expires.get_ref().0 < on => {
                return Err(text.at(expires.span(), "`expires` lies before `on`"));
            }
            _ => {}
        }
        if self.answer != AnswerWord::Yes && self.note.trim().is_empty() {
            return Err(text.at(self.item.span(), "an answer that is not yes needs a `note` with the reason"));
        }
        Ok(())
    }
}

impl Exception {
    /// The key and value of the tag that it asks for.
    pub fn wanted_tag(&self) -> Option<(&str, &str)> {
        self.tag.as_ref().map(|tag| split_tag(tag.get_ref()))
    }

    fn check(&self, text: &Text) -> Result<(), ConfigError> {
        known(text, &["rule"], &self.rule)?;
        filled(text, &self.reason, "`reason` has to say why it is accepted")?;
        if let Some(resource) = &self.resource {
            filled(text, resource, "`resource` is empty; take it away to accept every resource of the rule")?;
            let name = resource.get_ref().strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4));
            if name.is_some_and(|name| name.contains(['*', '?'])) {
                let message = "an ARN names one resource; for several give their names, such as `prod-*`";
                return Err(text.at(resource.span(), message));
            }
        }
        if let Some(tag) = &self.tag {
            let (key, _) = split_tag(tag.get_ref());
            if key.is_empty() || key.contains(['*', '?']) {
                return Err(text.at(tag.span(), "`tag` has to be `key=value` or `key`, without wildcards in the key"));
            }
        }
        if let Some(name) = self.region.as_ref().filter(|name| name.get_ref() != "global") {
            region(text, name)?;
        }
        self.account.as_ref().map_or(Ok(()), |id| account(text, id))
    }
}

/// The key and value of `key=value`, or of `key`, which has any value.
fn split_tag(tag: &str) -> (&str, &str) {
    let (key, value) = tag.split_once('=').unwrap_or((tag, "*"));
    (key.trim(), value.trim())
}

/// The file of the working directory or of the nearest folder above.
pub fn discover() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let found = here.ancestors().map(|folder| folder.join(FILE)).find(|path| path.is_file())?;
    // In the working directory its name is enough.
    Some(if found.parent() == Some(here.as_path()) { PathBuf::from(FILE) } else { found })
}

/// The text of a file.
pub fn read(path: &Path) -> anyhow::Result<String> {
    use anyhow::{Context, bail};
    let name = path.display();
    let file = fs::File::open(path).with_context(|| format!("cannot read {name}; `golive init` writes one"))?;
    let context = || format!("cannot read {name}");
    if file.metadata().with_context(context)?.is_dir() {
        bail!("cannot read {name}: it is a folder; name the file in it");
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).with_context(context)?;
    if bytes.len() as u64 > LARGEST {
        bail!("{name} is larger than 16 MiB; nobody wrote that by hand");
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..good].iter().filter(|byte| **byte == b'\n').count() + 1;
            bail!("{name}:{line}: it is not UTF-8 there; save it as UTF-8")
        }
    }
}

fn known(text: &Text, kinds: &[&str], id: &Spanned<String>) -> Result<(), ConfigError> {
    let candidates: Vec<&str> = kinds.iter().flat_map(|kind| selection::ids(kind)).collect();
    let name = id.get_ref().as_str();
    if candidates.contains(&name) {
        return Ok(());
    }
    let hint = suggestion(name, candidates);
    let other = match (item(name), rule(name)) {
        (Some(_), _) => " (that is an item)",
        (_, Some(_)) => " (that is a rule)",
        _ => "",
    };
    let kinds = kinds.join(" or ");
    Err(text.at(id.span(), &format!("unknown {kinds} `{name}`{other}{hint}; `golive list` shows them all")))
}

fn filled(text: &Text, value: &Spanned<String>, message: &str) -> Result<(), ConfigError> {
    if value.get_ref().trim().is_empty() { Err(text.at(value.span(), message)) } else { Ok(()) }
}

fn account(text: &Text, id: &Spanned<String>) -> Result<(), ConfigError> {
    if is_account(id.get_ref()) {
        return Ok(());
    }
    Err(text.at(id.span(), &format!("`{}` is no account id; those have twelve digits", id.get_ref())))
}

/// Whether a text is the id of an account.
pub fn is_account(id: &str) -> bool {
    id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())
}

/// A region's name has the form of `eu-west-1`. Whether it exists only the account tells.
fn region(text: &Text, name: &Spanned<String>) -> Result<(), ConfigError> {
    let parts: Vec<&str> = name.get_ref().split('-').collect();
    let word = |part: &&str| part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let formed = match parts.as_slice() {
        [words @ .., number] => {
            words.len() >= 2 && words.iter().all(word) && number.len() <= 2 && number.parse::<u8>().is_ok()
        }
        [] => false,
    };
    if formed {
        return Ok(());
    }
    Err(text.at(name.span(), &format!("`{}` is no region; those are called like `eu-west-1`", name.get_ref())))
}

/// The JSON Schema of the file (draft 2020-12).
pub fn schema() -> String {
    let schema = schemars::generate::SchemaSettings::draft2020_12().into_generator();
    let mut text = serde_json::to_string_pretty(&schema.into_root_schema_for::<Config>()).unwrap_or_default();
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn parse(text: &str) -> Result<Config, ConfigError> {
        Config::parse(Path::new("golive.toml"), text.to_owned(), date(2026, 11, 25))
    }

    fn refused(text: &str) -> String {
        parse(text).expect_err("it is refused").to_string()
    }

    #[test]
    fn the_schema_in_the_repository_is_that_of_the_types() {
        let kept = include_str!("golive.schema.json");
        assert!(kept == schema(), "run `cargo run -- schema config > src/config/golive.schema.json`");
    }

    const ATTESTATION: &str = "[[attestation]]\nitem = 'server-side/build-amis'\nby = 'Ann'\non = 2026-01-10\n";
    const EXCEPTION: &str = "[[exception]]\nrule = 'root-mfa'\nreason = 'a test'\nexpires = 'never'\n";

    #[test]
    fn every_mistake_is_told_with_its_place_and_the_remedy() {
        let attestation = |more: &str| format!("{ATTESTATION}{more}\n");
        let exception = |more: &str| format!("{EXCEPTION}{more}\n");
        let table = [
            ("[gate\n".to_owned(), "golive.toml:1:6: "),
            (
                "zzz = 1\n".to_owned(),
                "golive.toml:1:1: unknown key `zzz` (known: scope, settings, gate, attestation, exception)",
            ),
            (
                "[gate]\nfail_onn = 'high'\n".to_owned(),
                "golive.toml:2:1: unknown key `fail_onn`; did you mean `fail_on`?",
            ),
            ("[gate]\nfail_on = 'hihg'\n".to_owned(), "golive.toml:2:11: unknown value `hihg`; did you mean `high`?"),
            (
                "[gate]\nallow_unknown = 1\n".to_owned(),
                "golive.toml:2:17: invalid type: integer `1`, expected a boolean",
            ),
            ("[gate]\nfail_on = 'low'\nfail_on = 'low'\n".to_owned(), "golive.toml:3:1: duplicate key"),
            (
                "[scope]\nitems = ['networking/setup-vpcs']\n".to_owned(),
                "golive.toml:2:10: unknown item `networking/setup-vpcs`; did you mean `networking/set-up-vpcs`?",
            ),
            (
                "[scope]\nsections = ['root-mfa']\n".to_owned(),
                "golive.toml:2:13: unknown section `root-mfa` (that is a rule)",
            ),
            (
                "[scope]\nskip = ['root-mfaa']\n".to_owned(),
                "golive.toml:2:9: unknown section or item or rule `root-mfaa`; did you mean `root-mfa`?",
            ),
            ("[scope]\nregions = ['eu_west_1']\n".to_owned(), "golive.toml:2:12: `eu_west_1` is no region"),
            (
                "[settings]\npatch_day = 3\n".to_owned(),
                "golive.toml:2:1: unknown key `patch_day`; did you mean `patch_days`?",
            ),
            (
                "[settings]\nsecret_days = 3\npatch_days = 0\n".to_owned(),
                "golive.toml:3:1: `patch_days` has to be at least 1",
            ),
            ("settings = { patch_days = 0 }\n".to_owned(), "golive.toml:1:14: `patch_days` has to be at least 1"),
            ("settings.admin_ports = []\n".to_owned(), "golive.toml:1:10: `admin_ports` has to name at least one port"),
            (
                "[settings]\nadmin_ports = [70000]\n".to_owned(),
                "golive.toml:2:16: invalid value: integer `70000`, expected u16",
            ),
            (attestation("expires = 2026-01-09"), "golive.toml:5:11: `expires` lies before `on`"),
            (attestation("expires = 'soon'"), "golive.toml:5:11: `soon` is no date; write one as 2026-11-25"),
            (attestation("expires = 'never'"), "golive.toml:5:11: `never` is no date; write one as 2026-11-25"),
            (attestation("expires = 2026-02-01T10:00:00Z"), "golive.toml:5:11: `2026-02-01T10:00:00Z` is no date"),
            (
                attestation("expires = 20260201"),
                "golive.toml:5:11: invalid type: integer `20260201`, expected a date such as 2026-11-25",
            ),
            (
                attestation("answer = 'maybe'"),
                "golive.toml:5:10: unknown value `maybe` (known: yes, no, not-applicable)",
            ),
            (attestation("answer = 'no'"), "golive.toml:2:8: an answer that is not yes needs a `note` with the reason"),
            (attestation("answer = 'no'\nnote = 'so'\nexpires = 2026-02-01"), "golive.toml:7:11: a no does not expire"),
            (attestation("accounts = ['1234']"), "golive.toml:5:13: `1234` is no account id; those have twelve digits"),
            (ATTESTATION.replace("'Ann'", "' '"), "golive.toml:3:6: `by` has to name who answers"),
            (ATTESTATION.replace("2026-01-10", "2026-11-27"), "golive.toml:4:6: `on` lies in the future"),
            (ATTESTATION.replace("by = 'Ann'\n", ""), "golive.toml:1:1: missing key `by`"),
            (
                ATTESTATION.replace("build-amis", "build-amiz"),
                "golive.toml:2:8: unknown item `server-side/build-amiz`; did you mean `server-side/build-amis`?",
            ),
            (EXCEPTION.replace("reason = 'a test'\n", ""), "golive.toml:1:1: missing key `reason`"),
            (EXCEPTION.replace("a test", ""), "golive.toml:3:10: `reason` has to say why it is accepted"),
            (EXCEPTION.replace("expires = 'never'\n", ""), "golive.toml:1:1: missing key `expires`"),
            (
                EXCEPTION.replace("'never'", "'Never'"),
                "golive.toml:4:11: `Never` is no date; write one as 2026-11-25, or \"never\"",
            ),
            (
                EXCEPTION.replace("root-mfa", "root-mfx"),
                "golive.toml:2:8: unknown rule `root-mfx`; did you mean `root-mfa`?",
            ),
            (exception("resource = ''"), "golive.toml:5:12: `resource` is empty"),
            (exception("resource = 'arn:aws:s3:::logs-*'"), "golive.toml:5:12: an ARN names one resource"),
            (exception("tag = '=x'"), "golive.toml:5:7: `tag` has to be `key=value` or `key`"),
            (exception("region = 'europe'"), "golive.toml:5:10: `europe` is no region"),
            (
                exception("account = 123456789012"),
                "golive.toml:5:11: invalid type: integer `123456789012`, expected a string",
            ),
        ];
        for (text, message) in table {
            let refused = refused(&text);
            assert!(refused.starts_with(message), "{text}\n{refused}\n{message}");
        }
    }

    #[test]
    fn what_is_wrong_is_underlined() {
        let error = parse("[gate]\nfail_on = 'hihg' # ä\n").expect_err("it is refused");
        assert_eq!(error.snippet(), ["2 | fail_on = 'hihg' # ä", "  |           ^^^^^^"]);
    }

    #[test]
    fn dates_may_be_strings_and_tomorrow_may_have_begun() {
        for on in ["2026-11-26", "'2026-11-26'"] {
            let config = parse(&ATTESTATION.replace("2026-01-10", on)).expect("it is taken");
            assert_eq!(config.attestations[0].until(), Some(date(2027, 5, 25)));
        }
        let config = parse(&EXCEPTION.replace("'never'", "2026-12-31")).expect("it is taken");
        assert_eq!(config.exceptions[0].expires, Expiry::On(Day(date(2026, 12, 31))));
    }

    #[test]
    fn the_baseline_lies_beside_the_file() {
        let path = Path::new("ci/golive.toml");
        let text = "[gate]\nbaseline = 'old.json'\n".to_owned();
        let config = Config::parse(path, text, date(2026, 11, 25)).expect("it is taken");
        assert_eq!(config.baseline(), Some(PathBuf::from("ci/old.json")));
    }

    #[test]
    fn damaged_files_are_errors_and_never_a_crash() {
        let whole = format!("{}{ATTESTATION}{EXCEPTION}", template());
        proptest::proptest!(|(cut in 0..whole.len(), byte in 0u8..128)| {
            let mut bytes = whole.clone().into_bytes();
            bytes[cut] = byte;
            // An error has to find its place, too.
            if let Ok(text) = String::from_utf8(bytes) && let Err(error) = parse(&text) {
                error.snippet();
            }
            if let Some(text) = whole.get(..cut) && let Err(error) = parse(text) {
                error.snippet();
            }
        });
    }
}
