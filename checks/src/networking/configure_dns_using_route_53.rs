//! `networking/configure-dns-using-route-53`: names point only at what the account still has, and domains stay.

use crate::facts::{Domain, HostedZone, Record};
use crate::operation::operations::{DESCRIBE_LOAD_BALANCERS, LIST_BUCKETS, LIST_DOMAINS};
use crate::{
    Absence, Account, Cause, Decides, Evidence, FactKind, Findings, Item, Judge, Operation, Reference, Region, Remedy,
    Rule, Severity, Unreadable, Verdict,
};

/// `networking/configure-dns-using-route-53`
pub const ITEM: Item = Item {
    id: "networking/configure-dns-using-route-53",
    title: "Configure DNS using Route 53",
    decides: Decides::Partly,
    what: "Public and private names are kept in Route 53 zones, point only at what the account still has, \
           and domains renew by themselves.",
    why: "A record that points at something released can be taken over by whoever claims it next; a \
           domain that expires takes the product with it.",
    confirm: "Walk through the records of each zone and name the target of each. Under Registered domains, \
           renewal and transfer lock are on.",
    references: &[
        Reference {
            title: "What is Amazon Route 53?",
            url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/Welcome.html",
        },
        Reference {
            title: "Renewing registration for a domain",
            url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-renew.html",
        },
    ],
    rules: &[&ROUTE53_NO_DANGLING_RECORD, &DOMAIN_AUTO_RENEW, &DOMAIN_TRANSFER_LOCK],
    evidence: &[&HOSTED_ZONES],
    pending: &[],
};

const DANGLING_GUIDE: Reference = Reference {
    title: "Protection from dangling delegation records in Route 53",
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/protection-from-dangling-dns.html",
};

const LOCK_GUIDE: Reference = Reference {
    title: "Locking a domain to prevent unauthorized transfer to another registrar",
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-lock.html",
};

const RENEW_GUIDE: Reference = Reference {
    title: "Renewing registration for a domain",
    url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/domain-renew.html",
};

/// `route53-no-dangling-record`
pub static ROUTE53_NO_DANGLING_RECORD: Rule = Rule {
    id: "route53-no-dangling-record",
    title: "No record points at what the account no longer has",
    severity: Severity::High,
    needs: &[
        FactKind::HostedZones,
        FactKind::Records,
        FactKind::LoadBalancers,
        FactKind::Distributions,
        FactKind::Buckets,
    ],
    absence: Absence::NotApplicable,
    decided: "Each alias or CNAME record of a public zone that names a CloudFront distribution, a load balancer or an S3 \
              bucket names one that this account has. What belongs to another account of yours fails too: except it. \
              Where the load balancers or buckets of the region that the name tells were not read, the record is unknown. \
              Of a plain address AWS does not tell whether it ever was this account's: such records are not judged.",
    remedy: Remedy {
        summary: "Delete the record before somebody else claims what it points at, or point it at what replaced it.",
        console: "Route 53, Hosted zones, the zone, the record, Delete record",
        cli: "aws route53 change-resource-record-sets --hosted-zone-id ZONE_ID --change-batch file://delete.json",
        terraform: "aws_route53_record: alias of the aws_lb, aws_cloudfront_distribution or aws_s3_bucket itself",
    },
    controls: &[],
    references: &[DANGLING_GUIDE],
    judge: Judge::Account(no_dangling),
};

fn no_dangling(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for zone in account.hosted_zones()?.iter().filter(|zone| !zone.private) {
        let records = match zone.records.get(FactKind::Records) {
            Ok(records) => records,
            Err(reason) => {
                findings.unknown(&zone.name, reason);
                continue;
            }
        };
        for record in records {
            for target in record.targets.iter().filter_map(|target| Target::of(target, record)) {
                findings.check(&format!("{} {}", record.name, record.kind), || {
                    let held = target.is_held(account)?;
                    let text = target.text();
                    Ok(if held {
                        Verdict::pass(format!("points at {text}"))
                    } else {
                        Verdict::fail(format!("points at {text}, which this account does not have"))
                    })
                });
            }
        }
    }
    Ok(())
}

