//! `security/go-through-a-security-audit`: somebody else has looked, and AWS's own auditors are on.

use crate::facts::Analyzer;
use crate::{
    Absence, Decides, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/go-through-a-security-audit`
pub const ITEM: Item = Item {
    id: "security/go-through-a-security-audit",
    title: "Go through a security audit",
    decides: Decides::Partly,
    what: "Somebody outside the team has tested the product and its infrastructure, and what they found is \
           mended.",
    why: "A team does not see the holes that it dug itself.",
    confirm: "Note the auditor, the date, the scope and the report, and the ticket of each finding. Plan the \
           next one within twelve months.",
    references: &[
        Reference {
            title: "AWS penetration testing policy",
            url: "https://aws.amazon.com/security/penetration-testing/",
        },
        Reference {
            title: "Introduction to AWS Security Hub CSPM",
            url: "https://docs.aws.amazon.com/securityhub/latest/userguide/what-is-securityhub.html",
        },
    ],
    rules: &[&SECURITY_HUB_ENABLED, &CONFIG_RECORDER_ON, &ACCESS_ANALYZER_ON],
    evidence: &[],
    pending: &[],
};

/// `security-hub-enabled`
pub static SECURITY_HUB_ENABLED: Rule = Rule {
    id: "security-hub-enabled",
    title: "Security Hub is on",
    severity: Severity::Medium,
    needs: &[FactKind::SecurityHub],
    absence: Absence::NotApplicable,
    decided: "Security Hub CSPM is on in each audited region, whether or not anything runs there: what should not be there \
              is found where nobody looks. Which standards it checks is not judged.",
    remedy: Remedy {
        summary: "Turn on Security Hub with the AWS Foundational Security Best Practices standard in every region.",
        console: "Security Hub CSPM, Go to Security Hub, Enable; for an organization: Configuration",
        cli: "aws securityhub enable-security-hub --region REGION --enable-default-standards",
        terraform: "aws_securityhub_account; aws_securityhub_configuration_policy for an organization",
    },
    controls: &["CIS 3.0 4.16"],
    references: &[Reference {
        title: "Enabling Security Hub CSPM",
        url: "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-settingup.html",
    }],
    judge: Judge::Region(security_hub),
};

fn security_hub(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check(&region.name, || {
        Ok(Verdict::when(*region.security_hub()?, "Security Hub is on", "Security Hub is off"))
    });
    Ok(())
}

/// `config-recorder-on`
pub static CONFIG_RECORDER_ON: Rule = Rule {
    id: "config-recorder-on",
    title: "AWS Config records",
    severity: Severity::Medium,
    needs: &[FactKind::ConfigRecorders],
    absence: Absence::NotApplicable,
    decided: "In each audited region a recorder of AWS Config records all kinds of resources, or all but some that are named, \
              and its last delivery did not fail. A recorder of a few named kinds is no record of the account.",
    remedy: Remedy {
        summary: "Start a recorder for all resource types, with the service-linked role, in every region.",
        console: "AWS Config, Settings, Recorder: Start recording; Recording method, Record all resource types",
        cli: "aws configservice start-configuration-recorder --region REGION --configuration-recorder-name default",
        terraform: "aws_config_configuration_recorder, aws_config_delivery_channel, aws_config_configuration_recorder_status",
    },
    controls: &["FSBP Config.1", "CIS 3.0 3.3"],
    references: &[Reference {
        title: "Working with the configuration recorder",
        url: "https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html",
    }],
    judge: Judge::Region(recorder),
};

fn recorder(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check(&region.name, || {
        let recorders = region.config_recorders()?;
        let best = recorders.iter().max_by_key(|it| (it.recording && !it.fails && it.records_all, it.recording));
        Ok(match best {
            None => Verdict::fail("AWS Config has no recorder"),
            Some(it) if !it.recording => Verdict::fail(format!("the recorder {:.40} is stopped", it.name)),
            Some(it) if it.fails => Verdict::fail(format!("the recorder {:.40} cannot deliver", it.name)),
            Some(it) if !it.records_all => {
                Verdict::fail(format!("the recorder {:.40} records chosen kinds only", it.name))
            }
            Some(it) => Verdict::pass(format!("the recorder {:.40} records", it.name)),
        })
    });
    Ok(())
}

/// `access-analyzer-on`
pub static ACCESS_ANALYZER_ON: Rule = Rule {
    id: "access-analyzer-on",
    title: "IAM Access Analyzer is on",
    severity: Severity::Medium,
    needs: &[FactKind::Analyzers],
    absence: Absence::NotApplicable,
    decided: "Each audited region has an active analyzer of external access, of the account or of the organization. \
              Analyzers of unused access do not look for what is shared with others.",
    remedy: Remedy {
        summary: "Create an analyzer of external access in every region.",
        console: "IAM, Access Analyzer, Analyzer settings, Create analyzer, External access analysis",
        cli: "aws accessanalyzer create-analyzer --region REGION --analyzer-name external --type ACCOUNT",
        terraform: "aws_accessanalyzer_analyzer: type = \"ACCOUNT\"",
    },
    controls: &["FSBP IAM.28", "CIS 3.0 1.20"],
    references: &[Reference {
        title: "Using AWS Identity and Access Management Access Analyzer",
        url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
    }],
    judge: Judge::Region(analyzer),
};

fn analyzer(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check(&region.name, || {
        let external = |it: &&Analyzer| it.active && ["ACCOUNT", "ORGANIZATION"].contains(&it.kind.as_str());
        Ok(match region.analyzers()?.iter().find(external) {
            Some(analyzer) => Verdict::pass(format!("the analyzer {:.60} is active", analyzer.name)),
            None => Verdict::fail("has no active analyzer of external access"),
        })
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::ConfigRecorder;
    use crate::testing::{Said, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    #[test]
    fn security_hub_is_on_or_off() {
        let hub = |on| say(&SECURITY_HUB_ENABLED, Region { security_hub: Reading::Read(on), ..region("eu-west-1") });
        assert_eq!(hub(true).lines, ["pass eu-west-1 eu-west-1"]);
        assert_eq!(hub(false).lines, ["fail eu-west-1 eu-west-1"]);
    }

    #[test]
    fn one_recorder_that_records_everything_is_enough() {
        let recorder = |recording, fails, records_all| ConfigRecorder {
            name: "default".to_owned(),
            recording,
            fails,
            records_all,
        };
        let config = |recorders| {
            let said =
                say(&CONFIG_RECORDER_ON, Region { config_recorders: Reading::Read(recorders), ..region("eu-west-1") });
            (said.status, said.details[0].clone())
        };
        assert_eq!(config(vec![]), (Status::Fail, "AWS Config has no recorder".to_owned()));
        assert_eq!(config(vec![recorder(true, false, true)]).0, Status::Pass);
        assert_eq!(config(vec![recorder(false, false, true), recorder(true, false, true)]).0, Status::Pass);
        assert_eq!(config(vec![recorder(false, false, true)]).1, "the recorder default is stopped");
        assert_eq!(config(vec![recorder(true, true, true)]).1, "the recorder default cannot deliver");
        assert_eq!(config(vec![recorder(true, false, false)]).1, "the recorder default records chosen kinds only");
    }

    #[test]
    fn an_analyzer_looks_for_external_access() {
        let with = |kind: &str, active| {
            let analyzer = Analyzer { name: "a".to_owned(), kind: kind.to_owned(), active };
            say(&ACCESS_ANALYZER_ON, Region { analyzers: Reading::Read(vec![analyzer]), ..region("eu-west-1") }).status
        };
        assert_eq!(with("ACCOUNT", true), Status::Pass);
        assert_eq!(with("ORGANIZATION", true), Status::Pass);
        assert_eq!(with("ACCOUNT", false), Status::Fail);
        assert_eq!(with("ACCOUNT_UNUSED_ACCESS", true), Status::Fail);
    }

    #[test]
    fn what_is_unread_is_unknown() {
        let denied = Region {
            security_hub: unreadable(),
            config_recorders: unreadable(),
            analyzers: unreadable(),
            ..region("eu-west-1")
        };
        for rule in ITEM.rules {
            assert_eq!(say(rule, denied.clone()).status, Status::Unknown, "{}", rule.id);
        }
    }
}
