//! `golive audit` against an account that `seed.py` makes at both mocks: verdicts, requests, denials.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::LazyLock;

use golive_checks::{FactKind, Item, Operation, Rule, Scope, items, operations, rules};

use crate::program::{Place, Report, audit, demo, golive};
use crate::support::{Fault, Match, MiniStack, Moto, Proxy, Routes, complete, python};

/// The regions that are seeded.
pub const REGIONS: [&str; 2] = ["--region", "eu-west-1,ap-southeast-2,us-east-1"];

/// Both mocks with the seeded account, shared by all tests: golive only reads.
pub struct World {
    moto: Moto,
    ministack: MiniStack,
    pub expected: BTreeMap<Place, String>,
}

pub static WORLD: LazyLock<World> = LazyLock::new(|| {
    let (moto, ministack) = (Moto::start(), MiniStack::start());
    let services =
        ["CLOUDWATCH", "SNS", "SQS", "BUDGETS", "CLOUDFRONT"].map(|service| format!("AWS_ENDPOINT_URL_{service}"));
    let other = ministack.endpoint();
    let others: Vec<_> = services.iter().map(|service| (service.as_str(), other.as_str())).collect();
    let expected = seeded(&moto.endpoint(), &others);
    World { moto, ministack, expected }
});

/// Seeds the account at `endpoint`, and gives the verdicts that it is made for.
fn seeded(endpoint: &str, environment: &[(&str, &str)]) -> BTreeMap<Place, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("expected.json");
    let common = [("AWS_ENDPOINT_URL", endpoint), ("GOLIVE_EXPECTED", path.to_str().expect("UTF-8"))];
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/seed.py");
    python(&script, &[&common[..], environment].concat());
    let expected: Vec<[String; 4]> =
        serde_json::from_str(&fs::read_to_string(&path).expect("written")).expect("a list");
    expected.into_iter().map(|[rule, resource, region, status]| ((rule, resource, region), status)).collect()
}

/// A proxy of the test's own in front of the seeded account.
pub fn proxy() -> Proxy {
    let other = WORLD.ministack.endpoint();
    let routes = Routes::to(&WORLD.moto.endpoint());
    let services = ["cloudwatch", "sns", "budgets", "cloudfront"];
    let proxy = Proxy::start(services.into_iter().fold(routes, |routes, service| routes.service(service, &other)));
    complete(&proxy);
    proxy
}

#[test]
fn every_verdict_is_the_one_that_the_account_was_made_for() {
    let run = audit(&proxy().endpoint(), &REGIONS);
    let report = run.report();
    assert_eq!(differences(&report.findings(), &WORLD.expected), [""; 0]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "");
    assert_eq!(report.unreadable(), []);
    assert_eq!(report.items().len(), 93);
}

#[test]
fn the_other_wire_agrees() {
    let (ministack, moto) = (MiniStack::start(), Moto::start());
    let parts = [("GOLIVE_SEEDS", "databases,buckets,people,trails"), ("GOLIVE_DEFAULT_ENCRYPTION", "pass")];
    let mut expected = seeded(&ministack.endpoint(), &parts);
    // It takes any user's MFA for root's.
    expected.retain(|(rule, _, _), _| rule != "root-mfa");
    // It knows no account-wide public access block.
    let routes = Routes::to(&ministack.endpoint()).service("ec2", &moto.endpoint());
    let proxy = Proxy::start(routes.service("s3control", &moto.endpoint()));
    let rules: BTreeSet<&str> = expected.keys().map(|(rule, _, _)| rule.as_str()).collect();
    let rules = rules.into_iter().collect::<Vec<_>>().join(",");
    let run = audit(&proxy.endpoint(), &[&REGIONS[..], &["--rule", &rules]].concat());
    assert_eq!(differences(&run.report().findings(), &expected), [""; 0]);
    assert_eq!(run.report().unreadable(), []);
    assert_eq!(proxy.repeated(), []);
}

