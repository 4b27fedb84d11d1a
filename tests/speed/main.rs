//! How close golive comes to the wire's own time, on generated accounts: `cargo bench --bench speed`. With
//! `cargo bench --bench speed -- peers`, how it compares with other auditors on one account.
//!
//! Each line is the best of several runs of the built program. Beside its time stands the *floor*: no program can
//! be faster that sends these requests. It is the longer of two: the longest chain of requests of which each needs
//! the answer of the one before, times the delay of an answer; and, for each service and region, the requests
//! beyond the burst that its limit allows at once, over its rate.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a benchmark talks, and says so when it cannot go on"
)]
#![allow(dead_code, unused_imports, reason = "the end-to-end tests use the rest of their support")]

mod peers;
#[path = "../e2e/support/mod.rs"]
mod support;

use std::collections::HashMap;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::load::{Answered, ITEMS, Log, RULES};
use support::{Bucket, CREDENTIALS, Load, Manner, Size};
use wait4::Wait4;

const SMALL: Size =
    Size { regions: 3, buckets: 20, volumes: 60, snapshots: 60, security_groups: 30, databases: 6, users: 20 };
const MEDIUM: Size = Size {
    regions: 10,
    buckets: 1_000,
    volumes: 10_000,
    snapshots: 10_000,
    security_groups: 5_000,
    databases: 100,
    users: 500,
};
const LARGE: Size = Size {
    regions: 30,
    buckets: 10_000,
    volumes: 100_000,
    snapshots: 100_000,
    security_groups: 50_000,
    databases: 1_000,
    users: 5_000,
};

/// AWS documents no rate for reading the settings of buckets; this is what it once gave for reads of a bucket.
const CAUTIOUS_S3: Bucket = Bucket { burst: 300.0, per_second: 300.0 };

fn main() {
    // cargo adds `--bench`.
    match std::env::args().nth(1).as_deref() {
        Some("peers") => peers::compare(),
        _ => ladder(),
    }
}

