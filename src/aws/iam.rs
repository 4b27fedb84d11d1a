//! IAM: password policy, account summary and credential report. Global: asked once, in the home region.

use std::time::Duration;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::{EntityType, SummaryKeyType};
use golive_checks::facts::{
    AccessKey, AccountSummary, AuthorizationDetails, CredentialReportRow, CustomerPolicy, IamUser, InstanceProfile,
    PasswordPolicy, ReportFlag, Role,
};
use golive_checks::operations::{
    GENERATE_CREDENTIAL_REPORT, GET_ACCOUNT_AUTHORIZATION_DETAILS, GET_ACCOUNT_PASSWORD_POLICY, GET_ACCOUNT_SUMMARY,
    GET_CREDENTIAL_REPORT, LIST_ACCOUNTS, LIST_INSTANCE_PROFILES,
};
use golive_checks::{Policy, Reading, Unreadable};
use jiff::Timestamp;

use super::wire::Wire;

/// Entries of a page: the most that IAM allows.
const PAGE: i32 = 1000;
/// Pauses between looks at a credential report that is being made. AWS takes seconds for most accounts.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(4);
/// AWS holds no report that is new enough. The second spelling of each is the API reference's.
const ABSENT: &[&str] =
    &["ReportNotPresent", "ReportExpired", "CredentialReportNotPresentException", "CredentialReportExpiredException"];
/// It is being made.
const IN_PROGRESS: &[&str] = &["ReportInProgress", "CredentialReportNotReadyException"];

fn client(wire: &Wire) -> Client {
    wire.client(&wire.home_region, Client::new)
}

/// The password policy; none where the account has none.
pub async fn password_policy(wire: &Wire) -> Result<Option<PasswordPolicy>, Unreadable> {
    let client = client(wire);
    let send = || client.get_account_password_policy().send();
    let answer = match wire.call(GET_ACCOUNT_PASSWORD_POLICY, None, send).await {
        Err(failure) if failure.is(&["NoSuchEntity", "NoSuchEntityException"]) => return Ok(None),
        answer => answer?,
    };
    let lacks =
        |what: &str| Unreadable::malformed(GET_ACCOUNT_PASSWORD_POLICY, None, format!("the answer lacks {what}"));
    let policy = answer.password_policy.ok_or_else(|| lacks("PasswordPolicy"))?;
    Ok(Some(PasswordPolicy {
        minimum_length: policy.minimum_password_length.ok_or_else(|| lacks("MinimumPasswordLength"))?,
        require_symbols: policy.require_symbols,
        require_numbers: policy.require_numbers,
        require_uppercase: policy.require_uppercase_characters,
        require_lowercase: policy.require_lowercase_characters,
        reuse_prevention: policy.password_reuse_prevention,
    }))
}

pub async fn account_summary(wire: &Wire) -> Result<AccountSummary, Unreadable> {
    let client = client(wire);
    let answer = wire.call(GET_ACCOUNT_SUMMARY, None, || client.get_account_summary().send()).await?;
    let lacks = || Unreadable::malformed(GET_ACCOUNT_SUMMARY, None, "the answer lacks SummaryMap");
    let summary = answer.summary_map.ok_or_else(lacks)?;
    let flag = |key: SummaryKeyType| summary.get(&key).map(|count| *count != 0);
    Ok(AccountSummary {
        root_mfa: flag(SummaryKeyType::AccountMfaEnabled),
        root_password: flag("AccountPasswordPresent".into()),
        root_access_keys: flag(SummaryKeyType::AccountAccessKeysPresent),
    })
}

