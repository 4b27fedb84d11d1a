//! TLS at the edge: load balancers, distributions and their certificates.

use crate::facts::{Certificate, Distribution, Listener, LoadBalancer};
use crate::operation::operations::LIST_CERTIFICATES;
use crate::{
    Absence, Account, FactKind, Findings, Judge, Reference, Region, Remedy, Rule, Severity, Unreadable, Verdict,
};

const LISTENERS_GUIDE: Reference = Reference {
    title: "Create an HTTPS listener for your Application Load Balancer",
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
};

const POLICIES_GUIDE: Reference = Reference {
    title: "Security policies for your Application Load Balancer",
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
};

const VIEWERS_GUIDE: Reference = Reference {
    title: "Require HTTPS for communication between viewers and CloudFront",
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-https-viewers-to-cloudfront.html",
};

const PROTOCOLS_GUIDE: Reference = Reference {
    title: "Supported protocols and ciphers between viewers and CloudFront",
    url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
};

const RENEWAL_GUIDE: Reference = Reference {
    title: "Managed certificate renewal in AWS Certificate Manager",
    url: "https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html",
};

/// `alb-https`
pub static ALB_HTTPS: Rule = Rule {
    id: "alb-https",
    title: "Load balancers only redirect plain HTTP",
    severity: Severity::High,
    needs: &[FactKind::LoadBalancers, FactKind::Listeners],
    absence: Absence::NotApplicable,
    decided: "Each HTTP listener of an Application Load Balancer redirects to HTTPS by its default action and by every \
              one of its rules; a redirect to #{protocol} stays on HTTP and fails. A Classic Load Balancer cannot \
              redirect, so that its HTTP listeners fail. Internal load balancers count as well: who is inside can read \
              along. What passes through TCP listeners of a Network Load Balancer cannot be told and is not judged.",
    remedy: Remedy {
        summary: "Add an HTTPS listener, and let the HTTP one redirect to it.",
        console: "EC2, Load Balancers, the load balancer, Listeners and rules, the HTTP listener, Edit: Redirect to URL",
        cli: "aws elbv2 modify-listener --region REGION --listener-arn LISTENER_ARN --default-actions \
              Type=redirect,RedirectConfig='{Protocol=HTTPS,Port=443,StatusCode=HTTP_301}'",
        terraform: "aws_lb_listener: default_action { type = \"redirect\" redirect { protocol = \"HTTPS\" } }",
    },
    controls: &["FSBP ELB.1", "FSBP ELB.3"],
    references: &[LISTENERS_GUIDE],
    judge: Judge::Region(alb_https),
};

fn alb_https(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let speaks_http = |balancer: &&LoadBalancer| ["application", "classic"].contains(&balancer.kind.as_str());
    for balancer in region.load_balancers()?.iter().filter(speaks_http) {
        findings.check(balancer, || {
            let listeners = balancer.listeners.get(FactKind::Listeners)?;
            let mut plain = listeners.iter().filter(|listener| listener.protocol == "HTTP");
            Ok(match plain.find(|listener| !listener.only_redirects) {
                Some(listener) => Verdict::fail(format!("serves plain HTTP at port {}", listener.port)),
                None => Verdict::pass("serves no plain HTTP"),
            })
        });
    }
    Ok(())
}

/// `elb-tls-policy`
pub static ELB_TLS_POLICY: Rule = Rule {
    id: "elb-tls-policy",
    title: "Load balancers take TLS 1.2 or later only",
    severity: Severity::Medium,
    needs: &[FactKind::LoadBalancers, FactKind::Listeners],
    absence: Absence::NotApplicable,
    decided: "The security policy of each HTTPS, TLS or SSL listener, of load balancers of every kind, allows no protocol \
              but TLS 1.2 and TLS 1.3. Which protocols a policy allows, Elastic Load Balancing tells; its name is not \
              looked at, so that new policies are judged as they are. Load balancers without such a listener are not \
              judged.",
    remedy: Remedy {
        summary: "Choose a security policy that starts at TLS 1.2.",
        console: "EC2, Load Balancers, the load balancer, Listeners, the listener, Edit, Security policy",
        cli: "aws elbv2 modify-listener --region REGION --listener-arn LISTENER_ARN --ssl-policy \
              ELBSecurityPolicy-TLS13-1-2-2021-06",
        terraform: "aws_lb_listener: ssl_policy = \"ELBSecurityPolicy-TLS13-1-2-2021-06\"",
    },
    controls: &["FSBP ELB.17", "FSBP ELB.8"],
    references: &[POLICIES_GUIDE],
    judge: Judge::Region(tls_policy),
};

