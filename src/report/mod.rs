//! Reports: one file a format. They know nothing of AWS and little of rules.

pub mod json;
mod table;
pub mod text;

use golive_checks::{Account, Assessment};

use crate::cli::{Format, Report};
use crate::selection::Selection;

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// The account.
    pub account: &'a Account,
    /// What was chosen.
    pub selection: &'a Selection,
    /// What was found.
    pub assessment: &'a Assessment,
}

/// The report in the chosen format.
pub fn render(document: &Document<'_>, report: &Report, colour: bool) -> String {
    match report.format {
        Format::Table => table::render(document, report.all, text::Style::new(colour)),
        Format::Json => json::render(document),
    }
}
