//! Exceptions: failures that somebody accepts, with a reason and to a day.

use std::collections::HashSet;

use golive_checks::{Acceptance, Account, Assessment, Finding, FindingStatus, RuleResult};
use jiff::civil::Date;
use wildmatch::WildMatch;

use crate::config::{Config, Exception, Expiry};
use crate::suggest::suggestion;

/// Marks what is accepted. A failure whose exception is over stays a failure and says so. Gives warnings of
/// exceptions without effect.
pub fn apply(config: &Config, account: &Account, assessment: &mut Assessment, read_on: Date) -> Vec<String> {
    let mut warnings = Vec::new();
    for exception in &config.exceptions {
        let other_account = exception.account.as_ref().is_some_and(|id| *id.get_ref() != account.id);
        let judged = assessment.rules.iter_mut().find(|result| result.rule.id == exception.rule.get_ref());
        let Some(result) = judged.filter(|_| !other_account) else { continue };
        let matcher = Matcher::new(exception, account);
        let acceptance = acceptance(exception, read_on);
        let mut used = false;
        for finding in result.findings.iter_mut().filter(|finding| matcher.matches(finding)) {
            match finding.status {
                FindingStatus::Fail if acceptance.expired => {
                    // An exception in force comes before one that is over.
                    finding.acceptance.get_or_insert_with(|| Box::new(acceptance.clone()));
                }
                FindingStatus::Fail => {
                    finding.status = FindingStatus::Accepted;
                    finding.acceptance = Some(Box::new(acceptance.clone()));
                }
                // What is unknown is not accepted, but may fail.
                FindingStatus::Accepted | FindingStatus::Unknown => {}
                FindingStatus::Pass => continue,
            }
            used = true;
        }
        let place = config.place(&exception.rule);
        if let Some(reason) = exception.tag.as_ref().and_then(|_| tags_unread(account)) {
            warnings.push(format!("{place}: the exception of {} lacks tags: {reason}", result.rule.id));
        } else if !used {
            let why = unused(exception, account, result, &matcher);
            warnings.extend(why.map(|why| format!("{place}: the exception of {} is unused: {why}", result.rule.id)));
        }
    }
    warnings
}

fn acceptance(exception: &Exception, read_on: Date) -> Acceptance {
    let until = match exception.expires {
        Expiry::On(day) => Some(day.0),
        Expiry::Never => None,
    };
    Acceptance {
        reason: exception.reason.get_ref().clone().into(),
        owner: exception.owner.clone().map(Into::into),
        until,
        expired: until.is_some_and(|until| until < read_on),
    }
}

/// Why an exception is of no use, or nothing where that is no surprise.
fn unused(exception: &Exception, account: &Account, result: &RuleResult, matcher: &Matcher<'_>) -> Option<String> {
    if let Some(region) = exception.region.as_ref().map(|region| region.get_ref().as_str())
        && region != "global"
        && !account.regions.iter().any(|audited| audited.name == region)
    {
        // Regions of the same words differ by their number on purpose: this one was left out of the run.
        let words = |name: &str| name.trim_end_matches(|it: char| it.is_ascii_digit()).to_owned();
        let mut audited = account.regions.iter().map(|audited| audited.name.as_str());
        let meant = audited.find(|name| strsim::osa_distance(&words(name), &words(region)) == 1);
        return meant.map(|meant| format!("{region} was not audited; did you mean `{meant}`?"));
    }
    if result.findings.iter().any(|finding| matcher.matches(finding)) {
        return Some("what it speaks of passes; take it away".to_owned());
    }
    let resource = exception.resource.as_ref().map(|pattern| pattern.get_ref().as_str());
    let named = resource.filter(|name| !name.contains(['*', '?']));
    let hint = named.map(|name| suggestion(name, result.findings.iter().map(|finding| finding.resource.raw())));
    Some(format!("no resource of the rule is like it{}", hint.unwrap_or_default()))
}

