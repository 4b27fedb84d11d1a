//! `security/use-server-hardening-practices`: servers that give an intruder little.

use crate::operation::operations::DESCRIBE_INSTANCES;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
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
    rules: &[&IMDSV2_REQUIRED, &GUARDDUTY_ENABLED, &INSPECTOR_ENABLED, &PATCH_COMPLIANCE],
    evidence: &[],
    pending: &[],
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

/// `guardduty-enabled`
pub static GUARDDUTY_ENABLED: Rule = Rule {
    id: "guardduty-enabled",
    title: "GuardDuty is on",
    severity: Severity::High,
    needs: &[FactKind::GuardDuty],
    absence: Absence::Fails("no region was looked at for GuardDuty"),
    decided: "Each audited region has a GuardDuty detector that is enabled, whether or not anything runs there: stolen \
              credentials are used where nobody looks. Which protection plans are on is not judged.",
    remedy: Remedy {
        summary: "Turn on GuardDuty in every region, best from the organization's delegated administrator.",
        console: "GuardDuty, Get started, Enable GuardDuty; for an organization: Accounts, Auto-enable",
        cli: "aws guardduty create-detector --region REGION --enable",
        terraform: "aws_guardduty_detector: enable = true; aws_guardduty_organization_configuration",
    },
    controls: &["FSBP GuardDuty.1"],
    references: &[Reference {
        title: "What is Amazon GuardDuty?",
        url: "https://docs.aws.amazon.com/guardduty/latest/ug/what-is-guardduty.html",
    }],
    judge: Judge::Region(guardduty),
};

fn guardduty(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check(&region.name, || Ok(Verdict::when(*region.guard_duty()?, "GuardDuty is on", "GuardDuty is off")));
    Ok(())
}

/// `inspector-enabled`
pub static INSPECTOR_ENABLED: Rule = Rule {
    id: "inspector-enabled",
    title: "Inspector looks for vulnerabilities of instances",
    severity: Severity::Medium,
    needs: &[FactKind::InspectorStatus, FactKind::Instances],
    absence: Absence::NotApplicable,
    decided: "In each audited region with an instance, Amazon Inspector scans EC2 instances. Whether it scans images and \
              functions as well, the finding tells; regions without instances are not judged.",
    remedy: Remedy {
        summary: "Turn on Inspector's scans of EC2, ECR and Lambda in the region.",
        console: "Inspector, Account management, the account, Activate: Amazon EC2 scanning",
        cli: "aws inspector2 enable --region REGION --resource-types EC2 ECR LAMBDA",
        terraform: "aws_inspector2_enabler: resource_types = [\"EC2\", \"ECR\", \"LAMBDA\"]",
    },
    controls: &["FSBP Inspector.1"],
    references: &[Reference {
        title: "What is Amazon Inspector?",
        url: "https://docs.aws.amazon.com/inspector/latest/user/what-is-inspector.html",
    }],
    judge: Judge::Region(inspector),
};

fn inspector(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    if region.instances()?.is_empty() {
        return Ok(());
    }
    findings.check(&region.name, || {
        let status = region.inspector_status()?;
        let on = |state: &str| ["ENABLED", "ENABLING"].contains(&state);
        let word = |state: &str| if on(state) { "on" } else { "off" };
        let lambda = status.lambda.as_deref().unwrap_or("DISABLED");
        let seen = format!("scans: EC2 {}, ECR {}, Lambda {}", word(&status.ec2), word(&status.ecr), word(lambda));
        Ok(if on(&status.ec2) { Verdict::pass(seen) } else { Verdict::fail(seen) })
    });
    Ok(())
}

/// `patch-compliance`
pub static PATCH_COMPLIANCE: Rule = Rule {
    id: "patch-compliance",
    title: "Managed instances have the patches that their baseline asks for",
    severity: Severity::Medium,
    needs: &[FactKind::ManagedInstances, FactKind::PatchStates],
    absence: Absence::NotApplicable,
    decided: "Patch Manager has looked at each EC2 instance that Systems Manager manages within 30 days (setting patch_days), \
              and no patch that the baseline asks for is missing or failed. Instances that were never looked at fail; those \
              that Systems Manager does not manage, instance-managed-by-ssm tells.",
    remedy: Remedy {
        summary: "Put the instance under a patch policy, and let it install what is missing.",
        console: "Systems Manager, Patch Manager, Create patch policy; Dashboard, Noncompliant instances, Patch now",
        cli: "aws ssm send-command --region REGION --document-name AWS-RunPatchBaseline --instance-ids INSTANCE_ID \
              --parameters Operation=Install",
        terraform: "aws_ssm_maintenance_window_task with AWS-RunPatchBaseline, or aws_ssm_association",
    },
    controls: &["FSBP SSM.2"],
    references: &[Reference {
        title: "AWS Systems Manager Patch Manager",
        url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html",
    }],
    judge: Judge::Account(patches),
};

