//! What people answer for: their answers and the failures that they accept, merged into what golive found.
//!
//! Days are compared with the day on which the account was read, so that a recording gives the same report for ever.

pub mod baseline;
mod exceptions;
pub mod gate;
pub mod readiness;

use golive_checks::{Account, Answer, Assessment, ItemResult, Says, Status, assess};
use jiff::civil::Date;

use crate::config::day::day_of;
use crate::config::{AnswerWord, Attestation, Config};
use crate::selection::Selection;

/// Judges an account by the chosen rules and by what `config` says. Gives warnings: what it says to no effect.
pub fn judge(account: &Account, selection: &Selection, config: &Config) -> (Assessment, Vec<String>) {
    let chosen = |item, rule| selection.has(item, rule);
    let mut assessment = assess(account, &selection.items, chosen, &config.settings());
    let warnings = merge(config, account, &mut assessment);
    (assessment, warnings)
}

/// Merges what `config` says into the assessment of an account. Gives warnings: what it says to no effect.
fn merge(config: &Config, account: &Account, assessment: &mut Assessment) -> Vec<String> {
    let read_on = day_of(account.taken_at);
    let mut warnings = exceptions::apply(config, account, assessment, read_on);
    for item in &mut assessment.items {
        item.answer = latest(config, &account.id, item.item.id).map(|it| answer(it, read_on));
    }
    assessment.settle();
    warnings.extend(assessment.items.iter().filter_map(|item| idle(config, account, item)));
    warnings
}

/// The latest answer on an item that speaks of this account; of several of one day, the last in the file.
fn latest<'a>(config: &'a Config, account: &str, item: &str) -> Option<&'a Attestation> {
    let speaks = |it: &&Attestation| {
        it.item.get_ref() == item && (it.accounts.is_empty() || it.accounts.iter().any(|id| id.get_ref() == account))
    };
    config.attestations.iter().filter(speaks).max_by_key(|it| *it.on.get_ref())
}

fn answer(attestation: &Attestation, read_on: Date) -> Answer {
    let until = attestation.until();
    Answer {
        says: match attestation.answer {
            AnswerWord::Yes => Says::Yes,
            AnswerWord::No => Says::No,
            AnswerWord::NotApplicable => Says::NotApplicable,
        },
        by: attestation.by.get_ref().clone().into(),
        on: attestation.on.get_ref().0,
        until,
        expired: until.is_some_and(|until| until < read_on),
        note: attestation.note.clone().into(),
        evidence: attestation.evidence.iter().map(|link| link.clone().into()).collect(),
    }
}

