//! `security/create-a-password-policy-and-enforce-mfa`: the account's password policy, and MFA of users and root.

use crate::facts::{AccountSummary, CredentialReportRow, PasswordPolicy, ReportFlag};
use crate::operation::operations::{GET_ACCOUNT_SUMMARY, GET_CREDENTIAL_REPORT};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Settings, Severity,
    Unreadable, Verdict,
};

/// `security/create-a-password-policy-and-enforce-mfa`
pub const ITEM: Item = Item {
    id: "security/create-a-password-policy-and-enforce-mfa",
    title: "Create a password policy and enforce MFA",
    decides: Decides::Machine,
    what: "A password policy that asks every IAM user for a long, mixed password which was not used before, and a \
           second factor at every sign-in: for each user with a console password and for the root user.",
    why: "Passwords are guessed, reused and phished. One leaked password without a second factor opens the console to \
          whoever holds it, and root's opens everything in the account.",
    confirm: "In the IAM console, read Account settings, Password policy; then look at the MFA column of Users, and at \
              the dashboard's advice about MFA for the root user. People who sign in by an identity provider need MFA \
              there.",
    references: &[PASSWORD_POLICY_GUIDE, MFA_GUIDE, ROOT_MFA_GUIDE],
    rules: &[&PASSWORD_POLICY, &USER_MFA, &ROOT_MFA],
    evidence: &[],
    pending: &[],
};

const PASSWORD_POLICY_GUIDE: Reference = Reference {
    title: "Set an account password policy for IAM users",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html",
};

const MFA_GUIDE: Reference = Reference {
    title: "AWS Multi-factor authentication in IAM",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
};

const CREDENTIAL_REPORT_GUIDE: Reference = Reference {
    title: "Generate credential reports for your AWS account",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
};

const ROOT_MFA_GUIDE: Reference = Reference {
    title: "Multi-factor authentication for AWS account root user",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/enable-mfa-for-root.html",
};

const CENTRAL_ROOT_GUIDE: Reference = Reference {
    title: "Centralize root access for member accounts",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-enable-root-access.html",
};

/// `password-policy`
pub static PASSWORD_POLICY: Rule = Rule {
    id: "password-policy",
    title: "The password policy asks for long, mixed, new passwords",
    severity: Severity::Medium,
    needs: &[FactKind::PasswordPolicy],
    absence: Absence::Fails("the account has no password policy"),
    decided: "The account's password policy has to ask for the set length (14 unless configured), for symbols, \
              numbers, uppercase and lowercase letters, and to refuse the set number of former passwords (24). An \
              account without a policy of its own fails, whether it has users now or not: AWS's default is shorter \
              and lets old passwords return.",
    remedy: Remedy {
        summary: "Set a password policy of 14 characters, all character classes and 24 remembered.",
        console: "IAM, Account settings, Password policy, Edit, Custom: minimum length 14, tick all four kinds of \
                  characters, Prevent password reuse: 24",
        cli: "aws iam update-account-password-policy --minimum-password-length 14 --require-symbols --require-numbers \
              --require-uppercase-characters --require-lowercase-characters --password-reuse-prevention 24 \
              --allow-users-to-change-password",
        terraform: "aws_iam_account_password_policy: minimum_password_length = 14, require_symbols, require_numbers, \
                    require_uppercase_characters and require_lowercase_characters = true, \
                    password_reuse_prevention = 24",
    },
    controls: &["FSBP IAM.7", "CIS 3.0 1.8", "CIS 3.0 1.9"],
    references: &[PASSWORD_POLICY_GUIDE],
    judge: Judge::Account(password_policy),
};

fn password_policy(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let settings = findings.settings;
    findings.check(&account.id, || {
        let Some(policy) = account.password_policy()? else {
            return Ok(Verdict::fail("the account has no password policy"));
        };
        let lacks = lacks(policy, settings);
        Ok(if lacks.is_empty() {
            Verdict::pass("the password policy asks for everything")
        } else {
            Verdict::fail(format!("lacks: {}", lacks.join(", ")))
        })
    });
    Ok(())
}

