//! `security/create-iam-users`: each person has an identity of their own, root is not used, nothing lies about unused.

use jiff::Timestamp;

use crate::facts::{AccessKey, CredentialReportRow, ReportFlag};
use crate::operation::operations::{GET_ACCOUNT_SUMMARY, GET_CREDENTIAL_REPORT};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/create-iam-users`
pub const ITEM: Item = Item {
    id: "security/create-iam-users",
    title: "Create IAM Users",
    decides: Decides::Machine,
    what: "Each person has an identity of their own, best from IAM Identity Center; root has no access \
           keys and is not used; unused credentials are gone.",
    why: "What root or a shared user did cannot be traced to a person, and a forgotten key is a way in \
           that nobody watches.",
    confirm: "Read the credential report: root has no keys and an old last use, every user is a known person \
           or machine, and no key is older than 90 days.",
    references: &[
        Reference {
            title: "Security best practices in IAM",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        },
        Reference {
            title: "Generate credential reports for your AWS account",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
        },
    ],
    rules: &[&ROOT_NO_ACCESS_KEYS, &ROOT_NOT_USED, &USER_CREDENTIALS_USED, &ACCESS_KEY_ROTATED],
    evidence: &[],
    pending: &[],
};

const ROOT_GUIDE: Reference = Reference {
    title: "Root user best practices for your AWS account",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html",
};

const KEYS_GUIDE: Reference = Reference {
    title: "Manage access keys for IAM users",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
};

const REPORT_GUIDE: Reference = Reference {
    title: "Generate credential reports for your AWS account",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
};

/// The credential report's name for root, which no user can have.
const ROOT: &str = "<root_account>";

/// `root-no-access-keys`
pub static ROOT_NO_ACCESS_KEYS: Rule = Rule {
    id: "root-no-access-keys",
    title: "Root has no access keys",
    severity: Severity::Critical,
    needs: &[FactKind::AccountSummary],
    absence: Absence::Fails("nothing tells that root has no access keys"),
    decided: "The account summary says that root has no access keys, active or not.",
    remedy: Remedy {
        summary: "Give what uses root's keys a role, then delete the keys.",
        console: "Sign in as root: account menu, Security credentials, Access keys, Actions, Deactivate, then Delete",
        cli: "aws iam delete-access-key --access-key-id KEY_ID  # with root's own credentials",
        terraform: "root's keys cannot be deleted by Terraform; aws_iam_organizations_features manages root centrally",
    },
    controls: &["FSBP IAM.4", "CIS 3.0 1.4"],
    references: &[ROOT_GUIDE],
    judge: Judge::Account(root_no_access_keys),
};

fn root_no_access_keys(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check("root", || {
        let lacks = || Unreadable::malformed(GET_ACCOUNT_SUMMARY, None, "the answer lacks AccountAccessKeysPresent");
        let present = account.account_summary()?.root_access_keys.ok_or_else(lacks)?;
        Ok(Verdict::when(!present, "root has no access keys", "root has access keys"))
    });
    Ok(())
}

/// `root-not-used`
pub static ROOT_NOT_USED: Rule = Rule {
    id: "root-not-used",
    title: "Root is not used",
    severity: Severity::High,
    needs: &[FactKind::CredentialReport],
    absence: Absence::NotApplicable,
    decided: "The credential report shows no use of root's password or access keys within 30 days (setting \
              root_unused_days) before the account was read. Root that was never used passes. The report may be up to \
              four hours old; one without a row for root makes unknown.",
    remedy: Remedy {
        summary: "Find what root was used for in CloudTrail, and give a role the permission for it.",
        console: "CloudTrail, Event history, User name: root",
        cli: "aws cloudtrail lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=root",
        terraform: "aws_cloudwatch_metric_alarm on a metric filter of root's use tells of the next time",
    },
    controls: &["CIS 3.0 1.7"],
    references: &[ROOT_GUIDE, REPORT_GUIDE],
    judge: Judge::Account(root_not_used),
};

fn root_not_used(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let most = i64::from(findings.settings.root_unused_days);
    findings.check("root", || {
        let root = account.credential_report()?.iter().find(|row| row.user == ROOT);
        let root = root.ok_or_else(|| malformed("the report has no row for root"))?;
        let keys = root.access_keys.iter().filter_map(|key| key.last_used);
        Ok(match keys.chain(root.password_last_used).max() {
            None => Verdict::pass("was never used, as far as the report tells"),
            Some(last) => {
                let days = age(account, last);
                let seen = format!("was last used {days} days ago");
                if days >= most { Verdict::pass(seen) } else { Verdict::fail(seen) }
            }
        })
    });
    Ok(())
}

/// `user-credentials-used`
pub static USER_CREDENTIALS_USED: Rule = Rule {
    id: "user-credentials-used",
    title: "Passwords and access keys of users are in use",
    severity: Severity::Medium,
    needs: &[FactKind::CredentialReport],
    absence: Absence::NotApplicable,
    decided: "Each console password and each active access key of an IAM user was used within 45 days (setting \
              credentials_unused_days). One that was never used counts from the day when it was made or changed, so that \
              a new one passes. Inactive keys open nothing and are not judged; root has rules of its own.",
    remedy: Remedy {
        summary: "Ask the owner, then deactivate what is not needed and delete it.",
        console: "IAM, Users, the user, Security credentials: Manage console access, or the key's Actions, Deactivate",
        cli: "aws iam update-access-key --user-name USER --access-key-id KEY_ID --status Inactive; aws iam \
              delete-login-profile --user-name USER",
        terraform: "aws_iam_access_key: status = \"Inactive\"; remove aws_iam_user_login_profile",
    },
    controls: &["FSBP IAM.22", "CIS 3.0 1.12"],
    references: &[REPORT_GUIDE, KEYS_GUIDE],
    judge: Judge::Account(credentials_used),
};

fn credentials_used(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let most = i64::from(findings.settings.credentials_unused_days);
    let judge = |last_used: Option<Timestamp>, made: Option<Timestamp>| {
        let (since, word) = match (last_used, made) {
            (Some(used), _) => (used, "last used"),
            (None, Some(made)) => (made, "never used, made"),
            (None, None) => return Err(malformed("the report tells neither when it was used nor when it was made")),
        };
        let days = age(account, since);
        let seen = format!("{word} {days} days ago");
        Ok(if days <= most { Verdict::pass(seen) } else { Verdict::fail(seen) })
    };
    for row in account.credential_report()?.iter().filter(|row| row.user != ROOT) {
        match row.password_enabled {
            ReportFlag::True => findings.check(&format!("{}, password", row.user), || {
                judge(row.password_last_used, row.password_last_changed.or(row.created))
            }),
            ReportFlag::False => {}
            ReportFlag::NotAvailable => findings.unknown(row, malformed("the report does not tell password_enabled")),
        }
        each_active_key(row, findings, |key| judge(key.last_used, key.last_rotated));
    }
    Ok(())
}

/// `access-key-rotated`
pub static ACCESS_KEY_ROTATED: Rule = Rule {
    id: "access-key-rotated",
    title: "Access keys are younger than 90 days",
    severity: Severity::Medium,
    needs: &[FactKind::CredentialReport],
    absence: Absence::NotApplicable,
    decided: "Each active access key of an IAM user, either of two, was made at most 90 days ago (setting \
              access_key_days). Inactive keys are not judged.",
    remedy: Remedy {
        summary: "Replace the key by a role or, where none can be used, by a new key; then delete the old one.",
        console: "IAM, Users, the user, Security credentials, Access keys, Create access key; then deactivate the old one",
        cli: "aws iam create-access-key --user-name USER; aws iam update-access-key --user-name USER --access-key-id \
              OLD_KEY_ID --status Inactive; aws iam delete-access-key --user-name USER --access-key-id OLD_KEY_ID",
        terraform: "replace aws_iam_access_key, or use aws_iam_role with aws_iam_openid_connect_provider instead",
    },
    controls: &["FSBP IAM.3", "CIS 3.0 1.14"],
    references: &[KEYS_GUIDE],
    judge: Judge::Account(rotated),
};

fn rotated(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let most = i64::from(findings.settings.access_key_days);
    for row in account.credential_report()?.iter().filter(|row| row.user != ROOT) {
        each_active_key(row, findings, |key| {
            let made = key.last_rotated.ok_or_else(|| malformed("the report does not tell when the key was made"))?;
            let days = age(account, made);
            let seen = format!("was made {days} days ago");
            Ok(if days <= most { Verdict::pass(seen) } else { Verdict::fail(seen) })
        });
    }
    Ok(())
}

/// Judges the active ones of a user's two keys.
fn each_active_key(
    row: &CredentialReportRow,
    findings: &mut Findings<'_>,
    judge: impl Fn(&AccessKey) -> Result<Verdict, Unreadable>,
) {
    for (place, key) in row.access_keys.iter().enumerate() {
        let name = format!("{}, key {}", row.user, place + 1);
        match key.active {
            ReportFlag::True => findings.check(&name, || judge(key)),
            ReportFlag::False => {}
            ReportFlag::NotAvailable => findings.unknown(&name, malformed("the report does not tell if it is active")),
        }
    }
}

/// Whole days before the account was read.
fn age(account: &Account, time: Timestamp) -> i64 {
    account.taken_at.duration_since(time).as_hours() / 24
}

fn malformed(message: &str) -> Unreadable {
    Unreadable::malformed(GET_CREDENTIAL_REPORT, None, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::AccountSummary;
    use crate::testing::{Said, account, days_ago, judge, report_row, unreadable};
    use crate::{Reading, Status};

    fn with(rows: Vec<CredentialReportRow>) -> Account {
        Account { credential_report: Reading::Read(rows), ..account() }
    }

    fn say(rule: &'static Rule, row: CredentialReportRow) -> Said {
        judge(rule, &with(vec![row]))
    }

    fn key(last_used: Option<i64>, last_rotated: i64) -> AccessKey {
        AccessKey {
            active: ReportFlag::True,
            last_rotated: Some(days_ago(last_rotated)),
            last_used: last_used.map(days_ago),
        }
    }

    fn with_keys(user: &str, first: AccessKey, second: Option<AccessKey>) -> CredentialReportRow {
        let row = report_row(user);
        let second = second.unwrap_or_else(|| row.access_keys[1].clone());
        CredentialReportRow { access_keys: [first, second], ..row }
    }

    #[test]
    fn root_has_no_keys_or_nobody_knows() {
        let summary = |root_access_keys| Account {
            account_summary: Reading::Read(AccountSummary { root_mfa: None, root_password: None, root_access_keys }),
            ..account()
        };
        assert_eq!(judge(&ROOT_NO_ACCESS_KEYS, &summary(Some(false))).lines, ["pass root global"]);
        assert_eq!(judge(&ROOT_NO_ACCESS_KEYS, &summary(Some(true))).lines, ["fail root global"]);
        assert_eq!(judge(&ROOT_NO_ACCESS_KEYS, &summary(None)).lines, ["unknown root global"]);
        let denied = Account { account_summary: unreadable(), ..account() };
        assert_eq!(judge(&ROOT_NO_ACCESS_KEYS, &denied).lines, ["unknown root global"]);
    }

    #[test]
    fn root_was_not_used_of_late() {
        let used = |password: Option<i64>| CredentialReportRow {
            password_last_used: password.map(days_ago),
            ..report_row(ROOT)
        };
        let said = say(&ROOT_NOT_USED, used(Some(29)));
        assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, "was last used 29 days ago"));
        assert_eq!(say(&ROOT_NOT_USED, used(Some(30))).status, Status::Pass);
        assert_eq!(say(&ROOT_NOT_USED, used(None)).status, Status::Pass);
        assert_eq!(say(&ROOT_NOT_USED, with_keys(ROOT, key(Some(1), 400), None)).status, Status::Fail);
        assert_eq!(judge(&ROOT_NOT_USED, &with(vec![report_row("ana")])).lines, ["unknown root global"]);
        let denied = Account { credential_report: unreadable(), ..account() };
        assert_eq!(judge(&ROOT_NOT_USED, &denied).lines, ["unknown root global"]);
    }

    #[test]
    fn a_password_is_used_or_new() {
        let password = |used: Option<i64>, changed: Option<i64>| CredentialReportRow {
            password_enabled: ReportFlag::True,
            password_last_used: used.map(days_ago),
            password_last_changed: changed.map(days_ago),
            ..report_row("ana")
        };
        let status = |row| say(&USER_CREDENTIALS_USED, row).status;
        assert_eq!(say(&USER_CREDENTIALS_USED, password(Some(45), Some(400))).lines, ["pass ana, password global"]);
        assert_eq!(status(password(Some(46), Some(1))), Status::Fail);
        assert_eq!(status(password(None, Some(3))), Status::Pass);
        // Never used, and made when the user was.
        let said = say(&USER_CREDENTIALS_USED, password(None, None));
        assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, "never used, made 400 days ago"));
        assert_eq!(status(CredentialReportRow { created: None, ..password(None, None) }), Status::Unknown);
        assert_eq!(
            status(CredentialReportRow { password_enabled: ReportFlag::NotAvailable, ..report_row("ana") }),
            Status::Unknown
        );
    }

    #[test]
    fn both_keys_are_judged_and_inactive_ones_are_not() {
        let row = with_keys("ci", key(Some(1), 91), Some(key(None, 46)));
        assert_eq!(say(&USER_CREDENTIALS_USED, row.clone()).lines, ["pass ci, key 1 global", "fail ci, key 2 global"]);
        assert_eq!(say(&ACCESS_KEY_ROTATED, row).lines, ["fail ci, key 1 global", "pass ci, key 2 global"]);
        let inactive = AccessKey { active: ReportFlag::False, ..key(None, 400) };
        for rule in [&USER_CREDENTIALS_USED, &ACCESS_KEY_ROTATED] {
            assert_eq!(say(rule, with_keys("ci", inactive.clone(), None)).status, Status::NotApplicable);
            let untold = AccessKey { active: ReportFlag::NotAvailable, ..key(None, 400) };
            assert_eq!(say(rule, with_keys("ci", untold, None)).lines, ["unknown ci, key 1 global"]);
        }
        let undated = AccessKey { last_rotated: None, ..key(Some(1), 1) };
        assert_eq!(say(&ACCESS_KEY_ROTATED, with_keys("ci", undated, None)).status, Status::Unknown);
    }

    #[test]
    fn root_is_left_to_its_own_rules_and_an_unread_report_is_unknown() {
        for rule in [&USER_CREDENTIALS_USED, &ACCESS_KEY_ROTATED] {
            assert_eq!(say(rule, with_keys(ROOT, key(None, 400), None)).status, Status::NotApplicable);
            let denied = Account { credential_report: unreadable(), ..account() };
            assert_eq!(judge(rule, &denied).lines, ["unknown credential reports global"]);
        }
    }
}
