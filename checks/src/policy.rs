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
}

impl Policy {
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