fn tls_policy(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for balancer in region.load_balancers()?.iter().filter(|balancer| balancer.kind != "gateway") {
        let listeners = match balancer.listeners.get(FactKind::Listeners) {
            Ok(listeners) => listeners,
            Err(reason) => {
                findings.unknown(balancer, reason);
                continue;
            }
        };
        if listeners.iter().all(|listener| listener.tls_protocols.is_none()) {
            continue;
        }
        findings.check(balancer, || {
            let weak = listeners.iter().find_map(|listener| Some((listener, weak_protocol(listener)?)));
            Ok(match weak {
                Some((listener, protocol)) => {
                    let policy = listener.tls_policy.as_deref().unwrap_or("its policy");
                    Verdict::fail(format!("port {} allows {protocol:.12} ({policy:.50})", listener.port))
                }
                None => Verdict::pass("takes TLS 1.2 or later only"),
            })
        });
    }
    Ok(())
}

fn weak_protocol(listener: &Listener) -> Option<&str> {
    let mut protocols = listener.tls_protocols.iter().flatten().map(String::as_str);
    protocols.find(|protocol| !["TLSv1.2", "TLSv1.3"].contains(protocol))
}

/// `cdn-https`
pub static CDN_HTTPS: Rule = Rule {
    id: "cdn-https",
    title: "Distributions serve HTTPS only, by TLS 1.2 or later",
    severity: Severity::Medium,
    needs: &[FactKind::Distributions],
    absence: Absence::NotApplicable,
    decided: "Each cache behavior of an enabled distribution redirects HTTP to HTTPS or refuses it, and the minimum \
              protocol version is TLSv1.2 or later. With CloudFront's own certificate TLS 1.0 is taken whatever is set, \
              so that it fails too. Distributions that are disabled are not judged.",
    remedy: Remedy {
        summary: "Redirect HTTP to HTTPS in every behavior; use a certificate of your own with TLSv1.2_2021 or later.",
        console: "CloudFront, the distribution, Behaviors, Edit: Viewer protocol policy; General, Settings, Edit: Custom \
                  SSL certificate, Security policy",
        cli: "aws cloudfront update-distribution --id DISTRIBUTION_ID --if-match ETAG --distribution-config \
              file://config.json",
        terraform: "aws_cloudfront_distribution: viewer_protocol_policy = \"redirect-to-https\", viewer_certificate { \
                    minimum_protocol_version = \"TLSv1.2_2021\" }",
    },
    controls: &["FSBP CloudFront.3", "FSBP CloudFront.7"],
    references: &[VIEWERS_GUIDE, PROTOCOLS_GUIDE],
    judge: Judge::Account(cdn_https),
};

fn cdn_https(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for distribution in account.distributions()?.iter().filter(|distribution| distribution.enabled) {
        findings.check(distribution, || Ok(served(distribution)));
    }
    Ok(())
}

fn served(distribution: &Distribution) -> Verdict {
    if distribution
        .viewer_protocols
        .iter()
        .any(|policy| !["https-only", "redirect-to-https"].contains(&policy.as_str()))
    {
        return Verdict::fail(format!("{:.60} serves plain HTTP", distribution.domain_name));
    }
    if distribution.default_certificate {
        return Verdict::fail("has CloudFront's certificate, with which it takes TLS 1.0");
    }
    match distribution.minimum_protocol.as_deref() {
        Some(version) if version.starts_with("TLSv1.2") || version.starts_with("TLSv1.3") => {
            Verdict::pass(format!("serves HTTPS only, from {version:.20}"))
        }
        version => Verdict::fail(format!("takes {:.20}", version.unwrap_or("any version of TLS"))),
    }
}

/// `acm-certificate-not-expiring`
pub static ACM_CERTIFICATE_NOT_EXPIRING: Rule = Rule {
    id: "acm-certificate-not-expiring",
    title: "Certificates in use are valid for a month",
    severity: Severity::High,
    needs: &[FactKind::Certificates],
    absence: Absence::NotApplicable,
    decided: "Each certificate of ACM that another resource uses, issued or imported and of any kind of key, is issued \
              and valid for more than 30 days (setting certificate_days). ACM renews its own ones 60 days ahead, so one \
              with less left was not renewed. Certificates that nothing uses are not judged.",
    remedy: Remedy {
        summary: "Mend the validation record so that ACM can renew it, or import a new one.",
        console: "Certificate Manager, List certificates, the certificate: Domains, Create records in Route 53",
        cli: "aws acm describe-certificate --region REGION --certificate-arn CERTIFICATE_ARN",
        terraform: "aws_acm_certificate_validation with aws_route53_record of its domain_validation_options",
    },
    controls: &["FSBP ACM.1"],
    references: &[RENEWAL_GUIDE],
    judge: Judge::Account(not_expiring),
};

