//! The examples for CI servers: their commands, run as they stand there, in the order of the server.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{CREDENTIALS, Moto, python};

const EXAMPLES: [&str; 4] = ["github-actions.yml", "gitlab-ci.yml", "Jenkinsfile", "buildspec.yml"];

#[test]
fn every_example_runs_and_leaves_what_its_server_collects() {
    let moto = Moto::start();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Path::new(env!("CARGO_BIN_EXE_golive")).parent().expect("a folder");
    let path = std::env::join_paths([program, Path::new("/usr/bin"), Path::new("/bin")]).expect("a path");
    let readme = fs::read_to_string(root.join("fixtures/ci/README.md")).expect("README.md");
    for example in EXAMPLES {
        assert!(readme.contains(&format!("]({example})")), "{example}");
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let source = root.join("fixtures/ci").join(example);
        let found = file("found");
        let variables = [("GOLIVE_CI", source.as_path()), ("GOLIVE_FOUND", found.as_path())];
        python(&root.join("tests/e2e/ci.py"), &variables.map(|(name, path)| (name, path.to_str().expect("UTF-8"))));
        let found: Value = serde_json::from_str(&fs::read_to_string(&found).expect("found")).expect("JSON");
        let texts = |key: &str| -> Vec<String> {
            found[key]
                .as_array()
                .expect("a list")
                .iter()
                .map(|text| text.as_str().expect("a text").to_owned())
                .collect()
        };
        let run = |scope: &str| {
            fs::write(file("golive.toml"), scope).expect("written");
            let mut code = 0;
            for command in texts("commands") {
                assert!(command.starts_with("golive audit "), "{example}: {command}");
                let mut shell = Command::new("sh");
                shell.args(["-e", "-c", &command]).current_dir(folder.path()).env_clear().envs(CREDENTIALS);
                shell.env("PATH", &path).env("AWS_REGION", "us-east-1").env("AWS_ENDPOINT_URL", moto.endpoint());
                let output = shell.env("GITHUB_STEP_SUMMARY", file("summary.md")).output().expect("the shell runs");
                let told = String::from_utf8_lossy(&output.stderr);
                code = output.status.code().unwrap_or(-1);
                assert!(told.contains(&format!("golive: exit code {code}\n")), "{example}: {told}");
            }
            for name in texts("files") {
                let text = fs::read_to_string(file(&name)).unwrap_or_default();
                assert!(!text.is_empty(), "{example} keeps {name}, which is not there");
                fs::remove_file(file(&name)).expect("removed");
            }
            code
        };
        // An empty account has default VPCs. The code is the job's.
        let scope = "[scope]\nregions = [\"us-east-1\"]\nitems = [\"networking/set-up-vpcs\"]\n";
        assert_eq!(run(scope), 1, "{example}");
        assert_eq!(run(&format!("{scope}[gate]\nfail_on = \"none\"\n")), 0, "{example}");
        let summary = fs::read_to_string(file("summary.md")).unwrap_or_default();
        assert_eq!(example == "github-actions.yml", summary.contains("## golive: not ready"), "{example}");
    }
}
