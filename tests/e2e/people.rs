//! What people answer for: a team's year with its golive.toml, the review in a terminal, and files that are cut off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rexpect::session::{PtySession, spawn_command};
use serde_json::{Value, json};

use crate::program::{Report, Run};
use crate::support::{CREDENTIALS, Fault, Match, Moto, Proxy, Routes, complete};

const AMIS: &str = "server-side/build-amis";
const LIFECYCLE: &str = "cost-optimization/clean-up-old-data-with-s3-lifecycle";

/// A folder of a team, with its golive.toml and its recordings.
struct Team {
    folder: tempfile::TempDir,
}

impl Team {
    fn new(config: &str) -> Self {
        let team = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::write(team.path("golive.toml"), config).expect("written");
        team
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn config(&self) -> String {
        fs::read_to_string(self.path("golive.toml")).expect("golive.toml")
    }

    fn add(&self, text: &str) {
        fs::write(self.path("golive.toml"), self.config() + text).expect("written");
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_golive"));
        command.args(arguments).env_clear().current_dir(self.folder.path());
        command
    }

    fn golive(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Run { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    fn attest(&self, arguments: &[&str]) {
        let run = self.golive(&[&["attest"], arguments].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
    }

    /// Records an account on a day: buckets, each with whether its lifecycle is good. Everything else is as it should be.
    fn record(&self, day: &str, buckets: &[(&str, bool)]) -> String {
        let bucket = |(name, good): &(&str, bool)| {
            let rule =
                json!({ "id": "r", "enabled": good, "expires": true, "transitions": false, "aborts_multipart": true });
            json!({ "name": name, "region": "eu-west-1", "lifecycle": { "read": [rule] } })
        };
        let account = json!({
            "id": "123456789012",
            "partition": "aws",
            "caller": "arn:aws:iam::123456789012:user/auditor",
            "taken_at": format!("{day}T12:00:00Z"),
            "regions": [{ "name": "eu-west-1" }],
            "buckets": { "read": buckets.iter().map(bucket).collect::<Vec<_>>() },
        });
        let recording = json!({ "schema_version": 1, "tool_version": "0.1.0", "account": account });
        let name = format!("{day}.account.json");
        fs::write(self.path(&name), recording.to_string()).expect("written");
        name
    }

    /// Audits a recording.
    fn audit(&self, recording: &str, arguments: &[&str]) -> Run {
        self.golive(&[&["audit", "--replay", recording, "--format", "json"], arguments].concat())
    }
}

fn finding(report: &Report, rule: &str, bucket: &str) -> String {
    report.findings()[&(rule.to_owned(), bucket.to_owned(), "eu-west-1".to_owned())].clone()
}

fn score(report: &Report) -> u64 {
    report.0["readiness"]["percent"].as_u64().expect("a number")
}

#[test]
fn a_year_of_a_team() {
    let team = Team::new(&format!("# Ours.\n[scope]\nitems = [\"{AMIS}\", \"{LIFECYCLE}\"]\n"));

    // January: one bucket is bad, and so is another; nobody has said anything of AMIs.
    let january = team.record("2026-01-10", &[("reports", false), ("logs", false)]);
    let run = team.audit(&january, &[]);
    let report = run.report();
    assert_eq!(run.code, 1);
    assert_eq!(finding(&report, "s3-lifecycle", "reports"), "fail");
    assert_eq!(report.items()[AMIS], "manual");
    assert_eq!(score(&report), 0);

    // Ann confirms the AMIs, and the web team accepts the logs until the summer.
    team.attest(&[
        AMIS,
        "--by",
        "Ann",
        "--on",
        "2026-01-12",
        "--note",
        "Packer",
        "--evidence",
        "https://ci.example/amis",
    ]);
    team.add(
        "\n# The web team's.\n[[exception]]\nrule = \"s3-lifecycle\"\nresource = \"logs\"\nowner = \"web\"\n\
         reason = \"moves in summer\"\nexpires = 2026-06-30\n[[exception]]\nrule = \"s3-aborts-multipart\"\n\
         resource = \"l*\"\nreason = \"the same\"\nexpires = \"2026-06-30\"\n",
    );
    fs::copy(team.path("golive.toml"), team.path("january.toml")).expect("copied");
    let january = team.record("2026-01-15", &[("reports", false), ("logs", false)]);
    let run = team.audit(&january, &["--also", "json=january.json", "--explain-exit"]);
    let report = run.report();
    assert_eq!(run.code, 1);
    assert_eq!(report.items()[AMIS], "pass");
    assert_eq!(finding(&report, "s3-lifecycle", "logs"), "accepted");
    assert_eq!(report.0["summary"]["accepted"], 2);
    let answer = &report.0["items"][0]["answer"];
    assert_eq!(
        (&answer["by"], &answer["on"], &answer["expires"]),
        (&json!("Ann"), &json!("2026-01-12"), &json!("2026-07-11"))
    );
    assert!(
        run.stderr.contains("exit code 1") && run.stderr.contains("2 failures: count (s3-lifecycle"),
        "{}",
        run.stderr
    );

    // February: the reports are mended.
    let february = team.record("2026-02-01", &[("reports", true), ("logs", false)]);
    let run = team.audit(&february, &["--require-manual"]);
    assert_eq!((run.code, score(&run.report())), (0, 100));
    let run = team.golive(&["diff", "january.json", &february, "--format", "json"]);
    let diff: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(run.code, 0);
    assert_eq!(diff["summary"], json!({ "new": 0, "fixed": 2, "changed": 0, "unchanged": 2, "not_compared": 0 }));
    assert_eq!(
        diff["items"][0],
        json!({ "id": LIFECYCLE, "title": "Clean up old data with S3 Lifecycle settings",
        "change": "fixed", "old": "fail", "new": "pass", "denied": false })
    );

    // March: they are bad again. Against January's report that is nothing new, but another bucket is.
    let march = team.record("2026-03-01", &[("reports", false), ("logs", false)]);
    let run = team.golive(&["diff", &february, &march]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("Fails anew") && run.stdout.contains("pass → fail"), "{}", run.stdout);
    assert!(run.stdout.contains("Findings: 2 new, 0 fixed, 0 changed, 2 unchanged"), "{}", run.stdout);
    assert_eq!(team.audit(&march, &[]).code, 1);
    let run = team.audit(&march, &["--baseline", "january.json"]);
    assert_eq!((run.code, &run.report().0["gate"]["tolerated"]), (0, &json!(2)));
    let table = team.golive(&["audit", "--replay", &march, "--baseline", &january]).stdout;
    assert!(table.contains("2 old failures tolerated: the baseline has them."), "{table}");
    let more = team.record("2026-03-02", &[("reports", false), ("logs", false), ("new", false)]);
    let run = team.audit(&more, &["--baseline", "january.json", "--explain-exit"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stderr.contains("2 new failures: count") && run.stderr.contains("2 old failures: tolerated"),
        "{}",
        run.stderr
    );

    // July: the exception is over. It was no failure in January, so that the baseline does not have it.
    let july = team.record("2026-07-01", &[("reports", true), ("logs", false)]);
    let run = team.audit(&july, &["--baseline", "january.json"]);
    assert_eq!(run.code, 1);
    assert_eq!(finding(&run.report(), "s3-lifecycle", "logs"), "fail");
    let table = team.golive(&["audit", "--replay", &july]).stdout;
    let words: Vec<&str> = table.split_whitespace().collect();
    assert!(words.join(" ").contains("was accepted by web until 2026-06-30: moves in summer"), "{table}");

    // The last day of Ann's answer, and the day after.
    let last = team.record("2026-07-11", &[("reports", true), ("logs", true)]);
    let run = team.audit(&last, &["--require-manual"]);
    assert_eq!(run.code, 0);
    // What was accepted is good now, and golive says so.
    let warnings = run.report().0["warnings"].to_string();
    assert!(warnings.contains("the exception of s3-lifecycle is unused: what it speaks of passes"), "{warnings}");
    let after = team.record("2026-07-12", &[("reports", true), ("logs", true)]);
    let run = team.audit(&after, &["--require-manual", "--also", "json=july.json"]);
    assert_eq!((run.code, run.report().items()[AMIS].as_str()), (1, "manual"));
    assert_eq!(run.report().0["items"][0]["answer"]["expired"], true);
    assert_eq!(team.audit(&after, &[]).code, 0);
    let table = team.golive(&["audit", "--replay", &after]).stdout;
    assert!(table.contains("Ann answered on 2026-01-12; expired on 2026-07-11"), "{table}");

    // August: Bo looks again and says no. September: it is done. October: there are no AMIs any more.
    team.attest(&[AMIS, "--by", "Bo", "--on", "2026-08-01", "--answer", "no", "--note", "built by hand"]);
    let august = team.record("2026-08-02", &[("reports", true), ("logs", true)]);
    let run = team.audit(&august, &["--also", "json=august.json"]);
    assert_eq!((run.code, run.report().items()[AMIS].as_str()), (1, "fail"));
    assert_eq!(team.audit(&august, &["--fail-on", "high"]).code, 0);
    assert_eq!(team.golive(&["diff", "july.json", "august.json"]).code, 1);
    team.attest(&[AMIS, "--by", "Bo", "--on", "2026-09-01", "--expires", "2026-09-30"]);
    let september = team.record("2026-09-30", &[("reports", true), ("logs", true)]);
    assert_eq!(team.audit(&september, &["--require-manual"]).code, 0);
    team.attest(&[
        AMIS,
        "--by",
        "Bo",
        "--on",
        "2026-10-01",
        "--answer",
        "not-applicable",
        "--note",
        "all is serverless",
    ]);
    let october = team.record("2026-10-02", &[("reports", true), ("logs", true)]);
    let report = team.audit(&october, &["--require-manual"]).report();
    assert_eq!(report.items()[AMIS], "not-applicable");
    assert_eq!(score(&report), 100);

    // The file kept what people wrote, and the past stays as it was with the golive.toml of that time.
    let config = team.config();
    assert!(
        config.starts_with("# Ours.\n[scope]\n") && config.contains("\n# The web team's.\n[[exception]]\n"),
        "{config}"
    );
    let again = team.audit(&january, &["--config", "january.toml"]).stdout;
    assert_eq!(again, fs::read_to_string(team.path("january.json")).expect("the report"));
}

#[test]
fn a_bad_golive_toml_points_at_line_and_column_and_nothing_is_asked() {
    let team = Team::new("[gate]\nfail_onn = \"high\"\n");
    for arguments in
        [&["audit"][..], &["list"], &["policy"], &["explain", "root-mfa"], &["attest", AMIS, "--by", "Ann"]]
    {
        let run = team.golive(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        let expected = "golive: error: golive.toml:2:1: unknown key `fail_onn`; did you mean `fail_on`? (known: fail_on, \
                        allow_unknown, require_manual, baseline)\ngolive: 2 | fail_onn = \"high\"\ngolive:   | ^^^^^^^^\n";
        assert_eq!(run.stderr, expected, "{arguments:?}");
    }
    assert_eq!(team.config(), "[gate]\nfail_onn = \"high\"\n");
    // What does not need it goes on.
    assert_eq!(team.golive(&["list", "--no-config"]).code, 0);
    let missing = team.golive(&["audit", "--config", "no.toml"]);
    assert!(missing.complaint().contains("cannot read no.toml; `golive init` writes one"), "{}", missing.stderr);
}

#[test]
fn golive_toml_is_found_upward_and_the_command_line_comes_first() {
    let team = Team::new(&format!(
        "[scope]\nitems = [\"{LIFECYCLE}\"]\nskip = [\"s3-aborts-multipart\"]\n[gate]\nfail_on = \"high\"\nbaseline = \"old.json\"\n"
    ));
    let old = team.record("2026-01-01", &[("a", true)]);
    fs::rename(team.path(&old), team.path("old.json")).expect("renamed");
    let now = team.record("2026-02-01", &[("a", false)]);
    fs::create_dir_all(team.path("deep/er")).expect("made");
    let inside = |arguments: &[&str]| {
        let mut command = team.command(arguments);
        let output = command.current_dir(team.path("deep/er")).output().expect("the program runs");
        (output.status.code(), String::from_utf8(output.stdout).expect("UTF-8"))
    };
    let recording = format!("../../{now}");
    let replay = ["audit", "--replay", &recording, "--format", "json"];
    let (code, json) = inside(&replay);
    let report: Value = serde_json::from_str(&json).expect("JSON");
    // The rule is of low severity, and one of the item's two is left out.
    assert_eq!((code, report["items"].as_array().expect("items").len()), (Some(0), 1));
    assert_eq!(report["items"][0]["rules"].as_array().expect("rules").len(), 1);
    assert_eq!(inside(&[&replay[..], &["--fail-on", "low"]].concat()).0, Some(1));
    let (_, table) = inside(&["audit", "--replay", &recording]);
    assert!(table.contains("Left out by golive.toml: s3-aborts-multipart"), "{table}");
    assert_eq!(inside(&[&replay[..], &["--no-config", "--item", LIFECYCLE]].concat()).0, Some(1));
}

#[test]
fn settings_change_verdicts_and_are_told() {
    let strict = "[settings]\nbackup_retention_days = 30\n";
    let team = Team::new(strict);
    let demo =
        |config: &str| team.golive(&["demo", "--config", config, "--rule", "rds-backup-retention", "--format", "json"]);
    fs::write(team.path("none.toml"), "").expect("written");
    let (with, without) = (demo("golive.toml").report(), demo("none.toml").report());
    let fails = |report: &Report| report.findings().values().filter(|status| *status == "fail").count();
    assert!(fails(&with) > fails(&without));
    assert_eq!(with.0["settings"], json!({ "backup_retention_days": "30" }));
    assert!(team.golive(&["explain", "rds-backup-retention"]).stdout.contains("backup_retention_days = 30"));
    let table = team.golive(&["demo", "--config", "golive.toml", "--rule", "rds-backup-retention"]).stdout;
    assert!(table.contains("Settings of golive.toml: backup_retention_days = 30"), "{table}");
}

#[test]
fn bad_baselines_and_reports_are_errors() {
    let team = Team::new(&format!("[scope]\nitems = [\"{LIFECYCLE}\"]\n"));
    let now = team.record("2026-02-01", &[("a", false)]);
    let other = team.record("2026-01-01", &[("a", false)]);
    let text = fs::read_to_string(team.path(&other)).expect("read").replace("123456789012", "210987654321");
    fs::write(team.path("other.json"), text).expect("written");
    assert_eq!(team.audit(&now, &["--output", "report.json"]).code, 1);
    let report = fs::read_to_string(team.path("report.json")).expect("the report");
    for (name, text) in [
        ("half.json", report[..report.len() / 2].to_owned()),
        ("older.json", report.replacen("\"schema_version\": 2", "\"schema_version\": 1", 1)),
        ("keys.json", report.replacen("\"account\"", "\"acount\"", 1)),
        ("foreign.json", "{\"items\": []}".to_owned()),
        ("list.json", "[]".to_owned()),
        ("empty.json", String::new()),
    ] {
        fs::write(team.path(name), text).expect("written");
    }
    let refused = |file: &str| team.audit(&now, &["--baseline", file]).complaint().to_owned();
    assert!(refused("other.json").contains("the baseline is of account 210987654321, and this is 123456789012"));
    assert!(refused("half.json").contains("half.json") && refused("half.json").contains("line "));
    assert!(refused("older.json").contains("has version 1 by golive 0.1.0 and this golive reads version 2"));
    assert!(refused("keys.json").contains("unknown field `acount`"), "{}", refused("keys.json"));
    assert!(refused("foreign.json").contains("no report of golive"));
    assert!(refused("list.json").contains("list.json"));
    assert!(refused("empty.json").contains("empty.json"));
    assert!(refused("none.json").contains("cannot read the report or recording none.json"));
    for file in ["half.json", "older.json", "none.json"] {
        assert_eq!(team.golive(&["diff", file, &now]).code, 2, "{file}");
        assert_eq!(team.golive(&["diff", &now, file]).code, 2, "{file}");
    }
}

/// What could not be read is not fixed, and what was left out is not compared.
#[test]
fn a_diff_does_not_call_fixed_what_it_did_not_see() {
    let team = Team::new(&format!("[scope]\nitems = [\"{LIFECYCLE}\"]\n"));
    let old = team.record("2026-01-01", &[("a", false), ("b", false)]);
    let blind = team.record("2026-02-01", &[("a", true)]);
    let text = fs::read_to_string(team.path(&blind)).expect("read");
    let mut recording: Value = serde_json::from_str(&text).expect("JSON");
    recording["account"]["buckets"] = json!({ "unreadable": { "action": "s3:ListAllMyBuckets", "operation": "ListBuckets",
        "region": null, "resource": null, "cause": "denied", "message": "AccessDenied" } });
    fs::write(team.path(&blind), recording.to_string()).expect("written");
    let diff = |arguments: &[&str]| {
        let run = team.golive(&[&["diff", "--format", "json"], arguments].concat());
        (run.code, serde_json::from_str::<Value>(&run.stdout).expect("JSON"))
    };
    let (code, compared) = diff(&[&old, &blind]);
    assert_eq!(
        (code, &compared["summary"]["fixed"], &compared["items"][0]["change"]),
        (3, &json!(0), &json!("changed"))
    );
    let gone = team.record("2026-02-02", &[("a", false)]);
    let (code, compared) = diff(&[&old, &gone]);
    assert_eq!((code, &compared["summary"]["fixed"], &compared["findings"][0]["new"]), (0, &json!(2), &json!(null)));
    // A report of one rule says nothing of the other.
    assert_eq!(team.audit(&gone, &["--rule", "s3-lifecycle", "--output", "one.json"]).code, 1);
    let (_, compared) = diff(&[&old, "one.json"]);
    assert_eq!(compared["summary"], json!({ "new": 0, "fixed": 1, "changed": 0, "unchanged": 1, "not_compared": 2 }));
}

/// Starts a review in a terminal of its own.
fn review(team: &Team, arguments: &[&str]) -> PtySession {
    let mut command = team.command(&[&["review"], arguments].concat());
    command.env("TERM", "dumb");
    spawn_command(command, Some(20_000)).expect("a terminal")
}

/// Waits for a question and answers it.
fn reply(terminal: &mut PtySession, question: &str, answer: &str) {
    terminal.exp_string(question).expect("a question");
    terminal.send_line(answer).expect("sent");
}

#[test]
fn a_review_asks_writes_at_once_and_goes_on_later() {
    let team = Team::new("# Ours.\n[scope]\nsections = [\"client-side\"]\n");
    let ask = "Is it done?";
    let mut terminal = review(&team, &["--no-account"]);
    terminal.exp_string("6 items to be confirmed").expect("an introduction");
    reply(&mut terminal, "Your name: ", "Zoë");
    terminal.exp_string("1 of 6: Pick a JavaScript framework").expect("the first");
    terminal.exp_string("To confirm:").expect("guidance");
    reply(&mut terminal, ask, "perhaps");
    terminal.exp_string("Please answer y, n, a, s or q.").expect("help");
    reply(&mut terminal, ask, "y");
    reply(&mut terminal, "What did you look at?", "package.json: \"react\"");
    reply(&mut terminal, "A link that proves it?", "https://git.example/shop");
    terminal.exp_string("client-side/pick-a-javascript-framework is done, says Zo").expect("told");
    terminal.exp_string("2 of 6").expect("the second");
    // It is written already, and somebody else writes meanwhile.
    assert!(team.config().contains("by = \"Zoë\""), "{}", team.config());
    assert!(team.config().contains("note = 'package.json: \"react\"'"), "{}", team.config());
    team.attest(&["client-side/use-a-cdn", "--by", "Bo"]);
    reply(&mut terminal, ask, "n");
    reply(&mut terminal, "Why?", "");
    terminal.exp_string("The report shows the reason; give one.").expect("help");
    terminal.send_line("plain JavaScript").expect("sent");
    terminal.exp_string("is not done, says Zo").expect("told");
    terminal.exp_string("3 of 6").expect("the third");
    reply(&mut terminal, ask, "a");
    reply(&mut terminal, "Why?", "no style sheets");
    terminal.exp_string("4 of 6").expect("the fourth");
    terminal.exp_string(ask).expect("a question");
    // Ctrl-C in the middle of an answer.
    terminal.send_line("y").expect("sent");
    terminal.exp_string("What did you look at?").expect("a note");
    terminal.send_control('c').expect("sent");
    terminal.exp_eof().expect("it ends");

    let config = team.config();
    assert!(config.starts_with("# Ours.\n[scope]\n"), "{config}");
    assert_eq!(config.matches("[[attestation]]").count(), 4, "{config}");
    let run = team.golive(&["list"]);
    assert_eq!(run.code, 0, "{}", run.stderr);

    // The next review asks for what is left: two of six, as Bo's answer counts, too.
    let mut terminal = review(&team, &["--no-account", "--by", "Zoë"]);
    terminal.exp_string("1 of 2: Use a static content server").expect("what is left");
    reply(&mut terminal, ask, "s");
    terminal.exp_string("2 of 2: Configure caching").expect("the last");
    terminal.exp_string(ask).expect("a question");
    terminal.send_control('d').expect("sent");
    terminal.exp_string("0 answers written to golive.toml. 2 items left; `golive review` goes on.").expect("a summary");
    terminal.exp_eof().expect("it ends");

    // What is named is asked for again, with the earlier answer.
    let item = "client-side/pick-a-compile-to-js-language";
    let mut terminal = review(&team, &["--no-account", "--by", "Ann", "--item", item]);
    terminal.exp_string("Earlier: Zo").expect("the earlier answer");
    reply(&mut terminal, ask, "yes");
    reply(&mut terminal, "What did you look at?", "");
    reply(&mut terminal, "A link that proves it?", "");
    terminal.exp_string("Nothing is left.").expect("a summary");
    terminal.exp_eof().expect("it ends");
    let statuses = team.golive(&["demo", "--config", "golive.toml", "--format", "json"]).report().items();
    assert_eq!(statuses[item], "pass");
    assert_eq!(statuses["client-side/pick-a-compile-to-css-language"], "not-applicable");
}

#[test]
fn a_review_shows_what_golive_saw_and_speaks_of_that_account() {
    let team = Team::new("");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo/account.json");
    let item = "server-side/build-amis";
    let mut terminal = review(&team, &["--replay", demo.to_str().expect("UTF-8"), "--by", "Ann", "--item", item]);
    terminal.exp_string("1 item of account 123456789012 to be confirmed").expect("an introduction");
    terminal.exp_string("golive saw:").expect("evidence");
    reply(&mut terminal, "Is it done?", "y");
    reply(&mut terminal, "look at?", "");
    reply(&mut terminal, "proves it?", "");
    terminal.exp_eof().expect("it ends");
    assert!(team.config().contains("accounts = [\"123456789012\"]"), "{}", team.config());
    let refused = team.golive(&["review", "--no-account"]);
    assert!(refused.complaint().contains("run it in a terminal"));
}

#[test]
fn a_review_reads_the_account_and_asks_for_nothing_that_could_not_be_read() {
    let (team, moto) = (Team::new(""), Moto::start());
    let item = "security/deploy-a-vpn-server";
    let proxy = || {
        let proxy = Proxy::start(Routes::to(&moto.endpoint()));
        complete(&proxy);
        proxy
    };
    let chosen = |proxy: &Proxy, arguments: &[&str]| {
        let mut command = team.command(&[arguments, &["--region", "us-east-1", "--item", item]].concat());
        command.envs(CREDENTIALS).env("AWS_ENDPOINT_URL", proxy.endpoint()).env("TERM", "dumb");
        command
    };
    let audit = |proxy: &Proxy, arguments: &[&str]| {
        let output = chosen(proxy, &[&["audit", "--format", "json"], arguments].concat()).output().expect("it runs");
        let report = Report(serde_json::from_slice(&output.stdout).expect("JSON"));
        (output.status.code(), report.items()[item].clone())
    };
    let asked = proxy();
    let mut terminal = spawn_command(chosen(&asked, &["review", "--by", "Ann"]), Some(20_000)).expect("a terminal");
    terminal.exp_string("1 item of account 123456789012 to be confirmed").expect("an introduction");
    terminal.exp_string("VPN connections: none").expect("evidence");
    reply(&mut terminal, "Is it done?", "y");
    reply(&mut terminal, "look at?", "WireGuard on a machine of its own");
    reply(&mut terminal, "proves it?", "");
    terminal.exp_eof().expect("it ends");
    assert!(asked.seen().iter().any(|seen| seen.operation == "DescribeVpnConnections"));
    assert_eq!(audit(&proxy(), &["--no-config"]), (Some(0), "manual".to_owned()));
    assert_eq!(audit(&proxy(), &[]), (Some(0), "pass".to_owned()));

    // The answer hides nothing that could not be read, and nobody is asked to confirm that.
    let denied = proxy();
    denied.on(Match::operation("ec2", "DescribeVpnConnections"), Fault::Deny);
    assert_eq!(audit(&denied, &[]), (Some(3), "unknown".to_owned()));
    let team_without_answers = Team::new("");
    let mut command = chosen(&denied, &["review", "--by", "Ann"]);
    command.current_dir(team_without_answers.folder.path());
    let mut terminal = spawn_command(command, Some(20_000)).expect("a terminal");
    terminal.exp_string("No item waits for a person.").expect("nothing");
    terminal.exp_eof().expect("it ends");
}

#[test]
fn attest_refuses_what_would_not_count() {
    let team = Team::new("");
    let refused = |arguments: &[&str]| team.golive(&[&["attest"], arguments].concat()).complaint().to_owned();
    assert!(refused(&["server-side/build-ami", "--by", "Ann"]).contains("did you mean `server-side/build-amis`?"));
    assert!(
        refused(&["networking/set-up-vpcs", "--by", "Ann"]).contains("golive decides networking/set-up-vpcs by itself")
    );
    assert!(refused(&[AMIS, "--by", " "]).contains("--by has to name who answers"));
    assert!(refused(&[AMIS, "--by", "Ann", "--answer", "no"]).contains("needs the reason: --note TEXT"));
    assert!(refused(&[AMIS, "--by", "Ann", "--account", "1"]).contains("`1` is no account id"));
    assert!(refused(&[AMIS, "--by", "Ann", "--on", "2026-02-01", "--expires", "2026-01-01"]).contains("lies before"));
    assert!(refused(&[AMIS, "--by", "Ann", "--on", "2999-01-01"]).contains("--on lies in the future"));
    assert!(refused(&[AMIS, "--by", "Ann", "--no-config"]).contains("--no-config leaves out"));
    assert_eq!(team.golive(&["attest", AMIS, "--by", "Ann", "--on", "1.2.2026"]).code, 2);
    assert_eq!(team.config(), "");
}

#[test]
fn answers_that_are_written_at_once_are_all_kept() {
    let team = Team::new("# Ours.\n");
    let answers = (0..12).map(|number| {
        let by = format!("person {number}");
        team.command(&["attest", AMIS, "--by", &by]).stdout(Stdio::null()).spawn().expect("the program runs")
    });
    for mut program in answers.collect::<Vec<_>>() {
        assert!(program.wait().expect("it ends").success());
    }
    assert_eq!(team.config().matches("[[attestation]]").count(), 12, "{}", team.config());
}

#[test]
fn init_writes_what_golive_reads_and_never_over_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let team = Team { folder };
    assert_eq!(team.golive(&["init"]).code, 0);
    let written = team.config();
    assert_eq!(team.golive(&["list"]).code, 0);
    assert!(team.golive(&["init"]).complaint().contains("golive.toml is there already"));
    assert_eq!(team.config(), written);
    // An answer finds its place in it.
    team.attest(&[AMIS, "--by", "Ann"]);
    assert!(team.config().starts_with(&written), "{}", team.config());
}

/// Every file that golive writes, with the program killed in the middle of writing it: the kernel ends a process that
/// writes more than it may.
#[test]
fn every_file_survives_being_cut_off() {
    let team = Team::new(&format!("# {}\n[scope]\nitems = [\"{AMIS}\", \"{LIFECYCLE}\"]\n", "x".repeat(8192)));
    let buckets: Vec<(String, bool)> = (0..200).map(|number| (format!("bucket-{number}"), number % 2 == 0)).collect();
    let buckets: Vec<(&str, bool)> = buckets.iter().map(|(name, good)| (name.as_str(), *good)).collect();
    let recording = team.record("2026-01-01", &buckets);
    let other = team.record("2026-02-01", &[]);
    let output = ["json", "table", "markdown", "junit", "sarif", "github"];
    let moto = Moto::start();
    let mut runs: Vec<(Vec<&str>, &str)> = vec![
        (vec!["audit", "--region", "us-east-1", "--item", "networking/set-up-subnets", "--record", "out"], "out"),
        (vec!["attest", AMIS, "--by", "Ann"], "golive.toml"),
        (vec!["diff", &recording, &other, "--output", "out"], "out"),
        (vec!["init", "out"], "out"),
        (vec!["audit", "--replay", &recording, "--also", "json=out", "--format", "json"], "out"),
    ];
    for format in output {
        runs.push((vec!["audit", "--replay", &recording, "--all", "--format", format, "--output", "out"], "out"));
    }
    for (arguments, file) in runs {
        let old = if file == "out" { "the old one".to_owned() } else { team.config() };
        if arguments[0] == "init" {
            let _ = fs::remove_file(team.path(file));
        } else {
            fs::write(team.path(file), &old).expect("written");
        }
        let limited = "ulimit -f 1; ulimit -c 0; exec \"$@\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", limited, "sh", env!("CARGO_BIN_EXE_golive")]).args(&arguments);
        let mock = [("AWS_ENDPOINT_URL", moto.endpoint()), ("AWS_REGION", "us-east-1".to_owned())];
        shell.env_clear().current_dir(team.folder.path()).envs(CREDENTIALS).envs(mock.clone());
        let ended = shell.output().expect("the shell runs");
        use std::os::unix::process::ExitStatusExt;
        assert_eq!(ended.status.signal(), Some(25), "{arguments:?}: {ended:?}");
        if arguments[0] == "init" {
            assert!(!team.path(file).exists(), "{arguments:?}");
        } else {
            assert_eq!(fs::read_to_string(team.path(file)).expect("it is there"), old, "{arguments:?}");
        }
        // And what was left behind is in nobody's way.
        let again = team.command(&arguments).envs(CREDENTIALS).envs(mock).output().expect("the program runs");
        assert!(again.status.code().is_some_and(|code| code != 2), "{arguments:?}: {again:?}");
        assert!(file != "out" || fs::read_to_string(team.path(file)).expect("written") != old, "{arguments:?}");
    }
}
