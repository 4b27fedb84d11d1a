//! `security/use-server-hardening-practices`: servers that give an intruder little.

use crate::operation::operations::DESCRIBE_INSTANCES;
use crate::{
    Absence, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/use-server-hardening-practices`
pub const ITEM: Item = Item {
    id: "security/use-server-hardening-practices",
    title: "Use server hardening practices",
    decides: Decides::Partly,
    what: "Servers start from a hardened image, patch themselves, require IMDSv2, and are watched for \
           vulnerabilities and intrusions.",
    why: "Known vulnerabilities are what attackers try first, and the instance metadata service is how \
           one hole becomes the whole account.",
    confirm: "Name the base image and its benchmark, the patch schedule and its last run, and who reads the \
           findings of Inspector and GuardDuty.",
    references: &[
        Reference {
            title: "Use the Instance Metadata Service to access instance metadata",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
        },
        Reference {
            title: "What is Amazon Inspector?",
            url: "https://docs.aws.amazon.com/inspector/latest/user/what-is-inspector.html",
        },
        Reference {
            title: "What is Amazon GuardDuty?",
            url: "https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html",
        },
    ],
    rules: &[&IMDSV2_REQUIRED],
    evidence: &[],
    pending: &["Inspector and GuardDuty", "patch compliance"],
};

const IMDS_GUIDE: Reference = Reference {
    title: "Use the Instance Metadata Service to access instance metadata",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
};

/// `imdsv2-required`
pub static IMDSV2_REQUIRED: Rule = Rule {
    id: "imdsv2-required",
    title: "Instances require IMDSv2",
    severity: Severity::High,
    needs: &[FactKind::Instances],
    absence: Absence::NotApplicable,
    decided: "Each instance that is not terminated, stopped ones included, requires session tokens of its metadata \
              service (HttpTokens is required), or has that service turned off (HttpEndpoint is disabled). With version \
              1, a request that a server can be tricked into sending gives its role's credentials away.",
    remedy: Remedy {
        summary: "Require IMDSv2 on the instance, and as the account's default for new ones.",
        console: "EC2, Instances, the instance, Actions, Instance settings, Modify instance metadata options, IMDSv2: \
                  Required",
        cli: "aws ec2 modify-instance-metadata-options --region REGION --instance-id INSTANCE_ID --http-tokens required",
        terraform: "aws_instance, aws_launch_template: metadata_options { http_tokens = \"required\" }",
    },
    controls: &["FSBP EC2.8", "CIS 3.0 5.6"],
    references: &[IMDS_GUIDE],
    judge: Judge::Region(imdsv2),
};

fn imdsv2(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for instance in region.instances()? {
        findings.check(instance, || match (instance.http_endpoint.as_deref(), instance.http_tokens.as_deref()) {
            (Some("disabled"), _) => Ok(Verdict::pass("its metadata service is off")),
            (_, Some("required")) => Ok(Verdict::pass("requires IMDSv2")),
            (_, Some(_)) => Ok(Verdict::fail("allows IMDSv1")),
            (_, None) => {
                let lacks = "an instance lacks its metadata options";
                Err(Unreadable::malformed(DESCRIBE_INSTANCES, Some(&region.name), lacks).about(&instance.id))
            }
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Instance;
    use crate::testing::{Said, instance, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn say(instances: Reading<Vec<Instance>>) -> Said {
        judge(&IMDSV2_REQUIRED, &with_regions(vec![Region { instances, ..region("eu-west-1") }]))
    }

    #[test]
    fn tokens_are_required_or_the_service_is_off() {
        let with = |id: &str, tokens: Option<&str>, endpoint: &str| Instance {
            http_tokens: tokens.map(str::to_owned),
            http_endpoint: Some(endpoint.to_owned()),
            ..instance(id)
        };
        let said = say(Reading::Read(vec![
            with("i-2", Some("required"), "enabled"),
            with("i-1", Some("optional"), "enabled"),
            with("i-off", Some("optional"), "disabled"),
            with("i-untold", None, "enabled"),
            Instance { state: "stopped".to_owned(), ..with("i-stopped", Some("optional"), "enabled") },
        ]));
        assert_eq!(
            said.lines,
            [
                "pass i-2 eu-west-1",
                "fail i-1 eu-west-1",
                "pass i-off eu-west-1",
                "unknown i-untold eu-west-1",
                "fail i-stopped eu-west-1",
            ]
        );
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        assert_eq!(say(Reading::Read(vec![])).status, Status::NotApplicable);
        assert_eq!(say(unreadable()).status, Status::Unknown);
    }
}
