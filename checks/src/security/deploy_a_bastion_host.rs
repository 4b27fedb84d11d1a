//! `security/deploy-a-bastion-host`: one way in, or none.

use crate::facts::Instance;
use crate::internet::{is_outside, is_public};
use crate::security_groups::opens;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable,
    Verdict,
};

/// `security/deploy-a-bastion-host`
pub const ITEM: Item = Item {
    id: "security/deploy-a-bastion-host",
    title: "Deploy a Bastion Host",
    decides: Decides::Partly,
    what: "Servers have no way in from the internet but one: a single, hardened bastion host, or Session \
           Manager, which needs none.",
    why: "Each server with a public address and an open port 22 is a door of its own to lock, watch and \
           patch.",
    confirm: "List the instances with a public address. At most the bastion is there, its security group \
           names known sources, and its logins are logged.",
    references: &[Reference {
        title: "AWS Systems Manager Session Manager",
        url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html",
    }],
    rules: &[&SSH_ONLY_AT_BASTION, &crate::networking::INSTANCE_IN_PRIVATE_SUBNET],
    evidence: &[],
    pending: &[],
};

const BASTION_GUIDE: Reference = Reference {
    title: "Security group rules for different use cases",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-rules-reference.html",
};

/// `ssh-only-at-bastion`
pub static SSH_ONLY_AT_BASTION: Rule = Rule {
    id: "ssh-only-at-bastion",
    title: "SSH reaches at most the bastion host from outside",
    severity: Severity::High,
    needs: &[FactKind::Instances, FactKind::SecurityGroups, FactKind::PrefixLists, FactKind::PrefixListEntries],
    absence: Absence::NotApplicable,
    decided: "In all audited regions together, at most one running instance (setting ssh_entrances) has a public address \
              and a security group that lets a range outside the private ones reach TCP port 22: a public IPv4 address \
              or an IPv6 address of any of its network interfaces, any of its groups, a rule of any width. Where more \
              than that do, each of them fails. Other running instances pass. Whether the one entrance is open to the \
              whole internet, sg-no-open-admin-port tells.",
    remedy: Remedy {
        summary: "Keep one bastion host or use Session Manager; take port 22 or the public address from the others.",
        console: "EC2, Instances, the instance, Security: its groups and their inbound rules",
        cli: "aws ec2 modify-instance-attribute --region REGION --instance-id INSTANCE_ID --groups GROUP_ID ...",
        terraform: "aws_instance: associate_public_ip_address = false, vpc_security_group_ids without port 22",
    },
    controls: &[],
    references: &[BASTION_GUIDE],
    judge: Judge::Account(only_at_bastion),
};

fn only_at_bastion(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let mut seen = Vec::new();
    for region in &account.regions {
        match region.instances() {
            Ok(instances) => {
                let running = instances.iter().filter(|instance| instance.state == "running");
                seen.extend(running.map(|instance| (region.name.as_str(), instance, entrance(region, instance))));
            }
            Err(reason) => {
                findings.in_region(&region.name);
                findings.unknown(FactKind::Instances.noun(), reason);
            }
        }
    }
    let entrances = seen.iter().filter(|(_, _, entrance)| matches!(entrance, Ok(Some(_)))).count();
    let few = entrances <= usize::from(findings.settings.ssh_entrances);
    for (region, instance, entrance) in seen {
        findings.in_region(region);
        findings.check(instance, || {
            Ok(match entrance? {
                None => Verdict::pass("SSH does not reach it from outside"),
                Some(how) if few => Verdict::pass(format!("is the way in: {how}")),
                Some(how) => Verdict::fail(format!("is one of {entrances} that SSH reaches from outside: {how}")),
            })
        });
    }
    Ok(())
}

