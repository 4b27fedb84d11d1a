//! TLS on the way to databases, caches, search domains and buckets.

use crate::facts::{Bucket, CacheCluster, TlsParameter};
use crate::operation::operations::{DESCRIBE_CACHE_CLUSTERS, DESCRIBE_DOMAINS, DESCRIBE_REPLICATION_GROUPS};
use crate::rds::{clusters, instances, stands_alone};
use crate::{
    Absence, Account, FactKind, Findings, Judge, Operation, Policy, Reference, Region, Remedy, Resource, Rule,
    Severity, Statement, Unreadable, Verdict,
};

/// `elasticache-transit-encryption`
pub static ELASTICACHE_TRANSIT_ENCRYPTION: Rule = Rule {
    id: "elasticache-transit-encryption",
    title: "Caches take TLS connections only",
    severity: Severity::Medium,
    needs: &[FactKind::ReplicationGroups, FactKind::CacheClusters],
    absence: Absence::NotApplicable,
    decided: "Each ElastiCache replication group, and each cluster outside of one, Memcached included, has encryption in \
              transit in the mode required: preferred takes plain connections too. A node is judged with its group. \
              Serverless caches always ask for TLS and are not judged.",
    remedy: Remedy {
        summary: "Turn on encryption in transit, first preferred, then required once every client uses TLS.",
        console: "ElastiCache, the cache, Modify, Security, Encryption in transit, Transit encryption mode",
        cli: "aws elasticache modify-replication-group --region REGION --replication-group-id ID \
              --transit-encryption-enabled --transit-encryption-mode required --apply-immediately",
        terraform: "aws_elasticache_replication_group: transit_encryption_enabled = true, transit_encryption_mode = \
                    \"required\"",
    },
    controls: &["FSBP ElastiCache.5"],
    references: &[Reference {
        title: "ElastiCache in-transit encryption (TLS)",
        url: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html",
    }],
    judge: Judge::Region(caches),
};

fn caches(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let judge = |tls: Option<bool>, mode: Option<&str>, operation: Operation, of: &dyn Resource| {
        let lacks = "the answer does not tell whether it takes TLS";
        let tls = tls.ok_or_else(|| Unreadable::malformed(operation, Some(&region.name), lacks).about(of.name()))?;
        Ok(match mode {
            _ if !tls => Verdict::fail("takes plain connections"),
            Some("preferred") => Verdict::fail("takes plain connections as well as TLS"),
            _ => Verdict::pass("takes TLS connections only"),
        })
    };
    match region.replication_groups() {
        Ok(groups) => {
            for group in groups {
                let mode = group.tls_mode.as_deref();
                findings.check(group, || judge(group.tls, mode, DESCRIBE_REPLICATION_GROUPS, group));
            }
        }
        Err(reason) => findings.unknown(FactKind::ReplicationGroups.noun(), reason),
    }
    let alone = |it: &&CacheCluster| it.replication_group_id.is_none();
    for cluster in region.cache_clusters()?.iter().filter(alone) {
        let mode = cluster.tls_mode.as_deref();
        findings.check(cluster, || judge(cluster.tls, mode, DESCRIBE_CACHE_CLUSTERS, cluster));
    }
    Ok(())
}

/// `opensearch-https`
pub static OPENSEARCH_HTTPS: Rule = Rule {
    id: "opensearch-https",
    title: "Search domains take HTTPS only, by TLS 1.2 or later",
    severity: Severity::Medium,
    needs: &[FactKind::SearchDomains],
    absence: Absence::NotApplicable,
    decided: "Each OpenSearch Service domain enforces HTTPS, by a security policy that starts at TLS 1.2 or later: every \
              one but Policy-Min-TLS-1-0-2019-07, which is also what a domain has that tells none.",
    remedy: Remedy {
        summary: "Require HTTPS and the newest TLS policy that the clients speak.",
        console: "OpenSearch Service, Domains, the domain, Security configuration, Edit, Require HTTPS, TLS policy",
        cli: "aws opensearch update-domain-config --region REGION --domain-name NAME --domain-endpoint-options \
              EnforceHTTPS=true,TLSSecurityPolicy=Policy-Min-TLS-1-2-PFS-2023-10",
        terraform: "aws_opensearch_domain: domain_endpoint_options { enforce_https = true tls_security_policy }",
    },
    controls: &["FSBP Opensearch.8", "FSBP ES.8"],
    references: &[Reference {
        title: "Infrastructure security in Amazon OpenSearch Service",
        url: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/infrastructure-security.html",
    }],
    judge: Judge::Region(domains),
};

