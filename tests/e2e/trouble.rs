//! Bad input, an account that cannot be reached, and answers that cannot be trusted.

use std::fs;
use std::time::{Duration, Instant};

use crate::program::{audit, demo, golive};
use crate::support::{CREDENTIALS, Fault, Match, Moto, Proxy, Response, Routes};

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

#[test]
fn bad_arguments_suggest_what_was_meant() {
    let says = |arguments: &[&str]| demo(arguments).complaint().to_owned();
    assert!(says(&["--item", "networking/set-up-vpc"]).contains("did you mean `networking/set-up-vpcs`?"));
    assert!(says(&["--section", "securty"]).contains("did you mean `security`?"));
    assert!(says(&["--rule", "root-mfaa"]).contains("did you mean `root-mfa`?"));
    assert!(says(&["--skip", "user-mfo"]).contains("did you mean `user-mfa`?"));
    let explain = golive(&["explain", "ebs-volume-encryptd"], &[]);
    assert!(explain.complaint().contains("did you mean `ebs-volume-encrypted`?"));
    assert_eq!(demo(&["--fail-on", "severe"]).code, 2);
    assert_eq!(golive(&["audit", "--timeout", "0"], &[]).code, 2);
    assert_eq!(golive(&["audit", "--replay", "a", "--record", "b"], &[]).code, 2);
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let replay = |content: &[u8]| {
        fs::write(path("recording"), content).expect("written");
        let run = golive(&["audit", "--replay", &path("recording")], &[]);
        assert!(run.complaint().contains(&path("recording")), "{}", run.stderr);
        run.complaint().to_owned()
    };
    assert!(replay(b"{").contains("line 1 column 1"));
    assert!(replay(b"{\"items\": []}").contains("no recording of golive"));
    assert!(replay(b"{\"schema_version\": 99}").contains("version 99"));
    assert!(replay(b"\xff\xfe").contains("UTF-8"));
    assert!(replay(b"").contains("EOF"));
    let missing = golive(&["audit", "--replay", &path("missing")], &[]);
    assert!(missing.complaint().contains("No such file"));
    let unwritable = golive(&["audit", "--output", &path("no/such/folder")], &[]);
    assert!(unwritable.complaint().contains("choose another file"));
    assert!(golive(&["audit", "--record", &path("")], &[]).complaint().contains("it is a folder"));
}

#[test]
fn missing_credentials_and_unknown_profiles_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config");
    fs::write(&config, "[profile production]\nregion = eu-west-1\n").expect("written");
    let config = config.to_str().expect("UTF-8");
    let none = [("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_CONFIG_FILE", config), ("HOME", "/nonexistent")];
    let run = golive(&["audit"], &none);
    assert!(run.complaint().contains("no AWS credentials found") && run.stderr.contains("golive demo"));
    let run = golive(&["audit", "--profile", "prodution"], &none);
    assert!(run.complaint().contains("did you mean `production`?"), "{}", run.stderr);
    let run = golive(&["audit"], &[&none[..], &[("AWS_PROFILE", "staging")]].concat());
    assert!(run.complaint().contains("the profile `staging`"), "{}", run.stderr);
}

#[test]
fn a_named_profile_comes_before_credentials_in_the_environment() {
    let (folder, moto) = (tempfile::tempdir().expect("a folder"), Moto::start());
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let config = folder.path().join("config");
    let keys = "aws_access_key_id = named\naws_secret_access_key = named";
    fs::write(&config, format!("[profile p]\n{keys}\nregion = eu-west-1\nendpoint_url = {}\n", proxy.endpoint()))
        .expect("written");
    let mut environment = CREDENTIALS.to_vec();
    environment.retain(|(name, _)| *name != "AWS_CONFIG_FILE");
    environment.push(("AWS_CONFIG_FILE", config.to_str().expect("UTF-8")));
    let arguments = ["audit", "--profile", "p", "--item", "networking/set-up-vpcs", "--region", "eu-west-1"];
    assert_eq!(golive(&arguments, &environment).code, 1);
    let seen = proxy.seen();
    assert!(!seen.is_empty() && seen.iter().all(|it| it.region == "eu-west-1"), "{seen:?}");
}

