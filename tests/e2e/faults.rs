//! The fault matrix: whatever a wire does to a request, in each protocol, nothing unread passes, and the reason is told.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::audit::{REGIONS, WORLD, proxy};
use crate::program::{Report, audit};
use crate::support::{Fault, Match, Proxy, Response};

/// One operation of each protocol, with a rule that cannot be judged without it.
const PROTOCOLS: [(&str, &str, &str); 7] = [
    ("ec2", "DescribeVolumes", "ebs-volume-encrypted"),
    ("iam", "GetAccountSummary", "root-mfa"),
    ("rds", "DescribeDBInstances", "rds-not-public"),
    ("s3", "GetBucketVersioning", "s3-versioning"),
    ("cloudtrail", "DescribeTrails", "cloudtrail-validation"),
    ("budgets", "DescribeNotificationsForBudget", "billing-alarm-levels"),
    ("cloudwatch", "DescribeAlarms", "billing-alarm-levels"),
];

/// No fault may keep a run longer than this, its own time-out included.
const BOUND: Duration = Duration::from_secs(120);

/// The rules of the matrix in one region: many runs share the mocks.
const RULES: [&str; 4] = [
    "--region",
    "eu-west-1",
    "--rule",
    "ebs-volume-encrypted,root-mfa,rds-not-public,s3-versioning,cloudtrail-validation,billing-alarm-levels,user-mfa",
];

static BEFORE: LazyLock<Report> = LazyLock::new(|| audit(&proxy().endpoint(), &RULES).report());

/// Audits with one fault at one operation, and checks that it makes just what needs the operation unknown.
fn strike(place: (&str, &str, &str), fault: &Fault, timeout: &str, words: &[&str]) {
    let (service, operation, rule) = place;
    let proxy = proxy();
    proxy.on(Match::operation(service, operation), fault.clone());
    let started = Instant::now();
    let run = audit(&proxy.endpoint(), &[&RULES[..], &["--fail-on", "none", "--timeout", timeout]].concat());
    let what = format!("{operation} under {fault:?}");
    assert!(started.elapsed() < BOUND, "{what} takes {:?}", started.elapsed());
    assert_eq!(run.code, 3, "{what}: {}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{what}: {}", run.stderr);
    let report = run.report();
    assert_eq!(report.rules()[rule], "unknown", "{what}");
    let told = report.unreadable().into_iter().find(|(_, _, reason)| reason.contains(operation));
    let (_, _, reason) = told.unwrap_or_else(|| panic!("{what}: {:?}", report.unreadable()));
    assert!(words.iter().any(|word| reason.contains(word)), "{what}: {reason}");
    let before = BEFORE.findings();
    for (place, status) in report.findings().iter().filter(|(_, status)| *status == "pass") {
        assert_eq!(before.get(place), Some(status), "{what}: {place:?} passes only now");
    }
}

/// Strikes at all protocols at once, each with a run of its own.
fn strike_all(fault: &Fault, timeout: &str, words: &[&str]) {
    LazyLock::force(&BEFORE);
    thread::scope(|scope| {
        let strikes = PROTOCOLS.map(|place| scope.spawn(move || strike(place, fault, timeout, words)));
        for strike in strikes {
            if let Err(panic) = strike.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
}

#[test]
fn a_hanging_answer_times_out() {
    strike_all(&Fault::Hang, "8", &["timed out"]);
}

#[test]
fn a_reset_connection_did_not_reach_aws() {
    strike_all(&Fault::Reset, "100", &["did not reach AWS"]);
}

#[test]
fn a_body_that_is_cut_is_not_half_believed() {
    strike_all(&Fault::CutBody(40), "100", &["did not reach AWS", "answered what AWS does not document"]);
}

#[test]
fn an_answer_that_is_no_answer_is_malformed() {
    for (content_type, body) in [
        ("text/html", "<html>Sign in to the proxy</html>"),
        ("text/xml", "<unclosed"),
        ("application/json", "{\"a\": [1, 2"),
    ] {
        strike_all(
            &Fault::Answer(Response::new(200, content_type, body)),
            "100",
            &["answered what AWS does not document"],
        );
    }
}

#[test]
fn an_empty_answer_is_malformed() {
    for place in PROTOCOLS.into_iter().filter(|(service, _, _)| *service != "budgets") {
        let empty = Fault::Answer(Response::new(200, "application/octet-stream", ""));
        strike(place, &empty, "100", &["answered what AWS does not document"]);
    }
}

#[test]
fn server_errors_are_retried_and_told() {
    let error = |status| Fault::Answer(Response::new(status, "text/html", "<html>Service Unavailable</html>"));
    for status in [500, 503] {
        strike_all(&error(status), "100", &[&format!("HTTP status {status}")]);
    }
}

#[test]
fn endless_throttling_is_told_as_such() {
    strike_all(&Fault::Throttle { every: 1 }, "100", &["was throttled"]);
}

#[test]
fn denials_for_other_reasons_are_told_apart() {
    let scp = "User is not authorized to perform this with an explicit deny in a service control policy";
    for (code, message, word) in [
        ("AccessDenied", scp, "a service control policy denies"),
        ("OptInRequired", "You are not subscribed to this service", "not enabled for the account"),
        ("UnrecognizedClientException", "The security token is invalid", "not enabled for the account"),
        ("AccountSuspended", "This account is suspended", "AWS has suspended the account"),
        ("ExpiredToken", "The token has expired", "the credentials expired"),
    ] {
        strike_all(&Fault::Error { status: 403, code, message }, "100", &[word]);
    }
}

#[test]
fn pages_without_end_end_with_the_run() {
    fn page(number: u64) -> Response {
        let body = format!(
            "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-{number}</volumeId><encrypted>true</encrypted>\
             </item></volumeSet><nextToken>page-{number}</nextToken></DescribeVolumesResponse>"
        );
        Response::new(200, "text/xml", body)
    }
    strike(PROTOCOLS[0], &Fault::Make(page), "5", &["timed out"]);
}

/// Audits under a limit that lets everything through in the end.
fn completes(limit: impl Fn(&Proxy)) {
    let proxy = proxy();
    limit(&proxy);
    let run = audit(&proxy.endpoint(), &[&REGIONS[..], &["--timeout", "120"]].concat());
    let expected: &BTreeMap<_, _> = &WORLD.expected;
    assert_eq!(&run.report().findings(), expected);
    assert_eq!(run.report().unreadable(), []);
}

#[test]
fn a_third_of_the_answers_throttled_ends_complete_and_right() {
    completes(|proxy| proxy.on(Match::all(), Fault::Throttle { every: 3 }));
}

#[test]
fn a_rate_of_twenty_requests_a_second_ends_complete_and_right() {
    completes(|proxy| proxy.on(Match::all(), Fault::RateLimit { burst: 20, per_second: 20 }));
}
