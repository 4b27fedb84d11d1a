//! The commented `golive.toml` that `golive init` writes.

use golive_checks::Settings;

/// The file, but for the settings.
const TEMPLATE: &str = include_str!("template.toml");

/// The file: everything in it is a comment but for the names of tables.
pub fn template() -> String {
    let settings = Settings::default().all().into_iter();
    let lines: String = settings.map(|it| format!("# {} = {}\n#   {}\n", it.name, it.value, it.what)).collect();
    TEMPLATE.replace("{settings}\n", &(lines + "\n"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use jiff::civil::date;

    use super::super::{Config, Expiry};
    use super::*;

    #[test]
    fn the_template_says_nothing_by_itself() {
        let config = Config::parse(Path::new("golive.toml"), template(), date(2026, 11, 25)).expect("it can be read");
        assert_eq!(config.settings(), Settings::default());
        assert!(config.attestations.is_empty() && config.exceptions.is_empty());
        assert!(config.scope.regions.is_empty() && config.gate.fail_on.is_none());
    }

    #[test]
    fn its_examples_can_be_used() {
        let example =
            |line: &str| line.starts_with("# [[") || line.split_once(" = ").is_some_and(|(name, _)| is_key(name));
        fn is_key(name: &str) -> bool {
            name.strip_prefix("# ").is_some_and(|name| name.bytes().all(|it| it == b'_' || it.is_ascii_lowercase()))
        }
        let lines: Vec<String> = template()
            .lines()
            .map(|line| if example(line) { line["# ".len()..].to_owned() } else { line.to_owned() })
            .collect();
        let config = Config::parse(Path::new("golive.toml"), lines.join("\n"), date(2026, 11, 25));
        let config = config.unwrap_or_else(|error| panic!("{error}\n{}", error.snippet().join("\n")));
        assert_eq!(config.settings(), Settings::default(), "defaults are shown");
        assert_eq!((config.attestations.len(), config.exceptions.len()), (1, 1));
        assert!(matches!(config.exceptions[0].expires, Expiry::On(_)));
        assert_eq!(config.scope.skip.len(), 1);
        assert!(config.gate.baseline.is_some());
    }
}
