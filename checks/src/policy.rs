//! IAM policy documents, as far as rules judge them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A policy document (IAM User Guide, "IAM JSON policy elements reference").
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Its statements; AWS also takes a single one without the list.
    #[serde(rename = "Statement")]
    pub statements: OneOrMany<Statement>,
}

/// A statement of a policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Statement {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `Allow` or `Deny`
    pub effect: String,
    /// To whom it applies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<Principal>,
    /// To whom it does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_principal: Option<Principal>,
    /// The actions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<OneOrMany<String>>,
    /// The actions that are meant by leaving them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_action: Option<OneOrMany<String>>,
    /// The resources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<OneOrMany<String>>,
    /// The resources that are meant by leaving them out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_resource: Option<OneOrMany<String>>,
    /// Operator → key → values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub condition: BTreeMap<String, BTreeMap<String, OneOrMany<Value>>>,
}

/// The principals of a statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Principal {
    /// `"*"`
    Anyone(String),
    /// Kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) → ids.
    Of(BTreeMap<String, OneOrMany<String>>),
}

/// One value, or a list of them: policies may write either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// A list. Tried first: a single JSON value may be a list too.
    Many(Vec<T>),
    /// One.
    One(T),
}

impl<T> OneOrMany<T> {
    /// The values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Principal {
    /// Whether anyone at all is meant: `"*"` or `{"AWS": "*"}`.
    pub fn is_anyone(&self) -> bool {
        match self {
            Self::Anyone(text) => text == "*",
            Self::Of(kinds) => {
                kinds.iter().any(|(kind, ids)| kind == "AWS" && ids.as_slice().iter().any(|id| id == "*"))
            }
        }
    }
}

impl Statement {
    /// Whether the statement makes a bucket public by the meaning that S3 gives the word (Amazon S3 User
    /// Guide, "Blocking public access", "The meaning of public"): it allows anyone, and no condition narrows
    /// that to fixed values of a key that S3 trusts.
    pub fn is_public(&self) -> bool {
        self.effect == "Allow"
            && (self.principal.as_ref().is_some_and(Principal::is_anyone) || self.not_principal.is_some())
            && !self.condition.iter().any(|(operator, keys)| narrows(operator, keys))
    }

    /// Whether it speaks of an action on a resource, its conditions aside.
    pub(crate) fn covers(&self, action: &str, resource: &str) -> bool {
        let any = |patterns: &OneOrMany<String>, text: &str| patterns.as_slice().iter().any(|it| is_like(text, it));
        let action_covered = match (&self.action, &self.not_action) {
            (Some(patterns), _) => any(patterns, action),
            (None, Some(others)) => !any(others, action),
            (None, None) => false,
        };
        let resource_covered = match (&self.resource, &self.not_resource) {
            (Some(patterns), _) => any(patterns, resource),
            (None, Some(others)) => !any(others, resource),
            (None, None) => false,
        };
        action_covered && resource_covered
    }

    /// The fixed values that a condition asks of a key, by an operator that nobody passes without the key.
    pub fn required<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        let positive = |operator: &str| {
            let operator = operator.to_ascii_lowercase();
            let operator = operator.trim_start_matches("foranyvalue:");
            ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike"].contains(&operator)
        };
        let keys = self.condition.iter().filter(move |(operator, _)| positive(operator)).flat_map(|(_, keys)| keys);
        let values =
            keys.filter(move |(its, _)| its.eq_ignore_ascii_case(key)).flat_map(|(_, values)| values.as_slice());
        values.filter_map(Value::as_str)
    }
}

impl Principal {
    /// The ids of a kind: `AWS`, `Federated`, `Service`.
    pub fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a str> {
        let kinds = match self {
            Self::Anyone(_) => None,
            Self::Of(kinds) => kinds.get(kind),
        };
        kinds.into_iter().flat_map(OneOrMany::as_slice).map(String::as_str)
    }
}

