//! Errors in `golive.toml`, each with its place.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::suggest::suggestion;

/// The text of the file, to find places in it.
#[derive(Debug)]
pub(super) struct Text {
    path: PathBuf,
    text: String,
}

/// Something in the file that cannot be used.
#[derive(Debug)]
pub struct ConfigError {
    /// `golive.toml:12:9`
    place: String,
    message: String,
    /// The line, and what to underline in it.
    line: (usize, String, Range<usize>),
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}: {}", self.place, self.message)
    }
}

impl ConfigError {
    /// The line with what is wrong underlined, to print below the message.
    pub fn snippet(&self) -> [String; 2] {
        let (number, line, marked) = &self.line;
        let number = number.to_string();
        let below = format!("{}{}", " ".repeat(marked.start), "^".repeat(marked.len().max(1)));
        [format!("{number} | {line}"), format!("{} | {below}", " ".repeat(number.len()))]
    }
}

impl Text {
    pub fn new(path: &Path, text: String) -> Self {
        Self { path: path.to_owned(), text }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The folder of the file.
    pub fn folder(&self) -> Option<&Path> {
        self.path.parent()
    }

    /// `golive.toml:12`
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path.display(), self.line(at).0)
    }

    /// The number of the line at a byte, and where it begins.
    fn line(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(&self.text);
        (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |end| end + 1))
    }

    /// An error at some bytes of the file.
    pub fn at(&self, span: Range<usize>, message: &str) -> ConfigError {
        /// Lines longer than this are not shown whole.
        const LONGEST: usize = 120;
        let (number, start) = self.line(span.start);
        let line = self.text[start..].lines().next().unwrap_or_default();
        let chars = |bytes: usize| line.get(..bytes).map_or(line.chars().count(), |part| part.chars().count());
        let from = chars(span.start - start);
        let to = chars(span.end.saturating_sub(start).min(line.len()));
        // A tab would move what is below.
        let shown: String = line.replace('\t', " ").chars().take(LONGEST).collect();
        let marked = from.min(LONGEST)..to.min(LONGEST);
        let place = format!("{}:{number}:{}", self.path.display(), from + 1);
        ConfigError { place, message: message.to_owned(), line: (number, shown, marked) }
    }

    /// An error at a key of a table. The span of a table may be that of its name alone.
    pub fn at_key(&self, table: Range<usize>, key: &str, message: &str) -> ConfigError {
        let inside = self.text.get(table.start..).unwrap_or_default();
        let is_key = |at: &usize| {
            let before = inside[..*at].chars().next_back();
            let after = inside[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
            before.is_none_or(|it| !it.is_alphanumeric() && it != '_') && after.starts_with('=')
        };
        let found = inside.match_indices(key).map(|(at, _)| at).find(is_key);
        let at = found.map_or(table.clone(), |at| table.start + at..table.start + at + key.len());
        self.at(at, message)
    }

    /// What the parser says, with a suggestion for an unknown name.
    pub fn syntax(&self, error: &toml::de::Error) -> ConfigError {
        let message = error.message();
        let mut names = message.split('`').skip(1).step_by(2);
        let said = match (message.split_once(" `"), names.next()) {
            (Some((kind @ ("unknown field" | "unknown variant"), _)), Some(name)) => {
                let known: Vec<&str> = names.collect();
                let what = if kind == "unknown field" { "key" } else { "value" };
                let hint = suggestion(name, known.iter().copied());
                format!("unknown {what} `{name}`{hint} (known: {})", known.join(", "))
            }
            _ => message.replace("missing field", "missing key").replace('\n', "; "),
        };
        self.at(error.span().unwrap_or(0..0), &said)
    }
}