#[test]
fn a_role_is_assumed_once_with_its_external_id() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let role = "arn:aws:iam::123456789012:role/auditor";
    let arguments = ["--role-arn", role, "--external-id", "golive-4711", "--rule", "root-mfa", "--region", "us-east-1"];
    let run = audit(&proxy.endpoint(), &arguments);
    assert_eq!(run.code, 1, "{}", run.stderr);
    let seen = proxy.seen();
    let assumed: Vec<_> = seen.iter().filter(|it| it.operation == "AssumeRole").collect();
    assert_eq!(assumed.len(), 1);
    assert!(assumed[0].parameters.contains("golive-4711") && assumed[0].parameters.contains("auditor"));
}

#[test]
fn wrong_regions_and_endpoints_are_told_soon() {
    let moto = Moto::start();
    let soon = |run: &dyn Fn() -> crate::program::Run| {
        let started = Instant::now();
        let line = run().complaint().to_owned();
        assert!(started.elapsed() < Duration::from_secs(20), "{line}");
        line
    };
    let line = soon(&|| audit(&moto.endpoint(), &["--region", "eu-wset-1"]));
    assert!(line.contains("unknown region `eu-wset-1`; did you mean `eu-west-1`?"), "{line}");
    let line = soon(&|| audit(&moto.endpoint(), &["--region", "Ireland"]));
    assert!(line.contains("unknown region `Ireland`"), "{line}");
    let line = soon(&|| audit(NOWHERE, &[]));
    assert!(line.contains(NOWHERE) && line.contains("AWS_ENDPOINT_URL"), "{line}");
    let line = soon(&|| audit(&moto.endpoint(), &["--region", "me-south-1"]));
    assert!(line.contains("not enabled for this account") || line.contains("unknown region"), "{line}");
}

#[test]
fn expired_and_refused_credentials_and_strangers_are_told_apart() {
    let proxy = Proxy::start(Routes::to(NOWHERE));
    let refusal = |code| Fault::Error { status: 403, code, message: "no" };
    let says = |fault| {
        proxy.heal();
        proxy.on(Match::all(), fault);
        audit(&proxy.endpoint(), &[]).complaint().to_owned()
    };
    assert!(says(refusal("ExpiredToken")).contains("have expired"));
    assert!(says(refusal("InvalidClientTokenId")).contains("AWS refuses the credentials"));
    let stranger = says(Fault::Answer(Response::new(200, "text/html", "<html>Welcome to the hotel's Wi-Fi</html>")));
    assert!(stranger.contains("does not answer as AWS does"), "{stranger}");
    let stranger = says(Fault::Answer(Response::new(404, "text/html", "<html>not here</html>")));
    assert!(stranger.contains("does not answer as AWS does"), "{stranger}");
}

fn volumes(ids: &[&str], next: &str) -> Response {
    let item = |id: &&str| format!("<item><volumeId>{id}</volumeId><encrypted>true</encrypted></item>");
    let items: String = ids.iter().map(item).collect();
    let body = format!(
        "<DescribeVolumesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><volumeSet>{items}</volumeSet>\
         <nextToken>{next}</nextToken></DescribeVolumesResponse>"
    );
    Response::new(200, "text/xml", body)
}

/// Audits the volumes of one region with these answers to DescribeVolumes, each for requests that hold its text.
fn with_volumes(answers: &[(&str, Response)]) -> crate::program::Run {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    for (text, response) in answers {
        let requests = Match::operation("ec2", "DescribeVolumes").resource(text);
        proxy.on(requests, Fault::Answer(response.clone()));
    }
    audit(&proxy.endpoint(), &["--rule", "ebs-volume-encrypted", "--region", "eu-west-1"])
}

#[test]
fn every_page_is_read() {
    let run = with_volumes(&[("", volumes(&["vol-1"], "page-2")), ("page-2", volumes(&["vol-2"], ""))]);
    let findings = run.report().findings();
    let names: Vec<&str> = findings.keys().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(names, ["vol-1", "vol-2"]);
    assert_eq!(run.code, 0);
}