/// Tells which findings an exception speaks of.
struct Matcher<'a> {
    resource: Option<Pattern<'a>>,
    region: Option<&'a str>,
    /// Region and name of what has the tag.
    tagged: Option<HashSet<(&'a str, &'a str)>>,
    account: &'a str,
}

enum Pattern<'a> {
    Name(WildMatch),
    Arn(Arn<'a>),
}

impl<'a> Matcher<'a> {
    fn new(exception: &'a Exception, account: &'a Account) -> Self {
        let pattern =
            |text: &'a str| Arn::parse(text).map_or_else(|| Pattern::Name(WildMatch::new(text)), Pattern::Arn);
        Self {
            resource: exception.resource.as_ref().map(|resource| pattern(resource.get_ref())),
            region: exception.region.as_ref().map(|region| region.get_ref().as_str()),
            tagged: exception.wanted_tag().map(|(key, value)| tagged(account, key, value)),
            account: &account.id,
        }
    }

    fn matches(&self, finding: &Finding) -> bool {
        let (region, name) = (finding.region.raw(), finding.resource.raw());
        let resource = match &self.resource {
            None => true,
            Some(Pattern::Name(pattern)) => pattern.matches(name),
            Some(Pattern::Arn(arn)) => arn.matches(finding, self.account),
        };
        let tagged = match &self.tagged {
            None => true,
            // The ARNs of buckets and of global resources have no region.
            Some(tagged) => tagged.contains(&(region, name)) || tagged.contains(&("", name)),
        };
        self.region.is_none_or(|wanted| wanted == region) && resource && tagged
    }
}

/// Region and name of what has a tag with this key and a value like this one. Where tags could not be read, nothing
/// has any, and nothing is accepted.
fn tagged<'a>(account: &'a Account, key: &str, value: &str) -> HashSet<(&'a str, &'a str)> {
    let value = WildMatch::new(value);
    let mut found = HashSet::new();
    for resource in account.regions.iter().flat_map(|region| region.tagged_resources()).flatten() {
        if resource.tags.iter().any(|tag| tag.key == key && value.matches(&tag.value)) {
            found.insert(("", resource.arn.as_str()));
            if let Some(arn) = Arn::parse(&resource.arn) {
                found.extend(arn.names().into_iter().map(|name| (arn.region, name)));
            }
        }
    }
    found
}

/// Why tags of some region could not be read.
fn tags_unread(account: &Account) -> Option<String> {
    let unread = account.regions.iter().find_map(|region| region.tagged_resources().err());
    unread.map(|reason| reason.reason().raw().to_owned())
}

/// An Amazon Resource Name (IAM User Guide, "Amazon Resource Names (ARNs)"). Its resource has no wildcards, as findings
/// do not tell the kind that stands before the name.
struct Arn<'a> {
    region: &'a str,
    account: &'a str,
    resource: &'a str,
}

