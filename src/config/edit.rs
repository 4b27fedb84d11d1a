//! Writing answers into `golive.toml`, with its comments and its order kept.

use std::fs;
use std::path::Path;

use anyhow::Context;
use jiff::civil::Date;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value};

use super::{AnswerWord, Config, day};
use crate::output::OutputFile;

/// An answer to be written.
#[derive(Debug)]
pub struct NewAttestation {
    /// The item's id.
    pub item: String,
    /// The answer.
    pub answer: AnswerWord,
    /// Who gives it.
    pub by: String,
    /// When.
    pub on: Date,
    /// The last day that it counts; none for a no.
    pub expires: Option<Date>,
    /// What was looked at, or the reason.
    pub note: String,
    /// Links to what proves it.
    pub evidence: Vec<String>,
    /// The accounts that it speaks of; none means every account.
    pub accounts: Vec<String>,
}

/// Adds an answer to the file, which is made if there is none. The file is read anew, so that answers that others
/// wrote meanwhile stay, and it is whole at any time.
pub fn attest(path: &Path, new: &NewAttestation) -> anyhow::Result<()> {
    let _lock = lock(path)?;
    let old = if path.exists() { super::read(path)? } else { String::new() };
    let text = with(path, old, new)?;
    // What could not be read again would be lost, with everything else in the file.
    Config::parse(path, text.clone(), day::today())?;
    OutputFile::rewrite(path)?.write(|to| to.write_all(text.as_bytes()))
}

/// Keeps other runs of golive from writing files of this folder until it is dropped: two that write at once would lose
/// one of the answers.
#[cfg(unix)]
fn lock(path: &Path) -> anyhow::Result<fs::File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let lock = fs::File::open(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    // A file system without locks has none to take.
    let _ = lock.lock();
    Ok(lock)
}

/// Folders cannot be locked here.
#[cfg(not(unix))]
fn lock(_: &Path) -> anyhow::Result<()> {
    Ok(())
}

/// The text of the file with the answer at its end.
fn with(path: &Path, old: String, new: &NewAttestation) -> anyhow::Result<String> {
    Config::parse(path, old.clone(), day::today())?;
    let mut table = Table::new();
    for (key, value) in new.values() {
        table.insert(key, Item::Value(value));
    }
    let mut document: DocumentMut = old.parse().with_context(|| format!("cannot use {}", path.display()))?;
    // `attestation = [{ … }]` is the same in TOML, and takes no tables behind it.
    if let Some(Item::Value(Value::Array(list))) = document.get_mut("attestation") {
        list.push(Value::InlineTable(table.into_inline_table()));
        return Ok(document.to_string());
    }
    let mut tables = ArrayOfTables::new();
    tables.push(table);
    let mut added = DocumentMut::new();
    added.insert("attestation", Item::ArrayOfTables(tables));
    let between = match old.as_str() {
        "" => "",
        text if text.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    Ok(format!("{old}{between}{added}"))
}

impl NewAttestation {
    fn values(&self) -> Vec<(&'static str, Value)> {
        let mut values = vec![("item", self.item.as_str().into())];
        match self.answer {
            AnswerWord::Yes => {}
            AnswerWord::No => values.push(("answer", "no".into())),
            AnswerWord::NotApplicable => values.push(("answer", "not-applicable".into())),
        }
        values.push(("by", self.by.as_str().into()));
        values.push(("on", date(self.on)));
        values.extend(self.expires.map(|day| ("expires", date(day))));
        if !self.note.is_empty() {
            values.push(("note", self.note.as_str().into()));
        }
        for (key, list) in [("evidence", &self.evidence), ("accounts", &self.accounts)] {
            if !list.is_empty() {
                values.push((key, Value::Array(list.iter().map(String::as_str).collect::<Array>())));
            }
        }
        values
    }
}

fn date(day: Date) -> Value {
    let number = |part: i8| u8::try_from(part).unwrap_or(1);
    let date = toml_edit::Date {
        year: u16::try_from(day.year()).unwrap_or_default(),
        month: number(day.month()),
        day: number(day.day()),
    };
    Value::from(toml_edit::Datetime { date: Some(date), time: None, offset: None })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn answer() -> NewAttestation {
        NewAttestation {
            item: "server-side/build-amis".to_owned(),
            answer: AnswerWord::Yes,
            by: "Ann \"the\" \u{1b}[1mEngineer".to_owned(),
            on: date(2026, 3, 1),
            expires: Some(date(2026, 9, 1)),
            note: "two\nlines".to_owned(),
            evidence: vec!["https://wiki.example/amis".to_owned()],
            accounts: vec!["123456789012".to_owned()],
        }
    }

    fn added(old: &str) -> String {
        with(Path::new("golive.toml"), old.to_owned(), &answer()).expect("written")
    }

    #[test]
    fn comments_order_and_what_is_there_stay() {
        let old = "# ours\n\n[gate] # strict\nfail_on   = \"high\"\n\n# the first\n[[attestation]]\nitem = \"server-side/build-amis\"\nby = 'Bo'\non = 2026-01-01 # a Thursday\n\n[scope]\nregions = [\n  \"eu-west-1\", # home\n]\n# the end";
        let new = added(old);
        let kept: Vec<&str> = old.lines().filter(|line| !new.contains(line)).collect();
        assert!(kept.is_empty(), "{kept:?} is gone from\n{new}");
        let config = Config::parse(Path::new("golive.toml"), new, date(2026, 11, 25)).expect("it can be read");
        assert_eq!(config.attestations.len(), 2);
        let written = &config.attestations[1];
        let answer = answer();
        assert_eq!((written.by.get_ref(), &written.note), (&answer.by, &answer.note));
        assert_eq!(written.until(), answer.expires);
        assert_eq!(written.evidence, answer.evidence);
        assert_eq!(written.accounts[0].get_ref(), "123456789012");
    }

    #[test]
    fn an_empty_file_and_an_inline_list_are_written_to() {
        assert!(added("").starts_with("[[attestation]]\nitem = "));
        let inline = "attestation = [{ item = \"server-side/build-amis\", by = \"Bo\", on = \"2026-01-01\" }]\n";
        let config = Config::parse(Path::new("golive.toml"), added(inline), date(2026, 11, 25)).expect("read");
        assert_eq!(config.attestations.len(), 2);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_not_written() {
        let error = with(Path::new("golive.toml"), "[gate]\nfail = 1\n".to_owned(), &answer()).expect_err("refused");
        assert!(error.to_string().starts_with("golive.toml:2:1: unknown key `fail`"), "{error}");
    }
}