/// What the policy does not ask for, each with what it asks for instead.
fn lacks(policy: &PasswordPolicy, settings: &Settings) -> Vec<String> {
    let (length, reuse) = (i32::from(settings.password_length), i32::from(settings.password_reuse_prevention));
    let remembered = policy.reuse_prevention.map_or("none".to_owned(), |count| count.to_string());
    let wanted = [
        (policy.minimum_length >= length, format!("length {length} (is {})", policy.minimum_length)),
        (policy.require_symbols, "symbols".to_owned()),
        (policy.require_numbers, "numbers".to_owned()),
        (policy.require_uppercase, "uppercase".to_owned()),
        (policy.require_lowercase, "lowercase".to_owned()),
        (policy.reuse_prevention.unwrap_or(0) >= reuse, format!("reuse prevention {reuse} (is {remembered})")),
    ];
    wanted.into_iter().filter(|(met, _)| !met).map(|(_, what)| what).collect()
}

/// `user-mfa`
pub static USER_MFA: Rule = Rule {
    id: "user-mfa",
    title: "Users with a console password have MFA",
    severity: Severity::High,
    needs: &[FactKind::CredentialReport],
    absence: Absence::NotApplicable,
    decided: "Every user whom the credential report shows with a console password needs an active MFA device. Users \
              without a password, and root, are not judged here. The report may be up to four hours old. Where it \
              does not tell of a user's password or MFA, that user is unknown.",
    remedy: Remedy {
        summary: "Assign an MFA device to the user, or take the console password away.",
        console: "IAM, Users, the user, Security credentials, Multi-factor authentication (MFA), Assign MFA device",
        cli: "aws iam create-virtual-mfa-device --virtual-mfa-device-name NAME --outfile QRCODE.png --bootstrap-method \
              QRCodePNG && aws iam enable-mfa-device --user-name USER --serial-number SERIAL_NUMBER \
              --authentication-code1 CODE1 --authentication-code2 CODE2; or aws iam delete-login-profile --user-name \
              USER",
        terraform: "aws_iam_virtual_mfa_device creates the device, which its user then activates; without a console \
                    password: no aws_iam_user_login_profile",
    },
    controls: &["FSBP IAM.5", "CIS 3.0 1.10"],
    references: &[MFA_GUIDE, CREDENTIAL_REPORT_GUIDE],
    judge: Judge::Account(user_mfa),
};

/// The credential report's name for root, which no user can have.
const ROOT: &str = "<root_account>";

fn user_mfa(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let users = account.credential_report()?.iter().filter(|row| row.user != ROOT);
    for user in users.filter(|user| user.password_enabled != ReportFlag::False) {
        findings.check(user, || {
            flag(user, "password_enabled", user.password_enabled)?;
            let has_mfa = flag(user, "mfa_active", user.mfa_active)?;
            Ok(Verdict::when(has_mfa, "has a console password and MFA", "has a console password and no MFA"))
        });
    }
    Ok(())
}

/// The yes or no of a field of the credential report.
fn flag(user: &CredentialReportRow, field: &str, value: ReportFlag) -> Result<bool, Unreadable> {
    match value {
        ReportFlag::True => Ok(true),
        ReportFlag::False => Ok(false),
        ReportFlag::NotAvailable => {
            let message = format!("the report does not tell {field}");
            Err(Unreadable::malformed(GET_CREDENTIAL_REPORT, None, message).about(&user.user))
        }
    }
}

/// `root-mfa`
pub static ROOT_MFA: Rule = Rule {
    id: "root-mfa",
    title: "Root has MFA, or no credentials at all",
    severity: Severity::Critical,
    needs: &[FactKind::AccountSummary],
    absence: Absence::Fails("nothing tells that root has MFA"),
    decided: "The account summary says whether root has MFA; the credential report has been wrong about it. Without \
              MFA root passes only where the summary says that it has neither a password nor access keys, as in a \
              member account whose organization manages root centrally: there is nothing to sign in with.",
    remedy: Remedy {
        summary: "Register an MFA device for root, or let the organization remove root's credentials.",
        console: "Sign in as root: account menu, Security credentials, Multi-factor authentication (MFA), Assign MFA \
                  device; or in the management account: IAM, Root access management",
        cli: "aws iam enable-organizations-root-credentials-management, then with credentials from aws sts assume-root \
              --target-principal ACCOUNT_ID --task-policy-arn \
              arn=arn:aws:iam::aws:policy/root-task/IAMDeleteRootUserCredentials: aws iam delete-login-profile",
        terraform: "aws_iam_organizations_features: enabled_features = [\"RootCredentialsManagement\"]; root's own MFA \
                    cannot be set by Terraform",
    },
    controls: &["CIS 3.0 1.5"],
    references: &[ROOT_MFA_GUIDE, CENTRAL_ROOT_GUIDE],
    judge: Judge::Account(root_mfa),
};

