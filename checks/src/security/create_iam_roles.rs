//! `security/create-iam-roles`: machines get their permissions from roles, which trust only who must use them.

use crate::facts::Role;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Principal, Reference, Remedy, Rule, Severity,
    Statement, Unreadable, Verdict,
};

/// `security/create-iam-roles`
pub const ITEM: Item = Item {
    id: "security/create-iam-roles",
    title: "Create IAM Roles",
    decides: Decides::Machine,
    what: "Instances, functions and tasks get their permissions from roles, and each role trusts only who \
           must use it.",
    why: "An access key on a server is stolen with it; a role that trusts anyone is public.",
    confirm: "List the instances without an instance profile and the principals that each role trusts. No \
           access key stands in code or on a server.",
    references: &[
        Reference { title: "IAM roles", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html" },
        Reference {
            title: "IAM roles for Amazon EC2",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
        },
    ],
    rules: &[&ROLE_TRUST_NOT_PUBLIC, &INSTANCE_HAS_ROLE],
    evidence: &[],
    pending: &[],
};

const PROFILES_GUIDE: Reference = Reference {
    title: "Use instance profiles",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html",
};

const TRUST_GUIDE: Reference = Reference {
    title: "AWS JSON policy elements: Principal",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
};

const OIDC_GUIDE: Reference = Reference {
    title: "Create a role for OpenID Connect federation",
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
};

/// `instance-has-role`
pub static INSTANCE_HAS_ROLE: Rule = Rule {
    id: "instance-has-role",
    title: "Instances have a role",
    severity: Severity::Medium,
    needs: &[FactKind::Instances, FactKind::InstanceProfiles],
    absence: Absence::NotApplicable,
    decided: "Each running instance has an instance profile that exists and has a role. A default role that Systems \
              Manager gives to instances without a profile does not count: it serves Systems Manager only.",
    remedy: Remedy {
        summary: "Associate an instance profile whose role allows what the instance needs.",
        console: "EC2, Instances, the instance, Actions, Security, Modify IAM role",
        cli: "aws ec2 associate-iam-instance-profile --region REGION --instance-id INSTANCE_ID --iam-instance-profile \
              Name=PROFILE",
        terraform: "aws_instance: iam_instance_profile, of an aws_iam_instance_profile with a role",
    },
    controls: &["CIS 3.0 1.18"],
    references: &[PROFILES_GUIDE],
    judge: Judge::Account(has_role),
};

fn has_role(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.instances() {
            Ok(instances) => {
                for instance in instances.iter().filter(|instance| instance.state == "running") {
                    findings.check(instance, || {
                        let Some(arn) = &instance.instance_profile_arn else {
                            return Ok(Verdict::fail("has no instance profile"));
                        };
                        let profile = account.instance_profiles()?.iter().find(|profile| profile.arn == *arn);
                        Ok(match profile {
                            Some(profile) if profile.has_role => Verdict::pass("has a role"),
                            Some(_) => Verdict::fail("its instance profile has no role"),
                            None => Verdict::fail("its instance profile no longer exists"),
                        })
                    });
                }
            }
            Err(reason) => findings.unknown(FactKind::Instances.noun(), reason),
        }
    }
    Ok(())
}

/// `role-trust-not-public`
pub static ROLE_TRUST_NOT_PUBLIC: Rule = Rule {
    id: "role-trust-not-public",
    title: "No role trusts just anyone",
    severity: Severity::Critical,
    needs: &[FactKind::AuthorizationDetails],
    absence: Absence::NotApplicable,
    decided: "No trust policy allows every principal of AWS, as \"*\" or by NotPrincipal, unless a condition narrows that \
              to fixed values of a key that a caller cannot choose, such as aws:PrincipalOrgID or aws:SourceArn; an \
              external id is no secret and does not count. A web identity provider that serves everyone (GitHub, GitLab, \
              HCP Terraform, Bitbucket, CircleCI, Google, Amazon, Facebook, Cognito) needs a condition on who it \
              identifies: on sub or another claim but aud, with an owner before any wildcard; for Google, Amazon, \
              Facebook and Cognito on aud, app_id or the like. Service-linked roles are AWS's. A trust policy that cannot \
              be understood is unknown.",
    remedy: Remedy {
        summary: "Name the principals, or the repository, that may assume the role.",
        console: "IAM, Roles, the role, Trust relationships, Edit trust policy",
        cli: "aws iam update-assume-role-policy --role-name ROLE --policy-document file://trust.json",
        terraform: "aws_iam_role: assume_role_policy with principals or a condition on TOKEN_ISSUER:sub",
    },
    controls: &[],
    references: &[TRUST_GUIDE, OIDC_GUIDE],
    judge: Judge::Account(trust_not_public),
};