#[test]
fn half_a_list_is_no_list() {
    let good = || volumes(&["vol-1"], "page-2");
    let empty = Response::new(200, "text/xml", "");
    let foreign = Response::new(200, "text/xml", "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>");
    let listless = Response::new(200, "text/xml", "<DescribeVolumesResponse></DescribeVolumesResponse>");
    let untold = Response::new(
        200,
        "text/xml",
        "<DescribeVolumesResponse><volumeSet><item><volumeId>vol-1</volumeId></item></volumeSet></DescribeVolumesResponse>",
    );
    for (what, answers) in [
        ("a token that comes again", vec![("", good())]),
        ("an empty second page", vec![("", good()), ("page-2", empty)]),
        ("another operation's answer", vec![("", foreign)]),
        ("an answer without a list", vec![("", listless)]),
        ("an entry without the setting", vec![("", untold)]),
    ] {
        let run = with_volumes(&answers);
        assert_eq!(run.report().rules()["ebs-volume-encrypted"], "unknown", "{what}");
        assert_eq!(run.code, 3, "{what}");
        let (action, _, reason) = run.report().unreadable().remove(0);
        assert_eq!(action, "ec2:DescribeVolumes");
        assert!(reason.contains("answered what AWS does not document"), "{what}: {reason}");
    }
}

#[test]
fn the_whole_run_ends_in_time_and_says_what_it_missed() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    proxy.on(Match::operation("ec2", "DescribeVolumes"), Fault::Hang);
    let started = Instant::now();
    let rules = "ebs-volume-encrypted,ebs-encryption-by-default";
    let arguments = ["--rule", rules, "--region", "eu-west-1", "--timeout", "4", "--fail-on", "none"];
    let run = audit(&proxy.endpoint(), &arguments);
    assert!(started.elapsed() < Duration::from_secs(15));
    assert_eq!(run.code, 3);
    assert_eq!(run.report().rules()["ebs-volume-encrypted"], "unknown");
    assert_ne!(run.report().rules()["ebs-encryption-by-default"], "unknown");
    let (_, _, reason) = run.report().unreadable().remove(0);
    assert!(reason.contains("timed out"), "{reason}");
}

#[test]
fn root_with_mfa_and_root_without_credentials_pass() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let root = |entries: &[(&str, u8)]| {
        let entry = |(key, value): &(&str, u8)| format!("<entry><key>{key}</key><value>{value}</value></entry>");
        let entries: String = entries.iter().map(entry).collect();
        let body = format!(
            "<GetAccountSummaryResponse><GetAccountSummaryResult><SummaryMap>{entries}</SummaryMap>\
             </GetAccountSummaryResult></GetAccountSummaryResponse>"
        );
        proxy.heal();
        let summary = Match::operation("iam", "GetAccountSummary");
        proxy.on(summary, Fault::Answer(Response::new(200, "text/xml", body)));
        audit(&proxy.endpoint(), &["--rule", "root-mfa", "--region", "us-east-1"]).report().rules()["root-mfa"].clone()
    };
    assert_eq!(root(&[("AccountMFAEnabled", 1), ("AccountPasswordPresent", 1)]), "pass");
    let none = [("AccountMFAEnabled", 0), ("AccountPasswordPresent", 0), ("AccountAccessKeysPresent", 0)];
    assert_eq!(root(&none), "pass");
    assert_eq!(root(&[("AccountMFAEnabled", 0), ("AccountPasswordPresent", 1)]), "fail");
    assert_eq!(root(&[("Users", 1)]), "unknown");
}