fn not_expiring(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let least = i64::from(findings.settings.certificate_days);
    for region in &account.regions {
        findings.in_region(&region.name);
        match region.certificates() {
            Ok(certificates) => {
                for certificate in certificates.iter().filter(|certificate| certificate.in_use != Some(false)) {
                    findings.check(certificate, || valid(certificate, account, &region.name, least));
                }
            }
            Err(reason) => findings.unknown(FactKind::Certificates.noun(), reason),
        }
    }
    Ok(())
}

fn valid(certificate: &Certificate, account: &Account, region: &str, least: i64) -> Result<Verdict, Unreadable> {
    let lacks = |what: &str| {
        let message = format!("a certificate lacks {what}");
        Unreadable::malformed(LIST_CERTIFICATES, Some(region), message).about(&certificate.id)
    };
    certificate.in_use.ok_or_else(|| lacks("InUse"))?;
    let name = &certificate.domain_name;
    match certificate.status.as_deref().ok_or_else(|| lacks("Status"))? {
        "ISSUED" => {}
        status => return Ok(Verdict::fail(format!("of {name:.60} is {status:.20}"))),
    }
    let ends = certificate.not_after.ok_or_else(|| lacks("NotAfter"))?;
    let days = ends.duration_since(account.taken_at).as_hours() / 24;
    let seen = format!("of {name:.60} is valid for {days} more days");
    Ok(if days > least { Verdict::pass(seen) } else { Verdict::fail(seen) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Said, account, days_ago, judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn balancer(name: &str, kind: &str, listeners: Reading<Vec<Listener>>) -> LoadBalancer {
        LoadBalancer {
            name: name.to_owned(),
            kind: kind.to_owned(),
            scheme: Some("internet-facing".to_owned()),
            dns_name: None,
            listeners,
            has_web_acl: Reading::NotRead,
        }
    }

    fn http(only_redirects: bool) -> Listener {
        Listener { port: 80, protocol: "HTTP".to_owned(), only_redirects, tls_policy: None, tls_protocols: None }
    }

    fn tls(protocol: &str, versions: &[&str]) -> Listener {
        Listener {
            port: 443,
            protocol: protocol.to_owned(),
            only_redirects: false,
            tls_policy: Some("some-policy".to_owned()),
            tls_protocols: Some(versions.iter().map(|&version| version.to_owned()).collect()),
        }
    }

    fn say(rule: &'static Rule, balancers: Vec<LoadBalancer>) -> Said {
        judge(rule, &with_regions(vec![Region { load_balancers: Reading::Read(balancers), ..region("eu-west-1") }]))
    }

    #[test]
    fn plain_http_only_redirects() {
        let said = say(
            &ALB_HTTPS,
            vec![
                balancer("redirects", "application", Reading::Read(vec![http(true), tls("HTTPS", &["TLSv1.3"])])),
                balancer("serves", "application", Reading::Read(vec![http(true), http(false)])),
                balancer("old", "classic", Reading::Read(vec![http(false)])),
                balancer("none", "application", Reading::Read(vec![])),
                balancer("tcp", "network", Reading::Read(vec![])),
                balancer("denied", "application", unreadable()),
            ],
        );
        assert_eq!(
            said.lines,
            [
                "pass redirects eu-west-1",
                "fail serves eu-west-1",
                "fail old eu-west-1",
                "pass none eu-west-1",
                "unknown denied eu-west-1",
            ]
        );
        assert_eq!(said.details[1], "serves plain HTTP at port 80");
    }

    #[test]
    fn protocols_and_not_names_of_policies_decide() {
        let said = say(
            &ELB_TLS_POLICY,
            vec![
                balancer("new", "network", Reading::Read(vec![tls("TLS", &["TLSv1.2", "TLSv1.3"])])),
                balancer("old", "application", Reading::Read(vec![tls("HTTPS", &["TLSv1.2", "TLSv1"])])),
                balancer("classic", "classic", Reading::Read(vec![tls("SSL", &["TLSv1.1", "TLSv1.2"])])),
                balancer("plain", "application", Reading::Read(vec![http(true)])),
                balancer("denied", "classic", unreadable()),
            ],
        );
        assert_eq!(
            said.lines,
            ["pass new eu-west-1", "fail old eu-west-1", "fail classic eu-west-1", "unknown denied eu-west-1"]
        );
        assert_eq!(said.details[1], "port 443 allows TLSv1 (some-policy)");
    }

    #[test]
    fn no_load_balancers_or_unread_ones() {
        for rule in [&ALB_HTTPS, &ELB_TLS_POLICY] {
            assert_eq!(say(rule, vec![]).status, Status::NotApplicable);
            let region = Region { load_balancers: unreadable(), ..region("eu-west-1") };
            assert_eq!(judge(rule, &with_regions(vec![region])).status, Status::Unknown);
        }
    }

    fn distribution(policies: &[&str], default_certificate: bool, minimum: Option<&str>) -> Distribution {
        Distribution {
            id: "E1".to_owned(),
            domain_name: "d1.cloudfront.net".to_owned(),
            enabled: true,
            viewer_protocols: policies.iter().map(|&policy| policy.to_owned()).collect(),
            default_certificate,
            minimum_protocol: minimum.map(str::to_owned),
            has_web_acl: false,
        }
    }

    #[test]
    fn every_behavior_and_the_version_count() {
        let status = |it: Distribution| {
            judge(&CDN_HTTPS, &Account { distributions: Reading::Read(vec![it]), ..account() }).status
        };
        let both = ["redirect-to-https", "https-only"];
        assert_eq!(status(distribution(&both, false, Some("TLSv1.2_2021"))), Status::Pass);
        assert_eq!(status(distribution(&both, false, Some("TLSv1.3_2025"))), Status::Pass);
        assert_eq!(status(distribution(&["https-only", "allow-all"], false, Some("TLSv1.2_2021"))), Status::Fail);
        assert_eq!(status(distribution(&both, false, Some("TLSv1.1_2016"))), Status::Fail);
        assert_eq!(status(distribution(&both, false, Some("TLSv1"))), Status::Fail);
        assert_eq!(status(distribution(&both, false, None)), Status::Fail);
        assert_eq!(status(distribution(&both, true, Some("TLSv1.2_2021"))), Status::Fail);
        let off = Distribution { enabled: false, ..distribution(&["allow-all"], true, None) };
        assert_eq!(status(off), Status::NotApplicable);
        let denied = Account { distributions: unreadable(), ..account() };
        assert_eq!(judge(&CDN_HTTPS, &denied).status, Status::Unknown);
    }

    fn certificate(status: Option<&str>, in_use: Option<bool>, days: Option<i64>) -> Certificate {
        Certificate {
            id: "c-1".to_owned(),
            domain_name: "example.com".to_owned(),
            status: status.map(str::to_owned),
            in_use,
            not_after: days.map(|days| days_ago(-days)),
        }
    }

    #[test]
    fn a_certificate_in_use_has_a_month_left() {
        let say = |it: Certificate| {
            let region = Region { certificates: Reading::Read(vec![it]), ..region("eu-west-1") };
            judge(&ACM_CERTIFICATE_NOT_EXPIRING, &with_regions(vec![region]))
        };
        assert_eq!(say(certificate(Some("ISSUED"), Some(true), Some(31))).status, Status::Pass);
        let said = say(certificate(Some("ISSUED"), Some(true), Some(30)));
        assert_eq!((said.status, said.details[0].as_str()), (Status::Fail, "of example.com is valid for 30 more days"));
        assert_eq!(say(certificate(Some("EXPIRED"), Some(true), Some(-3))).status, Status::Fail);
        assert_eq!(say(certificate(Some("PENDING_VALIDATION"), Some(true), None)).status, Status::Fail);
        assert_eq!(say(certificate(Some("EXPIRED"), Some(false), Some(-3))).status, Status::NotApplicable);
        assert_eq!(say(certificate(Some("ISSUED"), None, Some(99))).status, Status::Unknown);
        assert_eq!(say(certificate(None, Some(true), Some(99))).status, Status::Unknown);
        assert_eq!(say(certificate(Some("ISSUED"), Some(true), None)).status, Status::Unknown);
        let region = Region { certificates: unreadable(), ..region("eu-west-1") };
        assert_eq!(judge(&ACM_CERTIFICATE_NOT_EXPIRING, &with_regions(vec![region])).status, Status::Unknown);
    }
}
