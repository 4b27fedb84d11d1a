//! IAM: the account's password policy, summary and credential report.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Policy, Reading, Resource};

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
    /// When the user was made; none for `not_supported`, as for every date here that the report does not tell.
    pub created: Option<Timestamp>,
    /// When the password was last used; none where it never was since AWS takes note of it.
    pub password_last_used: Option<Timestamp>,
    /// When the password was set.
    pub password_last_changed: Option<Timestamp>,
    /// The user's two places for access keys.
    pub access_keys: [AccessKey; 2],
}

/// A place for an access key in the credential report.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessKey {
    /// There is a key, and it is active.
    pub active: ReportFlag,
    /// When the key was made or last changed.
    pub last_rotated: Option<Timestamp>,
    /// When it was last used; none where it never was.
    pub last_used: Option<Timestamp>,
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

/// Who there is in IAM, and what customer policies allow: the answer of GetAccountAuthorizationDetails.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorizationDetails {
    /// The users.
    pub users: Vec<IamUser>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// The roles.
    pub roles: Vec<Role>,
    /// The customer managed policies and all inline ones.
    pub policies: Vec<CustomerPolicy>,
}

/// An IAM user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IamUser {
    /// The user's name.
    pub name: String,
    /// The groups that the user is in.
    pub groups: Vec<String>,
    /// The names of the policies that the user has directly, managed and inline.
    pub direct_policies: Vec<String>,
}

/// An IAM role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role's name.
    pub name: String,
    /// `/`, `/aws-service-role/ecs.amazonaws.com/`, …
    pub path: String,
    /// Whom it trusts.
    pub trust: Reading<Policy>,
}

/// A policy that the customer wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerPolicy {
    /// A managed policy's name, or `inline NAME of user USER`.
    pub name: String,
    /// The document in force.
    pub document: Reading<Policy>,
}

/// An instance profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstanceProfile {
    /// Its ARN.
    pub arn: String,
    /// It has a role.
    pub has_role: bool,
}

impl Resource for IamUser {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Resource for Role {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Resource for CustomerPolicy {
    fn name(&self) -> &str {
        &self.name
    }
}

impl Resource for CredentialReportRow {
    fn name(&self) -> &str {
        &self.user
    }
}