fn domains(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for domain in region.search_domains()? {
        findings.check(domain, || {
            let lacks = "the answer does not tell whether it enforces HTTPS";
            let https = domain.https_only.ok_or_else(|| {
                Unreadable::malformed(DESCRIBE_DOMAINS, Some(&region.name), lacks).about(&domain.name)
            })?;
            Ok(match domain.tls_policy.as_deref() {
                _ if !https => Verdict::fail("takes plain HTTP"),
                None | Some("Policy-Min-TLS-1-0-2019-07") => Verdict::fail("takes TLS 1.0"),
                Some(policy) => Verdict::pass(format!("takes HTTPS only ({policy:.60})")),
            })
        });
    }
    Ok(())
}

/// `rds-requires-tls`
pub static RDS_REQUIRES_TLS: Rule = Rule {
    id: "rds-requires-tls",
    title: "Databases refuse plain connections",
    severity: Severity::Medium,
    needs: &[FactKind::DbInstances, FactKind::DbClusters, FactKind::TlsParameters],
    absence: Absence::NotApplicable,
    decided: "The parameter group of each DB instance outside of a cluster, and of each DB cluster, asks for TLS: \
              rds.force_ssl is 1 for PostgreSQL and SQL Server, require_secure_transport is 1 or ON for MySQL and MariaDB, \
              Aurora alike. The value in force counts, that of AWS's default groups too: those of PostgreSQL 15 and later \
              ask for TLS, older ones do not. Oracle and Db2 have no such parameter and are not judged.",
    remedy: Remedy {
        summary: "Set the parameter in a parameter group of your own, once every client uses TLS.",
        console: "RDS, Parameter groups, the group, Edit, rds.force_ssl or require_secure_transport: 1",
        cli: "aws rds modify-db-parameter-group --region REGION --db-parameter-group-name GROUP --parameters \
              ParameterName=rds.force_ssl,ParameterValue=1,ApplyMethod=immediate",
        terraform: "aws_db_parameter_group: parameter { name = \"rds.force_ssl\" value = \"1\" }",
    },
    controls: &["FSBP RDS.38", "FSBP RDS.39"],
    references: &[Reference {
        title: "Using SSL/TLS to encrypt a connection to a DB instance or cluster",
        url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html",
    }],
    judge: Judge::Region(databases),
};

fn databases(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    instances(
        region,
        findings,
        |instance| stands_alone(instance) && has_parameter(&instance.engine),
        |instance| asks_for_tls(region, instance.parameter_group.as_deref(), false),
    );
    clusters(
        region,
        findings,
        |cluster| has_parameter(&cluster.engine),
        |cluster| asks_for_tls(region, cluster.parameter_group.as_deref(), true),
    );
    Ok(())
}

/// Whether an engine has a parameter that asks for TLS.
fn has_parameter(engine: &str) -> bool {
    ["postgres", "aurora", "mysql", "mariadb", "sqlserver"].iter().any(|known| engine.starts_with(known))
}

fn asks_for_tls(region: &Region, group: Option<&str>, of_clusters: bool) -> Result<Verdict, Unreadable> {
    let parameters = region.tls_parameters()?;
    let its = |it: &&TlsParameter| Some(it.group.as_str()) == group && it.of_clusters == of_clusters;
    let parameter = parameters.iter().find(its).ok_or_else(|| {
        let message = format!("the parameter group {:.60} was not read", group.unwrap_or("of a database"));
        Unreadable::malformed(FactKind::TlsParameters.operations()[0], Some(&region.name), message)
    })?;
    let group = &parameter.group;
    Ok(match parameter.value.get(FactKind::TlsParameters)?.as_deref() {
        Some("1" | "ON" | "on") => Verdict::pass(format!("its parameter group {group:.60} asks for TLS")),
        _ => Verdict::fail(format!("its parameter group {group:.60} takes plain connections")),
    })
}