#[test]
fn no_request_is_sent_twice_and_the_policy_allows_just_what_is_sent() {
    let proxy = proxy();
    audit(&proxy.endpoint(), &REGIONS);
    assert_eq!(proxy.repeated(), []);

    let seen: BTreeSet<&str> =
        proxy.seen().iter().map(|seen| declared(&seen.service, &seen.operation).permission).collect();
    let policy: serde_json::Value = serde_json::from_str(&golive(&["policy"], &[]).stdout).expect("JSON");
    let actions = &policy["Statement"][0]["Action"];
    let allowed: BTreeSet<&str> = actions.as_array().expect("a list").iter().filter_map(|it| it.as_str()).collect();
    assert_eq!(allowed.difference(&seen).copied().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(seen.difference(&allowed).copied().collect::<Vec<_>>(), [""; 0]);
}

/// Where findings are not as expected.
fn differences(found: &BTreeMap<Place, String>, expected: &BTreeMap<Place, String>) -> Vec<String> {
    let places: BTreeSet<&Place> = found.keys().chain(expected.keys()).collect();
    let different = places.into_iter().filter(|place| found.get(*place) != expected.get(*place));
    let line = |place: &Place| format!("{place:?}: {:?}, expected {:?}", found.get(place), expected.get(place));
    different.map(line).collect()
}

/// The operation of this name among those that the program declares.
fn declared(service: &str, name: &str) -> Operation {
    let known = operations::ALL.iter().find(|it| it.service == service && it.name == name);
    *known.unwrap_or_else(|| panic!("{service} {name} is not declared"))
}

#[test]
fn one_item_asks_only_what_it_needs() {
    let asked = |arguments: &[&str]| {
        let proxy = proxy();
        audit(&proxy.endpoint(), arguments);
        let seen = proxy.seen();
        seen.iter().map(|it| format!("{} {} {}", it.service, it.operation, it.region)).collect::<BTreeSet<_>>()
    };
    let vpcs = asked(&["--item", "networking/set-up-vpcs", "--region", "eu-west-1"]);
    let names = [
        "ec2 DescribeFlowLogs eu-west-1",
        "ec2 DescribeNetworkInterfaces eu-west-1",
        "ec2 DescribeRegions us-east-1",
        "ec2 DescribeSubnets eu-west-1",
        "ec2 DescribeVpcPeeringConnections eu-west-1",
        "ec2 DescribeVpcs eu-west-1",
        "sts GetCallerIdentity us-east-1",
    ];
    assert_eq!(vpcs, names.map(str::to_owned).into());
    // Lists of buckets, and of nothing else, where only their lifecycle matters.
    let lifecycles = asked(&["--rule", "s3-lifecycle", "--region", "eu-west-1"]);
    let unwanted = ["Versioning", "Encryption", "Policy", "Acl", "Trail"];
    assert!(!lifecycles.iter().any(|it| unwanted.iter().any(|word| it.contains(word))), "{lifecycles:?}");
    // An item that people answer for needs nothing.
    let human = asked(&["--item", "continuous-integration/do-code-reviews", "--region", "eu-west-1"]);
    assert_eq!(human.len(), 2, "{human:?}");
}

#[test]
fn every_denied_operation_is_named_and_makes_nothing_pass() {
    let before = audit(&proxy().endpoint(), &REGIONS).report();
    for &operation in operations::ALL {
        // Without the caller's identity nothing begins; a report that AWS holds already is not made again; tags are asked
        // for exceptions only (tags.rs).
        if ["GetCallerIdentity", "GenerateCredentialReport", "DescribeRegions", "GetResources"]
            .contains(&operation.name)
        {
            continue;
        }
        let proxy = proxy();
        proxy.on(Match::operation(operation.service, operation.name), Fault::Deny);
        // The items that ask for it, whole: the others would ask the same as before.
        let asks = |item: &&Item| {
            item.rules.iter().any(|rule| needs(rule.needs, operation))
                || item.evidence.iter().any(|evidence| needs(evidence.needs, operation))
        };
        let chosen = items().filter(asks).map(|item| item.id).collect::<Vec<_>>().join(",");
        assert!(!chosen.is_empty(), "no item asks for {}", operation.name);
        let run = audit(&proxy.endpoint(), &[&REGIONS[..], &["--fail-on", "none", "--item", &chosen]].concat());
        let report = run.report();
        judge_denial(operation, &before, &report);
        // Evidence that cannot be read leaves its item open, too.
        let open = report.findings().values().chain(report.items().values()).any(|status| status == "unknown");
        assert_eq!(run.code, if open { 3 } else { 0 }, "{}", operation.name);
    }
}

fn judge_denial(operation: Operation, before: &Report, after: &Report) {
    let name = operation.name;
    let named = after.unreadable().into_iter().find(|(action, _, _)| action == operation.permission);
    let (_, region, reason) = named.unwrap_or_else(|| panic!("{} is not named", operation.permission));
    assert!(reason.contains(name) && reason.starts_with("needs ") && reason.contains("denied"), "{reason}");
    let global =
        ["account", "budgets", "cloudfront", "iam", "organizations", "route53", "route53domains", "s3", "s3control"];
    let regional = !global.contains(&operation.service);
    assert!(region.is_some() || !regional, "{name} names no region");

    let (rules_before, rules_after) = (before.rules(), after.rules());
    for rule in rules() {
        let Some(is) = rules_after.get(rule.id) else {
            assert!(!needs(rule.needs, operation), "{} is not judged without {name}", rule.id);
            continue;
        };
        let was = &rules_before[rule.id];
        if !needs(rule.needs, operation) {
            assert_eq!(was, is, "{} changed without {name}", rule.id);
        } else if !proven_otherwise(rule, operation) {
            assert!(is == "unknown" || is == "fail", "{} is {is} without {name}", rule.id);
        }
    }
    let passed_before = before.findings();
    for (place, status) in after.findings().iter().filter(|(_, status)| *status == "pass") {
        assert_eq!(passed_before.get(place), Some(status), "{place:?} passes only without {name}");
    }
}

fn needs(facts: &[FactKind], operation: Operation) -> bool {
    facts.iter().any(|kind| {
        let parent = match kind.scope() {
            Scope::Detail(parent) => parent.operations(),
            Scope::Region | Scope::Account => &[],
        };
        kind.operations().iter().chain(parent).any(|its| *its == operation)
    })
}

/// Where what is left to read proves the verdict: budgets or alarms alone reach somebody, and nobody but the bucket's
/// own block is needed to see that it is private.
fn proven_otherwise(rule: &Rule, operation: Operation) -> bool {
    match rule.id {
        "billing-alarm" => true,
        "cloudtrail-bucket-not-public" => operation.service.starts_with("s3"),
        // A volume's flow log is enough: its subnets matter only where there is none.
        "vpc-flow-logs" => operation.name == "DescribeSubnets",
        _ => false,
    }
}

#[test]
fn one_bucket_that_denies_makes_one_unknown_finding() {
    let proxy = proxy();
    let lifecycle = Match::operation("s3", "GetBucketLifecycleConfiguration").resource("good-assets");
    proxy.on(lifecycle, Fault::Deny);
    let run = audit(&proxy.endpoint(), &[&REGIONS[..], &["--rule", "s3-lifecycle"]].concat());
    let findings = run.report().findings();
    let unknown: Vec<_> = findings.iter().filter(|(_, status)| *status == "unknown").collect();
    assert_eq!(unknown.len(), 1, "{findings:?}");
    assert_eq!(unknown[0].0.1, "good-assets");
    assert_eq!(findings.len(), WORLD.expected.keys().filter(|(rule, _, _)| rule == "s3-lifecycle").count());
    let (action, region, reason) = run.report().unreadable().remove(0);
    assert_eq!((action.as_str(), region.as_deref()), ("s3:GetLifecycleConfiguration", Some("eu-west-1")));
    assert!(reason.starts_with("needs s3:GetLifecycleConfiguration in eu-west-1"), "{reason}");
}

#[test]
fn without_the_list_of_regions_other_regions_are_unknown() {
    let proxy = proxy();
    proxy.on(Match::operation("ec2", "DescribeRegions"), Fault::Deny);
    let run = audit(&proxy.endpoint(), &["--item", "networking/set-up-vpcs", "--fail-on", "none"]);
    let report = run.report();
    assert_eq!(run.code, 3);
    assert_eq!(report.0["regions"], serde_json::json!(["us-east-1"]));
    let rules = report.rules();
    assert!(rules.values().all(|status| status == "unknown" || status == "fail"), "{rules:?}");
    assert_eq!(report.unreadable()[0].0, "ec2:DescribeRegions");
}

#[test]
fn all_enabled_regions_are_audited_and_no_other() {
    let proxy = proxy();
    let report = audit(&proxy.endpoint(), &["--rule", "default-vpc-removed"]).report();
    let regions: Vec<_> = report.0["regions"].as_array().expect("a list").iter().filter_map(|it| it.as_str()).collect();
    assert!(regions.len() > 10 && regions.is_sorted(), "{regions:?}");
    let seen = proxy.seen().into_iter().filter(|it| it.operation == "DescribeVpcs");
    let asked: BTreeSet<_> = seen.map(|it| it.region).collect();
    assert_eq!(asked, regions.iter().map(ToString::to_string).collect());
    let listed = enabled_regions();
    assert_eq!(asked, listed, "the regions that are not opted in are left alone");
}

/// The regions that moto says are not switched off.
fn enabled_regions() -> BTreeSet<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let credentials = aws_credential_types::Credentials::new("testing", "testing", None, None, "tests");
        let config = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new("us-east-1"))
            .endpoint_url(WORLD.moto.endpoint())
            .credentials_provider(credentials)
            .load()
            .await;
        let answer = aws_sdk_ec2::Client::new(&config).describe_regions().send().await.expect("an answer");
        let on = answer.regions().iter().filter(|region| region.opt_in_status() != Some("not-opted-in"));
        on.filter_map(|region| region.region_name().map(str::to_owned)).collect()
    })
}