/// Accounts of three sizes, at three delays.
fn ladder() {
    println!(
        "| account | answers after | time | floor | ratio | CPU | memory | requests | throttled | repeated | to first request | after last answer |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut grown = Vec::new();
    for (name, size, runs) in [("small", SMALL, 5), ("medium", MEDIUM, 3), ("large", LARGE, 1)] {
        for delay in [0, 50, 200] {
            let manner = Manner::after(Duration::from_millis(delay));
            let run = measure(name, size, &manner, runs);
            if delay == 50 {
                grown.push((run.took.as_secs_f64(), run.memory as f64));
            }
            if delay == 50 && size.buckets > 100 {
                measure(&format!("{name}, S3 at 300/s"), size, &manner.limit("s3", CAUTIOUS_S3), 1);
            }
        }
    }
    if let [_, medium, large] = grown[..] {
        let (time, memory) = (large.0 / medium.0, large.1 / medium.1);
        println!(
            "\nFrom medium to large, ten times as much, at 50 ms: {time:.1} times the time, {memory:.1} times the memory."
        );
    }
}

/// One run of the program.
struct Run {
    took: Duration,
    cpu: Duration,
    memory: u64,
    to_first: Duration,
    after_last: Duration,
    log: Log,
}

fn measure(name: &str, size: Size, manner: &Manner, runs: usize) -> Run {
    let best = (0..runs).map(|_| run(size, manner)).min_by_key(|run| run.took).expect("at least one run");
    let floor = floor(&best.log.answered, manner);
    let ms = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    let ratio = if floor.is_zero() {
        "–".to_owned()
    } else {
        format!("{:.2}", best.took.as_secs_f64() / floor.as_secs_f64())
    };
    println!(
        "| {name} | {} | {} | {} | {ratio} | {} | {:.0} MB | {} | {} | {} | {} | {} |",
        ms(manner.delay),
        ms(best.took),
        ms(floor),
        ms(best.cpu),
        best.memory as f64 / 1e6,
        best.log.answered.len(),
        best.log.throttled,
        repeated(&best.log.answered),
        ms(best.to_first),
        ms(best.after_last),
    );
    best
}

fn run(size: Size, manner: &Manner) -> Run {
    let load = Load::start(size, manner.clone());
    let report = tempfile::NamedTempFile::new().expect("a temporary file");
    let begin = Instant::now();
    let child = Command::new(env!("CARGO_BIN_EXE_golive"))
        .args(["audit", "--fail-on", "none", "--item", ITEMS, "--rule", RULES])
        .env_clear()
        .envs(CREDENTIALS)
        .envs([("AWS_ENDPOINT_URL", load.endpoint().as_str()), ("AWS_REGION", "us-east-1")])
        .stdout(Stdio::from(report.reopen().expect("the file is there")))
        .spawn()
        .expect("the program starts");
    let usage = child.wait4().expect("the program ends");
    let end = Instant::now();
    let report = std::fs::read_to_string(report.path()).expect("a report");
    assert!(usage.status.success(), "everything could be read: {:?}\n{report}", usage.status);
    let log = load.log();
    Run {
        took: end - begin,
        cpu: usage.rusage.utime + usage.rusage.stime,
        memory: usage.rusage.maxrss,
        to_first: log.first.expect("a request") - begin,
        after_last: end - log.last.expect("an answer"),
        log,
    }
}

/// Requests that were answered before.
fn repeated(answered: &[Answered]) -> usize {
    let distinct: std::collections::HashSet<_> = answered.iter().collect();
    answered.len() - distinct.len()
}

/// The least time in which these requests can be answered.
fn floor(answered: &[Answered], manner: &Manner) -> Duration {
    let mut counts: HashMap<(&str, &str), f64> = HashMap::new();
    for asked in answered {
        *counts.entry((&asked.service, &asked.region)).or_default() += 1.0;
    }
    let limited = counts.into_iter().filter_map(|((service, _), count)| {
        let limit = manner.limits.get(service)?;
        Some(Duration::from_secs_f64((count - limit.burst).max(0.0) / limit.per_second))
    });
    let chain = manner.delay * depth(answered);
    limited.fold(chain, Duration::max)
}

/// The length of the longest chain of requests of which each needs the answer of the one before.
fn depth(answered: &[Answered]) -> u32 {
    // The pages of a list differ in nothing but their token.
    let mut lists: HashMap<(&str, &str, String), u32> = HashMap::new();
    for asked in answered {
        let token = |field: &&str| !field.starts_with("NextToken=") && !field.starts_with("Marker=");
        let without: Vec<&str> = asked.parameters.split('&').filter(token).collect();
        *lists.entry((&asked.operation, &asked.region, without.join("&"))).or_default() += 1;
    }
    let mut longest: HashMap<&str, u32> = HashMap::new();
    for ((operation, _, _), pages) in &lists {
        let pages_so_far = longest.entry(operation).or_default();
        *pages_so_far = (*pages_so_far).max(*pages);
    }
    let chain = |operation: &str| {
        let steps = std::iter::successors(Some(operation), |operation| needs(operation));
        steps.map(|operation| longest.get(operation).copied().unwrap_or(0)).sum()
    };
    longest.keys().map(|operation| chain(operation)).max().unwrap_or(0)
}

/// The request whose answer another one needs.
fn needs(operation: &str) -> Option<&'static str> {
    match operation {
        "GetCallerIdentity" | "DescribeRegions" => None,
        "GetBucketEncryption" | "GetBucketLifecycleConfiguration" | "GetBucketVersioning" => Some("ListBuckets"),
        "GetTrailStatus" | "GetEventSelectors" | "GetBucketLocation" => Some("DescribeTrails"),
        "GetBucketPolicy" | "GetBucketAcl" => Some("GetBucketLocation"),
        "GetCredentialReport" => Some("GenerateCredentialReport"),
        "ListSubscriptionsByTopic" => Some("DescribeAlarms"),
        "DescribeNotificationsForBudget" => Some("DescribeBudgets"),
        "DescribeSubscribersForNotification" => Some("DescribeNotificationsForBudget"),
        _ => Some("GetCallerIdentity"),
    }
}
