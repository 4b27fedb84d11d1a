//! `security/set-up-secrets-management`: secrets live in a store that encrypts them and logs their use.

use crate::secrets::speaks_of_secret;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `security/set-up-secrets-management`
pub const ITEM: Item = Item {
    id: "security/set-up-secrets-management",
    title: "Set up a secrets management solution",
    decides: Decides::Partly,
    what: "Secrets live in a store that encrypts them and logs their use, such as Secrets Manager or \
           Parameter Store; people use a password manager.",
    why: "A secret in an environment variable, a file or a repository is copied into logs, images and \
           laptops, and is never changed again.",
    confirm: "Search repositories and their history with a secret scanner, and follow how one service gets \
           its database password. Ask the team where they keep their own.",
    references: &[
        Reference {
            title: "What is AWS Secrets Manager?",
            url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html",
        },
        Reference {
            title: "AWS Systems Manager Parameter Store",
            url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",
        },
    ],
    rules: &[&LAMBDA_NO_PLAINTEXT_SECRET, &ECS_NO_PLAINTEXT_SECRET, &SSM_SECRET_IS_SECURESTRING, &SECRET_ROTATION],
    evidence: &[],
    pending: &[],
};

const LAMBDA_GUIDE: Reference = Reference {
    title: "Working with Lambda environment variables",
    url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html",
};

const ECS_GUIDE: Reference = Reference {
    title: "Pass sensitive data to an Amazon ECS container",
    url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
};

const PARAMETERS_GUIDE: Reference = Reference {
    title: "AWS Systems Manager Parameter Store",
    url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",
};

const ROTATION_GUIDE: Reference = Reference {
    title: "Rotate AWS Secrets Manager secrets",
    url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
};

/// `lambda-no-plaintext-secret`
pub static LAMBDA_NO_PLAINTEXT_SECRET: Rule = Rule {
    id: "lambda-no-plaintext-secret",
    title: "Lambda functions have no secrets in their environment",
    severity: Severity::Critical,
    needs: &[FactKind::LambdaFunctions],
    absence: Absence::NotApplicable,
    decided: "No environment variable of a Lambda function looks like a secret: by the shape of its value (access keys, \
              private keys, tokens of GitHub, GitLab, Slack, Stripe and SendGrid, JSON web tokens, addresses with a \
              password), or by a name that speaks of a password, secret, token, API key or credential with a value that is \
              no reference, placeholder, switch or number. Values are looked at and dropped. What looks like none can \
              still be one: a person confirms the rest. A function whose variables Lambda may not decrypt for the caller is \
              unknown.",
    remedy: Remedy {
        summary: "Keep the secret in Secrets Manager or Parameter Store, give the function its name, and change the secret.",
        console: "Lambda, Functions, the function, Configuration, Environment variables",
        cli: "aws lambda update-function-configuration --region REGION --function-name NAME --environment \
              Variables={SECRET_ARN=...}",
        terraform: "aws_lambda_function: environment with the ARN of an aws_secretsmanager_secret",
    },
    controls: &[],
    references: &[LAMBDA_GUIDE],
    judge: Judge::Region(lambda),
};

fn lambda(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for function in region.lambda_functions()? {
        findings.check(function, || Ok(plaintext(function.plaintext_secrets.get(FactKind::LambdaFunctions)?)));
    }
    Ok(())
}

/// `ecs-no-plaintext-secret`
pub static ECS_NO_PLAINTEXT_SECRET: Rule = Rule {
    id: "ecs-no-plaintext-secret",
    title: "ECS tasks have no secrets in their environment",
    severity: Severity::Critical,
    needs: &[FactKind::TaskDefinitions],
    absence: Absence::NotApplicable,
    decided: "No plain environment variable of a container, in a task definition that some ECS service uses, looks like a \
              secret, by the same tests as those of Lambda functions. What `secrets` of the task definition brings in is \
              what it should be. Task definitions that no service uses are not read.",
    remedy: Remedy {
        summary: "Move the variable to the container's secrets, with valueFrom a secret or parameter, and change the secret.",
        console: "ECS, Task definitions, the family, Create new revision, Environment variables: ValueFrom",
        cli: "aws ecs register-task-definition --region REGION --cli-input-json file://task.json",
        terraform: "aws_ecs_task_definition: container_definitions with secrets = [{ name, valueFrom }]",
    },
    controls: &["FSBP ECS.8"],
    references: &[ECS_GUIDE],
    judge: Judge::Region(ecs),
};

