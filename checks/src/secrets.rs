//! What looks like a secret in plain text. Values are looked at and dropped.

/// Words of a name that speak of a secret, and words that say that it only points at one.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
    "privatekey",
];
const POINTER_WORDS: &[&str] = &[
    "arn",
    "name",
    "id",
    "path",
    "file",
    "parameter",
    "param",
    "url",
    "uri",
    "endpoint",
    "region",
    "ttl",
    "length",
    "policy",
    "expiry",
    "expiration",
    "timeout",
    "enabled",
    "type",
    "prefix",
    "header",
    "audience",
    "issuer",
    "version",
    "bucket",
    "table",
    "count",
    "limit",
    "field",
    "min",
    "max",
    "public",
];

/// Starts of values that are credentials whatever their name, each with the least length of the whole.
const SHAPES: &[(&str, usize)] = &[
    ("-----BEGIN RSA PRIVATE KEY", 40),
    ("-----BEGIN PRIVATE KEY", 40),
    ("-----BEGIN EC PRIVATE KEY", 40),
    ("-----BEGIN OPENSSH PRIVATE KEY", 40),
    ("ghp_", 36),
    ("gho_", 36),
    ("ghs_", 36),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("sk_live_", 20),
    ("rk_live_", 20),
    ("SG.", 60),
];

/// Whether a variable holds a secret in plain text, by its name and the shape of its value.
pub fn is_plaintext(name: &str, value: &str) -> bool {
    let value = value.trim();
    has_shape(value) || has_password_in_address(value) || (speaks_of_secret(name) && could_be_secret(value))
}

/// Whether a name speaks of a secret itself, and not of where it is or how it is made.
pub fn speaks_of_secret(name: &str) -> bool {
    let words = words(name);
    let joined = |pair: &[String]| SECRET_WORDS.contains(&pair.concat().as_str());
    let secret = words.iter().any(|word| SECRET_WORDS.contains(&word.as_str())) || words.windows(2).any(joined);
    secret && !words.last().is_some_and(|last| POINTER_WORDS.contains(&last.as_str()))
}

/// `dbPassword`, `DB_PASSWORD` and `/db/password` are `db` and `password`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for character in name.chars() {
        if !character.is_alphanumeric() || (character.is_uppercase() && before_lower) {
            words.push(String::new());
        }
        before_lower = character.is_lowercase();
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn has_shape(value: &str) -> bool {
    SHAPES.iter().any(|(start, length)| value.starts_with(start) && value.len() >= *length)
        || has_access_key(value)
        || is_jwt(value)
}

/// An access key id of AWS that is good for long or for a session: four letters and sixteen more.
fn has_access_key(value: &str) -> bool {
    let shaped = |start: &str| {
        value.strip_prefix(start).is_some_and(|rest| {
            rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        })
    };
    shaped("AKIA") || shaped("ASIA")
}

fn is_jwt(value: &str) -> bool {
    value.starts_with("eyJ") && value.split('.').count() == 3 && value.len() > 60
}

/// `postgres://user:password@host`
fn has_password_in_address(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let password = authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).map(|(_, password)| password);
    password.is_some_and(could_be_secret)
}

/// Whether a value could be a secret: no reference to one, no placeholder, no switch or number.
fn could_be_secret(value: &str) -> bool {
    const REFERENCES: &[&str] =
        &["arn:", "{{", "${", "$(", "<", "http://", "https://", "s3://", "ssm:", "secretsmanager:", "/"];
    const PLACEHOLDERS: &[&str] =
        &["true", "false", "none", "null", "changeme", "placeholder", "example", "redacted", "dummy", "unset", "todo"];
    let lower = value.to_lowercase();
    value.len() >= 6
        && !REFERENCES.iter().any(|reference| lower.starts_with(reference))
        && !PLACEHOLDERS.contains(&lower.as_str())
        && !value.chars().all(|character| character.is_ascii_digit() || ".,:-".contains(character))
        && !value.chars().all(|character| "*xX.-".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_known_by_shape_whatever_their_name() {
        for value in [
            "AKIAIOSFODNN7EXAMPLE",
            "-----BEGIN RSA PRIVATE KEY-----MIIEpAIBAAKCAQEA",
            "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
            "postgres://shop:s3cr3t-pa55@db.internal:5432/shop",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        ] {
            assert!(is_plaintext("SETTING", value), "{value}");
        }
    }

    #[test]
    fn secrets_are_known_by_name_in_every_spelling() {
        for name in ["DB_PASSWORD", "dbPassword", "API_KEY", "apiKey", "GITHUB_TOKEN", "client-secret", "PRIVATE_KEY"] {
            assert!(is_plaintext(name, "hunter2-hunter2"), "{name}");
        }
    }

    #[test]
    fn references_switches_and_names_of_secrets_are_none() {
        for (name, value) in [
            ("DB_PASSWORD", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"),
            ("DB_PASSWORD", "{{resolve:secretsmanager:db}}"),
            ("DB_PASSWORD", "/prod/db/password"),
            ("DB_PASSWORD", "changeme"),
            ("DB_PASSWORD", ""),
            ("DB_PASSWORD", "********"),
            ("SECRET_ARN", "abcdefghijkl"),
            ("SECRET_NAME", "prod-database"),
            ("TOKEN_URL", "https://login.example.com/token"),
            ("TOKEN_TTL", "3600000"),
            ("PASSWORD_MIN_LENGTH", "fourteen"),
            ("REQUIRE_TOKEN", "true"),
            ("TOKEN_SECONDS", "3600"),
            ("PUBLIC_URL", "https://user@example.com/path"),
            ("TABLE", "orders-production"),
            ("MONKEY", "some-long-value"),
            ("KEYBOARD", "some-long-value"),
        ] {
            assert!(!is_plaintext(name, value), "{name}={value}");
        }
    }
}