fn trust_not_public(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let roles = account.authorization_details()?.roles.iter();
    for role in roles.filter(|role| !is_service_linked(role)) {
        findings.check(role, || {
            let trust = role.trust.get(FactKind::AuthorizationDetails)?;
            if trust.public_statement().is_some() {
                return Ok(Verdict::fail("anyone with an AWS account may assume it"));
            }
            let open = trust.statements.as_slice().iter().find_map(open_issuer);
            Ok(match open {
                Some(issuer) => Verdict::fail(format!("anyone whom {issuer:.60} identifies may assume it")),
                None => Verdict::pass("trusts named principals only"),
            })
        });
    }
    Ok(())
}

/// Whether AWS made a role for a service and keeps it.
pub(super) fn is_service_linked(role: &Role) -> bool {
    role.path.starts_with("/aws-service-role/")
}

/// Issuers that serve everyone, each with the claims that say no more than that the token is meant for AWS.
const PUBLIC_ISSUERS: [(&str, &[&str]); 11] = [
    ("token.actions.githubusercontent.com", &["aud"]),
    ("gitlab.com", &["aud"]),
    ("app.terraform.io", &["aud"]),
    ("api.bitbucket.org", &["aud"]),
    ("oidc.circleci.com", &["aud"]),
    ("agent.buildkite.com", &["aud"]),
    ("accounts.google.com", &[]),
    ("www.amazon.com", &[]),
    ("graph.facebook.com", &[]),
    ("cognito-identity.amazonaws.com", &["amr"]),
    ("vstoken.dev.azure.com", &["aud"]),
];

/// The issuer that serves everyone and that a statement trusts without asking whom it identifies.
fn open_issuer(statement: &Statement) -> Option<&str> {
    if statement.effect != "Allow" {
        return None;
    }
    let federated = statement.principal.iter().flat_map(|principal: &Principal| principal.of("Federated"));
    federated.map(|id| id.split_once(":oidc-provider/").map_or(id, |(_, issuer)| issuer)).find(|issuer| {
        let known = PUBLIC_ISSUERS
            .iter()
            .find(|(known, _)| issuer.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        known.is_some_and(|(_, vain)| !identifies(statement, issuer, vain))
    })
}

/// Whether some condition asks for fixed values of a claim that is not in `vain`.
fn identifies(statement: &Statement, issuer: &str, vain: &[&str]) -> bool {
    let keys = statement.condition.values().flat_map(|keys| keys.keys());
    let claims = keys.filter(|key| {
        let claim = key.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':'));
        claim.is_some_and(|claim| !vain.contains(&claim))
    });
    claims.into_iter().any(|key| {
        let mut values = statement.required(key).peekable();
        values.peek().is_some() && values.all(names_somebody)
    })
}

