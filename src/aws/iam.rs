//! IAM: password policy, account summary and credential report. Global: asked once, in the home region.

use std::time::Duration;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::SummaryKeyType;
use golive_checks::Unreadable;
use golive_checks::facts::{AccountSummary, CredentialReportRow, PasswordPolicy, ReportFlag};
use golive_checks::operations::{
    GENERATE_CREDENTIAL_REPORT, GET_ACCOUNT_PASSWORD_POLICY, GET_ACCOUNT_SUMMARY, GET_CREDENTIAL_REPORT,
};

use super::wire::Wire;

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
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        rows.push(CredentialReportRow {
            user: record.get(user).unwrap_or_default().to_owned(),
            password_enabled: flag(record.get(password).unwrap_or_default())?,
            mfa_active: flag(record.get(mfa).unwrap_or_default())?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_column_name_with_every_documented_value() {
        let report = "user,arn,mfa_active,password_enabled\n\
                      <root_account>,arn:aws:iam::1:root,true,not_supported\n\
                      ana,arn:aws:iam::1:user/ana,FALSE,TRUE\n\
                      ci,arn:aws:iam::1:user/ci,N/A,no_information\n";
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
    }

    #[test]
    fn a_report_cut_short_is_malformed() {
        for report in [
            "",
            "user,arn\nana,x\n",
            "user,password_enabled,mfa_active\nana,true\n",
            "user,password_enabled,mfa_active\nana,true,maybe\n",
        ] {
            assert!(rows(report.as_bytes()).is_err(), "{report}");
        }
    }
}
