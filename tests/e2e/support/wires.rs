//! The two mock AWS servers, moto and MiniStack: installed once into `target/wires/`, each test's own while it runs.

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The account that both mocks are.
pub const ACCOUNT: &str = "123456789012";

/// Credentials of that account and no other configuration: moto and MiniStack ask for no more.
pub const CREDENTIALS: [(&str, &str); 5] = [
    ("AWS_ACCESS_KEY_ID", "testing"),
    ("AWS_SECRET_ACCESS_KEY", "testing"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
    ("AWS_CONFIG_FILE", "/dev/null"),
    ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
];

const REQUIREMENTS: &str = include_str!("requirements.txt");
const PATIENCE: Duration = Duration::from_secs(60);
const PORTS_TO_TRY: usize = 5;

/// Keeps a server ($@) no longer than the pipe on its standard input, which closes however the test process ends.
/// The server's own end ends the rest too, so that the parent sees it.
const KEEPER: &str = r#"("$@"; kill -s KILL -- -$$) & cat >/dev/null; kill -s KILL -- -$$"#;

/// moto, empty but for each region's default VPC.
#[derive(Debug)]
pub struct Moto(Server);

impl Moto {
    /// Starts one that answers.
    pub fn start() -> Self {
        Self(Server::start("moto", "/moto-api/data.json", |program, port| {
            program.arg(bin("moto_server")).args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        }))
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        self.0.endpoint()
    }
}

/// MiniStack, empty but for each region's default VPC.
#[derive(Debug)]
pub struct MiniStack(Server);

impl MiniStack {
    /// Starts one that answers.
    pub fn start() -> Self {
        Self(Server::start("ministack", "/_ministack/ready", |program, port| {
            program.env("GATEWAY_PORT", port.to_string()).env("BIND_HOST", "127.0.0.1");
            program.env("MINISTACK_ACCOUNT_ID", ACCOUNT);
            // Listeners at fixed ports, of which a second MiniStack could have none.
            program.env("IOT_MTLS_ENABLED", "0").env("SFTP_ENABLED", "0");
            // Without a docker daemon its databases are entries in a list, which is all that an audit sees.
            program.env("DOCKER_HOST", "unix:///no-docker");
            program.env("PERSIST_STATE", "0").env("S3_PERSIST", "0").env("STATE_DIR", scratch().join("ministack"));
            program.arg(bin("ministack"));
        }))
    }

    /// `http://127.0.0.1:PORT`
    pub fn endpoint(&self) -> String {
        self.0.endpoint()
    }
}

/// Runs a script that seeds a mock, with boto3 at hand. `environment` says at least `AWS_ENDPOINT_URL`.
pub fn python(script: &Path, environment: &[(&str, &str)]) {
    let mut python = bare(&bin("python3"));
    python.arg(script).envs(CREDENTIALS).env("AWS_DEFAULT_REGION", "us-east-1").envs(environment.iter().copied());
    let output = python.output().expect("the mocks' python runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} failed ({}):\n{said}", script.display(), output.status);
}

/// A server process at a port of its own.
#[derive(Debug)]
struct Server {
    port: u16,
    keeper: Child,
}

impl Server {
    /// Starts a server on a free port, and on another one when somebody else was faster.
    fn start(name: &str, ready: &str, describe: impl Fn(&mut Command, u16)) -> Self {
        let mut tail = String::new();
        for _ in 0..PORTS_TO_TRY {
            let port = free_port();
            let log = wires().join(format!("{name}-{port}.log"));
            let mut server = Self { port, keeper: keep(&log, |program| describe(program, port)) };
            let started = Instant::now();
            while !server.has_ended() {
                if answers(port, ready) && !server.has_ended() {
                    return server;
                }
                assert!(started.elapsed() < PATIENCE, "{name} does not answer; its log ends:\n{}", last_lines(&log));
                sleep(Duration::from_millis(50));
            }
            tail = last_lines(&log);
        }
        panic!("{name} does not start; its log ends:\n{tail}");
    }

    fn has_ended(&mut self) -> bool {
        self.keeper.try_wait().expect("the server can be waited for").is_some()
    }

    fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // A failure here would hide the test's own, and the process ends by itself all the same.
        let _ = self.keeper.wait();
    }
}

/// Starts the described program under the keeper, in a process group of its own.
fn keep(log: &Path, describe: impl FnOnce(&mut Command)) -> Child {
    let log = File::create(log).expect("the log can be made");
    let mut keeper = bare(Path::new("sh"));
    keeper.args(["-c", KEEPER, "keeper"]);
    describe(&mut keeper);
    keeper.process_group(0).stdin(Stdio::piped());
    keeper.stdout(log.try_clone().expect("the log can be shared")).stderr(log);
    keeper.spawn().expect("sh runs")
}

/// A command that sees nothing of the developer's own AWS, proxy or docker settings.
fn bare(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", scratch()).env("TMPDIR", scratch()).env("PYTHONDONTWRITEBYTECODE", "1");
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a loopback port is free");
    listener.local_addr().expect("the listener has an address").port()
}

fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}

fn last_lines(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

/// `target/wires/`
fn wires() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target directory");
    let wires = target.join("wires");
    fs::create_dir_all(&wires).expect("target/wires can be made");
    wires
}

/// The home and temporary directory of what runs here.
fn scratch() -> PathBuf {
    let folder = wires().join("tmp");
    fs::create_dir_all(&folder).expect("target/wires/tmp can be made");
    folder
}

/// A program of the virtual environment.
fn bin(name: &str) -> PathBuf {
    static VENV: LazyLock<PathBuf> = LazyLock::new(installed);
    VENV.join("bin").join(name)
}

/// The virtual environment with the mocks: one for each content of requirements.txt, installed by whoever is first.
fn installed() -> PathBuf {
    let mut hasher = DefaultHasher::new();
    REQUIREMENTS.hash(&mut hasher);
    let venv = wires().join(format!("venv-{:016x}", hasher.finish()));
    let complete = venv.join("complete");
    let lock = File::create(venv.with_extension("lock")).expect("the lock file can be made");
    lock.lock().expect("the lock file can be locked");
    if !complete.exists() {
        install(&venv);
        File::create(complete).expect("the installation can be marked complete");
    }
    venv
}

fn install(venv: &Path) {
    if let Err(error) = fs::remove_dir_all(venv) {
        assert_eq!(error.kind(), ErrorKind::NotFound, "cannot remove the half-made {}: {error}", venv.display());
    }
    let why = "the end-to-end tests need Python 3 with its venv module (on Debian: apt-get install python3-venv)";
    run(Command::new("python3").args(["-m", "venv"]).arg(venv), why);
    let requirements = venv.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).expect("the requirements can be written");
    let mut pip = Command::new(venv.join("bin/python3"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    run(&mut pip, "the end-to-end tests install moto and MiniStack with pip, which did not succeed");
}

fn run(command: &mut Command, why: &str) {
    let output = command.output().unwrap_or_else(|error| panic!("{why}: cannot run {command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{why}: {command:?} failed ({}):\n{said}", output.status);
}
