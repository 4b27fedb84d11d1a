//! `golive review`: the items that wait for a person, one by one, in the terminal.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use anyhow::{Context, bail};
use golive_checks::{Account, Assessment, Item, ItemResult, Status};

use super::{attest, audit};
use crate::cli::{self, ConfigFile};
use crate::config::{self, AnswerWord, Config, NewAttestation, day};
use crate::report::table::answer_line;
use crate::report::text::{self, Style, count, harmless};
use crate::selection::Selection;
use crate::{output, recording, review};

/// What there is to know of an item that waits.
struct Waiting<'a> {
    item: &'static Item,
    /// What golive saw, a line each.
    evidence: Vec<String>,
    /// An earlier answer.
    earlier: Option<&'a golive_checks::Answer>,
}

/// What a person says of an item.
enum Reply {
    Answer(AnswerWord),
    Skip,
    Quit,
}

/// Asks for each item and writes each answer at once.
pub fn run(arguments: &cli::Review, file: &ConfigFile, quiet: bool) -> anyhow::Result<u8> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        bail!("a review asks questions: run it in a terminal, or use `golive attest`");
    }
    let path = attest::path(file)?;
    let config = if path.exists() { Config::read(&path)? } else { Config::default() };
    let selection = Selection::new(&arguments.filters, &config)?;
    let account = match &arguments.replay {
        _ if arguments.no_account => None,
        Some(recorded) => Some(recording::read(recorded)?),
        None => {
            let (account, interrupted) = audit::read(&audit::access(&arguments.access, &config), &selection, quiet)?;
            if let Some(code) = interrupted {
                return Ok(code);
            }
            Some(account)
        }
    };
    let assessment = assessed(account.as_ref(), &selection, &config);
    let waiting = waiting(&assessment, account.is_some(), &arguments.filters.items);
    Terminal::new(&path, account.as_ref()).walk(arguments.by.clone(), &waiting)
}

/// What golive and people say of the account. Without one there is nothing but what people say, as of today.
fn assessed(account: Option<&Account>, selection: &Selection, config: &Config) -> Assessment {
    let none = Account::new("", "", "", jiff::Timestamp::now());
    review::judge(account.unwrap_or(&none), selection, config).0
}

/// The items to ask for: those that wait for a person, and those that are named to be answered anew.
fn waiting<'a>(assessment: &'a Assessment, seen: bool, named: &[String]) -> Vec<Waiting<'a>> {
    let waits = |result: &&ItemResult| {
        let answered = result.answer.as_ref().is_some_and(|answer| !answer.expired);
        let anew = result.answer.is_some() && named.iter().any(|id| id == result.item.id);
        let open = if seen { result.status == Status::Manual } else { !answered };
        result.item.is_for_people() && result.left_out.is_empty() && (anew || open)
    };
    let each = assessment.items.iter().filter(waits).map(|result| Waiting {
        item: result.item,
        evidence: if seen { assessment.evidence(result) } else { Vec::new() },
        earlier: result.answer.as_ref(),
    });
    each.collect()
}

struct Terminal<'a> {
    path: &'a Path,
    /// The account that was looked at, of which alone the answers speak.
    accounts: Vec<String>,
    style: Style,
}

impl<'a> Terminal<'a> {
    fn new(path: &'a Path, account: Option<&Account>) -> Self {
        let accounts = account.map(|account| account.id.clone()).into_iter().collect();
        Self { path, accounts, style: Style::new(text::colour(&io::stdout())) }
    }