/// How SSH reaches an instance from outside, if it does.
fn entrance(region: &Region, instance: &Instance) -> Result<Option<String>, Unreadable> {
    if !instance.public_addresses.iter().any(|address| is_public(*address)) {
        return Ok(None);
    }
    let groups = region.security_groups.get(FactKind::SecurityGroups)?;
    for group in groups.iter().filter(|group| instance.security_group_ids.contains(&group.id)) {
        if let Some(opening) = opens(region, group, &["tcp"], &[22], is_outside)? {
            return Ok(Some(format!("{:.30} opens {}", group.id, opening.text())));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Permission, SecurityGroup};
    use crate::testing::{Said, instance, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn group(id: &str, block: &str) -> SecurityGroup {
        SecurityGroup {
            id: id.to_owned(),
            group_name: id.to_owned(),
            owner_id: "123456789012".to_owned(),
            inbound: vec![Permission {
                protocol: "tcp".to_owned(),
                ports: Some((22, 22)),
                cidrs: vec![block.parse().expect("a block")],
                prefix_list_ids: vec![],
                group_ids: vec![],
            }],
            outbound: vec![],
        }
    }

    fn at(id: &str, address: Option<&str>, group: &str) -> Instance {
        Instance {
            public_addresses: address.map(|it| it.parse().expect("an address")).into_iter().collect(),
            security_group_ids: vec![group.to_owned()],
            ..instance(id)
        }
    }

    fn with(instances: Vec<Instance>) -> Region {
        Region {
            instances: Reading::Read(instances),
            security_groups: Reading::Read(vec![
                group("sg-world", "0.0.0.0/0"),
                group("sg-office", "203.0.113.0/24"),
                group("sg-inside", "10.0.0.0/8"),
            ]),
            prefix_lists: Reading::Read(vec![]),
            ..region("eu-west-1")
        }
    }

    fn say(region: Region) -> Said {
        judge(&SSH_ONLY_AT_BASTION, &with_regions(vec![region]))
    }

    #[test]
    fn one_entrance_is_the_bastion() {
        let said = say(with(vec![
            at("i-bastion", Some("198.51.100.1"), "sg-office"),
            at("i-hidden", None, "sg-world"),
            at("i-closed", Some("198.51.100.2"), "sg-inside"),
            Instance { state: "stopped".to_owned(), ..at("i-stopped", Some("198.51.100.3"), "sg-world") },
        ]));
        assert_eq!(said.lines, ["pass i-bastion eu-west-1", "pass i-hidden eu-west-1", "pass i-closed eu-west-1"]);
        assert_eq!(said.details[0], "is the way in: sg-office opens tcp 22 to 203.0.113.0/24");
    }

    #[test]
    fn two_entrances_both_fail_over_either_ip_version() {
        let said =
            say(with(vec![at("i-1", Some("198.51.100.1"), "sg-world"), at("i-2", Some("2001:db8::1"), "sg-office")]));
        assert_eq!(said.lines, ["fail i-1 eu-west-1", "fail i-2 eu-west-1"]);
        assert_eq!(said.details[0], "is one of 2 that SSH reaches from outside: sg-world opens tcp 22 to 0.0.0.0/0");
    }

    #[test]
    fn entrances_of_all_regions_are_counted_together() {
        let one = || with(vec![at("i-1", Some("198.51.100.1"), "sg-world")]);
        let other = Region { name: "us-east-1".to_owned(), ..one() };
        assert_eq!(judge(&SSH_ONLY_AT_BASTION, &with_regions(vec![one(), other])).status, Status::Fail);
    }

    #[test]
    fn nothing_runs_or_nothing_is_known() {
        assert_eq!(say(with(vec![])).status, Status::NotApplicable);
        assert_eq!(say(Region { instances: unreadable(), ..with(vec![]) }).status, Status::Unknown);
        let public = vec![at("i-1", Some("198.51.100.1"), "sg-world"), at("i-2", None, "sg-world")];
        let said = say(Region { security_groups: unreadable(), ..with(public) });
        assert_eq!(said.lines, ["unknown i-1 eu-west-1", "pass i-2 eu-west-1"]);
    }
}