/// What only an administrator may do, in services far from each other.
const ADMINISTRATION: [(&str, &str); 8] = [
    ("iam:AttachRolePolicy", "arn:aws:iam::000000000000:role/any"),
    ("iam:CreateAccessKey", "arn:aws:iam::000000000000:user/any"),
    ("ec2:TerminateInstances", "arn:aws:ec2:eu-west-1:000000000000:instance/i-0"),
    ("s3:DeleteBucket", "arn:aws:s3:::any"),
    ("kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:000000000000:key/any"),
    ("cloudtrail:StopLogging", "arn:aws:cloudtrail:eu-west-1:000000000000:trail/any"),
    ("rds:DeleteDBInstance", "arn:aws:rds:eu-west-1:000000000000:db:any"),
    ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:000000000000:secret:any"),
];

/// Whether a text matches a pattern of `*` and `?`, letters of either case alike, as IAM matches actions.
fn is_like(text: &str, pattern: &str) -> bool {
    fn rest(text: &[u8], pattern: &[u8]) -> bool {
        match (text, pattern) {
            ([], []) => true,
            (_, [b'*', after @ ..]) => (0..=text.len()).any(|skip| rest(&text[skip..], after)),
            ([_, text @ ..], [b'?', pattern @ ..]) => rest(text, pattern),
            ([a, text @ ..], [b, pattern @ ..]) => a.eq_ignore_ascii_case(b) && rest(text, pattern),
            _ => false,
        }
    }
    let mut pattern = pattern.as_bytes().to_vec();
    pattern.dedup_by(|a, b| *a == b'*' && *b == b'*');
    rest(text.as_bytes(), &pattern)
}

impl Policy {
    /// Whether it makes an administrator: it allows everything that only one may do, and denies none of it for good.
    /// Conditions of what it allows do not count: they say when, not what.
    pub fn allows_everything(&self) -> bool {
        let statements = self.statements.as_slice();
        ADMINISTRATION.iter().all(|(action, resource)| {
            let allowed = statements.iter().any(|it| it.effect == "Allow" && it.covers(action, resource));
            let denied = |it: &Statement| it.effect == "Deny" && it.condition.is_empty() && it.covers(action, resource);
            allowed && !statements.iter().any(denied)
        })
    }

    /// The first statement that makes a bucket public, if any does.
    pub fn public_statement(&self) -> Option<&Statement> {
        self.statements.as_slice().iter().find(|statement| statement.is_public())
    }
}

