//! `golive list`: the checklist and its rules.

use std::fmt::Write;

use comfy_table::Cell;
use golive_checks::Decides;

use crate::cli::Filters;
use crate::config::Config;
use crate::output;
use crate::report::text::{self, Style, severity_cell};
use crate::selection::{Selection, permissions};

/// Prints the chosen items with their rules and the permissions that these need.
pub fn run(filters: &Filters, config: &Config) -> anyhow::Result<u8> {
    let selection = Selection::new(filters, config)?;
    let style = Style::new(text::colour(&std::io::stdout()));
    let mut out = String::new();
    for (section, items) in selection.sections() {
        let _ = writeln!(out, "{} ({})", style.heading(section.title), section.id);
        for item in items {
            let decides = match item.decides {
                Decides::Machine => "decided by golive",
                Decides::Partly => "partly by golive, the rest by you",
                Decides::Human => "decided by you",
            };
            let _ = writeln!(out, "  {}  {}", item.id, style.faint(decides));
            for (_, rule) in selection.rules.iter().filter(|(its, _)| its.id == item.id) {
                let mut table = style.table(&[4, 10]);
                let reads = permissions(rule.needs.iter().copied()).join(", ");
                let text = format!("{}: {}\nreads {reads}", rule.id, rule.title);
                table.add_row(vec![Cell::new(""), severity_cell(rule.severity), Cell::new(text)]);
                for row in table.to_string().lines().skip(1) {
                    let _ = writeln!(out, "{}", row.trim_end());
                }
            }
            for evidence in item.evidence {
                let reads = permissions(evidence.needs.iter().copied()).join(", ");
                out.push_str(&style.wrapped(4, &format!("evidence: {}; reads {reads}", evidence.title)));
            }
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "{}, {}; `golive explain ID` tells more of each.",
        text::count(selection.items.len(), "item"),
        text::count(selection.rules.len(), "rule")
    );
    output::print(&out)?;
    Ok(0)
}