impl<'a> Arn<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let [arn, _, _, region, account, resource] = std::array::from_fn(|_| parts.next());
        (arn == Some("arn")).then_some(())?;
        Some(Self { region: region?, account: account?, resource: resource? })
    }

    /// What findings may call it: `vol-1` for `volume/vol-1`, so what stands behind any `/` or `:`.
    fn names(&self) -> Vec<&'a str> {
        let mut names = vec![self.resource];
        for (at, _) in self.resource.match_indices(['/', ':']) {
            // `parameter/shop/db` is the parameter `/shop/db`.
            names.extend([&self.resource[at..], &self.resource[at + 1..]]);
        }
        // `loadbalancer/app/shop/50dc6c495c0c9188` is called `shop`.
        if let Some(("loadbalancer", rest)) = self.resource.split_once('/') {
            names.extend(rest.split('/').nth(1));
        }
        names.retain(|name| !name.is_empty());
        names
    }

    fn matches(&self, finding: &Finding, account: &str) -> bool {
        let here = |pattern: &str, place: &str| pattern.is_empty() || WildMatch::new(pattern).matches(place);
        let name = finding.resource.raw();
        match Arn::parse(name) {
            Some(named) => {
                here(self.region, named.region) && here(self.account, named.account) && self.resource == named.resource
            }
            None => {
                here(self.region, finding.region.raw()) && here(self.account, account) && self.names().contains(&name)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use golive_checks::facts::{Tag, TaggedResource};
    use golive_checks::{Cause, Reading, Region, Status, Unreadable, operations, rule};
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    const FINDINGS: [(FindingStatus, &str, &str); 7] = [
        (FindingStatus::Fail, "vol-1", "eu-west-1"),
        (FindingStatus::Fail, "vol-2", "eu-west-1"),
        (FindingStatus::Fail, "vol-1", "us-east-1"),
        (FindingStatus::Pass, "vol-3", "eu-west-1"),
        (FindingStatus::Unknown, "vol-4", "eu-west-1"),
        (FindingStatus::Fail, "/shop/db", "eu-west-1"),
        (FindingStatus::Fail, "arn:aws:sns:eu-west-1:123456789012:topic", "eu-west-1"),
    ];

    fn account() -> Account {
        let read_on: Timestamp = "2026-03-01T12:00:00Z".parse().expect("a time");
        let mut account = Account::new("123456789012", "aws", "arn:aws:iam::123456789012:user/tester", read_on);
        account.regions = ["eu-west-1", "us-east-1"]
            .map(|name| Region { name: name.to_owned(), ..Region::default() })
            .into_iter()
            .collect();
        account
    }

    /// The resources that are accepted or were until some day, and the warnings.
    fn accepted_of(account: &Account, exception: &str) -> (Vec<String>, Vec<String>) {
        let text = format!("[[exception]]\nrule = 'ebs-volume-encrypted'\nreason = 'a test'\n{exception}\n");
        let text = if exception.contains("expires") { text } else { text + "expires = 'never'\n" };
        let config = Config::parse(Path::new("golive.toml"), text, date(2026, 11, 25));
        let config = config.unwrap_or_else(|error| panic!("{error}"));
        let findings = FINDINGS.map(|(status, resource, region)| Finding {
            status,
            resource: resource.into(),
            region: region.into(),
            detail: "".into(),
            unreadable: None,
            acceptance: None,
        });
        let rule = rule("ebs-volume-encrypted").expect("a rule");
        let result = RuleResult { rule, status: Status::Fail, findings: findings.to_vec() };
        let mut assessment = Assessment { items: Vec::new(), rules: vec![result], unreadable: Default::default() };
        let warnings = apply(&config, account, &mut assessment, date(2026, 3, 1));
        let findings = &assessment.rules[0].findings;
        let word = |finding: &Finding| match finding.status {
            FindingStatus::Accepted => "",
            _ => " expired",
        };
        let found = findings.iter().filter(|finding| finding.acceptance.is_some());
        let found = found.map(|it| format!("{} {}{}", it.resource.raw(), it.region.raw(), word(it))).collect();
        (found, warnings)
    }

    fn accepted(exception: &str) -> Vec<String> {
        accepted_of(&account(), exception).0
    }

    #[test]
    fn names_and_globs_accept_what_fails() {
        assert_eq!(accepted("resource = 'vol-1'"), ["vol-1 eu-west-1", "vol-1 us-east-1"]);
        assert_eq!(accepted("resource = 'vol-?'\nregion = 'eu-west-1'"), ["vol-1 eu-west-1", "vol-2 eu-west-1"]);
        assert_eq!(accepted("resource = 'VOL-1'"), [""; 0]);
        assert_eq!(accepted("region = 'us-east-1'"), ["vol-1 us-east-1"]);
        assert_eq!(accepted("").len(), 5, "neither what passes nor what is unknown");
    }

    #[test]
    fn an_arn_names_one_resource_in_its_region_and_account() {
        let arn = |text: &str| accepted(&format!("resource = 'arn:aws:{text}'"));
        assert_eq!(arn("ec2:eu-west-1:123456789012:volume/vol-1"), ["vol-1 eu-west-1"]);
        assert_eq!(arn("ec2:eu-*:*:volume/vol-1"), ["vol-1 eu-west-1"]);
        assert_eq!(arn("ec2:eu-west-1:210987654321:volume/vol-1"), [""; 0]);
        assert_eq!(arn("ec2:eu-west-1:123456789012:volume/vol-11"), [""; 0]);
        assert_eq!(arn("ssm:eu-west-1:123456789012:parameter/shop/db"), ["/shop/db eu-west-1"]);
        let topic = "arn:aws:sns:eu-west-1:123456789012:topic eu-west-1";
        assert_eq!(arn("sns:eu-west-1:123456789012:topic"), [topic]);
        let balancer = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/50dc6c495c0c9188";
        assert!(Arn::parse(balancer).expect("an ARN").names().contains(&"shop"));
    }

    #[test]
    fn an_exception_ends_with_its_last_day() {
        assert_eq!(accepted("resource = 'vol-2'\nexpires = 2026-03-01"), ["vol-2 eu-west-1"]);
        assert_eq!(accepted("resource = 'vol-2'\nexpires = 2026-02-28"), ["vol-2 eu-west-1 expired"]);
        // One that is over does not end another.
        let renewed = "resource = 'vol-2'\nexpires = 2026-02-28\n[[exception]]\nrule = 'ebs-volume-encrypted'\n\
                       reason = 'renewed'\nresource = 'vol-*'\nregion = 'eu-west-1'\nexpires = 2026-12-31";
        assert_eq!(accepted(renewed), ["vol-1 eu-west-1", "vol-2 eu-west-1"]);
    }

    #[test]
    fn tags_accept_what_has_them() {
        let mut account = account();
        assert_eq!(accepted_of(&account, "tag = 'stage=sandbox'").0, [""; 0]);
        let (_, warnings) = accepted_of(&account, "tag = 'stage=sandbox'");
        assert!(warnings[0].contains("lacks tags: tag:GetResources"), "{warnings:?}");
        let resource = |arn: &str, value: &str| TaggedResource {
            arn: arn.to_owned(),
            tags: vec![Tag { key: "stage".to_owned(), value: value.to_owned() }],
        };
        account.regions[0].tagged_resources = Reading::Read(vec![
            resource("arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", "sandbox"),
            resource("arn:aws:ec2:eu-west-1:123456789012:volume/vol-2", "prod"),
            resource("arn:aws:sns:eu-west-1:123456789012:topic", "sandbox"),
        ]);
        let denied = Unreadable::new(operations::GET_RESOURCES, Some("us-east-1"), Cause::Denied, "");
        account.regions[1].tagged_resources = Reading::Unreadable(denied);
        let topic = "arn:aws:sns:eu-west-1:123456789012:topic eu-west-1";
        assert_eq!(accepted_of(&account, "tag = 'stage=sandbox'").0, ["vol-1 eu-west-1", topic]);
        assert_eq!(accepted_of(&account, "tag = 'stage=s*'\nresource = 'vol-*'").0, ["vol-1 eu-west-1"]);
        assert_eq!(accepted_of(&account, "tag = 'stage'").0.len(), 3);
        assert_eq!(accepted_of(&account, "tag = 'Stage'").0, [""; 0]);
    }

    #[test]
    fn what_is_of_no_use_is_warned_about() {
        let warning = |exception: &str| accepted_of(&account(), exception).1.join("; ");
        let unused = "golive.toml:2: the exception of ebs-volume-encrypted is unused";
        assert_eq!(warning("resource = 'vol-3'"), format!("{unused}: what it speaks of passes; take it away"));
        let like = "no resource of the rule is like it; did you mean `vol-1`?";
        assert!(warning("resource = 'vol-l'").starts_with(&format!("{unused}: {}", &like[..34])));
        let region = "eu-wst-1 was not audited; did you mean `eu-west-1`?";
        assert_eq!(warning("region = 'eu-wst-1'"), format!("{unused}: {region}"));
        for silent in ["resource = 'vol-1'", "resource = 'vol-4'", "region = 'sa-east-1'", "account = '210987654321'"] {
            assert_eq!(warning(silent), "", "{silent}");
        }
    }
}