/// An answer that decides nothing, because golive decides the item by itself.
fn idle(config: &Config, account: &Account, item: &ItemResult) -> Option<String> {
    let attestation = latest(config, &account.id, item.item.id)?;
    let answered = item.answer.as_ref().is_some_and(|answer| answer.says != Says::No);
    (answered && !item.item.is_for_people() && item.status != Status::Manual).then(|| {
        let place = config.place(&attestation.item);
        format!("{place}: the answer on {} has no effect: golive decides that item by itself", item.item.id)
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use golive_checks::{Region, Settings, item, items};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn account(read_on: &str) -> Account {
        let taken_at: Timestamp = format!("{read_on}T12:00:00Z").parse().expect("a time");
        let mut account = Account::new("123456789012", "aws", "arn:aws:iam::123456789012:user/tester", taken_at);
        account.regions.push(Region { name: "eu-west-1".to_owned(), ..Region::default() });
        account
    }

    /// The status of an item on a day, by rules and by these answers, and the warnings.
    fn status(id: &str, read_on: &str, answers: &str, skip: &[&str]) -> (Status, Vec<String>) {
        let text = answers.replace("ITEM", id);
        let config = Config::parse(Path::new("golive.toml"), text, date(2026, 11, 25)).expect("a configuration");
        let account = account(read_on);
        let chosen = [item(id).expect("an item")];
        let keep = |_, rule: &golive_checks::Rule| !skip.contains(&rule.id);
        let mut assessment = assess(&account, &chosen, keep, &Settings::default());
        let warnings = merge(&config, &account, &mut assessment);
        (assessment.items[0].status, warnings)
    }

    const HUMAN: &str = "server-side/build-amis";
    const YES: &str = "[[attestation]]\nitem = 'ITEM'\nby = 'Ann'\non = 2026-01-10\n";
    const NO: &str =
        "[[attestation]]\nitem = 'ITEM'\nanswer = 'no'\nby = 'Bo'\non = 2026-02-01\nnote = 'no pipeline'\n";

    #[test]
    fn a_yes_passes_to_the_end_of_its_last_day() {
        assert_eq!(status(HUMAN, "2026-01-10", "", &[]).0, Status::Manual);
        // 180 days after 2026-01-10.
        assert_eq!(status(HUMAN, "2026-07-09", YES, &[]), (Status::Pass, Vec::new()));
        assert_eq!(status(HUMAN, "2026-07-10", YES, &[]).0, Status::Manual);
        let short = format!("{YES}expires = '2026-01-31'\n");
        assert_eq!(status(HUMAN, "2026-01-31", &short, &[]).0, Status::Pass);
        assert_eq!(status(HUMAN, "2026-02-01", &short, &[]).0, Status::Manual);
    }

    #[test]
    fn the_latest_answer_counts_wherever_it_stands() {
        for answers in [format!("{YES}{NO}"), format!("{NO}{YES}")] {
            assert_eq!(status(HUMAN, "2026-03-01", &answers, &[]).0, Status::Fail);
            let again = format!("{answers}{}", YES.replace("2026-01-10", "2026-02-02"));
            assert_eq!(status(HUMAN, "2026-03-01", &again, &[]).0, Status::Pass);
        }
        // A no never expires.
        assert_eq!(status(HUMAN, "2036-01-01", NO, &[]).0, Status::Fail);
        let same_day = format!("{NO}{}", YES.replace("2026-01-10", "2026-02-01"));
        assert_eq!(status(HUMAN, "2026-03-01", &same_day, &[]).0, Status::Pass);
    }

    #[test]
    fn an_answer_of_another_account_does_not_count() {
        let other = format!("{YES}accounts = ['210987654321']\n");
        assert_eq!(status(HUMAN, "2026-02-01", &other, &[]).0, Status::Manual);
        let both = format!("{YES}accounts = ['210987654321', '123456789012']\n");
        assert_eq!(status(HUMAN, "2026-02-01", &both, &[]).0, Status::Pass);
    }

    #[test]
    fn what_does_not_apply_says_so_while_it_counts() {
        let answer = format!("{YES}answer = 'not-applicable'\nnote = 'all is serverless'\n");
        assert_eq!(status(HUMAN, "2026-02-01", &answer, &[]).0, Status::NotApplicable);
        assert_eq!(status(HUMAN, "2027-02-01", &answer, &[]).0, Status::Manual);
    }

    #[test]
    fn no_answer_hides_what_is_unknown_or_left_out() {
        for item in items().filter(|item| !item.rules.is_empty()) {
            // Nothing of this account was read.
            for answer in [YES.to_owned(), format!("{YES}answer = 'not-applicable'\nnote = 'really'\n")] {
                assert_eq!(status(item.id, "2026-02-01", &answer, &[]).0, Status::Unknown, "{}", item.id);
            }
            let rules: Vec<&str> = item.rules.iter().map(|rule| rule.id).collect();
            assert_eq!(status(item.id, "2026-02-01", YES, &rules).0, Status::Manual, "{}", item.id);
            assert_eq!(status(item.id, "2026-03-01", NO, &rules).0, Status::Fail, "{}", item.id);
        }
    }

    #[test]
    fn an_answer_on_what_golive_decides_is_warned_about() {
        let (_, warnings) = status("data-storage/configure-backup", "2026-02-01", YES, &[]);
        let expected =
            if item("data-storage/configure-backup").is_some_and(|it| it.pending.is_empty()) { 1 } else { 0 };
        assert_eq!(warnings.len(), expected, "{warnings:?}");
        let (_, warnings) = status("networking/set-up-vpcs", "2026-02-01", YES, &[]);
        let place = "golive.toml:2: the answer on networking/set-up-vpcs has no effect";
        assert!(warnings.iter().any(|warning| warning.starts_with(place)), "{warnings:?}");
    }
}
