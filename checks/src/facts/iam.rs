//! IAM: the account's password policy, summary and credential report.

use serde::{Deserialize, Serialize};

use crate::Resource;

/// The account password policy. AWS leaves out what is not set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Characters.
    pub minimum_length: i32,
    /// A symbol is required.
    pub require_symbols: bool,
    /// A number is required.
    pub require_numbers: bool,
    /// An uppercase letter is required.
    pub require_uppercase: bool,
    /// A lowercase letter is required.
    pub require_lowercase: bool,
    /// Former passwords that cannot be used again; none when reuse is allowed.
    pub reuse_prevention: Option<i32>,
}

/// What GetAccountSummary tells of root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountSummary {
    /// `AccountMFAEnabled`: root has MFA. None when the answer lacks it.
    pub root_mfa: Option<bool>,
    /// `AccountPasswordPresent`: root has a password; false where the organization manages root centrally.
    pub root_password: Option<bool>,
    /// `AccountAccessKeysPresent`: root has access keys.
    pub root_access_keys: Option<bool>,
}

/// One row of the credential report; root's has the name `<root_account>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialReportRow {
    /// The user's name.
    pub user: String,
    /// The user can sign in to the console with a password.
    pub password_enabled: ReportFlag,
    /// The user has an MFA device.
    pub mfa_active: ReportFlag,
}

/// A yes-or-no field of the credential report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportFlag {
    /// `true`
    True,
    /// `false`
    False,
    /// `N/A`, `no_information` or `not_supported`
    NotAvailable,
}

impl Resource for CredentialReportRow {
    fn name(&self) -> &str {
        &self.user
    }
}