/// What a record points at.
#[derive(Debug, PartialEq)]
enum Target {
    Distribution(String),
    LoadBalancer { name: String, region: String },
    Bucket { name: String, region: Option<String> },
}

impl Target {
    /// Reads the name that a record points at; none where it is nothing that an AWS account holds by that name.
    fn of(target: &str, record: &Record) -> Option<Self> {
        let name = target.to_lowercase();
        let name = name.trim_end_matches('.');
        let name = name.strip_prefix("dualstack.").unwrap_or(name);
        if name.ends_with(".cloudfront.net") {
            return Some(Self::Distribution(name.to_owned()));
        }
        let own = name.strip_suffix(".amazonaws.com")?;
        if let Some((_, region)) = own.rsplit_once(".elb.") {
            return Some(Self::LoadBalancer { name: name.to_owned(), region: region.to_owned() });
        }
        if let Some(region) = own.strip_suffix(".elb").and_then(|rest| rest.rsplit('.').next()) {
            return Some(Self::LoadBalancer { name: name.to_owned(), region: region.to_owned() });
        }
        Self::bucket(own, record)
    }

    /// `s3-website-eu-west-1` for the bucket of the record's own name, or `BUCKET.s3-website.eu-central-1`,
    /// `BUCKET.s3.eu-west-1`, `BUCKET.s3`.
    fn bucket(own: &str, record: &Record) -> Option<Self> {
        let same = || record.name.trim_end_matches('.').to_lowercase();
        if let Some(region) = own.strip_prefix("s3-website-").or_else(|| own.strip_prefix("s3-website.")) {
            return Some(Self::Bucket { name: same(), region: Some(region.to_owned()) });
        }
        for mark in [".s3-website-", ".s3-website.", ".s3-", ".s3."] {
            if let Some((bucket, region)) = own.rsplit_once(mark) {
                let region = region.strip_prefix("dualstack.").unwrap_or(region);
                return Some(Self::Bucket { name: bucket.to_owned(), region: Some(region.to_owned()) });
            }
        }
        let bucket = own.strip_suffix(".s3")?;
        Some(Self::Bucket { name: bucket.to_owned(), region: None })
    }

    fn is_held(&self, account: &Account) -> Result<bool, Unreadable> {
        match self {
            Self::Distribution(name) => {
                Ok(account.distributions()?.iter().any(|it| it.domain_name.eq_ignore_ascii_case(name)))
            }
            Self::LoadBalancer { name, region } => {
                let balancers = audited(account, region, DESCRIBE_LOAD_BALANCERS)?;
                let balancers = balancers.load_balancers.get(FactKind::LoadBalancers)?;
                let mut names = balancers.iter().filter_map(|balancer| balancer.dns_name.as_deref());
                Ok(names.any(|held| held.eq_ignore_ascii_case(name)))
            }
            Self::Bucket { name, region } => {
                if account.buckets()?.iter().any(|bucket| bucket.name == *name) {
                    return Ok(true);
                }
                // The buckets of regions that are not audited may have been left out.
                if let Some(region) = region {
                    audited(account, region, LIST_BUCKETS)?;
                }
                Ok(false)
            }
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Distribution(name) => format!("the distribution {name:.50}"),
            Self::LoadBalancer { name, .. } => format!("the load balancer {name:.50}"),
            Self::Bucket { name, .. } => format!("the bucket {name:.50}"),
        }
    }
}

fn audited<'a>(account: &'a Account, region: &str, operation: Operation) -> Result<&'a Region, Unreadable> {
    let found = account.regions.iter().find(|audited| audited.name == region);
    found.ok_or_else(|| Unreadable::new(operation, Some(region), Cause::NotRead, "the region was not audited"))
}

/// `domain-auto-renew`
pub static DOMAIN_AUTO_RENEW: Rule = Rule {
    id: "domain-auto-renew",
    title: "Domains renew by themselves",
    severity: Severity::Medium,
    needs: &[FactKind::Domains],
    absence: Absence::NotApplicable,
    decided: "Each domain that is registered with Route 53 renews by itself. Domains at other registrars are not seen.",
    remedy: Remedy {
        summary: "Turn on automatic renewal, and see that the payment method is good.",
        console: "Route 53, Registered domains, the domain, Actions, Turn on auto-renew",
        cli: "aws route53domains enable-domain-auto-renew --region us-east-1 --domain-name DOMAIN",
        terraform: "aws_route53domains_registered_domain: auto_renew = true",
    },
    controls: &[],
    references: &[RENEW_GUIDE],
    judge: Judge::Account(auto_renew),
};