fn root_mfa(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check("root", || {
        let summary = account.account_summary()?;
        match summary.root_mfa {
            Some(true) => Ok(Verdict::pass("root has MFA")),
            Some(false) if has_no_credentials(summary) => Ok(Verdict::pass("root has no password and no access keys")),
            Some(false) => Ok(Verdict::fail("root has no MFA")),
            None => Err(Unreadable::malformed(GET_ACCOUNT_SUMMARY, None, "the answer lacks AccountMFAEnabled")),
        }
    });
    Ok(())
}

/// Whether root is known to have nothing to sign in with.
fn has_no_credentials(summary: &AccountSummary) -> bool {
    summary.root_password == Some(false) && summary.root_access_keys == Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{account, judge, report_row, unreadable};
    use crate::{Reading, Status};

    fn strong() -> PasswordPolicy {
        PasswordPolicy {
            minimum_length: 14,
            require_symbols: true,
            require_numbers: true,
            require_uppercase: true,
            require_lowercase: true,
            reuse_prevention: Some(24),
        }
    }

    fn with_policy(policy: Option<PasswordPolicy>) -> Account {
        Account { password_policy: Reading::Read(policy), ..account() }
    }

    fn row(user: &str, password_enabled: ReportFlag, mfa_active: ReportFlag) -> CredentialReportRow {
        CredentialReportRow { password_enabled, mfa_active, ..report_row(user) }
    }

    fn with_report(rows: Vec<CredentialReportRow>) -> Account {
        Account { credential_report: Reading::Read(rows), ..account() }
    }

    fn with_root(mfa: Option<bool>, password: Option<bool>, access_keys: Option<bool>) -> Account {
        let summary = AccountSummary { root_mfa: mfa, root_password: password, root_access_keys: access_keys };
        Account { account_summary: Reading::Read(summary), ..account() }
    }

    #[test]
    fn a_policy_that_asks_for_everything_passes() {
        let said = judge(&PASSWORD_POLICY, &with_policy(Some(strong())));
        assert_eq!(said.lines, ["pass 123456789012 global"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn a_longer_length_and_more_remembered_passwords_pass_too() {
        let stronger = PasswordPolicy { minimum_length: 128, ..strong() };
        assert_eq!(judge(&PASSWORD_POLICY, &with_policy(Some(stronger))).status, Status::Pass);
    }

    #[test]
    fn an_account_without_a_policy_fails() {
        let said = judge(&PASSWORD_POLICY, &with_policy(None));
        assert_eq!(said.lines, ["fail 123456789012 global"]);
        assert_eq!(said.details, ["the account has no password policy"]);
    }

    #[test]
    fn a_weak_policy_fails_with_everything_that_it_lacks() {
        let weak = PasswordPolicy { minimum_length: 8, require_symbols: false, reuse_prevention: None, ..strong() };
        let said = judge(&PASSWORD_POLICY, &with_policy(Some(weak)));
        assert_eq!(said.details, ["lacks: length 14 (is 8), symbols, reuse prevention 24 (is none)"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn a_policy_that_asks_for_nothing_fails_in_one_short_line() {
        let nothing = PasswordPolicy {
            minimum_length: 13,
            require_symbols: false,
            require_numbers: false,
            require_uppercase: false,
            require_lowercase: false,
            reuse_prevention: Some(23),
        };
        let said = judge(&PASSWORD_POLICY, &with_policy(Some(nothing)));
        let all = "lacks: length 14 (is 13), symbols, numbers, uppercase, lowercase, reuse prevention 24 (is 23)";
        assert_eq!(said.details, [all]);
    }

    #[test]
    fn one_missing_character_class_fails() {
        for (policy, lacks) in [
            (PasswordPolicy { require_numbers: false, ..strong() }, "lacks: numbers"),
            (PasswordPolicy { require_uppercase: false, ..strong() }, "lacks: uppercase"),
            (PasswordPolicy { require_lowercase: false, ..strong() }, "lacks: lowercase"),
        ] {
            assert_eq!(judge(&PASSWORD_POLICY, &with_policy(Some(policy))).details, [lacks]);
        }
    }

    #[test]
    fn an_unreadable_policy_is_unknown() {
        let said = judge(&PASSWORD_POLICY, &Account { password_policy: unreadable(), ..account() });
        assert_eq!(said.lines, ["unknown 123456789012 global"]);
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn users_with_a_password_pass_with_mfa_and_fail_without() {
        use ReportFlag::{False, True};
        let said = judge(&USER_MFA, &with_report(vec![row("ana", True, False), row("bob", True, True)]));
        assert_eq!(said.lines, ["fail ana global", "pass bob global"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn users_without_a_password_and_root_are_not_judged() {
        use ReportFlag::{False, NotAvailable, True};
        let report = vec![row(ROOT, NotAvailable, False), row(ROOT, True, False), row("deploy", False, False)];
        let said = judge(&USER_MFA, &with_report(report));
        assert!(said.lines.is_empty());
        assert_eq!(said.status, Status::NotApplicable);
    }

    #[test]
    fn a_user_of_whom_the_report_does_not_tell_is_unknown() {
        use ReportFlag::{NotAvailable, True};
        let report = vec![row("ana", True, NotAvailable), row("bob", NotAvailable, True), row("eve", True, True)];
        let said = judge(&USER_MFA, &with_report(report));
        assert_eq!(said.lines, ["unknown ana global", "unknown bob global", "pass eve global"]);
        assert!(said.details[0].contains("mfa_active"), "{}", said.details[0]);
        assert!(said.details[1].contains("password_enabled"), "{}", said.details[1]);
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn an_unreadable_report_is_unknown() {
        let said = judge(&USER_MFA, &Account { credential_report: unreadable(), ..account() });
        assert_eq!(said.lines, ["unknown credential reports global"]);
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn root_with_mfa_passes() {
        let said = judge(&ROOT_MFA, &with_root(Some(true), Some(true), Some(false)));
        assert_eq!(said.lines, ["pass root global"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn root_without_mfa_fails_with_a_password_or_access_keys() {
        for (password, access_keys) in [(true, false), (false, true), (true, true)] {
            let said = judge(&ROOT_MFA, &with_root(Some(false), Some(password), Some(access_keys)));
            assert_eq!(said.lines, ["fail root global"]);
        }
    }

    #[test]
    fn root_without_any_credentials_needs_no_mfa() {
        let said = judge(&ROOT_MFA, &with_root(Some(false), Some(false), Some(false)));
        assert_eq!(said.lines, ["pass root global"]);
        assert_eq!(said.details, ["root has no password and no access keys"]);
    }

    #[test]
    fn root_without_mfa_fails_where_its_credentials_are_not_told() {
        assert_eq!(judge(&ROOT_MFA, &with_root(Some(false), None, Some(false))).status, Status::Fail);
        assert_eq!(judge(&ROOT_MFA, &with_root(Some(false), Some(false), None)).status, Status::Fail);
    }

    #[test]
    fn a_summary_that_does_not_tell_of_mfa_is_unknown() {
        let said = judge(&ROOT_MFA, &with_root(None, Some(false), Some(false)));
        assert_eq!(said.lines, ["unknown root global"]);
        assert!(said.details[0].contains("the answer lacks AccountMFAEnabled"), "{}", said.details[0]);
    }

    #[test]
    fn an_unreadable_summary_is_unknown() {
        let said = judge(&ROOT_MFA, &Account { account_summary: unreadable(), ..account() });
        assert_eq!(said.lines, ["unknown root global"]);
        assert_eq!(said.status, Status::Unknown);
    }
}
