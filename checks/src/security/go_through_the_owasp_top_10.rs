//! `security/go-through-the-owasp-top-10`: the most common risks of web applications have an answer each.

use crate::facts::LoadBalancer;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/go-through-the-owasp-top-10`
pub const ITEM: Item = Item {
    id: "security/go-through-the-owasp-top-10",
    title: "Go through the OWASP Top 10",
    decides: Decides::Partly,
    what: "The team has gone through the ten most common risks of web applications for this product, and \
           has an answer to each.",
    why: "These are the holes that attackers try first, and most of them lie in the application, where no AWS setting helps.",
    confirm: "Write down for each of the ten how the product meets it, with a link to code or test, and renew \
           it every year.",
    references: &[
        Reference { title: "OWASP Top Ten (OWASP)", url: "https://owasp.org/www-project-top-ten/" },
        Reference {
            title: "What are AWS WAF, AWS Shield Advanced, and AWS Firewall Manager?",
            url: "https://docs.aws.amazon.com/waf/latest/developerguide/what-is-aws-waf.html",
        },
    ],
    rules: &[&WAF_ON_PUBLIC_ENDPOINTS],
    evidence: &[],
    pending: &[],
};

const WAF_GUIDE: Reference = Reference {
    title: "Associating or disassociating protection with an AWS resource",
    url: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
};

/// `waf-on-public-endpoints`
pub static WAF_ON_PUBLIC_ENDPOINTS: Rule = Rule {
    id: "waf-on-public-endpoints",
    title: "Public load balancers and distributions have a web ACL",
    severity: Severity::Medium,
    needs: &[FactKind::LoadBalancers, FactKind::WebAcls, FactKind::Distributions],
    absence: Absence::NotApplicable,
    decided: "Each internet-facing Application Load Balancer and each enabled distribution has a web ACL, of AWS WAF or, for \
              distributions, of AWS WAF Classic. What its rules let through is not judged. Network and Classic Load \
              Balancers cannot have one and are not judged. A load balancer that only a distribution is meant to reach counts \
              like any other.",
    remedy: Remedy {
        summary: "Associate a web ACL with AWS's managed rule groups, first counting, then blocking.",
        console: "WAF & Shield, Web ACLs, the ACL, Associated AWS resources, Add AWS resources",
        cli: "aws wafv2 associate-web-acl --region REGION --web-acl-arn WEB_ACL_ARN --resource-arn LOAD_BALANCER_ARN",
        terraform: "aws_wafv2_web_acl_association; aws_cloudfront_distribution: web_acl_id",
    },
    controls: &["FSBP ELB.16", "FSBP CloudFront.6"],
    references: &[WAF_GUIDE],
    judge: Judge::Account(protected),
};

fn protected(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let verdict = |has: bool| Verdict::when(has, "has a web ACL", "has no web ACL");
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.load_balancers() {
            Ok(balancers) => {
                let public = |it: &&LoadBalancer| it.kind == "application" && it.scheme.as_deref() != Some("internal");
                for balancer in balancers.iter().filter(public) {
                    findings.check(balancer, || Ok(verdict(*balancer.has_web_acl.get(FactKind::WebAcls)?)));
                }
            }
            Err(reason) => findings.unknown(FactKind::LoadBalancers.noun(), reason),
        }
    }
    findings.global();
    match account.distributions() {
        Ok(distributions) => {
            for distribution in distributions.iter().filter(|distribution| distribution.enabled) {
                findings.check(distribution, || Ok(verdict(distribution.has_web_acl)));
            }
        }
        Err(reason) => findings.unknown(FactKind::Distributions.noun(), reason),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Distribution;
    use crate::testing::{account, judge, region, unreadable};
    use crate::{Reading, Region, Status};

    fn balancer(name: &str, kind: &str, scheme: &str, has_web_acl: Reading<bool>) -> LoadBalancer {
        LoadBalancer {
            name: name.to_owned(),
            kind: kind.to_owned(),
            scheme: Some(scheme.to_owned()),
            dns_name: None,
            listeners: Reading::NotRead,
            has_web_acl,
        }
    }

    fn distribution(id: &str, enabled: bool, has_web_acl: bool) -> Distribution {
        Distribution {
            id: id.to_owned(),
            domain_name: "d1.cloudfront.net".to_owned(),
            enabled,
            viewer_protocols: vec![],
            default_certificate: false,
            minimum_protocol: None,
            has_web_acl,
        }
    }

    fn with(balancers: Vec<LoadBalancer>, distributions: Reading<Vec<Distribution>>) -> Account {
        let regions = vec![Region { load_balancers: Reading::Read(balancers), ..region("eu-west-1") }];
        Account { regions, distributions, ..account() }
    }

    #[test]
    fn what_the_internet_reaches_has_a_web_acl() {
        let account = with(
            vec![
                balancer("guarded", "application", "internet-facing", Reading::Read(true)),
                balancer("open", "application", "internet-facing", Reading::Read(false)),
                balancer("denied", "application", "internet-facing", unreadable()),
                balancer("inside", "application", "internal", Reading::NotRead),
                balancer("tcp", "network", "internet-facing", Reading::NotRead),
            ],
            Reading::Read(vec![
                distribution("E1", true, true),
                distribution("E2", true, false),
                distribution("E3", false, false),
            ]),
        );
        let said = judge(&WAF_ON_PUBLIC_ENDPOINTS, &account);
        assert_eq!(
            said.lines,
            [
                "pass guarded eu-west-1",
                "fail open eu-west-1",
                "unknown denied eu-west-1",
                "pass E1 global",
                "fail E2 global",
            ]
        );
    }

    #[test]
    fn nothing_public_or_nothing_read() {
        let status = |account: &Account| judge(&WAF_ON_PUBLIC_ENDPOINTS, account).status;
        assert_eq!(status(&with(vec![], Reading::Read(vec![]))), Status::NotApplicable);
        assert_eq!(status(&with(vec![], unreadable())), Status::Unknown);
        let regions = vec![Region { load_balancers: unreadable(), ..region("eu-west-1") }];
        assert_eq!(status(&Account { regions, ..with(vec![], Reading::Read(vec![])) }), Status::Unknown);
    }
}