/// The credential report: AWS makes it anew where it holds none of the last four hours, and it is waited for.
pub async fn credential_report(wire: &Wire) -> Result<Vec<CredentialReportRow>, Unreadable> {
    let client = client(wire);
    // Whoever may not have it made may still read one that somebody else had made.
    let made = wire.call(GENERATE_CREDENTIAL_REPORT, None, || client.generate_credential_report().send()).await;
    let mut pause = FIRST_PAUSE;
    let answer = loop {
        match wire.call(GET_CREDENTIAL_REPORT, None, || client.get_credential_report().send()).await {
            Ok(answer) => break answer,
            Err(failure) if failure.is(ABSENT) && made.is_err() => return Err(made.err().unwrap_or(failure).into()),
            Err(failure) if failure.is(ABSENT) || failure.is(IN_PROGRESS) => wire.pause(pause).await,
            Err(failure) => return Err(failure.into()),
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    };
    let malformed = |message: String| Unreadable::malformed(GET_CREDENTIAL_REPORT, None, message);
    let content = answer.content.ok_or_else(|| malformed("the answer lacks Content".into()))?;
    rows(content.as_ref()).map_err(malformed)
}

/// The rows of the report (IAM User Guide, "Getting credential reports for your AWS account").
fn rows(content: &[u8]) -> Result<Vec<CredentialReportRow>, String> {
    let mut reader = csv::Reader::from_reader(content);
    let headers = reader.headers().map_err(|error| error.to_string())?.clone();
    let column = |name: &str| {
        headers.iter().position(|header| header == name).ok_or_else(|| format!("the report has no column {name}"))
    };
    let (user, password, mfa) = (column("user")?, column("password_enabled")?, column("mfa_active")?);
    let created = column("user_creation_time")?;
    let (used, changed) = (column("password_last_used")?, column("password_last_changed")?);
    let key = |number: u8| -> Result<[usize; 3], String> {
        Ok([
            column(&format!("access_key_{number}_active"))?,
            column(&format!("access_key_{number}_last_rotated"))?,
            column(&format!("access_key_{number}_last_used_date"))?,
        ])
    };
    let keys = [key(1)?, key(2)?];
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let field = |column: usize| record.get(column).unwrap_or_default();
        let access_key = |[active, rotated, used]: [usize; 3]| -> Result<AccessKey, String> {
            Ok(AccessKey {
                active: flag(field(active))?,
                last_rotated: date(field(rotated))?,
                last_used: date(field(used))?,
            })
        };
        rows.push(CredentialReportRow {
            user: field(user).to_owned(),
            password_enabled: flag(field(password))?,
            mfa_active: flag(field(mfa))?,
            created: date(field(created))?,
            password_last_used: date(field(used))?,
            password_last_changed: date(field(changed))?,
            access_keys: [access_key(keys[0])?, access_key(keys[1])?],
        });
    }
    Ok(rows)
}

fn flag(text: &str) -> Result<ReportFlag, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(ReportFlag::True),
        "false" => Ok(ReportFlag::False),
        "n/a" | "no_information" | "not_supported" => Ok(ReportFlag::NotAvailable),
        _ => Err("the report has a flag that is neither true nor false".to_owned()),
    }
}

/// A date of the report, in one of the forms that AWS writes; none for what it does not tell.
fn date(text: &str) -> Result<Option<Timestamp>, String> {
    match text.to_ascii_lowercase().as_str() {
        "n/a" | "no_information" | "not_supported" => Ok(None),
        _ => text.parse().map(Some).map_err(|_| "the report has a date that is none".to_owned()),
    }
}

