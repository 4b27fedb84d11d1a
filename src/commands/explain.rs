//! `golive explain`: all that there is to know of an item or a rule.

use std::fmt::Write;

use golive_checks::{Absence, Decides, Item, Reference, Rule, Settings, item, items, rule, rules};

use crate::config::Config;
use crate::output;
use crate::report::text::{self, Style};
use crate::selection::permissions;
use crate::suggest::suggestion;

/// Explains the item or rule of this id.
pub fn run(id: &str, config: &Config) -> anyhow::Result<u8> {
    let style = Style::new(text::colour(&std::io::stdout()));
    let text = if let Some(item) = item(id) {
        explain_item(item, style)
    } else if let Some(rule) = rule(id) {
        explain_rule(rule, &config.settings(), style)
    } else {
        let known = items().map(|item| item.id).chain(rules().into_iter().map(|rule| rule.id));
        anyhow::bail!("no item or rule is called `{id}`{} (`golive list` shows them all)", suggestion(id, known));
    };
    output::print(&text)?;
    Ok(0)
}

fn explain_item(item: &Item, style: Style) -> String {
    let mut out = heading(item.title, item.id, style);
    out.push_str(&style.wrapped(0, item.what));
    part(&mut out, "Why", item.why, style);
    let decided = match item.decides {
        Decides::Machine => "golive decides it by the rules below.",
        Decides::Partly if item.rules.is_empty() => "A person confirms it; what AWS can tell of it is not judged yet.",
        Decides::Partly => "golive finds failures by the rules below; a person confirms the rest.",
        Decides::Human => "No AWS API tells; a person confirms it.",
    };
    part(&mut out, "Who decides", decided, style);
    if !item.pending.is_empty() {
        let pending = format!("{}. Until then a person confirms it.", item.pending.join("; "));
        part(&mut out, "Not judged by this version", &pending, style);
    }
    part(&mut out, "To confirm by hand", item.confirm, style);
    if item.is_for_people() {
        out.push_str(&style.wrapped(2, &format!("Then: golive attest {} --by NAME --note TEXT", item.id)));
    }
    if !item.rules.is_empty() {
        let _ = writeln!(out, "\n{}", style.heading("Rules"));
        for rule in item.rules {
            let line = format!("{} ({}): {}", rule.id, rule.severity.as_str(), rule.title);
            out.push_str(&style.wrapped(2, &line));
        }
    }
    if !item.evidence.is_empty() {
        let _ = writeln!(out, "\n{}", style.heading("Evidence that golive shows (--all)"));
        for evidence in item.evidence {
            let reads = permissions(evidence.needs.iter().copied()).join(", ");
            out.push_str(&style.wrapped(2, &format!("{}; reads {reads}", evidence.title)));
        }
    }
    references(&mut out, item.references, style);
    out
}

fn explain_rule(rule: &Rule, settings: &Settings, style: Style) -> String {
    let title = format!("{} [{}]", rule.title, rule.severity.as_str());
    let mut out = heading(&title, rule.id, style);
    out.push_str(&style.wrapped(0, rule.decided));
    let absence = match rule.absence {
        Absence::NotApplicable => "An account without such resources: not applicable.".to_owned(),
        Absence::Fails(detail) => format!("Absence itself fails: {detail}."),
    };
    out.push_str(&style.wrapped(0, &absence));
    let serves: Vec<&str> =
        items().filter(|item| item.rules.iter().any(|its| its.id == rule.id)).map(|item| item.id).collect();
    part(&mut out, "Serves", &serves.join(", "), style);
    part(&mut out, "Needs the permissions", &permissions(rule.needs.iter().copied()).join(", "), style);
    let settings = settings.of(rule.id);
    if !settings.is_empty() {
        let _ = writeln!(out, "\n{}", style.heading("Settings"));
        for setting in settings {
            out.push_str(&style.wrapped(2, &format!("{} = {}: {}", setting.name, setting.value, setting.what)));
        }
    }
    let remedy = rule.remedy;
    part(&mut out, "Remedy", remedy.summary, style);
    for (name, text) in [("Console", remedy.console), ("Terraform", remedy.terraform)] {
        out.push_str(&style.wrapped(2, &format!("{name}: {text}")));
    }
    // Commands are not wrapped, so that they can be copied.
    let _ = writeln!(out, "  AWS CLI:");
    for command in remedy.cli.lines() {
        let _ = writeln!(out, "    {command}");
    }
    if !rule.controls.is_empty() {
        part(&mut out, "Controls of the same meaning", &rule.controls.join(", "), style);
    }
    references(&mut out, rule.references, style);
    out
}

fn heading(title: &str, id: &str, style: Style) -> String {
    format!("{}\n{}\n\n", style.heading(title), style.faint(id))
}

fn part(out: &mut String, name: &str, text: &str, style: Style) {
    let _ = writeln!(out, "\n{}", style.heading(name));
    out.push_str(&style.wrapped(2, text));
}

fn references(out: &mut String, references: &[Reference], style: Style) {
    let _ = writeln!(out, "\n{}", style.heading("Read more"));
    for reference in references {
        let _ = writeln!(out, "  {}\n    {}", reference.title, reference.url);
    }
}
