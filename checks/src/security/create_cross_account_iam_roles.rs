//! `security/create-cross-account-iam-roles`: other accounts enter by roles, third parties with an external id.

use std::collections::BTreeMap;

use super::create_iam_roles::is_service_linked;
use crate::facts::Role;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Statement,
    Unreadable, Verdict,
};

/// `security/create-cross-account-iam-roles`
pub const ITEM: Item = Item {
    id: "security/create-cross-account-iam-roles",
    title: "Create cross-account IAM Roles",
    decides: Decides::Partly,
    what: "People have one identity and enter other accounts by assuming roles; third parties enter by a \
           role with an external id.",
    why: "Users in every account mean many passwords and keys for each person, and some are forgotten \
           when the person leaves.",
    confirm: "List the accounts that roles trust and name the owner of each. Third parties need an external \
           id that they chose and nobody else has.",
    references: &[
        Reference {
            title: "Access to AWS accounts owned by third parties",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
        },
        Reference {
            title: "What is IAM Identity Center?",
            url: "https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html",
        },
    ],
    rules: &[&CROSS_ACCOUNT_TRUST_KNOWN],
    evidence: &[],
    pending: &[],
};

const THIRD_PARTY_GUIDE: Reference = Reference {
    title: "Access to AWS accounts owned by third parties",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
};

/// `cross-account-trust-known`
pub static CROSS_ACCOUNT_TRUST_KNOWN: Rule = Rule {
    id: "cross-account-trust-known",
    title: "Roles trust known accounts only, or third parties with an external id",
    severity: Severity::High,
    needs: &[FactKind::AuthorizationDetails, FactKind::OrganizationAccounts],
    absence: Absence::NotApplicable,
    decided: "Each account that a role's trust policy names, by id, root, user or role, is of this account's \
              organization or listed (setting trusted_accounts), or the statement asks for a fixed sts:ExternalId or for \
              the organization's id. Roles that trust this account alone, services or identity providers have nothing to \
              judge; ids of principals that were deleted let nobody in. Where the organization cannot be listed, which \
              only its management account and delegated administrators may do, an account that is not listed here is \
              unknown.",
    remedy: Remedy {
        summary: "Take the account out of the trust policy, list it as known, or ask the third party for an external id.",
        console: "IAM, Roles, the role, Trust relationships, Edit trust policy, Condition: sts:ExternalId",
        cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json",
        terraform: "aws_iam_role: assume_role_policy with a condition StringEquals sts:ExternalId",
    },
    controls: &[],
    references: &[THIRD_PARTY_GUIDE],
    judge: Judge::Account(trust_known),
};

fn trust_known(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let settings = findings.settings;
    for role in account.authorization_details()?.roles.iter().filter(|role| !is_service_linked(role)) {
        let trusted = match trusted(role, &account.id) {
            Ok(trusted) if trusted.is_empty() => continue,
            trusted => trusted,
        };
        findings.check(role, || {
            let mut unread = None;
            for (other, by_id) in trusted? {
                if by_id || settings.trusted_accounts.iter().any(|known| known == other) {
                    continue;
                }
                match account.organization_accounts() {
                    Ok(Some(accounts)) if accounts.iter().any(|known| known == other) => {}
                    Ok(_) => {
                        return Ok(Verdict::fail(format!(
                            "trusts the unknown account {other:.12} without external id"
                        )));
                    }
                    Err(reason) => unread = Some(reason),
                }
            }
            unread.map_or(Ok(Verdict::pass("trusts known accounts only, or by external id")), Err)
        });
    }
    Ok(())
}

/// The other accounts that a role trusts, each with whether every statement that names it asks for more than being it.
fn trusted<'a>(role: &'a Role, own: &str) -> Result<BTreeMap<&'a str, bool>, Unreadable> {
    let mut trusted = BTreeMap::new();
    for statement in role.trust.get(FactKind::AuthorizationDetails)?.statements.as_slice() {
        if statement.effect != "Allow" {
            continue;
        }
        let principals = statement.principal.iter().flat_map(|principal| principal.of("AWS"));
        for other in principals.filter_map(account_of).filter(|other| *other != own) {
            let asks_more = asks_more(statement);
            trusted.entry(other).and_modify(|all: &mut bool| *all &= asks_more).or_insert(asks_more);
        }
    }
    Ok(trusted)
}