/// `s3-denies-http`
pub static S3_DENIES_HTTP: Rule = Rule {
    id: "s3-denies-http",
    title: "Buckets deny plain HTTP",
    severity: Severity::Low,
    needs: &[FactKind::Buckets, FactKind::BucketPolicy],
    absence: Absence::NotApplicable,
    decided: "The policy of each bucket denies everyone every S3 action, on the bucket and on its objects, where \
              aws:SecureTransport is false or s3:TlsVersion is below 1.2. A denial with further conditions lets some plain \
              requests through and does not count; a bucket without a policy fails.",
    remedy: Remedy {
        summary: "Add a statement to the bucket policy that denies requests without TLS.",
        console: "S3, the bucket, Permissions, Bucket policy, Edit",
        cli: "aws s3api put-bucket-policy --bucket BUCKET --policy file://policy.json",
        terraform: "aws_s3_bucket_policy: Deny, Principal \"*\", s3:*, both ARNs, Bool aws:SecureTransport false",
    },
    controls: &["FSBP S3.5", "CIS 3.0 2.1.1"],
    references: &[Reference {
        title: "Security best practices for Amazon S3",
        url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
    }],
    judge: Judge::Account(buckets),
};

fn buckets(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for bucket in account.buckets()? {
        findings.check(bucket, || {
            let policy = bucket.policy.get(FactKind::BucketPolicy)?;
            Ok(match policy {
                Some(policy) if denies_http(policy, bucket, &account.partition) => Verdict::pass("denies plain HTTP"),
                Some(_) => Verdict::fail("its policy does not deny plain HTTP"),
                None => Verdict::fail("has no policy that denies plain HTTP"),
            })
        });
    }
    Ok(())
}

fn denies_http(policy: &Policy, bucket: &Bucket, partition: &str) -> bool {
    let arn = format!("arn:{partition}:s3:::{}", bucket.name);
    let object = format!("{arn}/any/object");
    policy.statements.as_slice().iter().any(|statement| {
        let everything = [("s3:GetObject", &object), ("s3:PutObject", &object), ("s3:ListBucket", &arn)];
        statement.effect == "Deny"
            && statement.principal.as_ref().is_some_and(crate::Principal::is_anyone)
            && everything.iter().all(|(action, resource)| statement.covers(action, resource))
            && asks_only_for_tls(statement)
    })
}