#[test]
fn the_credential_report_is_made_and_waited_for() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let report = |proxy: &Proxy| audit(&proxy.endpoint(), &["--rule", "user-mfa", "--region", "us-east-1"]).report();
    let error = |code| Fault::Error { status: 404, code, message: "no report" };
    let (get, make) =
        (Match::operation("iam", "GetCredentialReport"), Match::operation("iam", "GenerateCredentialReport"));

    // Nobody may have it made and there is none: the permission to make it is what is missing.
    proxy.on(get.clone(), error("ReportNotPresent"));
    proxy.on(make.clone(), Fault::Deny);
    let denied = report(&proxy);
    assert_eq!(denied.rules()["user-mfa"], "unknown");
    assert_eq!(denied.unreadable()[0].0, "iam:GenerateCredentialReport");

    // It never gets done: the run ends in time.
    proxy.heal();
    proxy.on(get.clone(), error("ReportInProgress"));
    let arguments = ["--rule", "user-mfa", "--region", "us-east-1", "--timeout", "3"];
    let late = audit(&proxy.endpoint(), &arguments);
    assert_eq!((late.code, late.report().rules()["user-mfa"].as_str()), (3, "unknown"));

    // It is there when it was made: no user has a password yet.
    proxy.heal();
    assert_eq!(report(&proxy).rules()["user-mfa"], "not-applicable");
    // Somebody else's report serves who may not have it made.
    proxy.on(make, Fault::Deny);
    assert_eq!(report(&proxy).rules()["user-mfa"], "not-applicable");
    // Nobody may read it.
    proxy.on(get, Fault::Deny);
    assert_eq!(report(&proxy).unreadable()[0].0, "iam:GetCredentialReport");
}

#[test]
fn hostile_names_are_harmless_in_the_table_and_whole_in_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("account.json");
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo/account.json")).expect("text");
    let hostile = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{202e}\r\n| <b>=1+1</b> ::error::";
    let name = serde_json::to_string(hostile).expect("JSON");
    fs::write(&path, demo.replace("\"larkfield-order-exports\"", &name)).expect("written");
    let replay =
        |arguments: &[&str]| golive(&[&["audit", "--replay", path.to_str().expect("UTF-8")], arguments].concat(), &[]);
    let table = replay(&["--all"]).stdout;
    assert!(table.contains("\\u{1b}]0;owned"), "the name is not shown");
    let allowed = |character: char| character == '\n' || !(character.is_control() || character == '\u{202e}');
    assert!(table.chars().all(allowed), "control characters reach the terminal");
    let report = replay(&["--format", "json"]).report();
    assert!(report.findings().keys().any(|(_, resource, _)| resource == hostile));

    // A name without end does not flood the terminal, and is whole in JSON.
    let endless = "x".repeat(100_000);
    let name = serde_json::to_string(&endless).expect("JSON");
    fs::write(&path, demo.replace("\"larkfield-order-exports\"", &name)).expect("written");
    let table = replay(&["--all"]).stdout;
    assert!(table.len() < 60_000 && table.lines().all(|line| line.chars().count() <= 80), "{} bytes", table.len());
    let report = replay(&["--format", "json"]).report();
    assert!(report.findings().keys().any(|(_, resource, _)| *resource == endless));
}

#[test]
fn a_full_disk_is_told() {
    let full = demo(&["--format", "json", "--output", "/dev/full"]);
    assert!(full.complaint().contains("cannot write /dev/full: No space left on device"), "{}", full.stderr);
    let stdout = fs::OpenOptions::new().write(true).open("/dev/full").expect("there");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_golive"));
    let output = command.arg("demo").env_clear().stdout(stdout).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to stdout"));
}

#[test]
fn a_recording_with_unknown_or_repeated_keys_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("account.json");
    let demo = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo/account.json")).expect("text");
    let refused = |text: &str| {
        fs::write(&path, text).expect("written");
        golive(&["audit", "--replay", path.to_str().expect("UTF-8")], &[]).complaint().to_owned()
    };
    let line = refused(&demo.replacen("\"is_default\"", "\"is_defualt\"", 1));
    assert!(line.contains("unknown field `is_defualt`") && line.contains("line "), "{line}");
    let line = refused(&demo.replacen("\"caller\"", "\"id\": \"1\", \"caller\"", 1));
    assert!(line.contains("duplicate field `id`"), "{line}");
    // Cut anywhere, it is no recording.
    for part in 1..20 {
        refused(&demo[..demo.len() * part / 20]);
    }
}