fn auto_renew(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for domain in account.domains()? {
        findings.check(domain, || {
            let renews = told(domain, domain.auto_renew, "AutoRenew")?;
            Ok(Verdict::when(renews, "renews by itself", "does not renew by itself"))
        });
    }
    Ok(())
}

/// `domain-transfer-lock`
pub static DOMAIN_TRANSFER_LOCK: Rule = Rule {
    id: "domain-transfer-lock",
    title: "Domains are locked against transfer",
    severity: Severity::Medium,
    needs: &[FactKind::Domains],
    absence: Absence::NotApplicable,
    decided: "Each domain that is registered with Route 53 has the transfer lock. Some top-level domains know no such lock: \
              theirs fails, and an exception says why that is accepted.",
    remedy: Remedy {
        summary: "Turn on the transfer lock.",
        console: "Route 53, Registered domains, the domain, Actions, Turn on transfer lock",
        cli: "aws route53domains enable-domain-transfer-lock --region us-east-1 --domain-name DOMAIN",
        terraform: "aws_route53domains_registered_domain: transfer_lock = true",
    },
    controls: &[],
    references: &[LOCK_GUIDE],
    judge: Judge::Account(transfer_lock),
};

fn transfer_lock(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for domain in account.domains()? {
        findings.check(domain, || {
            let locked = told(domain, domain.transfer_lock, "TransferLock")?;
            Ok(Verdict::when(locked, "is locked against transfer", "can be transferred away"))
        });
    }
    Ok(())
}

fn told(domain: &Domain, value: Option<bool>, field: &str) -> Result<bool, Unreadable> {
    let lacks = || Unreadable::malformed(LIST_DOMAINS, None, format!("a domain lacks {field}")).about(&domain.name);
    value.ok_or_else(lacks)
}