    fn walk(&self, by: Option<String>, waiting: &[Waiting<'_>]) -> anyhow::Result<u8> {
        if waiting.is_empty() {
            output::print("No item waits for a person.\n")?;
            return Ok(0);
        }
        let whose = if self.accounts.is_empty() { String::new() } else { format!(" of account {}", self.accounts[0]) };
        let all = count(waiting.len(), "item");
        let intro = format!("{all}{whose} to be confirmed. Each answer is written to {} at once.", self.path.display());
        output::print(&self.style.wrapped(0, &intro))?;
        let mut answered = 0;
        let mut by = by;
        for (place, item) in waiting.iter().enumerate() {
            if by.as_ref().is_none_or(|by| by.trim().is_empty()) {
                by = self.ask("Your name: ")?;
            }
            let Some(by) = by.as_ref().filter(|by| !by.is_empty()) else { break };
            self.show(item, place + 1, waiting.len())?;
            let new = match self.reply()? {
                Reply::Quit => break,
                Reply::Skip => continue,
                Reply::Answer(answer) => self.complete(item.item, answer, by)?,
            };
            let Some(new) = new else { break };
            config::attest(self.path, &new)?;
            answered += 1;
            output::print(&format!("{}\n", attest::told(&new)))?;
        }
        let left = count(waiting.len() - answered, "item");
        let answers = count(answered, "answer");
        let rest = if answered == waiting.len() {
            "Nothing is left.".to_owned()
        } else {
            format!("{left} left; `golive review` goes on.")
        };
        output::print(&format!("\n{answers} written to {}. {rest}\n", self.path.display()))?;
        Ok(0)
    }

    fn show(&self, waiting: &Waiting<'_>, place: usize, of: usize) -> anyhow::Result<()> {
        let (style, item) = (self.style, waiting.item);
        let mut out =
            format!("\n{}\n{}\n", style.heading(&format!("{place} of {of}: {}", item.title)), style.faint(item.id));
        out.push_str(&style.wrapped(0, item.what));
        out.push_str(&style.wrapped(0, item.why));
        out.push_str(&style.wrapped(0, &format!("To confirm: {}", item.confirm)));
        if !waiting.evidence.is_empty() {
            out.push_str("golive saw:\n");
            waiting.evidence.iter().for_each(|line| out.push_str(&style.wrapped(2, &harmless(line))));
        }
        if let Some(answer) = waiting.earlier {
            out.push_str(&style.wrapped(0, &format!("Earlier: {}", answer_line(answer))));
        }
        output::print(&out)
    }

    fn reply(&self) -> anyhow::Result<Reply> {
        loop {
            let Some(answer) = self.ask("Is it done? [y]es, [n]o, does not [a]pply, [s]kip, [q]uit: ")? else {
                return Ok(Reply::Quit);
            };
            return Ok(match answer.to_lowercase().as_str() {
                "y" | "yes" => Reply::Answer(AnswerWord::Yes),
                "n" | "no" => Reply::Answer(AnswerWord::No),
                "a" | "does not apply" => Reply::Answer(AnswerWord::NotApplicable),
                "s" | "skip" | "" => Reply::Skip,
                "q" | "quit" => Reply::Quit,
                _ => {
                    output::print("Please answer y, n, a, s or q.\n")?;
                    continue;
                }
            });
        }
    }

    /// Asks for what belongs to an answer. None when the input ends before.
    fn complete(&self, item: &Item, answer: AnswerWord, by: &str) -> anyhow::Result<Option<NewAttestation>> {
        let yes = answer == AnswerWord::Yes;
        let question = if yes { "What did you look at? (enter for nothing) " } else { "Why? " };
        let note = loop {
            match self.ask(question)? {
                None => return Ok(None),
                Some(note) if note.is_empty() && !yes => output::print("The report shows the reason; give one.\n")?,
                Some(note) => break note,
            }
        };
        let link = if yes { self.ask("A link that proves it? (enter for none) ")? } else { Some(String::new()) };
        let Some(link) = link else { return Ok(None) };
        let on = day::today();
        Ok(Some(NewAttestation {
            item: item.id.to_owned(),
            answer,
            by: by.to_owned(),
            on,
            expires: answer.until(on, None),
            note,
            evidence: Some(link).filter(|link| !link.is_empty()).into_iter().collect(),
            accounts: self.accounts.clone(),
        }))
    }

    /// Asks a question. None when the input ends.
    fn ask(&self, question: &str) -> anyhow::Result<Option<String>> {
        output::print(question)?;
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_until(b'\n', &mut bytes).context("cannot read the answer")?;
        if read == 0 {
            output::print("\n")?;
            return Ok(None);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned()))
    }
}