fn patches(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let most = i64::from(findings.settings.patch_days);
    for region in &account.regions {
        findings.in_region(&region.name);
        let managed = match region.managed_instances() {
            Ok(managed) => managed,
            Err(reason) => {
                findings.unknown(FactKind::ManagedInstances.noun(), reason);
                continue;
            }
        };
        for instance in managed.iter().filter(|instance| instance.id.starts_with("i-")) {
            findings.check(instance, || {
                let state = region.patch_states()?.iter().find(|state| state.instance_id == instance.id);
                let Some(state) = state else { return Ok(Verdict::fail("was never looked at for patches")) };
                let Some(looked_at) = state.looked_at else {
                    return Ok(Verdict::fail("was never looked at for patches"));
                };
                let days = account.taken_at.duration_since(looked_at).as_hours() / 24;
                Ok(match state.missing_or_failed {
                    0 if days <= most => Verdict::pass(format!("lacks no patch, looked at {days} days ago")),
                    0 => Verdict::fail(format!("was looked at for patches {days} days ago")),
                    1 => Verdict::fail("lacks 1 patch"),
                    number => Verdict::fail(format!("lacks {number} patches")),
                })
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{InspectorStatus, Instance, ManagedInstance, PatchState};
    use crate::testing::{Said, days_ago, instance, judge, region, unreadable, with_regions};
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
    fn guardduty_is_on_or_off_in_each_region() {
        let with = |on: Reading<bool>| {
            judge(&GUARDDUTY_ENABLED, &with_regions(vec![Region { guard_duty: on, ..region("eu-west-1") }])).lines
        };
        assert_eq!(with(Reading::Read(true)), ["pass eu-west-1 eu-west-1"]);
        assert_eq!(with(Reading::Read(false)), ["fail eu-west-1 eu-west-1"]);
        assert_eq!(with(unreadable()), ["unknown eu-west-1 eu-west-1"]);
        assert_eq!(judge(&GUARDDUTY_ENABLED, &with_regions(vec![])).status, Status::Fail);
    }

    #[test]
    fn inspector_scans_where_instances_are() {
        let status = |ec2: &str| InspectorStatus { ec2: ec2.to_owned(), ecr: "DISABLED".to_owned(), lambda: None };
        let with = |instances: Vec<Instance>, status: Reading<InspectorStatus>| {
            let region =
                Region { instances: Reading::Read(instances), inspector_status: status, ..region("eu-west-1") };
            judge(&INSPECTOR_ENABLED, &with_regions(vec![region]))
        };
        let some = || vec![instance("i-1")];
        let said = with(some(), Reading::Read(status("ENABLED")));
        assert_eq!((said.status, said.details[0].as_str()), (Status::Pass, "scans: EC2 on, ECR off, Lambda off"));
        assert_eq!(with(some(), Reading::Read(status("SUSPENDED"))).status, Status::Fail);
        assert_eq!(with(some(), unreadable()).status, Status::Unknown);
        assert_eq!(with(vec![], unreadable()).status, Status::NotApplicable);
    }

    #[test]
    fn a_managed_instance_lacks_no_patch_and_was_looked_at() {
        let state = |id: &str, missing_or_failed, days: Option<i64>| PatchState {
            instance_id: id.to_owned(),
            missing_or_failed,
            looked_at: days.map(days_ago),
        };
        let managed = |id: &str| ManagedInstance { id: id.to_owned(), online: true };
        let ids = ["i-good", "i-old", "i-lacks", "i-never", "i-unlooked", "mi-outside"];
        let states = vec![
            state("i-good", 0, Some(30)),
            state("i-old", 0, Some(31)),
            state("i-lacks", 3, Some(1)),
            state("i-never", 0, None),
        ];
        let region = Region {
            managed_instances: Reading::Read(ids.map(managed).to_vec()),
            patch_states: Reading::Read(states),
            ..region("eu-west-1")
        };
        let said = judge(&PATCH_COMPLIANCE, &with_regions(vec![region.clone()]));
        assert_eq!(
            said.lines,
            [
                "pass i-good eu-west-1",
                "fail i-old eu-west-1",
                "fail i-lacks eu-west-1",
                "fail i-never eu-west-1",
                "fail i-unlooked eu-west-1",
            ]
        );
        let denied = Region { patch_states: unreadable(), ..region.clone() };
        assert_eq!(judge(&PATCH_COMPLIANCE, &with_regions(vec![denied])).status, Status::Unknown);
        let denied = Region { managed_instances: unreadable(), ..region.clone() };
        assert_eq!(judge(&PATCH_COMPLIANCE, &with_regions(vec![denied])).status, Status::Unknown);
        let none = Region { managed_instances: Reading::Read(vec![]), ..region };
        assert_eq!(judge(&PATCH_COMPLIANCE, &with_regions(vec![none])).status, Status::NotApplicable);
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        assert_eq!(say(Reading::Read(vec![])).status, Status::NotApplicable);
        assert_eq!(say(unreadable()).status, Status::Unknown);
    }
}
