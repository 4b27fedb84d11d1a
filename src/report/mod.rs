//! Reports: one file a format. They know nothing of AWS and little of rules.

pub mod github;
pub mod json;
mod junit;
mod markdown;
mod sarif;
pub mod table;
pub mod text;

use golive_checks::{Account, Assessment, ItemResult, Section, Setting};

use crate::cli::Format;
use crate::review::gate::Decision;
use crate::selection::Selection;

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The account.
    pub account: &'a Account,
    /// What was chosen.
    pub selection: &'a Selection,
    /// What was found, and what people say.
    pub assessment: &'a Assessment,
    /// The gate's decision.
    pub decision: &'a Decision,
    /// Thresholds that are not as they come.
    pub settings: &'a [Setting],
    /// What `golive.toml` says to no effect.
    pub warnings: &'a [String],
}

impl<'a> Document<'a> {
    /// The sections of the chosen items, with what was found.
    pub fn sections(&self) -> impl Iterator<Item = (&'static Section, Vec<&'a ItemResult>)> {
        let assessment = self.assessment;
        self.selection.sections().map(|(section, items)| {
            let of = |result: &&ItemResult| items.iter().any(|item| item.id == result.item.id);
            (section, assessment.items.iter().filter(of).collect())
        })
    }
}

/// The report in the chosen format.
pub fn render(document: &Document<'_>, format: Format, all: bool, colour: bool) -> String {
    match format {
        Format::Table => table::render(document, all, text::Style::new(colour)),
        Format::Json => json::render(document),
        Format::Markdown => markdown::render(document),
        Format::Github => github::render(document),
        Format::Junit => junit::render(document),
        Format::Sarif => sarif::render(document),
    }
}
