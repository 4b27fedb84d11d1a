//! Exceptions by tag, against a real wire.

use std::fs;
use std::path::Path;

use crate::program::{Report, Run, audit, golive};
use crate::support::{Fault, Match, Moto, Proxy, Routes, python};

const CONFIG: &str = "
[scope]
regions = ['eu-west-1', 'us-east-1']

[[exception]]
rule = 'ebs-volume-encrypted'
tag = 'stage=sand*'
reason = 'nothing of worth'
expires = 'never'

[[exception]]
rule = 's3-versioning'
tag = 'stage=sandbox'
reason = 'nothing of worth'
expires = 'never'

[[exception]]
rule = 'ebs-volume-encrypted'
tag = 'owner'
reason = 'the web team answers for it'
expires = 'never'
";

fn count(report: &Report, rule: &str, status: &str) -> usize {
    report.findings().iter().filter(|((of, _, _), is)| of == rule && *is == status).count()
}

#[test]
fn tags_are_read_for_exceptions_only_and_denied_tags_accept_nothing() {
    let moto = Moto::start();
    let folder = tempfile::tempdir().expect("a folder");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/tags.py");
    python(&script, &[("AWS_ENDPOINT_URL", &moto.endpoint())]);
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let config = path("golive.toml");
    fs::write(&config, CONFIG).expect("written");
    let run = |proxy: &Proxy, arguments: &[&str]| -> Run {
        let chosen = ["--rule", "ebs-volume-encrypted,s3-versioning", "--config", &config];
        audit(&proxy.endpoint(), &[&chosen[..], arguments].concat())
    };
    let requests = |proxy: &Proxy| proxy.seen().into_iter().filter(|seen| seen.operation == "GetResources");
    let pages = |proxy: &Proxy| requests(proxy).count();
    let asked = |proxy: &Proxy| requests(proxy).filter(|seen| !seen.parameters.contains("PaginationToken")).count();

    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let recording = path("account.json");
    let report = run(&proxy, &["--record", &recording]).report();
    assert_eq!(report.0["warnings"].to_string(), "[]");
    assert_eq!(count(&report, "ebs-volume-encrypted", "accepted"), 121);
    assert_eq!(count(&report, "ebs-volume-encrypted", "fail"), 3);
    assert_eq!(count(&report, "s3-versioning", "accepted"), 1);
    assert_eq!(count(&report, "s3-versioning", "fail"), 1);
    // Two keys in two regions; 125 resources have the one, so that there is another page.
    assert!(asked(&proxy) == 4 && pages(&proxy) > 4, "{}", pages(&proxy));
    assert_eq!(proxy.repeated(), []);

    // A recording has the tags that were asked for, and no others.
    let text = fs::read_to_string(&recording).expect("recorded");
    assert!(text.contains("sandbox") && !text.contains("sandbox 7"), "tags that nobody asked for are recorded");
    let replayed = golive(&["audit", "--replay", &recording, "--config", &config, "--format", "json"], &[]).report();
    assert_eq!(count(&replayed, "ebs-volume-encrypted", "accepted"), 121);

    // Denied: nothing is accepted, and the permission is named.
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    proxy.on(Match::operation("tagging", "GetResources"), Fault::Deny);
    let report = run(&proxy, &[]).report();
    assert_eq!(count(&report, "ebs-volume-encrypted", "accepted"), 0);
    assert_eq!(count(&report, "ebs-volume-encrypted", "fail"), 124);
    let warnings = report.0["warnings"].to_string();
    assert!(warnings.contains("lacks tags: needs tag:GetResources in eu-west-1"), "{warnings}");

    // Without such exceptions nobody asks, and the policy has it for those who need it.
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    assert_eq!(run(&proxy, &["--region", "eu-west-1"]).code, 1);
    assert_eq!(asked(&proxy), 2);
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    audit(&proxy.endpoint(), &["--rule", "ebs-volume-encrypted", "--region", "eu-west-1"]);
    assert_eq!(pages(&proxy), 0);
    let policy =
        |arguments: &[&str]| golive(&[&["policy"], arguments].concat(), &[]).stdout.contains("tag:GetResources");
    assert!(policy(&["--config", &config]) && !policy(&[]));
}