/// Who there is in IAM and what customer policies allow.
pub async fn authorization_details(wire: &Wire) -> Result<AuthorizationDetails, Unreadable> {
    enum Entry {
        User(aws_sdk_iam::types::UserDetail),
        Group(aws_sdk_iam::types::GroupDetail),
        Role(aws_sdk_iam::types::RoleDetail),
        Policy(aws_sdk_iam::types::ManagedPolicyDetail),
    }
    let client = client(wire);
    let send = |marker| {
        let kinds = [EntityType::User, EntityType::Group, EntityType::Role, EntityType::LocalManagedPolicy];
        let request = client.get_account_authorization_details().set_filter(Some(kinds.to_vec()));
        request.max_items(PAGE).set_marker(marker).send()
    };
    let split =
        |page: aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput| {
            let users = page.user_detail_list.map(|users| {
                let entries = users.into_iter().map(Entry::User);
                let entries = entries.chain(page.group_detail_list.unwrap_or_default().into_iter().map(Entry::Group));
                let entries = entries.chain(page.role_detail_list.unwrap_or_default().into_iter().map(Entry::Role));
                entries.chain(page.policies.unwrap_or_default().into_iter().map(Entry::Policy)).collect::<Vec<_>>()
            });
            (users, page.marker)
        };
    let mut details = AuthorizationDetails::default();
    for entry in wire.list(GET_ACCOUNT_AUTHORIZATION_DETAILS, None, send, split, Ok).await? {
        let lacks = |what: &str| {
            Unreadable::malformed(GET_ACCOUNT_AUTHORIZATION_DETAILS, None, format!("an entry lacks {what}"))
        };
        match entry {
            Entry::User(user) => {
                let name = user.user_name.ok_or_else(|| lacks("UserName"))?;
                let attached = user.attached_managed_policies.into_iter().flatten().filter_map(|it| it.policy_name);
                let mut direct_policies: Vec<String> = attached.collect();
                for policy in user.user_policy_list.unwrap_or_default() {
                    direct_policies.extend(policy.policy_name.clone());
                    details.policies.push(inline(policy, "user", &name));
                }
                details.users.push(IamUser { groups: user.group_list.unwrap_or_default(), direct_policies, name });
            }
            Entry::Group(group) => {
                let name = group.group_name.ok_or_else(|| lacks("GroupName"))?;
                let policies = group.group_policy_list.into_iter().flatten();
                details.policies.extend(policies.map(|policy| inline(policy, "group", &name)));
                details.groups.push(name);
            }
            Entry::Role(role) => {
                let name = role.role_name.ok_or_else(|| lacks("RoleName"))?;
                let policies = role.role_policy_list.into_iter().flatten();
                details.policies.extend(policies.map(|policy| inline(policy, "role", &name)));
                let trust = document(role.assume_role_policy_document.as_deref(), &name);
                details.roles.push(Role { path: role.path.unwrap_or_else(|| "/".to_owned()), trust, name });
            }
            Entry::Policy(policy) => {
                // An ARN ends with the name, which moto leaves out.
                let from_arn = || policy.arn.as_deref()?.rsplit('/').next().map(str::to_owned);
                let name = policy.policy_name.clone().or_else(from_arn).ok_or_else(|| lacks("PolicyName"))?;
                let versions = policy.policy_version_list.unwrap_or_default();
                let in_force = versions.into_iter().find(|version| version.is_default_version);
                let text = in_force.and_then(|version| version.document);
                details.policies.push(CustomerPolicy { document: document(text.as_deref(), &name), name });
            }
        }
    }
    Ok(details)
}

fn inline(policy: aws_sdk_iam::types::PolicyDetail, kind: &str, owner: &str) -> CustomerPolicy {
    let name = format!("inline {} of {kind} {owner}", policy.policy_name.unwrap_or_default());
    CustomerPolicy { document: document(policy.policy_document.as_deref(), &name), name }
}

/// A policy document as IAM writes it: percent-encoded.
fn document(text: Option<&str>, about: &str) -> Reading<Policy> {
    let malformed =
        |message: &str| Unreadable::malformed(GET_ACCOUNT_AUTHORIZATION_DETAILS, None, message).about(about);
    let text = text.ok_or_else(|| malformed("a policy has no document"));
    let decoded = text.and_then(|text| {
        percent_encoding::percent_decode_str(text).decode_utf8().map_err(|_| malformed("a policy is not UTF-8"))
    });
    decoded.and_then(|text| serde_json::from_str(&text).map_err(|_| malformed("a policy cannot be understood"))).into()
}

