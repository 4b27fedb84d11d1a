//! Accounts of any size: every page is read, no request is sent twice, memory grows with the account and no faster,
//! and a service is asked no faster than it, or the user, allows.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use wait4::Wait4;

use crate::program::{audit, golive};
use crate::support::load::{ITEMS, RULES};
use crate::support::{Bucket, CREDENTIALS, Load, Manner, Size};

const SIZE: Size = Size {
    regions: 3,
    buckets: 40,
    volumes: 3_000,
    snapshots: 3_000,
    security_groups: 2_000,
    databases: 250,
    users: 50,
};

/// Requests that were answered more than once.
fn repeated(load: &Load) -> usize {
    let answered = load.log().answered;
    answered.len() - answered.iter().collect::<BTreeSet<_>>().len()
}

#[test]
fn every_page_of_every_list_is_read_once() {
    let load = Load::start(SIZE, Manner::default());
    let run = audit(&load.endpoint(), &["--rule", "ebs-volume-encrypted,snapshot-not-public,rds-not-public,user-mfa"]);
    let report = run.report();
    assert_eq!(report.unreadable(), []);
    let findings = report.findings();
    let count = |rule: &str| findings.keys().filter(|(of, _, _)| of == rule).count();
    assert_eq!(count("ebs-volume-encrypted"), SIZE.volumes);
    assert_eq!(count("snapshot-not-public"), SIZE.snapshots);
    assert_eq!(count("rds-not-public"), SIZE.databases);
    assert_eq!(count("user-mfa"), SIZE.users);
    assert_eq!(repeated(&load), 0);
    // 1500, 750 and 750 volumes in pages of 500; as many snapshots in pages of 1000, and one page of public ones;
    // 125, 62 and 63 databases in pages of 100, and a page of clusters; identity, regions, two for the users.
    assert_eq!(load.log().answered.len(), (3 + 2 + 2) + (2 + 1 + 1) + 3 + (2 + 1 + 1) + 3 + 4);
}

#[test]
fn memory_grows_with_the_account_and_no_faster() {
    let memory = |volumes: usize| {
        let load = Load::start(Size { volumes, ..SIZE }, Manner::default());
        let child = Command::new(env!("CARGO_BIN_EXE_golive"))
            .args(["audit", "--rule", "ebs-volume-encrypted", "--fail-on", "none"])
            .env_clear()
            .envs(CREDENTIALS)
            .envs([("AWS_ENDPOINT_URL", load.endpoint().as_str()), ("AWS_REGION", "us-east-1")])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let usage = { child }.wait4().expect("the program ends");
        assert!(usage.status.success());
        usage.rusage.maxrss
    };
    let (few, many) = (memory(5_000), memory(50_000));
    let each = many.saturating_sub(few) / 45_000;
    assert!(each < 1_500, "{each} bytes for each volume: {few} and {many}");
}

#[test]
fn a_token_bucket_is_followed_to_the_end() {
    let manner = Manner::default().limit("ec2", Bucket { burst: 4.0, per_second: 40.0 });
    let load = Load::start(SIZE, manner.limit("s3", Bucket { burst: 5.0, per_second: 50.0 }));
    let report = audit(&load.endpoint(), &["--item", ITEMS, "--rule", RULES]).report();
    assert_eq!(report.unreadable(), []);
    assert_eq!(repeated(&load), 0);
    let log = load.log();
    assert!(log.throttled > 0, "the limits are felt");
    assert!(log.throttled < log.answered.len(), "{} throttled of {}", log.throttled, log.answered.len());
}

#[test]
fn the_user_limits_how_many_and_how_fast() {
    let load = Load::start(SIZE, Manner::after(Duration::from_millis(5)));
    let arguments = ["--item", "cost-optimization/clean-up-old-data-with-s3-lifecycle", "--concurrency", "2"];
    assert_eq!(audit(&load.endpoint(), &arguments).report().unreadable(), []);
    assert_eq!(load.log().most_under_way, 2);

    let load = Load::start(SIZE, Manner::default());
    let arguments = ["--rule", "s3-lifecycle", "--region", "us-east-1", "--rate", "40"];
    assert_eq!(audit(&load.endpoint(), &arguments).report().unreadable(), []);
    let log = load.log();
    let (first, last) = (log.first.expect("asked"), log.last.expect("answered"));
    // 20 buckets of that region: no machine is too slow for this bound.
    assert!(last - first >= Duration::from_millis(19 * 25), "{:?}", last - first);
    for (argument, value) in [("--rate", "0"), ("--rate", "fast"), ("--concurrency", "0")] {
        let run = golive(&["audit", argument, value], &[]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        assert!(run.stderr.contains(argument), "{}", run.stderr);
    }
}

#[test]
fn the_plan_sends_nothing_but_identity_and_regions() {
    let load = Load::start(SIZE, Manner::default());
    let asked = |load: &Load| load.log().answered.iter().map(|it| it.operation.clone()).collect::<BTreeSet<_>>();
    let run = audit(&load.endpoint(), &["--plan"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(asked(&load), ["DescribeRegions", "GetCallerIdentity"].map(str::to_owned).into());
    let plan: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let planned = plan["operations"].as_array().expect("a list");
    let actions: BTreeSet<&str> = planned.iter().filter_map(|step| step["action"].as_str()).collect();
    let policy: Value = serde_json::from_str(&golive(&["policy"], &[]).stdout).expect("JSON");
    let allowed = policy["Statement"][0]["Action"].as_array().expect("a list");
    assert_eq!(actions, allowed.iter().filter_map(Value::as_str).collect());

    // What is certain is asked, and nothing that is not planned.
    audit(&load.endpoint(), &[]).report();
    let names: BTreeSet<String> =
        planned.iter().filter_map(|step| step["operation"].as_str()).map(str::to_owned).collect();
    assert_eq!(asked(&load).difference(&names).count(), 0);
    let least = usize::try_from(plan["least_requests"].as_u64().expect("a number")).expect("a small one");
    assert!(load.log().answered.len() - 2 >= least, "{} requests, {least} planned", load.log().answered.len() - 2);

    let text = crate::program::table(&load.endpoint(), &["--plan", "--item", "networking/set-up-vpcs"]);
    assert_eq!(text.code, 0);
    assert!(text.stdout.contains("ec2:DescribeFlowLogs"), "{}", text.stdout);
    assert!(!text.stdout.contains("ec2:DescribeVolumes"), "{}", text.stdout);
    assert!(text.stdout.lines().all(|line| line.chars().count() <= 80), "{}", text.stdout);
}
