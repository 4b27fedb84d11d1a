//! The formats for CI: each valid by its official schema, and harmless with hostile names in it.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{Run, demo, golive};
use crate::support::python;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const HOSTILE: &str =
    "\u{1b}]0;owned\u{7}\u{202e}\r\n| <b>`x` @team [a](https://evil.example) ::error::x %0A ##[group]y \u{0}";

fn validate(folder: &Path) {
    fs::write(folder.join("golive.schema.json"), golive(&["schema", "config"], &[]).stdout).expect("written");
    fs::write(folder.join("template.toml"), "").expect("written");
    let script = Path::new(ROOT).join("tests/e2e/formats.py");
    python(&script, &[("GOLIVE_FOLDER", folder.to_str().expect("UTF-8"))]);
}

/// A recording of the demo account and a golive.toml with hostile text in every place that takes any.
fn hostile(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Run {
    let (account, config) = (folder.join("account.json"), folder.join("golive.toml"));
    let recorded = fs::read_to_string(Path::new(ROOT).join("fixtures/demo/account.json")).expect("the demo account");
    let name = serde_json::to_string(HOSTILE).expect("JSON");
    let recorded = recorded.replace("\"larkfield-order-exports\"", &name);
    // An access that was denied with a hostile message.
    let mut recorded: Value = serde_json::from_str(&recorded).expect("JSON");
    recorded["account"]["password_policy"] = serde_json::json!({ "unreadable": { "action": "iam:GetAccountPasswordPolicy",
        "operation": "GetAccountPasswordPolicy", "region": null, "resource": null, "cause": "denied", "message": HOSTILE } });
    fs::write(&account, recorded.to_string()).expect("written");
    // JSON strings are TOML strings, but for the escape of DEL and others that are not here.
    let said = format!(
        "[[attestation]]\nitem = \"server-side/build-amis\"\nanswer = \"no\"\nby = {name}\non = 2026-11-01\nnote = {name}\n\
         [[attestation]]\nitem = \"client-side/use-a-cdn\"\nby = {name}\non = 2026-11-01\nevidence = [{name}]\n\
         [[exception]]\nrule = \"s3-lifecycle\"\nresource = \"*owned*\"\nreason = {name}\nowner = {name}\nexpires = \"never\"\n\
         [[exception]]\nrule = \"root-mfa\"\nresource = {name}\nreason = \"unused\"\nexpires = \"never\"\n"
    );
    fs::write(&config, said).expect("written");
    let files = [account, config].map(|path| path.to_str().expect("UTF-8").to_owned());
    let audit = ["audit", "--replay", &files[0], "--config", &files[1]];
    golive(&[&audit, arguments].concat(), environment)
}

#[test]
fn sarif_junit_and_golive_toml_are_valid_by_their_schemas() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let also = |format: &str, name: &str| format!("{format}={}", path(name));
    let run = demo(&["--also", &also("sarif", "demo.sarif"), "--also", &also("junit", "demo.xml")]);
    assert_eq!(run.code, 1);
    // With a baseline, without findings, and with hostile text.
    let (baseline, sarif, junit) = (path("baseline.json"), also("sarif", "old.sarif"), also("junit", "old.xml"));
    assert_eq!(demo(&["--format", "json", "--output", &baseline]).code, 1);
    assert_eq!(demo(&["--baseline", &baseline, "--also", &sarif, "--also", &junit]).code, 0);
    let (sarif, junit) = (also("sarif", "one.sarif"), also("junit", "one.xml"));
    assert_eq!(demo(&["--rule", "billing-alarm", "--also", &sarif, "--also", &junit]).code, 0);
    let (sarif, junit) = (also("sarif", "hostile.sarif"), also("junit", "hostile.xml"));
    assert_eq!(hostile(folder.path(), &["--also", &sarif, "--also", &junit], &[]).code, 1);
    fs::copy(Path::new(ROOT).join("fixtures/demo/golive.toml"), path("demo.toml")).expect("copied");
    assert_eq!(golive(&["init", &path("init.toml")], &[]).code, 0);
    validate(folder.path());
}

#[test]
fn sarif_tells_what_fails_what_is_accepted_and_what_is_unknown() {
    let folder = tempfile::tempdir().expect("a folder");
    let sarif = |run: Run| serde_json::from_str::<Value>(&run.stdout).expect("JSON")["runs"][0].clone();
    let run = sarif(hostile(folder.path(), &["--format", "sarif"], &[]));
    let results = run["results"].as_array().expect("results");
    let of = |rule: &str| results.iter().filter(|result| result["ruleId"] == rule).collect::<Vec<_>>();
    let unknown = of("password-policy");
    assert_eq!((unknown.len(), &unknown[0]["kind"], &unknown[0]["level"]), (1, &"open".into(), &"none".into()));
    let suppressed =
        |rule: &str| of(rule).iter().filter(|result| result["suppressions"][0]["status"] == "accepted").count();
    assert_eq!((suppressed("s3-lifecycle"), suppressed("s3-versioning")), (1, 0));
    assert_eq!(of("server-side/build-amis")[0]["kind"], "fail");
    assert_eq!(run["invocations"][0]["exitCode"], 1);
    let report = demo(&["--format", "json"]).report();
    let failing = report.findings().values().filter(|status| *status == "fail").count();
    let run = sarif(demo(&["--format", "sarif"]));
    let counted = run["results"].as_array().expect("results").iter();
    let counted = counted.filter(|it| it["kind"] == "fail" && it["suppressions"].is_null()).count();
    // One item fails because a person says so.
    assert_eq!(counted, failing + 1);
}