pub async fn instance_profiles(wire: &Wire) -> Result<Vec<InstanceProfile>, Unreadable> {
    let client = client(wire);
    let send = |marker| client.list_instance_profiles().max_items(PAGE).set_marker(marker).send();
    let convert = |profile: aws_sdk_iam::types::InstanceProfile| {
        Ok(InstanceProfile { arn: profile.arn, has_role: !profile.roles.is_empty() })
    };
    let split = |page: aws_sdk_iam::operation::list_instance_profiles::ListInstanceProfilesOutput| {
        (Some(page.instance_profiles), page.marker)
    };
    Ok(wire.list(LIST_INSTANCE_PROFILES, None, send, split, convert).await?)
}

/// The ids of the organization's accounts; none where this account is in no organization.
pub async fn organization_accounts(wire: &Wire) -> Result<Option<Vec<String>>, Unreadable> {
    let client = wire.client(&wire.home_region, aws_sdk_organizations::Client::new);
    // The service sets the page's size.
    let send = |token| client.list_accounts().set_next_token(token).send();
    let convert = |account: aws_sdk_organizations::types::Account| account.id.ok_or("Id");
    let split =
        |page: aws_sdk_organizations::operation::list_accounts::ListAccountsOutput| (page.accounts, page.next_token);
    match wire.list(LIST_ACCOUNTS, None, send, split, convert).await {
        Ok(accounts) => Ok(Some(accounts)),
        Err(failure) if failure.is(&["AWSOrganizationsNotInUseException"]) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,\
                        mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,\
                        access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date\n";

    #[test]
    fn rows_are_read_by_column_name_with_every_documented_value() {
        let report = format!(
            "{HEAD}\
             <root_account>,arn:aws:iam::1:root,2020-01-01T00:00:00+00:00,not_supported,no_information,not_supported,\
             true,false,N/A,N/A,false,N/A,N/A\n\
             ana,arn:aws:iam::1:user/ana,2024-01-01T00:00:00Z,TRUE,2026-01-01T00:00:00+00:00,2025-01-01T00:00:00+00:00,\
             FALSE,true,2025-06-01T00:00:00+00:00,2026-02-01T00:00:00+00:00,false,N/A,N/A\n\
             ci,arn:aws:iam::1:user/ci,2024-01-01T00:00:00Z,no_information,N/A,N/A,N/A,false,N/A,N/A,false,N/A,N/A\n"
        );
        let rows = rows(report.as_bytes()).expect("a report");
        let flags: Vec<_> = rows.iter().map(|row| (row.user.as_str(), row.password_enabled, row.mfa_active)).collect();
        assert_eq!(
            flags,
            [
                ("<root_account>", ReportFlag::NotAvailable, ReportFlag::True),
                ("ana", ReportFlag::True, ReportFlag::False),
                ("ci", ReportFlag::NotAvailable, ReportFlag::NotAvailable),
            ]
        );
        assert_eq!(rows[0].password_last_used, None);
        let time = |text: &str| Some(text.parse::<Timestamp>().expect("a time"));
        assert_eq!(rows[1].password_last_used, time("2026-01-01T00:00:00Z"));
        assert_eq!(rows[1].access_keys[0].last_used, time("2026-02-01T00:00:00Z"));
        assert_eq!(rows[1].access_keys[1].active, ReportFlag::False);
    }

    #[test]
    fn a_report_cut_short_is_malformed() {
        for report in [
            String::new(),
            "user,arn\nana,x\n".to_owned(),
            format!("{HEAD}ana,true\n"),
            format!("{HEAD}ana,a,2024-01-01T00:00:00Z,true,N/A,N/A,maybe,false,N/A,N/A,false,N/A,N/A\n"),
            format!("{HEAD}ana,a,yesterday,true,N/A,N/A,true,false,N/A,N/A,false,N/A,N/A\n"),
        ] {
            assert!(rows(report.as_bytes()).is_err(), "{report}");
        }
    }

    #[test]
    fn documents_are_decoded_and_what_is_none_is_told() {
        let text = "%7B%22Statement%22%3A%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22%2A%22%7D%7D";
        assert!(matches!(document(Some(text), "p"), Reading::Read(_)));
        for text in [None, Some("%ff"), Some("{"), Some("%7B%7D")] {
            assert!(document(text, "p").is_unreadable(), "{text:?}");
        }
    }
}