/// The account of a principal: `123456789012`, `arn:aws:iam::123456789012:root`; none for ids of deleted ones.
fn account_of(principal: &str) -> Option<&str> {
    let id = principal.split(':').nth(4).unwrap_or(principal);
    (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// Whether a statement asks for a fixed external id or an organization.
fn asks_more(statement: &Statement) -> bool {
    let fixed = |key: &'static str| {
        let mut values = statement.required(key).peekable();
        values.peek().is_some() && values.all(|value| !value.contains(['*', '?']) && !value.is_empty())
    };
    ["sts:ExternalId", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths"].into_iter().any(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::AuthorizationDetails;
    use crate::testing::{Said, account, judge, policy, unreadable};
    use crate::{Reading, Status};

    const SISTER: &str = "222222222222";
    const VENDOR: &str = "333333333333";

    fn with(statement: &str) -> Account {
        let trust = Reading::Read(policy(statement));
        let role = Role { name: "deploy".to_owned(), path: "/".to_owned(), trust };
        Account {
            authorization_details: Reading::Read(AuthorizationDetails { roles: vec![role], ..Default::default() }),
            organization_accounts: Reading::Read(Some(vec!["123456789012".to_owned(), SISTER.to_owned()])),
            ..account()
        }
    }

    fn trusting(principal: &str, condition: &str) -> Account {
        with(&format!(
            r#"{{"Effect": "Allow", "Principal": {{"AWS": "{principal}"}}, "Action": "sts:AssumeRole"{condition}}}"#
        ))
    }

    fn say(account: &Account) -> Said {
        judge(&CROSS_ACCOUNT_TRUST_KNOWN, account)
    }

    #[test]
    fn an_unknown_account_needs_an_external_id() {
        for principal in
            [VENDOR.to_owned(), format!("arn:aws:iam::{VENDOR}:root"), format!("arn:aws:iam::{VENDOR}:role/x")]
        {
            let said = say(&trusting(&principal, ""));
            assert_eq!(said.lines, ["fail deploy global"], "{principal}");
            assert_eq!(said.details, ["trusts the unknown account 333333333333 without external id"]);
        }
        let external = r#", "Condition": {"StringEquals": {"sts:ExternalId": "e-1"}}"#;
        assert_eq!(say(&trusting(VENDOR, external)).status, Status::Pass);
        let any = r#", "Condition": {"StringLike": {"sts:ExternalId": "*"}}"#;
        assert_eq!(say(&trusting(VENDOR, any)).status, Status::Fail);
        let not = r#", "Condition": {"StringNotEquals": {"sts:ExternalId": "e-1"}}"#;
        assert_eq!(say(&trusting(VENDOR, not)).status, Status::Fail);
    }

    #[test]
    fn a_second_statement_without_the_id_undoes_the_first() {
        let statement = |condition: &str| {
            format!(
                r#"{{"Effect": "Allow", "Principal": {{"AWS": "{VENDOR}"}}, "Action": "sts:AssumeRole"{condition}}}"#
            )
        };
        let external = statement(r#", "Condition": {"StringEquals": {"sts:ExternalId": "e-1"}}"#);
        assert_eq!(say(&with(&format!("[{external}, {}]", statement("")))).status, Status::Fail);
    }

    #[test]
    fn sisters_are_known_and_nobody_else_is_not_applicable() {
        assert_eq!(say(&trusting(SISTER, "")).status, Status::Pass);
        for principal in ["123456789012", "AROAEXAMPLEDELETED123", "arn:aws:iam::123456789012:user/ana"] {
            assert_eq!(say(&trusting(principal, "")).status, Status::NotApplicable, "{principal}");
        }
        let service =
            r#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}"#;
        assert_eq!(say(&with(service)).status, Status::NotApplicable);
    }

    #[test]
    fn without_an_organization_or_its_list() {
        let alone = Account { organization_accounts: Reading::Read(None), ..trusting(SISTER, "") };
        assert_eq!(say(&alone).status, Status::Fail);
        let member = Account { organization_accounts: unreadable(), ..trusting(SISTER, "") };
        assert_eq!(say(&member).lines, ["unknown deploy global"]);
        let external = r#", "Condition": {"StringEquals": {"sts:ExternalId": "e-1"}}"#;
        let member = Account { organization_accounts: unreadable(), ..trusting(SISTER, external) };
        assert_eq!(say(&member).status, Status::Pass);
        let denied = Account { authorization_details: unreadable(), ..account() };
        assert_eq!(say(&denied).status, Status::Unknown);
    }
}