fn ecs(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for definition in region.task_definitions()? {
        findings.check(definition, || Ok(plaintext(&definition.plaintext_secrets)));
    }
    Ok(())
}

/// The verdict on the names of variables that look like secrets.
fn plaintext(names: &[String]) -> Verdict {
    match names {
        [] => Verdict::pass("no variable looks like a secret"),
        [name] => Verdict::fail(format!("{name:.60} looks like a secret in plain text")),
        [name, others @ ..] => Verdict::fail(format!("{name:.60} and {} more look like secrets", others.len())),
    }
}

/// `ssm-secret-is-securestring`
pub static SSM_SECRET_IS_SECURESTRING: Rule = Rule {
    id: "ssm-secret-is-securestring",
    title: "Parameters with secrets are encrypted",
    severity: Severity::High,
    needs: &[FactKind::SsmParameters],
    absence: Absence::NotApplicable,
    decided: "Each parameter of Parameter Store whose name speaks of a password, secret, token, API key, private key or \
              credential, and not of where one is, has the type SecureString. Values are never read; other parameters, and \
              those under /aws/, are not judged.",
    remedy: Remedy {
        summary: "Write the parameter anew as a SecureString, and change the secret.",
        console: "Systems Manager, Parameter Store, Create parameter, Type: SecureString",
        cli: "aws ssm put-parameter --region REGION --name NAME --type SecureString --overwrite --value VALUE",
        terraform: "aws_ssm_parameter: type = \"SecureString\"",
    },
    controls: &[],
    references: &[PARAMETERS_GUIDE],
    judge: Judge::Region(parameters),
};

fn parameters(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let parameters = region.ssm_parameters()?.iter();
    for parameter in parameters.filter(|it| speaks_of_secret(&it.name) && !it.name.starts_with("/aws/")) {
        findings.check(parameter, || {
            Ok(match parameter.kind.as_str() {
                "SecureString" => Verdict::pass("is a SecureString"),
                kind => Verdict::fail(format!("is a {kind:.20}")),
            })
        });
    }
    Ok(())
}

/// `secret-rotation`
pub static SECRET_ROTATION: Rule = Rule {
    id: "secret-rotation",
    title: "Secrets rotate",
    severity: Severity::Low,
    needs: &[FactKind::Secrets],
    absence: Absence::NotApplicable,
    decided: "Each secret of Secrets Manager rotates by itself, is kept by the AWS service that owns it, or was changed \
              within 90 days (setting secret_days). Secrets that are about to be deleted are not listed.",
    remedy: Remedy {
        summary: "Set up rotation, or change the secret by hand and note when.",
        console: "Secrets Manager, the secret, Rotation, Edit rotation",
        cli: "aws secretsmanager rotate-secret --region REGION --secret-id SECRET --rotation-lambda-arn FUNCTION_ARN \
              --rotation-rules AutomaticallyAfterDays=30",
        terraform: "aws_secretsmanager_secret_rotation: rotation_rules { automatically_after_days = 30 }",
    },
    controls: &["FSBP SecretsManager.1", "FSBP SecretsManager.4"],
    references: &[ROTATION_GUIDE],
    judge: Judge::Account(rotation),
};

