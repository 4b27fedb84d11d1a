//! Ctrl-C, a terminated run, and a reader that goes away.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::program::{Report, Run};
use crate::support::{CREDENTIALS, Fault, Match, Moto, Proxy, Routes};

/// Starts an audit of EBS that hangs at its volumes, and waits until it does.
fn hanging(proxy: &Proxy, arguments: &[&str]) -> Child {
    proxy.on(Match::operation("ec2", "DescribeVolumes"), Fault::Hang);
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.args(["audit", "--format", "json", "--region", "eu-west-1", "--fail-on", "none"]);
    command.args(["--rule", "ebs-volume-encrypted,ebs-encryption-by-default"]).args(arguments);
    command.env_clear().envs(CREDENTIALS).env("AWS_ENDPOINT_URL", proxy.endpoint());
    let program = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    let started = Instant::now();
    // The one hangs, so that it is enough that it was asked; the other must have its answer.
    let hangs = || proxy.seen().iter().any(|it| it.operation == "DescribeVolumes");
    let is_answered =
        || proxy.seen().iter().any(|it| it.operation == "GetEbsEncryptionByDefault" && it.status.is_some());
    while !(hangs() && is_answered()) {
        assert!(started.elapsed() < Duration::from_secs(30), "the audit never asks for volumes");
        sleep(Duration::from_millis(20));
    }
    // What is answered has to reach the program, too.
    sleep(Duration::from_millis(300));
    program
}

fn signal(program: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), program.id().to_string()]).status().expect("kill runs");
    assert!(sent.success());
}

fn ended(mut program: Child, within: Duration) -> Run {
    let started = Instant::now();
    let status = loop {
        if let Some(status) = program.try_wait().expect("the program can be waited for") {
            break status;
        }
        assert!(started.elapsed() < within, "the program goes on");
        sleep(Duration::from_millis(10));
    };
    let (mut stdout, mut stderr) = (String::new(), String::new());
    program.stdout.take().expect("piped").read_to_string(&mut stdout).expect("UTF-8");
    program.stderr.take().expect("piped").read_to_string(&mut stderr).expect("UTF-8");
    Run { code: status.code().unwrap_or(-1), stdout, stderr }
}

#[test]
fn a_signal_ends_the_reading_and_reports_what_was_read() {
    let moto = Moto::start();
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let proxy = Proxy::start(Routes::to(&moto.endpoint()));
        let program = hanging(&proxy, &[]);
        signal(&program, name);
        let run = ended(program, Duration::from_secs(5));
        assert_eq!(run.code, code);
        let report: Report = run.report();
        assert_eq!(report.rules()["ebs-volume-encrypted"], "unknown");
        assert_eq!(report.rules()["ebs-encryption-by-default"], "fail");
        let (action, _, reason) = report.unreadable().remove(0);
        assert_eq!(action, "ec2:DescribeVolumes");
        assert!(reason.contains("interrupted"), "{reason}");
    }
}

#[test]
fn a_killed_run_leaves_the_old_file() {
    let (moto, folder) = (Moto::start(), tempfile::tempdir().expect("a folder"));
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let report = folder.path().join("report.json");
    fs::write(&report, "the old one").expect("written");
    let mut program = hanging(&proxy, &["--output", report.to_str().expect("UTF-8")]);
    program.kill().expect("killed");
    program.wait().expect("ended");
    assert_eq!(fs::read_to_string(&report).expect("there"), "the old one");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
    command.args(["demo", "--format", "json"]).env_clear().stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut program = command.spawn().expect("the program runs");
    // Closed before anything is read.
    drop(program.stdout.take());
    let output = program.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}