/// Whether the conditions of a denial are met by every request without TLS 1.2.
fn asks_only_for_tls(statement: &Statement) -> bool {
    let mut conditions =
        statement.condition.iter().flat_map(|(operator, keys)| keys.iter().map(move |it| (operator, it)));
    let (Some((operator, (key, values))), None) = (conditions.next(), conditions.next()) else { return false };
    let value = match values.as_slice() {
        [serde_json::Value::String(text)] => text.clone(),
        [value] => value.to_string(),
        _ => return false,
    };
    match (operator.to_ascii_lowercase().as_str(), key.to_ascii_lowercase().as_str()) {
        ("bool" | "boolifexists", "aws:securetransport") => value.eq_ignore_ascii_case("false"),
        ("numericlessthan" | "numericlessthanifexists", "s3:tlsversion") => {
            value.parse::<f64>().is_ok_and(|version| version >= 1.2)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ReplicationGroup, SearchDomain};
    use crate::rds::testing::{aurora, databases, instance, member};
    use crate::testing::{Said, account, judge, policy, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn say(rule: &'static Rule, region: Region) -> Said {
        judge(rule, &with_regions(vec![region]))
    }

    #[test]
    fn a_cache_takes_tls_only_in_the_mode_required() {
        let group = |id: &str, tls, mode: Option<&str>| ReplicationGroup {
            id: id.to_owned(),
            encrypted: None,
            tls,
            tls_mode: mode.map(str::to_owned),
        };
        let alone = CacheCluster {
            id: "mem".to_owned(),
            engine: "memcached".to_owned(),
            replication_group_id: None,
            subnet_group: None,
            encrypted: None,
            tls: Some(false),
            tls_mode: None,
        };
        let node =
            CacheCluster { id: "node".to_owned(), replication_group_id: Some("required".to_owned()), ..alone.clone() };
        let region = Region {
            replication_groups: Reading::Read(vec![
                group("required", Some(true), Some("required")),
                group("old", Some(true), None),
                group("preferred", Some(true), Some("preferred")),
                group("plain", Some(false), None),
                group("untold", None, None),
            ]),
            cache_clusters: Reading::Read(vec![alone, node]),
            ..region("eu-west-1")
        };
        assert_eq!(
            say(&ELASTICACHE_TRANSIT_ENCRYPTION, region.clone()).lines,
            [
                "pass required eu-west-1",
                "pass old eu-west-1",
                "fail preferred eu-west-1",
                "fail plain eu-west-1",
                "unknown untold eu-west-1",
                "fail mem eu-west-1",
            ]
        );
        let said = say(&ELASTICACHE_TRANSIT_ENCRYPTION, Region { cache_clusters: unreadable(), ..region });
        assert!(
            said.lines.contains(&"unknown ElastiCache replication groups eu-west-1".to_owned()),
            "{:?}",
            said.lines
        );
    }

    #[test]
    fn a_domain_enforces_https_from_tls_1_2() {
        let domain = |name: &str, https_only, policy: Option<&str>| SearchDomain {
            name: name.to_owned(),
            encrypted: None,
            https_only,
            tls_policy: policy.map(str::to_owned),
        };
        let domains = vec![
            domain("good", Some(true), Some("Policy-Min-TLS-1-2-PFS-2023-10")),
            domain("old", Some(true), Some("Policy-Min-TLS-1-0-2019-07")),
            domain("none", Some(true), None),
            domain("http", Some(false), Some("Policy-Min-TLS-1-2-2019-07")),
            domain("untold", None, None),
        ];
        let said = say(&OPENSEARCH_HTTPS, Region { search_domains: Reading::Read(domains), ..region("eu-west-1") });
        assert_eq!(
            said.lines,
            [
                "pass good eu-west-1",
                "fail old eu-west-1",
                "fail none eu-west-1",
                "fail http eu-west-1",
                "unknown untold eu-west-1",
            ]
        );
    }

    fn parameter(group: &str, of_clusters: bool, value: Reading<Option<String>>) -> TlsParameter {
        TlsParameter { group: group.to_owned(), of_clusters, value }
    }

    fn tls_of(value: Reading<Option<String>>) -> Said {
        let regions = databases(vec![instance("db"), member("a", "shop", "eu-west-1a")], vec![aurora("shop", &["a"])]);
        let regions = regions.into_iter().map(|region| Region {
            tls_parameters: Reading::Read(vec![
                parameter("ours", false, value.clone()),
                parameter("ours", true, Reading::Read(Some("ON".to_owned()))),
            ]),
            ..region
        });
        judge(&RDS_REQUIRES_TLS, &with_regions(regions.collect()))
    }

    #[test]
    fn the_parameter_in_force_decides_at_the_instance_or_its_cluster() {
        let value = |text: &str| Reading::Read(Some(text.to_owned()));
        assert_eq!(tls_of(value("1")).lines, ["pass db eu-west-1", "pass shop eu-west-1"]);
        for plain in [value("0"), value("OFF"), Reading::Read(None)] {
            assert_eq!(tls_of(plain).lines, ["fail db eu-west-1", "pass shop eu-west-1"]);
        }
        assert_eq!(tls_of(unreadable()).lines, ["unknown db eu-west-1", "pass shop eu-west-1"]);
    }

    #[test]
    fn a_group_that_was_not_read_is_unknown_and_oracle_is_not_judged() {
        let regions = databases(vec![instance("db")], vec![]);
        let regions = regions.into_iter().map(|region| Region { tls_parameters: Reading::Read(vec![]), ..region });
        assert_eq!(judge(&RDS_REQUIRES_TLS, &with_regions(regions.collect())).lines, ["unknown db eu-west-1"]);
        let oracle = crate::facts::DbInstance { engine: "oracle-ee".to_owned(), ..instance("db") };
        let regions = databases(vec![oracle], vec![]);
        let regions = regions.into_iter().map(|region| Region { tls_parameters: Reading::Read(vec![]), ..region });
        assert_eq!(judge(&RDS_REQUIRES_TLS, &with_regions(regions.collect())).status, Status::NotApplicable);
    }

    fn bucket_with(policy: Reading<Option<Policy>>) -> Said {
        let bucket = Bucket {
            name: "shop".to_owned(),
            region: Some("eu-west-1".to_owned()),
            encryption: Reading::NotRead,
            lifecycle: Reading::NotRead,
            policy,
            versioning: Reading::NotRead,
        };
        judge(&S3_DENIES_HTTP, &Account { buckets: Reading::Read(vec![bucket]), ..account() })
    }

    #[test]
    fn a_denial_covers_everyone_everything_and_every_plain_request() {
        let with = |principal: &str, action: &str, resource: &str, condition: &str| {
            let statement = format!(
                r#"{{"Effect": "Deny", "Principal": {principal}, "Action": {action}, "Resource": {resource},
                "Condition": {condition}}}"#
            );
            bucket_with(Reading::Read(Some(policy(&statement)))).status
        };
        let (anyone, both) = (r#""*""#, r#"["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"]"#);
        let plain = r#"{"Bool": {"aws:SecureTransport": "false"}}"#;
        assert_eq!(with(anyone, r#""s3:*""#, both, plain), Status::Pass);
        assert_eq!(
            with(r#"{"AWS": "*"}"#, r#""*""#, r#""*""#, r#"{"Bool": {"aws:securetransport": [false]}}"#),
            Status::Pass
        );
        assert_eq!(with(anyone, r#""s3:*""#, both, r#"{"NumericLessThan": {"s3:TlsVersion": "1.2"}}"#), Status::Pass);
        assert_eq!(with(anyone, r#""s3:*""#, both, r#"{"NumericLessThan": {"s3:TlsVersion": 1.1}}"#), Status::Fail);
        assert_eq!(with(anyone, r#""s3:*""#, r#""arn:aws:s3:::shop/*""#, plain), Status::Fail);
        assert_eq!(with(anyone, r#""s3:GetObject""#, both, plain), Status::Fail);
        assert_eq!(with(r#"{"AWS": "arn:aws:iam::1:root"}"#, r#""s3:*""#, both, plain), Status::Fail);
        let narrowed = r#"{"Bool": {"aws:SecureTransport": "false"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#;
        assert_eq!(with(anyone, r#""s3:*""#, both, narrowed), Status::Fail);
        assert_eq!(with(anyone, r#""s3:*""#, both, r#"{"Bool": {"aws:SecureTransport": "true"}}"#), Status::Fail);
    }

    #[test]
    fn no_policy_fails_and_an_unread_one_is_unknown() {
        assert_eq!(bucket_with(Reading::Read(None)).lines, ["fail shop eu-west-1"]);
        assert_eq!(bucket_with(unreadable()).lines, ["unknown shop eu-west-1"]);
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        let empty = Region {
            search_domains: Reading::Read(vec![]),
            replication_groups: Reading::Read(vec![]),
            cache_clusters: Reading::Read(vec![]),
            db_instances: Reading::Read(vec![]),
            db_clusters: Reading::Read(vec![]),
            ..region("eu-west-1")
        };
        let denied = Region {
            search_domains: unreadable(),
            replication_groups: unreadable(),
            cache_clusters: unreadable(),
            db_instances: unreadable(),
            db_clusters: unreadable(),
            ..region("eu-west-1")
        };
        for rule in [&ELASTICACHE_TRANSIT_ENCRYPTION, &OPENSEARCH_HTTPS, &RDS_REQUIRES_TLS] {
            assert_eq!(say(rule, empty.clone()).status, Status::NotApplicable, "{}", rule.id);
            assert_eq!(say(rule, denied.clone()).status, Status::Unknown, "{}", rule.id);
        }
        let none = Account { buckets: Reading::Read(vec![]), ..account() };
        assert_eq!(judge(&S3_DENIES_HTTP, &none).status, Status::NotApplicable);
        assert_eq!(judge(&S3_DENIES_HTTP, &Account { buckets: unreadable(), ..account() }).status, Status::Unknown);
    }
}