/// Keys whose fixed values make a policy non-public.
const TRUSTED_KEYS: &[&str] = &[
    "aws:sourceip",
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:userid",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

fn narrows(operator: &str, keys: &BTreeMap<String, OneOrMany<Value>>) -> bool {
    let operator = operator.to_ascii_lowercase();
    // A negated operator or `IfExists` lets through whoever does not send the key.
    let positive = ["stringequals", "stringequalsignorecase", "stringlike", "arnequals", "arnlike", "ipaddress"];
    let positive = positive.contains(&operator.trim_start_matches("foranyvalue:"));
    positive
        && keys.iter().any(|(key, values)| {
            let key = key.to_ascii_lowercase();
            let values = values.as_slice();
            TRUSTED_KEYS.contains(&key.as_str()) && !values.is_empty() && values.iter().all(|value| fixed(&key, value))
        })
}

/// Whether a value names somebody: no wildcard, no policy variable, no network as wide as the internet.
fn fixed(key: &str, value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    if key == "aws:sourceip" {
        // S3 calls ranges wider than /8 (IPv4) and /32 (IPv6) public.
        return match text.parse::<ipnet::IpNet>() {
            Ok(ipnet::IpNet::V4(net)) => net.prefix_len() >= 8,
            Ok(ipnet::IpNet::V6(net)) => net.prefix_len() >= 32,
            Err(_) => text.parse::<std::net::IpAddr>().is_ok(),
        };
    }
    if text.contains("${") {
        return false;
    }
    match key {
        // An ARN may hold wildcards as long as its account is fixed.
        "aws:sourcearn" | "aws:principalarn" | "s3:dataaccesspointarn" => {
            let account = text.split(':').nth(4).unwrap_or_default();
            let bucket = text.split(':').nth(5).unwrap_or_default();
            let fixed_account = !account.is_empty() && !account.contains(['*', '?']);
            fixed_account || (account.is_empty() && !bucket.is_empty() && !text.contains(['*', '?']))
        }
        "aws:userid" => !text.starts_with('*') && !text.starts_with('?'),
        _ => !text.contains(['*', '?']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(statement: &str) -> bool {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
        serde_json::from_str::<Policy>(&text).expect("a policy").public_statement().is_some()
    }

    fn administrator(statement: &str) -> bool {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": {statement}}}"#);
        serde_json::from_str::<Policy>(&text).expect("a policy").allows_everything()
    }

    #[test]
    fn everything_is_everything_in_every_spelling() {
        for statement in [
            r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#,
            r#"[{"Effect": "Allow", "Action": ["s3:Get*", "*:*"], "Resource": ["*"]}]"#,
            r#"{"Effect": "Allow", "NotAction": "aws-portal:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::logs/*"}"#,
            r#"{"Effect": "Allow", "Action": "**", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#,
            r#"[{"Effect": "Allow", "Action": ["iam:*", "s3:*", "ec2:*", "kms:*"], "Resource": "*"},
                {"Effect": "Allow", "Action": ["cloudtrail:*", "rds:*", "SECRETSMANAGER:*"], "Resource": "*"}]"#,
            r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": {"Bool": {"a": "b"}}}]"#,
        ] {
            assert!(administrator(statement), "{statement}");
        }
    }

    #[test]
    fn less_than_everything_is_no_administrator() {
        for statement in [
            "[]",
            r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#,
            r#"{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::mine/*"}"#,
            r#"{"Effect": "Deny", "Action": "*", "Resource": "*"}"#,
            r#"[{"Effect": "Allow", "Action": "*", "Resource": "*"},
                {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]"#,
        ] {
            assert!(!administrator(statement), "{statement}");
        }
    }

    #[test]
    fn patterns_match_as_in_iam() {
        assert!(is_like("s3:GetObject", "s3:get*") && is_like("s3:GetObject", "s3:?etObject") && is_like("a", "***a*"));
        assert!(!is_like("s3:GetObject", "s3:Get") && !is_like("s3:GetObject", "s3:?") && !is_like("", "?"));
    }

    #[test]
    fn a_wildcard_principal_is_public_in_every_spelling() {
        for principal in [r#""*""#, r#"{"AWS": "*"}"#, r#"{"AWS": ["arn:aws:iam::1:root", "*"]}"#] {
            assert!(public(&format!(r#"[{{"Effect": "Allow", "Principal": {principal}, "Action": "s3:*"}}]"#)));
        }
        assert!(public(r#"{"Effect": "Allow", "NotPrincipal": {"AWS": "arn:aws:iam::1:root"}, "Action": "s3:*"}"#));
    }

    #[test]
    fn named_principals_and_denials_are_not_public() {
        assert!(!public(
            r#"[{"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "s3:PutObject"}]"#
        ));
        assert!(!public(r#"[{"Effect": "Deny", "Principal": "*", "Action": "s3:*"}]"#));
        assert!(!public("[]"));
    }

    #[test]
    fn only_a_fixed_value_of_a_trusted_key_narrows() {
        let with = |condition: &str| {
            public(&format!(
                r#"[{{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Condition": {condition}}}]"#
            ))
        };
        assert!(!with(r#"{"StringEquals": {"aws:PrincipalOrgID": "o-1234"}}"#));
        assert!(!with(r#"{"StringEquals": {"AWS:SourceVpce": ["vpce-1", "vpce-2"]}}"#));
        assert!(!with(r#"{"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}"#));
        assert!(!with(r#"{"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:123456789012:trail/*"}}"#));
        assert!(with(r#"{"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}"#));
        assert!(with(r#"{"IpAddress": {"aws:SourceIp": ["203.0.113.0/24", "::/0"]}}"#));
        assert!(with(r#"{"StringLike": {"aws:PrincipalOrgID": "*"}}"#));
        assert!(with(r#"{"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalOrgID}"}}"#));
        assert!(with(r#"{"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}"#));
        assert!(with(r#"{"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}}"#));
        assert!(with(r#"{"StringEquals": {"aws:UserAgent": "secret"}}"#));
        assert!(with(r#"{"Bool": {"aws:SecureTransport": "true"}}"#));
    }
}
