//! golive beside Prowler and cloud-audit: one seeded account at the mocks, every answer 50 ms late, the three in turn.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::support::{CREDENTIALS, Fault, Match, MiniStack, Moto, Proxy, Routes, python};

const DELAY: Duration = Duration::from_millis(50);
const REGIONS: [&str; 3] = ["eu-west-1", "ap-southeast-2", "us-east-1"];

/// The rules that Prowler has checks for, and those checks.
const SHARED: [(&str, &[&str]); 17] = [
    ("vpc-flow-logs", &["vpc_flow_logs_enabled"]),
    ("ebs-volume-encrypted", &["ec2_ebs_volume_encryption"]),
    ("ebs-encryption-by-default", &["ec2_ebs_default_encryption"]),
    ("snapshot-not-public", &["ec2_ebs_public_snapshot"]),
    ("rds-encrypted", &["rds_instance_storage_encrypted", "rds_cluster_storage_encrypted"]),
    ("s3-encrypted", &["s3_bucket_default_encryption"]),
    ("rds-multi-az", &["rds_instance_multi_az", "rds_cluster_multi_az"]),
    ("rds-deletion-protection", &["rds_instance_deletion_protection", "rds_cluster_deletion_protection"]),
    (
        "rds-auto-minor-upgrade",
        &["rds_instance_minor_version_upgrade_enabled", "rds_cluster_minor_version_upgrade_enabled"],
    ),
    ("rds-not-public", &["rds_instance_no_public_access"]),
    ("rds-backup-retention", &["rds_instance_backup_enabled"]),
    ("s3-versioning", &["s3_bucket_object_versioning"]),
    ("s3-lifecycle", &["s3_bucket_lifecycle_enabled"]),
    ("password-policy", &["iam_password_policy_minimum_length_14", "iam_password_policy_reuse_24"]),
    ("user-mfa", &["iam_user_mfa_enabled_console_access"]),
    ("root-mfa", &["iam_root_mfa_enabled"]),
    ("cloudtrail-validation", &["cloudtrail_log_file_validation_enabled"]),
];

pub fn compare() {
    let (moto, ministack) = (Moto::start(), MiniStack::start());
    let other = ministack.endpoint();
    seed(&moto.endpoint(), &other);
    let routes = Routes::to(&moto.endpoint());
    let services = ["cloudwatch", "sns", "budgets", "cloudfront"];
    let routes = services.into_iter().fold(routes, |routes, service| routes.service(service, &other));

    let golive = PathBuf::from(env!("CARGO_BIN_EXE_golive"));
    let prowler = installed("prowler", "5.46.0").join("prowler");
    let cloud_audit = installed("cloud-audit", "2.5.0").join("cloud-audit");
    let rules: Vec<&str> = SHARED.iter().map(|(rule, _)| *rule).collect();
    let checks: Vec<&str> = SHARED.iter().flat_map(|(_, checks)| checks.iter().copied()).collect();

    println!("| program | what | time | CPU | memory | requests | repeated |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    let regions = REGIONS.join(",");
    run("golive", "17 rules", &golive, &["audit", "--region", &regions, "--rule", &rules.join(",")], routes.clone());
    let arguments = [&["aws", "--no-banner", "-M", "csv", "-f"], &REGIONS[..], &["-c"], &checks].concat();
    run(
        "Prowler 5.46.0",
        &format!("{} checks of the same meaning", checks.len()),
        &prowler,
        &arguments,
        routes.clone(),
    );
    // Snapshots are what moto answers slowest, and cloud-audit does not list them.
    let arguments = ["audit", "--region", &regions, "--skip", "snapshot-not-public"];
    run("golive", "all but snapshot-not-public", &golive, &arguments, routes.clone());
    let arguments = ["scan", "--regions", &regions];
    run("cloud-audit 2.5.0", "all: it cannot be told less", &cloud_audit, &arguments, routes);
}

fn seed(moto: &str, ministack: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/seed.py");
    let expected = tempfile::NamedTempFile::new().expect("a temporary file");
    let services =
        ["CLOUDWATCH", "SNS", "SQS", "BUDGETS", "CLOUDFRONT"].map(|service| format!("AWS_ENDPOINT_URL_{service}"));
    let mut environment: Vec<(&str, &str)> = services.iter().map(|service| (service.as_str(), ministack)).collect();
    environment.extend([("AWS_ENDPOINT_URL", moto), ("GOLIVE_EXPECTED", expected.path().to_str().expect("UTF-8"))]);
    python(&script, &environment);
}

/// The bin directory of a virtual environment of a peer's own, made on first use.
fn installed(package: &str, version: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{package}-{version}"));
    let bin = folder.join("bin");
    if !bin.join(package).exists() {
        eprintln!("installing {package} {version} …");
        let ran = |command: &mut Command| command.status().expect("it starts").success();
        assert!(ran(Command::new("python3").args(["-m", "venv"]).arg(&folder)), "a virtual environment");
        assert!(
            ran(Command::new(bin.join("pip")).args(["install", "--quiet", &format!("{package}=={version}")])),
            "{package} can be installed"
        );
    }
    bin
}

/// Runs a program in a folder of its own behind a proxy that answers late, and prints what it took.
fn run(name: &str, what: &str, program: &Path, arguments: &[&str], routes: Routes) {
    let proxy = Proxy::start(routes);
    proxy.on(Match::all(), Fault::Delay(DELAY));
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("output.txt");
    let output = File::create(&log).expect("a file");
    let begin = Instant::now();
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .envs(CREDENTIALS)
        .envs([
            ("AWS_ENDPOINT_URL", proxy.endpoint().as_str()),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
        ])
        .envs([("HOME", folder.path()), ("PATH", Path::new("/usr/bin:/bin"))])
        .stdout(Stdio::from(output.try_clone().expect("the file is open")))
        .stderr(Stdio::from(output))
        .spawn()
        .expect("the program starts");
    let usage = child.wait4().expect("the program ends");
    let took = begin.elapsed();
    // 1 and 3 say that something fails.
    let code = usage.status.code().unwrap_or(-1);
    if ![0, 1, 3].contains(&code) {
        println!("{name} ended with {code}:\n{}", fs::read_to_string(&log).unwrap_or_default());
    }
    let seen = proxy.seen();
    let distinct: HashSet<_> = seen.iter().map(|it| (&it.service, &it.region, &it.operation, &it.parameters)).collect();
    println!(
        "| {name} | {what} | {:.1} s | {:.1} s | {:.0} MB | {} | {} |",
        took.as_secs_f64(),
        (usage.rusage.utime + usage.rusage.stime).as_secs_f64(),
        usage.rusage.maxrss as f64 / 1e6,
        seen.len(),
        seen.len() - distinct.len(),
    );
}