/// Whether a value names an owner before its first wildcard: `repo:acme/*` and `repo:acme/shop:*`, not `repo:*` or `*`.
fn names_somebody(value: &str) -> bool {
    let Some((fixed, _)) = value.split_once(['*', '?']) else { return true };
    let owner = fixed.split_once(':').map_or(fixed, |(_, owner)| owner);
    !owner.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{AuthorizationDetails, Instance, InstanceProfile};
    use crate::testing::{account, instance, judge, policy, region, unreadable};
    use crate::{Policy, Reading, Region, Status};

    fn role(name: &str, path: &str, trust: Reading<Policy>) -> Account {
        let role = Role { name: name.to_owned(), path: path.to_owned(), trust };
        let details = AuthorizationDetails { roles: vec![role], ..Default::default() };
        Account { authorization_details: Reading::Read(details), ..account() }
    }

    fn trusts(statement: &str) -> (Status, String) {
        let said = judge(&ROLE_TRUST_NOT_PUBLIC, &role("deploy", "/", Reading::Read(policy(statement))));
        (said.status, said.details[0].clone())
    }

    #[test]
    fn anyone_is_anyone_until_a_key_that_cannot_be_chosen_narrows_it() {
        let anyone = |condition: &str| {
            trusts(&format!(
                r#"{{"Effect": "Allow", "Principal": {{"AWS": "*"}}, "Action": "sts:AssumeRole"{condition}}}"#
            ))
            .0
        };
        assert_eq!(anyone(""), Status::Fail);
        assert_eq!(anyone(r#", "Condition": {"StringEquals": {"sts:ExternalId": "abc"}}"#), Status::Fail);
        assert_eq!(anyone(r#", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}"#), Status::Pass);
        let named = r#"{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}"#;
        assert_eq!(trusts(named).0, Status::Pass);
    }

    #[test]
    fn an_issuer_that_serves_everyone_needs_to_be_asked_for_whom() {
        let github = |condition: &str| {
            trusts(&format!(
                r#"{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {{"Federated":
                "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"}},
                "Condition": {condition}}}"#
            ))
        };
        let aud = r#""token.actions.githubusercontent.com:aud": "sts.amazonaws.com""#;
        let sub = |value: &str| format!(r#""token.actions.githubusercontent.com:sub": "{value}""#);
        let (status, detail) = github(&format!(r#"{{"StringEquals": {{{aud}}}}}"#));
        assert_eq!(status, Status::Fail);
        assert_eq!(detail, "anyone whom token.actions.githubusercontent.com identifies may assume it");
        for open in ["repo:*", "*"] {
            let condition = format!(r#"{{"StringEquals": {{{aud}}}, "StringLike": {{{}}}}}"#, sub(open));
            assert_eq!(github(&condition).0, Status::Fail, "{open}");
        }
        for named in ["repo:acme/shop:ref:refs/heads/main", "repo:acme/shop:*", "repo:acme/*"] {
            let condition = format!(r#"{{"StringEquals": {{{aud}}}, "StringLike": {{{}}}}}"#, sub(named));
            assert_eq!(github(&condition).0, Status::Pass, "{named}");
        }
        // Asking for everyone else is no answer.
        let condition = format!(r#"{{"StringNotEquals": {{{}}}}}"#, sub("repo:evil/x"));
        assert_eq!(github(&condition).0, Status::Fail);
    }

    #[test]
    fn other_federations() {
        let with = |federated: &str, condition: &str| {
            trusts(&format!(
                r#"{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {{"Federated": "{federated}"}}, "Condition": {condition}}}"#
            ))
            .0
        };
        let pool = r#"{"StringEquals": {"cognito-identity.amazonaws.com:aud": "eu-west-1:pool"}}"#;
        assert_eq!(with("cognito-identity.amazonaws.com", pool), Status::Pass);
        let amr = r#"{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}}"#;
        assert_eq!(with("cognito-identity.amazonaws.com", amr), Status::Fail);
        assert_eq!(with("arn:aws:iam::123456789012:saml-provider/corp", "{}"), Status::Pass);
        let cluster = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC";
        assert_eq!(with(cluster, "{}"), Status::Pass, "a cluster serves its own pods only");
    }

    #[test]
    fn roles_of_aws_are_left_out_and_what_is_not_understood_is_unknown() {
        let open = policy(r#"{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}"#);
        let linked = role("AWSServiceRoleForX", "/aws-service-role/x.amazonaws.com/", Reading::Read(open));
        assert_eq!(judge(&ROLE_TRUST_NOT_PUBLIC, &linked).status, Status::NotApplicable);
        assert_eq!(judge(&ROLE_TRUST_NOT_PUBLIC, &role("odd", "/", unreadable())).lines, ["unknown odd global"]);
        let denied = Account { authorization_details: unreadable(), ..account() };
        assert_eq!(judge(&ROLE_TRUST_NOT_PUBLIC, &denied).status, Status::Unknown);
    }

    #[test]
    fn a_profile_without_a_role_is_no_role() {
        let at =
            |id: &str, arn: Option<&str>| Instance { instance_profile_arn: arn.map(str::to_owned), ..instance(id) };
        let profile = |arn: &str, has_role| InstanceProfile { arn: arn.to_owned(), has_role };
        let instances = vec![
            at("i-role", Some("arn:good")),
            at("i-none", None),
            at("i-empty", Some("arn:empty")),
            at("i-gone", Some("arn:gone")),
            Instance { state: "stopped".to_owned(), ..at("i-stopped", None) },
        ];
        let account = Account {
            regions: vec![Region { instances: Reading::Read(instances), ..region("eu-west-1") }],
            instance_profiles: Reading::Read(vec![profile("arn:good", true), profile("arn:empty", false)]),
            ..account()
        };
        let said = judge(&INSTANCE_HAS_ROLE, &account);
        assert_eq!(
            said.lines,
            ["pass i-role eu-west-1", "fail i-none eu-west-1", "fail i-empty eu-west-1", "fail i-gone eu-west-1",]
        );
        let said = judge(&INSTANCE_HAS_ROLE, &Account { instance_profiles: unreadable(), ..account.clone() });
        assert_eq!(said.lines[..2], ["unknown i-role eu-west-1", "fail i-none eu-west-1"]);
        let regions = vec![Region { instances: unreadable(), ..region("eu-west-1") }];
        assert_eq!(judge(&INSTANCE_HAS_ROLE, &Account { regions, ..account.clone() }).status, Status::Unknown);
        let regions = vec![Region { instances: Reading::Read(vec![]), ..region("eu-west-1") }];
        assert_eq!(judge(&INSTANCE_HAS_ROLE, &Account { regions, ..account }).status, Status::NotApplicable);
    }
}