#[test]
fn a_recording_gives_the_same_report_for_ever_and_is_private() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("account.json");
    let path = path.to_str().expect("UTF-8");
    let proxy = proxy();
    let live = audit(&proxy.endpoint(), &[&REGIONS[..], &["--record", path]].concat());
    let mode = fs::metadata(path).expect("recorded").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let replay = || golive(&["audit", "--replay", path, "--format", "json"], &[]);
    let (first, second) = (replay(), replay());
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(first.stdout, live.stdout);
    assert_eq!(first.code, 1);
    let table = |arguments: &[&str]| golive(&[&["audit", "--replay", path], arguments].concat(), &[]).stdout;
    assert_eq!(table(&[]), table(&[]));
    // Six buckets have no default encryption.
    assert!(table(&[]).contains("… and 1 more; --all shows them"));
    assert!(!table(&["--all"]).contains("--all shows them"));
    let recorded = fs::read_to_string(path).expect("text");
    assert!(!recorded.contains("bills@example.com") && !recorded.contains("testing"), "more is kept than is judged");
}

#[test]
fn logs_reports_and_recordings_hold_no_secrets() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("account.json");
    let proxy = proxy();
    let environment = [
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("AWS_SESSION_TOKEN", "a-session-token-that-is-secret"),
        ("AWS_ENDPOINT_URL", &proxy.endpoint()),
    ];
    // The credentials, whom the seeded budget and account name, and what functions, tasks and parameters hold.
    let secrets = [
        "wJalrXUtnFEMI",
        "a-session-token",
        "AKIAIOSFODNN7EXAMPLE",
        "bills@example.com",
        "security@example.com",
        "hunter2-hunter2",
        "abcdef-123456-abcdef",
        "not-a-secret",
    ];
    for format in ["table", "json"] {
        let record = ["--record", path.to_str().expect("UTF-8"), "--format", format];
        let run = golive(&[&["audit", "-v", "--all"], &REGIONS[..], &record].concat(), &environment);
        assert!(run.stderr.contains("DescribeVpcs") && run.stderr.contains("eu-west-1"), "{}", run.stderr);
        let recorded = fs::read_to_string(&path).expect("recorded");
        for secret in secrets {
            let shown = [&run.stdout, &run.stderr, &recorded].iter().any(|text| text.contains(secret));
            assert!(!shown, "{secret} is shown in {format}, the log or the recording");
        }
    }
    // It fails with the credentials at hand, and keeps them to itself.
    proxy.on(Match::all(), Fault::Error { status: 403, code: "InvalidClientTokenId", message: "no such key" });
    let refused = golive(&["audit", "-v"], &environment);
    assert_eq!(refused.code, 2);
    assert!(secrets.iter().all(|secret| !refused.stderr.contains(secret)), "{}", refused.stderr);
}

#[test]
fn every_fact_is_in_the_demo() {
    // A fact that no reader fills would be unknown here.
    let report = demo(&["--format", "json"]).report();
    assert_eq!(report.unreadable(), []);
    assert!(report.rules().values().all(|status| status != "unknown"), "{:?}", report.rules());
}
