//! `golive attest`: one person's answer on one item.

use std::path::PathBuf;

use anyhow::bail;
use golive_checks::item;

use crate::cli::{Attest, ConfigFile};
use crate::config::{self, AnswerWord, NewAttestation, day};
use crate::output;
use crate::report::text::harmless;
use crate::selection::SelectionError;

/// Writes the answer into golive.toml.
pub fn run(arguments: &Attest, file: &ConfigFile) -> anyhow::Result<u8> {
    let item = item(&arguments.item).ok_or_else(|| SelectionError::unknown("item", &arguments.item))?;
    if !item.is_for_people() {
        bail!("golive decides {} by itself; what fails and is accepted is an [[exception]] in golive.toml", item.id);
    }
    if let Some(id) = arguments.accounts.iter().find(|id| !config::is_account(id)) {
        bail!("`{id}` is no account id; those have twelve digits");
    }
    if arguments.by.trim().is_empty() {
        bail!("--by has to name who answers");
    }
    let reason = !arguments.note.trim().is_empty();
    let on = arguments.on.unwrap_or_else(day::today);
    if on > day::days_after(day::today(), 1) {
        bail!("--on lies in the future; give the day of the answer");
    }
    let expires = match (arguments.answer, arguments.expires) {
        (AnswerWord::No | AnswerWord::NotApplicable, _) if !reason => {
            bail!("an answer that is not yes needs the reason: --note TEXT")
        }
        (AnswerWord::No, Some(_)) => bail!("a no does not expire: it counts until somebody answers anew"),
        (_, Some(day)) if day < on => bail!("--expires lies before the day of the answer, {on}"),
        (answer, expires) => answer.until(on, expires),
    };
    let new = NewAttestation {
        item: item.id.to_owned(),
        answer: arguments.answer,
        by: arguments.by.clone(),
        on,
        expires,
        note: arguments.note.clone(),
        evidence: arguments.evidence.clone(),
        accounts: arguments.accounts.clone(),
    };
    let path = path(file)?;
    config::attest(&path, &new)?;
    output::print(&format!("{}: {}\n", path.display(), told(&new)))?;
    Ok(0)
}

/// The golive.toml that answers are written to: the one that is read, or a new one in the working directory.
pub fn path(file: &ConfigFile) -> anyhow::Result<PathBuf> {
    if file.no_config {
        bail!("answers are written into golive.toml, which --no-config leaves out");
    }
    let found = file.config.clone().or_else(config::discover);
    Ok(found.unwrap_or_else(|| PathBuf::from(config::FILE)))
}

/// `server-side/build-amis is done, says Ann, until 2027-05-24.`
pub fn told(new: &NewAttestation) -> String {
    let says = match new.answer {
        AnswerWord::Yes => "is done",
        AnswerWord::No => "is not done",
        AnswerWord::NotApplicable => "does not apply",
    };
    let until = new.expires.map(|day| format!(", until {day}")).unwrap_or_default();
    format!("{} {says}, says {}{until}.", new.item, harmless(&new.by))
}