#[test]
fn junit_fails_where_the_gate_does() {
    let count = |arguments: &[&str], what: &str| {
        let run = demo(&[arguments, &["--format", "junit"]].concat());
        (run.code, run.stdout.matches(what).count())
    };
    let one = ["--item", "cost-optimization/clean-up-old-data-with-s3-lifecycle"];
    assert_eq!(count(&one, "<failure "), (1, 2));
    assert_eq!(count(&[&one[..], &["--fail-on", "high"]].concat(), "<failure "), (0, 0));
    assert_eq!(count(&[&one[..], &["--fail-on", "high"]].concat(), "fails, but does not count"), (0, 2));
    let people = ["--item", "client-side/use-a-cdn"];
    assert_eq!(count(&people, "<skipped message=\"has to be confirmed by a person\""), (0, 1));
    assert_eq!(count(&[&people[..], &["--require-manual"]].concat(), "<failure "), (1, 1));
}

#[test]
fn github_gets_annotations_and_a_summary() {
    let folder = tempfile::tempdir().expect("a folder");
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "# Before\n").expect("written");
    let environment = [("GITHUB_STEP_SUMMARY", summary.to_str().expect("UTF-8")), ("GITHUB_ACTIONS", "true")];
    let run = hostile(folder.path(), &["--format", "github"], &environment);
    assert_eq!(run.code, 1);
    let (last, commands) =
        run.stdout.lines().collect::<Vec<_>>().split_last().map(|(l, c)| (*l, c.to_vec())).expect("lines");
    assert!(last.starts_with("golive: 93 items: ") && last.ends_with("; exit code 1"), "{last}");
    // Each line is one command of golive's, and none holds another.
    for line in commands {
        let (level, rest) = line.strip_prefix("::").and_then(|line| line.split_once(" title=")).expect("a command");
        assert!(["error", "warning", "notice"].contains(&level), "{line}");
        let (title, message) = rest.split_once("::").expect("a title");
        assert!(!title.contains([':', ',']), "{line}");
        assert!(!message.contains("::error") && !message.contains("##["), "{line}");
        assert!(!line.chars().any(|character| character.is_control()), "{line}");
    }
    // The worst ones come first, as GitHub shows ten of a step.
    assert!(
        run.stdout
            .starts_with("::error title=Databases have no public address (rds-not-public%2C critical)::legacy-mysql")
    );
    let written = fs::read_to_string(&summary).expect("the summary");
    assert!(written.starts_with("# Before\n## golive: not ready\n") && written.len() < 65_536, "{}", written.len());
    // Elsewhere there is no summary to write.
    let run = demo(&["--format", "github", "--rule", "billing-alarm"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}

#[test]
fn markdown_holds_hostile_text_as_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = hostile(folder.path(), &["--format", "markdown"], &[]).stdout;
    assert!(text.contains("owned"), "the name is not shown");
    for line in text.lines() {
        assert!(!line.chars().any(|character| character.is_control() || character == '\u{202e}'), "{line}");
        // Outside of code spans there is nothing of the hostile text.
        let mut outside = String::new();
        let mut rest = line;
        while let Some(start) = rest.find('`') {
            outside.push_str(&rest[..start]);
            let fence: String = rest[start..].chars().take_while(|character| *character == '`').collect();
            let inside = &rest[start + fence.len()..];
            let end = inside
                .match_indices(&fence)
                .map(|(at, _)| at)
                .find(|at| !inside[at + fence.len()..].starts_with('`') && !inside[..*at].ends_with('`'));
            rest = &inside[end.expect("the span ends") + fence.len()..];
        }
        outside.push_str(rest);
        for word in ["@team", "evil", "<b>", "owned"] {
            assert!(!outside.contains(word), "{line}");
        }
        // A cell has no bar of its own.
        if line.starts_with("| ") && line.contains("owned") {
            assert_eq!(line.replace("\\|", "").matches('|').count(), 4, "{line}");
        }
    }
}

#[test]
fn several_reports_come_of_one_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let run = demo(&["--also", &format!("json={}", path("a.json")), "--also", &format!("markdown={}", path("a.md"))]);
    assert_eq!((run.code, run.stdout), (1, demo(&[]).stdout));
    let read = |name: &str| fs::read_to_string(path(name)).expect("written");
    assert_eq!(read("a.json"), demo(&["--format", "json"]).stdout);
    assert_eq!(read("a.md"), demo(&["--format", "markdown"]).stdout);
    let refused = |value: &str| demo(&["--also", value]);
    assert!(refused("jsn=a").stderr.contains("unknown format `jsn`; did you mean `json`?"));
    assert_eq!((refused("json").code, refused("json=").code), (2, 2));
    let nowhere = format!("json={}", path("no/such/folder"));
    assert!(refused(&nowhere).complaint().contains("choose another file"));
}
