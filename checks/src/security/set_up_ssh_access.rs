//! `security/set-up-ssh-access`: each person enters servers with credentials of their own.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::Instance;
use crate::{
    Absence, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/set-up-ssh-access`
pub const ITEM: Item = Item {
    id: "security/set-up-ssh-access",
    title: "Set up SSH access",
    decides: Decides::Partly,
    what: "Each person enters servers with credentials of their own, which can be withdrawn alone, or \
           through Session Manager without a key; nobody shares an EC2 key pair.",
    why: "With a shared key nobody can tell who did what, and when one person leaves every server needs a \
           new key.",
    confirm: "Ask two people to show how they enter a server: each uses their own name and key. Withdraw the \
           access of a test user and try again.",
    references: &[
        Reference {
            title: "AWS Systems Manager Session Manager",
            url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
        },
        Reference {
            title: "Connect to your Linux instance using EC2 Instance Connect",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-linux-inst-eic.html",
        },
    ],
    rules: &[&KEY_PAIR_NOT_SHARED, &INSTANCE_MANAGED_BY_SSM],
    evidence: &[],
    pending: &[],
};

const KEY_PAIRS_GUIDE: Reference = Reference {
    title: "Amazon EC2 key pairs and Amazon EC2 instances",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-key-pairs.html",
};

/// `key-pair-not-shared`
pub static KEY_PAIR_NOT_SHARED: Rule = Rule {
    id: "key-pair-not-shared",
    title: "Instances do not share a key pair",
    severity: Severity::Medium,
    needs: &[FactKind::Instances],
    absence: Absence::NotApplicable,
    decided: "No key pair was put on more than one running instance of a region (setting instances_per_key_pair), where \
              the instances of an Auto Scaling group count as one. AWS knows only the key of the launch: keys that were \
              added or taken away on the machine are not seen. Instances without a key pair have nothing to judge.",
    remedy: Remedy {
        summary: "Let people in by Session Manager or EC2 Instance Connect, and launch without a shared key pair.",
        console: "EC2, Instances, column Key name, to see what shares it; then launch the replacements without a key pair",
        cli: "aws ec2 describe-instances --region REGION --filters Name=key-name,Values=KEY_NAME",
        terraform: "aws_instance, aws_launch_template: leave key_name out; aws_ec2_instance_connect_endpoint",
    },
    controls: &[],
    references: &[KEY_PAIRS_GUIDE],
    judge: Judge::Region(not_shared),
};

fn not_shared(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let mut holders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for instance in region.instances()?.iter().filter(|instance| instance.state == "running") {
        if let Some(key) = &instance.key_name {
            holders.entry(key).or_default().insert(holder(instance));
        }
    }
    let most = usize::from(findings.settings.instances_per_key_pair);
    for (key, holders) in holders {
        findings.check(key, || {
            Ok(match holders.len() {
                number if number <= most => Verdict::pass(format!("is on {number} running")),
                number => Verdict::fail(format!("is on {number} running instances or Auto Scaling groups")),
            })
        });
    }
    Ok(())
}

/// The instance, or the Auto Scaling group that stands for it.
fn holder(instance: &Instance) -> &str {
    instance.auto_scaling_group.as_deref().unwrap_or(&instance.id)
}

/// `instance-managed-by-ssm`
pub static INSTANCE_MANAGED_BY_SSM: Rule = Rule {
    id: "instance-managed-by-ssm",
    title: "Systems Manager manages the instances",
    severity: Severity::Low,
    needs: &[FactKind::Instances, FactKind::ManagedInstances],
    absence: Absence::NotApplicable,
    decided: "Each running instance is one that Systems Manager knows and whose agent answers: then people can enter it by \
              Session Manager, without a key or an open port, and it can be patched.",
    remedy: Remedy {
        summary: "Give the instance's role AmazonSSMManagedInstanceCore, or turn on Default Host Management.",
        console: "Systems Manager, Fleet Manager, Account management, Configure Default Host Management Configuration",
        cli: "aws ssm update-service-setting --region REGION --setting-id \
              /ssm/managed-instance/default-ec2-instance-management-role --setting-value ROLE",
        terraform: "aws_ssm_default_host_management, or aws_iam_role_policy_attachment of AmazonSSMManagedInstanceCore",
    },
    controls: &["FSBP SSM.1"],
    references: &[Reference {
        title: "AWS Systems Manager Session Manager",
        url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
    }],
    judge: Judge::Region(managed),
};

fn managed(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for instance in region.instances()?.iter().filter(|instance| instance.state == "running") {
        findings.check(instance, || {
            let known = region.managed_instances()?.iter().find(|known| known.id == instance.id);
            Ok(match known {
                Some(known) if known.online => Verdict::pass("Systems Manager manages it"),
                Some(_) => Verdict::fail("its agent does not answer"),
                None => Verdict::fail("Systems Manager does not know it"),
            })
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::ManagedInstance;
    use crate::testing::{Said, instance, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn keyed(id: &str, key: Option<&str>, group: Option<&str>) -> Instance {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        Instance { key_name: owned(key), auto_scaling_group: owned(group), ..instance(id) }
    }

    fn say(instances: Reading<Vec<Instance>>) -> Said {
        judge(&KEY_PAIR_NOT_SHARED, &with_regions(vec![Region { instances, ..region("eu-west-1") }]))
    }

    #[test]
    fn a_key_on_two_machines_fails_and_a_group_is_one() {
        let said = say(Reading::Read(vec![
            keyed("i-1", Some("shared"), None),
            keyed("i-2", Some("shared"), None),
            keyed("i-3", Some("group"), Some("asg")),
            keyed("i-4", Some("group"), Some("asg")),
            keyed("i-5", Some("mixed"), Some("asg")),
            keyed("i-6", Some("mixed"), None),
            keyed("i-7", Some("own"), None),
            Instance { state: "stopped".to_owned(), ..keyed("i-8", Some("own"), None) },
            keyed("i-9", None, None),
        ]));
        assert_eq!(
            said.lines,
            ["pass group eu-west-1", "fail mixed eu-west-1", "pass own eu-west-1", "fail shared eu-west-1"]
        );
        assert_eq!(said.details[3], "is on 2 running instances or Auto Scaling groups");
    }

    #[test]
    fn an_instance_is_managed_when_its_agent_answers() {
        let known = |id: &str, online| ManagedInstance { id: id.to_owned(), online };
        let with = |managed_instances| Region {
            instances: Reading::Read(vec![instance("i-1"), instance("i-2"), instance("i-3")]),
            managed_instances,
            ..region("eu-west-1")
        };
        let managed = Reading::Read(vec![known("i-1", true), known("i-2", false)]);
        let said = judge(&INSTANCE_MANAGED_BY_SSM, &with_regions(vec![with(managed)]));
        assert_eq!(said.lines, ["pass i-1 eu-west-1", "fail i-2 eu-west-1", "fail i-3 eu-west-1"]);
        let said = judge(&INSTANCE_MANAGED_BY_SSM, &with_regions(vec![with(unreadable())]));
        assert_eq!(said.status, Status::Unknown);
        let none = Region { instances: Reading::Read(vec![]), ..with(unreadable()) };
        assert_eq!(judge(&INSTANCE_MANAGED_BY_SSM, &with_regions(vec![none])).status, Status::NotApplicable);
    }

    #[test]
    fn without_keys_not_applicable_and_unread_unknown() {
        assert_eq!(say(Reading::Read(vec![keyed("i-1", None, None)])).status, Status::NotApplicable);
        assert_eq!(say(unreadable()).status, Status::Unknown);
    }
}
