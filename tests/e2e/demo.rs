//! `golive demo` and the commands that need no account: what people see.

use std::fs;
use std::path::Path;

use crate::program::{demo, golive};
use crate::support::python;

#[test]
fn the_demo_table_reads_well() {
    let run = demo(&[]);
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "");
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 80), "a line is wider than 80 columns");
    assert!(!run.stdout.contains('\u{1b}'), "colour goes to terminals only");
    insta::assert_snapshot!("demo_table", run.stdout);
}

#[test]
fn the_readme_shows_what_the_demo_prints() {
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("README.md");
    let (_, block) = readme.split_once("```text\n").expect("a block of output");
    let (block, _) = block.split_once("\n```").expect("its end");
    let demo = demo(&[]).stdout;
    for part in block.split("…\n") {
        assert!(demo.contains(part.trim()), "README.md shows what the demo does not print:\n{part}");
    }
}

#[test]
fn the_demo_report_is_as_it_was() {
    let run = demo(&["--format", "json"]);
    insta::assert_snapshot!("demo_report", run.stdout);
}

#[test]
fn the_table_grows_with_the_terminal() {
    let narrow = golive(&["demo"], &[("COLUMNS", "60")]).stdout;
    let wide = golive(&["demo"], &[("COLUMNS", "140")]).stdout;
    assert!(narrow.lines().all(|line| line.chars().count() <= 60));
    assert!(wide.lines().count() < narrow.lines().count());
    let unknown = golive(&["demo"], &[("COLUMNS", "0")]).stdout;
    assert_eq!(unknown, demo(&[]).stdout);
}

#[test]
fn reports_agree_with_their_schema() {
    let folder = tempfile::tempdir().expect("a folder");
    let (report, schema) = (folder.path().join("report.json"), folder.path().join("schema.json"));
    let run = demo(&["--format", "json", "--output", report.to_str().expect("UTF-8")]);
    assert_eq!((run.code, run.stdout.as_str()), (1, ""));
    fs::write(&schema, golive(&["schema"], &[]).stdout).expect("written");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/validate.py");
    let paths = [("GOLIVE_REPORT", report.to_str()), ("GOLIVE_SCHEMA", schema.to_str())];
    python(&script, &paths.map(|(name, path)| (name, path.expect("UTF-8"))));
}

#[test]
fn filters_narrow_the_report() {
    let items = |arguments: &[&str]| demo(&[&["--format", "json"], arguments].concat()).report().items();
    assert_eq!(items(&["--section", "networking"]).len(), 6);
    assert_eq!(items(&["--item", "networking/set-up-vpcs"]).len(), 1);
    assert_eq!(items(&["--section", "networking", "--skip", "networking/set-up-vpcs"]).len(), 5);
    let run = demo(&["--format", "json", "--item", "networking/set-up-vpcs", "--severity", "high"]);
    assert_eq!(run.report().rules().into_keys().collect::<Vec<_>>(), ["default-vpc-unused"]);
}

#[test]
fn an_item_whose_rules_are_partly_left_out_never_passes() {
    let arguments = ["--format", "json", "--rule", "billing-alarm"];
    let report = demo(&arguments).report();
    assert_eq!(report.rules()["billing-alarm"], "pass");
    assert_eq!(report.items()["cost-optimization/create-billing-alarms"], "manual");
}

#[test]
fn the_gate_decides_the_exit_code() {
    let code = |arguments: &[&str]| demo(arguments).code;
    let passing = ["--rule", "billing-alarm"];
    assert_eq!(code(&passing), 0);
    assert_eq!(code(&[&passing[..], &["--require-manual"]].concat()), 1);
    assert_eq!(code(&["--rule", "s3-lifecycle"]), 1);
    assert_eq!(code(&["--rule", "s3-lifecycle", "--fail-on", "medium"]), 0);
    assert_eq!(code(&["--fail-on", "none"]), 0);
}

#[test]
fn list_names_every_item_and_the_permissions_of_each_rule() {
    let run = golive(&["list"], &[]);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("93 items, 82 rules"), "{}", run.stdout.lines().last().unwrap_or_default());
    for item in golive_checks::items() {
        assert!(run.stdout.contains(item.id), "{}", item.id);
    }
    insta::assert_snapshot!("list_networking", golive(&["list", "--section", "networking"], &[]).stdout);
}

#[test]
fn explain_tells_of_items_and_rules() {
    insta::assert_snapshot!("explain_item", golive(&["explain", "networking/set-up-vpcs"], &[]).stdout);
    insta::assert_snapshot!("explain_rule", golive(&["explain", "ebs-volume-encrypted"], &[]).stdout);
    for id in golive_checks::items().map(|item| item.id).chain(golive_checks::rules().iter().map(|rule| rule.id)) {
        assert_eq!(golive(&["explain", id], &[]).code, 0, "{id}");
    }
}

#[test]
fn the_policy_is_least_privilege() {
    insta::assert_snapshot!("policy_vpcs", golive(&["policy", "--item", "networking/set-up-vpcs"], &[]).stdout);
}

#[test]
fn completions_are_made_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = golive(&["completions", shell], &[]);
        assert!(run.code == 0 && run.stdout.contains("golive"), "{shell}");
    }
}