static HOSTED_ZONES: Evidence = Evidence {
    id: "hosted-zones",
    title: "Hosted zones",
    needs: &[FactKind::HostedZones],
    gather: |account: &Account| {
        let text = |zone: &HostedZone| {
            let kind = if zone.private { "private" } else { "public" };
            format!("{:.60} ({kind}, {} record sets)", zone.name, zone.record_sets)
        };
        Ok(account.hosted_zones()?.iter().map(text).collect())
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Bucket, Distribution, LoadBalancer};
    use crate::testing::{account, judge, region, unreadable};
    use crate::{Reading, Status};

    fn record(name: &str, kind: &str, target: &str) -> Record {
        Record { name: name.to_owned(), kind: kind.to_owned(), targets: vec![target.to_owned()] }
    }

    fn with(records: Reading<Vec<Record>>) -> Account {
        let zone = HostedZone { name: "example.com.".to_owned(), private: false, record_sets: 4, records };
        let balancer = LoadBalancer {
            name: "web".to_owned(),
            kind: "application".to_owned(),
            scheme: None,
            dns_name: Some("web-1.eu-west-1.elb.amazonaws.com".to_owned()),
            listeners: Reading::NotRead,
            has_web_acl: Reading::NotRead,
        };
        let distribution = Distribution {
            id: "E1".to_owned(),
            domain_name: "d1.cloudfront.net".to_owned(),
            enabled: true,
            viewer_protocols: vec![],
            default_certificate: false,
            minimum_protocol: None,
            has_web_acl: false,
        };
        let bucket = Bucket {
            name: "www.example.com".to_owned(),
            region: Some("eu-west-1".to_owned()),
            encryption: Reading::NotRead,
            lifecycle: Reading::NotRead,
            policy: Reading::NotRead,
            versioning: Reading::NotRead,
        };
        Account {
            regions: vec![Region { load_balancers: Reading::Read(vec![balancer]), ..region("eu-west-1") }],
            hosted_zones: Reading::Read(vec![zone]),
            distributions: Reading::Read(vec![distribution]),
            buckets: Reading::Read(vec![bucket]),
            ..account()
        }
    }

    fn status(kind: &str, target: &str) -> Status {
        let account = with(Reading::Read(vec![record("www.example.com.", kind, target)]));
        judge(&ROUTE53_NO_DANGLING_RECORD, &account).status
    }

    #[test]
    fn what_the_account_has_passes_and_what_it_lacks_fails() {
        for (target, expected) in [
            ("d1.cloudfront.net", Status::Pass),
            ("D2.cloudfront.net.", Status::Fail),
            ("dualstack.WEB-1.eu-west-1.elb.amazonaws.com.", Status::Pass),
            ("gone-2.eu-west-1.elb.amazonaws.com", Status::Fail),
            ("net-3.elb.eu-west-1.amazonaws.com", Status::Fail),
            ("web-1.us-east-1.elb.amazonaws.com", Status::Unknown),
            ("s3-website-eu-west-1.amazonaws.com", Status::Pass),
            ("www.example.com.s3.eu-west-1.amazonaws.com", Status::Pass),
            ("gone.s3-website.eu-west-1.amazonaws.com", Status::Fail),
            ("gone.s3.us-east-1.amazonaws.com", Status::Unknown),
            ("gone.s3.amazonaws.com", Status::Fail),
            ("203.0.113.7", Status::NotApplicable),
            ("shop.example.net", Status::NotApplicable),
            ("abc.execute-api.eu-west-1.amazonaws.com", Status::NotApplicable),
        ] {
            assert_eq!(status("CNAME", target), expected, "{target}");
        }
        let account = with(Reading::Read(vec![record("old.example.com.", "A", "d2.cloudfront.net.")]));
        let said = judge(&ROUTE53_NO_DANGLING_RECORD, &account);
        assert_eq!(said.lines, ["fail old.example.com. A global"]);
        assert_eq!(said.details, ["points at the distribution d2.cloudfront.net, which this account does not have"]);
    }

    #[test]
    fn what_was_not_read_is_unknown() {
        let dangling = || Reading::Read(vec![record("a.example.com.", "A", "d2.cloudfront.net")]);
        let judge = |account: &Account| judge(&ROUTE53_NO_DANGLING_RECORD, account).status;
        assert_eq!(judge(&with(unreadable())), Status::Unknown);
        assert_eq!(judge(&Account { hosted_zones: unreadable(), ..account() }), Status::Unknown);
        assert_eq!(judge(&Account { distributions: unreadable(), ..with(dangling()) }), Status::Unknown);
        let bucket = || Reading::Read(vec![record("a.example.com.", "CNAME", "b.s3.amazonaws.com")]);
        assert_eq!(judge(&Account { buckets: unreadable(), ..with(bucket()) }), Status::Unknown);
    }

    #[test]
    fn private_zones_are_shown_and_not_judged() {
        let mut account = with(Reading::Read(vec![record("a.example.com.", "A", "d2.cloudfront.net")]));
        if let Reading::Read(zones) = &mut account.hosted_zones {
            zones[0].private = true;
        }
        assert_eq!(judge(&ROUTE53_NO_DANGLING_RECORD, &account).status, Status::NotApplicable);
        assert_eq!((HOSTED_ZONES.gather)(&account), Ok(vec!["example.com. (private, 4 record sets)".to_owned()]));
    }

    #[test]
    fn domains_renew_and_are_locked() {
        let domain =
            |name: &str, auto_renew, transfer_lock| Domain { name: name.to_owned(), auto_renew, transfer_lock };
        let domains = vec![
            domain("good.com", Some(true), Some(true)),
            domain("bad.com", Some(false), Some(false)),
            domain("untold.com", None, None),
        ];
        let account = Account { domains: Reading::Read(domains), ..account() };
        for rule in [&DOMAIN_AUTO_RENEW, &DOMAIN_TRANSFER_LOCK] {
            assert_eq!(
                judge(rule, &account).lines,
                ["pass good.com global", "fail bad.com global", "unknown untold.com global"]
            );
            assert_eq!(
                judge(rule, &Account { domains: Reading::Read(vec![]), ..account.clone() }).status,
                Status::NotApplicable
            );
            assert_eq!(judge(rule, &Account { domains: unreadable(), ..account.clone() }).status, Status::Unknown);
        }
    }
}
