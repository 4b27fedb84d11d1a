//! Recordings: what was read of an account, to be judged again without a network.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use golive_checks::Account;
use serde::{Deserialize, Serialize};

/// The version of the form. It grows whenever an older program could misunderstand a newer recording.
const SCHEMA_VERSION: u32 = 1;
/// The largest recording that is read, in bytes: some hundred times a large account's.
const LARGEST: u64 = 1 << 30;
/// The account that comes with the program: seeded by fixtures/demo, recorded with `--record`.
const DEMO: &str = include_str!("../fixtures/demo/account.json");

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recording<A> {
    schema_version: u32,
    tool_version: String,
    account: A,
}

/// Enough of a recording to see whether the rest can be understood.
#[derive(Deserialize)]
struct Header {
    schema_version: Option<u32>,
    tool_version: Option<String>,
}

/// Writes a recording.
pub fn write(account: &Account, to: &mut dyn Write) -> std::io::Result<()> {
    let tool_version = env!("CARGO_PKG_VERSION").to_owned();
    let recording = Recording { schema_version: SCHEMA_VERSION, tool_version, account };
    serde_json::to_writer_pretty(&mut *to, &recording)?;
    to.write_all(b"\n")
}

/// Reads a recording. The error names the file, the place in it and the remedy.
pub fn read(path: &Path) -> anyhow::Result<Account> {
    parse(&text(path, "recording")?).with_context(|| format!("cannot use the recording {}", path.display()))
}

/// Reads the text of a file. The error names the file, the place in it and the remedy.
pub fn text(path: &Path, kind: &str) -> anyhow::Result<String> {
    let name = path.display();
    let file = File::open(path).with_context(|| format!("cannot read the {kind} {name}"))?;
    let metadata = file.metadata().with_context(|| format!("cannot read the {kind} {name}"))?;
    if metadata.is_dir() {
        bail!("cannot read the {kind} {name}: it is a folder");
    }
    // A device or pipe tells no length, so that the reading itself is bounded, too.
    let mut text = String::new();
    let bounded = if metadata.len() > LARGEST { 0 } else { LARGEST + 1 };
    let read = BufReader::new(file).take(bounded).read_to_string(&mut text);
    if bounded == 0 || text.len() as u64 > LARGEST {
        bail!("the {kind} {name} is larger than 1 GiB; no golive wrote it");
    }
    read.with_context(|| format!("cannot read the {kind} {name}"))?;
    Ok(text)
}

/// The embedded demo account.
pub fn demo() -> anyhow::Result<Account> {
    parse(DEMO).context("cannot use the embedded demo account")
}

/// Understands the text of a recording.
pub fn parse(text: &str) -> anyhow::Result<Account> {
    const AGAIN: &str = "record the account again with `golive audit --record`";
    let header: Header = serde_json::from_str(text).map_err(|error| located(&error, AGAIN))?;
    match header.schema_version {
        Some(SCHEMA_VERSION) => {}
        None => bail!("it is JSON, but no recording of golive: it has no `schema_version`"),
        Some(version) => {
            let by = header.tool_version.map(|tool| format!(" by golive {tool}")).unwrap_or_default();
            bail!("it has version {version}{by} and this golive reads version {SCHEMA_VERSION}; {AGAIN}")
        }
    }
    let recording: Recording<Account> = serde_json::from_str(text).map_err(|error| located(&error, AGAIN))?;
    Ok(recording.account)
}

fn located(error: &serde_json::Error, remedy: &str) -> anyhow::Error {
    anyhow::anyhow!("{error}; {remedy}")
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn account() -> Account {
        Account::new("123456789012", "aws", "arn:aws:iam::123456789012:user/ana", jiff::Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let mut text = Vec::new();
        write(&account(), &mut text).expect("written");
        assert_eq!(parse(std::str::from_utf8(&text).expect("text")).expect("read"), account());
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_recording_panic(bytes in any::<Vec<u8>>()) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn a_damaged_recording_is_an_error_or_a_recording(
            damage in vec((any::<prop::sample::Index>(), 0..40_usize, "[\\[{\"0-9a-z,:\\]}-]{0,8}"), 1..4),
        ) {
            let mut text = DEMO.to_owned();
            for (place, length, with) in damage {
                let place = place.index(text.len());
                text.replace_range(place..(place + length).min(text.len()), &with);
            }
            let _ = parse(&text);
        }
    }

    #[test]
    fn foreign_broken_and_other_files_say_what_they_are() {
        let says = |text: &str| format!("{:#}", parse(text).expect_err("no recording"));
        assert!(says("{}").contains("no recording of golive"));
        assert!(says(r#"{"schema_version": 99, "tool_version": "9.0.0"}"#).contains("version 99 by golive 9.0.0"));
        assert!(says("not json").contains("line 1 column"));
        assert!(
            says(r#"{"schema_version": 1, "tool_version": "0.1.0", "account": {"id": 7}}"#).contains("line 1 column")
        );
        assert!(says(&format!("{{\"x\": {}", "[".repeat(100_000))).contains("line 1 column"));
    }
}