fn rotation(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let most = i64::from(findings.settings.secret_days);
    for region in &account.regions {
        findings.in_region(&region.name);
        let secrets = match region.secrets() {
            Ok(secrets) => secrets,
            Err(reason) => {
                findings.unknown(FactKind::Secrets.noun(), reason);
                continue;
            }
        };
        for secret in secrets {
            findings.check(secret, || {
                if let Some(service) = &secret.owning_service {
                    return Ok(Verdict::pass(format!("is kept by {service:.40}")));
                }
                if secret.rotates {
                    return Ok(Verdict::pass("rotates by itself"));
                }
                let lacks = "a secret lacks LastChangedDate";
                let changed = secret.changed.ok_or_else(|| {
                    let operation = FactKind::Secrets.operations()[0];
                    Unreadable::malformed(operation, Some(&region.name), lacks).about(&secret.name)
                })?;
                let days = account.taken_at.duration_since(changed).as_hours() / 24;
                let seen = format!("does not rotate, was changed {days} days ago");
                Ok(if days <= most { Verdict::pass(seen) } else { Verdict::fail(seen) })
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{LambdaFunction, Secret, SsmParameter, TaskDefinition};
    use crate::testing::{Said, days_ago, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn variables_that_look_like_secrets_are_named_and_counted() {
        let function = |name: &str, secrets: &[&str]| LambdaFunction {
            name: name.to_owned(),
            plaintext_secrets: Reading::Read(names(secrets)),
        };
        let sealed = LambdaFunction { name: "sealed".to_owned(), plaintext_secrets: unreadable() };
        let functions =
            vec![function("good", &[]), function("one", &["DB_PASSWORD"]), function("two", &["A", "B", "C"]), sealed];
        let said = say(
            &LAMBDA_NO_PLAINTEXT_SECRET,
            Region { lambda_functions: Reading::Read(functions), ..region("eu-west-1") },
        );
        assert_eq!(
            said.lines,
            ["pass good eu-west-1", "fail one eu-west-1", "fail two eu-west-1", "unknown sealed eu-west-1"]
        );
        assert_eq!(
            said.details[1..3],
            ["DB_PASSWORD looks like a secret in plain text", "A and 2 more look like secrets"]
        );
        let definition = TaskDefinition { id: "shop:3".to_owned(), plaintext_secrets: names(&["web API_KEY"]) };
        let region = Region { task_definitions: Reading::Read(vec![definition]), ..region("eu-west-1") };
        assert_eq!(say(&ECS_NO_PLAINTEXT_SECRET, region).lines, ["fail shop:3 eu-west-1"]);
    }

    #[test]
    fn a_parameter_that_speaks_of_a_secret_is_encrypted() {
        let parameter = |name: &str, kind: &str| SsmParameter { name: name.to_owned(), kind: kind.to_owned() };
        let parameters = vec![
            parameter("/prod/db/password", "SecureString"),
            parameter("/prod/api-key", "String"),
            parameter("/prod/tokens", "StringList"),
            parameter("/prod/token", "StringList"),
            parameter("/prod/secret-arn", "String"),
            parameter("/prod/db/host", "String"),
            parameter("/aws/service/token", "String"),
        ];
        let region = Region { ssm_parameters: Reading::Read(parameters), ..region("eu-west-1") };
        assert_eq!(
            say(&SSM_SECRET_IS_SECURESTRING, region).lines,
            ["pass /prod/db/password eu-west-1", "fail /prod/api-key eu-west-1", "fail /prod/token eu-west-1"]
        );
    }

    #[test]
    fn a_secret_rotates_or_is_new() {
        let secret = |name: &str, service: Option<&str>, rotates, days: Option<i64>| Secret {
            name: name.to_owned(),
            owning_service: service.map(str::to_owned),
            rotates,
            changed: days.map(days_ago),
        };
        let secrets = vec![
            secret("rotates", None, true, Some(400)),
            secret("kept", Some("rds"), false, Some(400)),
            secret("new", None, false, Some(90)),
            secret("old", None, false, Some(91)),
            secret("untold", None, false, None),
        ];
        let region = Region { secrets: Reading::Read(secrets), ..region("eu-west-1") };
        let said = say(&SECRET_ROTATION, region);
        assert_eq!(
            said.lines,
            [
                "pass rotates eu-west-1",
                "pass kept eu-west-1",
                "pass new eu-west-1",
                "fail old eu-west-1",
                "unknown untold eu-west-1",
            ]
        );
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        let empty = Region {
            lambda_functions: Reading::Read(vec![]),
            task_definitions: Reading::Read(vec![]),
            ssm_parameters: Reading::Read(vec![]),
            secrets: Reading::Read(vec![]),
            ..region("eu-west-1")
        };
        let denied = Region {
            lambda_functions: unreadable(),
            task_definitions: unreadable(),
            ssm_parameters: unreadable(),
            secrets: unreadable(),
            ..region("eu-west-1")
        };
        for rule in ITEM.rules {
            assert_eq!(say(rule, empty.clone()).status, Status::NotApplicable, "{}", rule.id);
            assert_eq!(say(rule, denied.clone()).status, Status::Unknown, "{}", rule.id);
        }
    }
}
