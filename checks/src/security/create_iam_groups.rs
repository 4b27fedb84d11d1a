//! `security/create-iam-groups`: permissions are given to groups, and none of them allows everything.

use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/create-iam-groups`
pub const ITEM: Item = Item {
    id: "security/create-iam-groups",
    title: "Create IAM Groups",
    decides: Decides::Machine,
    what: "Permissions are given to groups or permission sets, never to single users, and none of them \
           allows everything.",
    why: "Permissions that were given one by one only ever grow, and nobody dares to take one away.",
    confirm: "In IAM, Users: no user has policies attached directly. Of the customer managed policies none \
           allows every action on every resource.",
    references: &[
        Reference { title: "IAM user groups", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html" },
        Reference {
            title: "Security best practices in IAM",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        },
    ],
    rules: &[&NO_ADMIN_STAR_POLICY, &USER_NO_DIRECT_POLICIES, &GROUP_HAS_MEMBERS],
    evidence: &[],
    pending: &[],
};

const GROUPS_GUIDE: Reference =
    Reference { title: "IAM user groups", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html" };

const PRACTICES_GUIDE: Reference = Reference {
    title: "Security best practices in IAM",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
};

const LOGIC_GUIDE: Reference = Reference {
    title: "Policy evaluation logic",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
};

/// `no-admin-star-policy`
pub static NO_ADMIN_STAR_POLICY: Rule = Rule {
    id: "no-admin-star-policy",
    title: "No customer policy allows everything",
    severity: Severity::High,
    needs: &[FactKind::AuthorizationDetails],
    absence: Absence::NotApplicable,
    decided: "No customer managed policy, attached or not, and no inline policy of a user, group or role makes an \
              administrator. A policy is evaluated, not read for a star: its Allow statements, by Action, NotAction, \
              Resource and NotResource with their wildcards, less its unconditional Deny statements, must not cover \
              administrative actions of IAM, EC2, S3, KMS, CloudTrail, RDS and Secrets Manager all together. Conditions \
              of an Allow are not counted. AWS's own policies are not the customer's, and a policy that cannot be \
              understood is unknown.",
    remedy: Remedy {
        summary: "Allow what is needed, by name; let people who administer assume a role with AdministratorAccess.",
        console: "IAM, Policies, Filter by Type: Customer managed, the policy, Edit; IAM Access Analyzer, Generate policy",
        cli: "aws iam create-policy-version --policy-arn POLICY_ARN --policy-document file://policy.json \
              --set-as-default",
        terraform: "aws_iam_policy_document: statement with the actions and resources that are needed",
    },
    controls: &["FSBP IAM.1", "FSBP IAM.21", "CIS 3.0 1.16"],
    references: &[PRACTICES_GUIDE, LOGIC_GUIDE],
    judge: Judge::Account(no_admin_star),
};

fn no_admin_star(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for policy in &account.authorization_details()?.policies {
        findings.check(policy, || {
            let document = policy.document.get(FactKind::AuthorizationDetails)?;
            Ok(Verdict::when(!document.allows_everything(), "does not allow everything", "allows everything"))
        });
    }
    Ok(())
}

/// `user-no-direct-policies`
pub static USER_NO_DIRECT_POLICIES: Rule = Rule {
    id: "user-no-direct-policies",
    title: "Users have their permissions from groups",
    severity: Severity::Medium,
    needs: &[FactKind::AuthorizationDetails],
    absence: Absence::NotApplicable,
    decided: "No IAM user has a managed policy attached or an inline policy of their own.",
    remedy: Remedy {
        summary: "Put the user into a group that has the policy, and detach it from the user.",
        console: "IAM, Users, the user, Permissions: remove policies that are attached directly or inline; Groups, Add",
        cli: "aws iam add-user-to-group --user-name USER --group-name GROUP; aws iam detach-user-policy --user-name USER \
              --policy-arn POLICY_ARN",
        terraform: "aws_iam_group_policy_attachment and aws_iam_user_group_membership, no aws_iam_user_policy_attachment",
    },
    controls: &["FSBP IAM.2", "CIS 3.0 1.15"],
    references: &[PRACTICES_GUIDE, GROUPS_GUIDE],
    judge: Judge::Account(no_direct_policies),
};

fn no_direct_policies(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for user in &account.authorization_details()?.users {
        findings.check(user, || {
            Ok(match user.direct_policies.as_slice() {
                [] => Verdict::pass("has no policies of their own"),
                [one] => Verdict::fail(format!("has the policy {one:.60} directly")),
                [one, others @ ..] => {
                    Verdict::fail(format!("has the policy {one:.60} and {} more directly", others.len()))
                }
            })
        });
    }
    Ok(())
}

/// `group-has-members`
pub static GROUP_HAS_MEMBERS: Rule = Rule {
    id: "group-has-members",
    title: "IAM groups have members",
    severity: Severity::Low,
    needs: &[FactKind::AuthorizationDetails],
    absence: Absence::NotApplicable,
    decided: "Each IAM group has at least one user; what a group without users allows is waiting for its first one.",
    remedy: Remedy {
        summary: "Put users into the group, or delete it.",
        console: "IAM, User groups, the group, Users, Add users; or Delete",
        cli: "aws iam add-user-to-group --user-name USER --group-name GROUP",
        terraform: "aws_iam_group_membership, or remove the aws_iam_group",
    },
    controls: &[],
    references: &[GROUPS_GUIDE],
    judge: Judge::Account(has_members),
};

fn has_members(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let details = account.authorization_details()?;
    for group in &details.groups {
        findings.check(group, || {
            Ok(match details.users.iter().filter(|user| user.groups.contains(group)).count() {
                0 => Verdict::fail("has no members"),
                1 => Verdict::pass("has 1 member"),
                members => Verdict::pass(format!("has {members} members")),
            })
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{AuthorizationDetails, CustomerPolicy, IamUser};
    use crate::testing::{account, judge, policy, unreadable};
    use crate::{Policy, Reading, Status};

    fn with(details: AuthorizationDetails) -> Account {
        Account { authorization_details: Reading::Read(details), ..account() }
    }

    #[test]
    fn an_administrator_by_policy_fails_and_one_that_is_not_understood_is_unknown() {
        let named = |name: &str, document: Reading<Policy>| CustomerPolicy { name: name.to_owned(), document };
        let star = policy(r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#);
        let reader = policy(r#"{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}"#);
        let policies = vec![
            named("star", Reading::Read(star)),
            named("reader", Reading::Read(reader)),
            named("inline odd of user ana", unreadable()),
        ];
        let said = judge(&NO_ADMIN_STAR_POLICY, &with(AuthorizationDetails { policies, ..Default::default() }));
        assert_eq!(said.lines, ["fail star global", "pass reader global", "unknown inline odd of user ana global"]);
    }

    #[test]
    fn users_and_groups() {
        let user = |name: &str, groups: &[&str], policies: &[&str]| IamUser {
            name: name.to_owned(),
            groups: groups.iter().map(|&it| it.to_owned()).collect(),
            direct_policies: policies.iter().map(|&it| it.to_owned()).collect(),
        };
        let details = AuthorizationDetails {
            users: vec![user("ana", &["team"], &[]), user("ben", &[], &["own"]), user("eve", &[], &["a", "b", "c"])],
            groups: vec!["team".to_owned(), "empty".to_owned()],
            ..Default::default()
        };
        let said = judge(&USER_NO_DIRECT_POLICIES, &with(details.clone()));
        assert_eq!(said.lines, ["pass ana global", "fail ben global", "fail eve global"]);
        assert_eq!(said.details[2], "has the policy a and 2 more directly");
        let said = judge(&GROUP_HAS_MEMBERS, &with(details));
        assert_eq!(said.lines, ["pass team global", "fail empty global"]);
    }

    #[test]
    fn nobody_is_not_applicable_and_unread_is_unknown() {
        for rule in ITEM.rules {
            assert_eq!(judge(rule, &with(AuthorizationDetails::default())).status, Status::NotApplicable);
            let denied = Account { authorization_details: unreadable(), ..account() };
            assert_eq!(judge(rule, &denied).status, Status::Unknown, "{}", rule.id);
        }
    }
}
