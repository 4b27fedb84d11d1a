//! Text for terminals: width, colour, wrapping, and untrusted text made harmless.

use std::borrow::Cow;
use std::io::IsTerminal;

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, Width, presets};
use golive_checks::{Severity, Status, Untrusted};

/// The width where there is no terminal to ask.
const DEFAULT_WIDTH: u16 = 80;
/// Tables narrower than this cannot be read.
const NARROWEST: u16 = 60;
/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: u16 = 160;
/// Characters of a text that AWS gave us that are shown at most.
const LONGEST: usize = 300;

/// Whether a stream gets colours: a terminal does, unless NO_COLOR is set or it is dumb.
pub fn colour(stream: &impl IsTerminal) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Characters of a line: the terminal's, or those of `COLUMNS`, or 80.
pub fn width() -> u16 {
    let stdout = std::io::stdout();
    let terminal = if stdout.is_terminal() { Table::new().width() } else { None };
    let columns = || std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    // A terminal that does not know its width says 0.
    let known = terminal.or_else(columns).filter(|width| *width > 0);
    known.unwrap_or(DEFAULT_WIDTH).clamp(NARROWEST, WIDEST)
}

/// Makes untrusted text harmless on a terminal: control characters, escapes, line breaks and bidirectional
/// overrides are spelt out, and what is endless is cut.
pub fn plain(text: &Untrusted) -> Cow<'_, str> {
    let text = text.raw();
    match text.char_indices().nth(LONGEST) {
        None => harmless(text),
        Some((end, _)) => Cow::Owned(harmless(&text[..end]).into_owned() + "…"),
    }
}

/// The same for text of our own that quotes untrusted text, which is not cut.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) && !text.contains("::") && !text.contains("##") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::new();
    for (at, character) in text.char_indices() {
        if is_harmful(character) || begins_command(&text[at..]) {
            safe.extend(character.escape_unicode());
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

/// Whether a CI server that sees this text in a log would take it for a command: `::error ::`, `##[error]`, `##vso[`
/// (GitHub Docs, "Workflow commands for GitHub Actions"; Azure Pipelines, "Logging commands").
fn begins_command(text: &str) -> bool {
    const COMMANDS: [&str; 15] = [
        "add-mask",
        "add-matcher",
        "add-path",
        "debug",
        "echo",
        "endgroup",
        "error",
        "group",
        "notice",
        "remove-matcher",
        "save-state",
        "set-env",
        "set-output",
        "stop-commands",
        "warning",
    ];
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let split = |rest: &str| rest.bytes().position(|byte| !is_word(byte)).unwrap_or(rest.len());
    if let Some(rest) = text.strip_prefix("::") {
        let (word, after) = rest.split_at(split(rest));
        return COMMANDS.contains(&word.to_ascii_lowercase().as_str()) && after.starts_with([' ', ':']);
    }
    text.strip_prefix("##").is_some_and(|rest| rest[split(rest)..].starts_with('['))
}

fn is_harmful(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    colour: bool,
    /// Characters of a line.
    pub width: u16,
}

impl Style {
    /// Colours or none, at the terminal's width.
    pub fn new(colour: bool) -> Self {
        Self { colour, width: width() }
    }

    /// A heading.
    pub fn heading(self, text: &str) -> String {
        self.paint("1", text)
    }

    /// What matters less.
    pub fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// A table without lines whose columns but the last have these widths.
    pub fn table(self, widths: &[u16]) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_width(self.width);
        if self.colour {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        table.set_header(vec![""; widths.len() + 1]);
        for (place, width) in widths.iter().enumerate() {
            if let Some(column) = table.column_mut(place) {
                column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(*width)));
            }
        }
        table
    }

    /// Text wrapped to the width after an indent.
    pub fn wrapped(self, indent: usize, text: &str) -> String {
        let room = usize::from(self.width).saturating_sub(indent).max(20);
        let mut lines = String::new();
        let mut line = String::new();
        let mut flush = |line: &mut String| {
            lines.push_str(&" ".repeat(indent));
            lines.push_str(line);
            lines.push('\n');
            line.clear();
        };
        for word in text.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > room {
                flush(&mut line);
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            flush(&mut line);
        }
        lines
    }
}

/// The word and colour of a status.
pub fn status_cell(status: Status) -> Cell {
    let (word, colour) = match status {
        Status::Fail => ("FAIL", Color::Red),
        Status::Unknown => ("UNKNOWN", Color::Magenta),
        Status::Manual => ("manual", Color::Yellow),
        Status::Pass => ("pass", Color::Green),
        Status::NotApplicable => ("n/a", Color::DarkGrey),
    };
    let cell = Cell::new(word).fg(colour);
    if status == Status::Fail { cell.add_attribute(Attribute::Bold) } else { cell }
}

/// The word and colour of a severity.
pub fn severity_cell(severity: Severity) -> Cell {
    let cell = Cell::new(severity.as_str());
    match severity {
        Severity::Critical => cell.fg(Color::Red).add_attribute(Attribute::Bold),
        Severity::High => cell.fg(Color::Red),
        Severity::Medium => cell.fg(Color::Yellow),
        Severity::Low => cell.fg(Color::Blue),
    }
}

/// `1 item`, `2 items`.
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("{number} {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harmless_text_stays_as_it_is() {
        for text in ["vol-0abc", "Zoë's bucket", "日本語", "a b"] {
            assert_eq!(plain(&text.into()), text);
        }
    }

    #[test]
    fn escapes_line_breaks_and_overrides_are_spelt_out() {
        assert_eq!(plain(&"a\u{1b}[31mred".into()), "a\\u{1b}[31mred");
        assert_eq!(plain(&"two\nlines\r".into()), "two\\u{a}lines\\u{d}");
        assert_eq!(plain(&"\u{202e}txt.exe".into()), "\\u{202e}txt.exe");
        assert_eq!(plain(&"\u{9b}31m".into()), "\\u{9b}31m");
    }

    #[test]
    fn commands_of_ci_servers_are_spelt_out() {
        assert_eq!(harmless("a ::error file=x::y"), "a \\u{3a}:error file=x::y");
        assert_eq!(harmless("::Add-Mask::y"), "\\u{3a}:Add-Mask::y");
        assert_eq!(harmless("##[group]x"), "\\u{23}#[group]x");
        assert_eq!(harmless("##vso[task.setvariable]x"), "\\u{23}#vso[task.setvariable]x");
        for text in ["arn:aws:s3:::error-logs", "arn:aws:iam::123456789012:role/warning", "## heading", "::"] {
            assert_eq!(harmless(text), text);
        }
    }

    #[test]
    fn endless_text_is_cut() {
        let long = "x".repeat(100_000);
        assert_eq!(plain(&long.into()).chars().count(), LONGEST + 1);
    }

    #[test]
    fn text_is_wrapped_between_words() {
        let style = Style { colour: false, width: 40 };
        assert_eq!(
            style.wrapped(30, "one two three four five six"),
            format!("{0}one two three four\n{0}five six\n", " ".repeat(30))
        );
    }
}
