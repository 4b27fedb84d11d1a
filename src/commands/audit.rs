//! `golive audit` and `golive demo`: plan, collect, judge, report, gate.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, bail};
use golive_checks::Account;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;

use crate::aws::{self, Plan, Session, Stage};
use crate::cli::{self, Audit, Format, Judging};
use crate::config::Config;
use crate::interrupt::Interrupt;
use crate::output::OutputFile;
use crate::past::Past;
use crate::report::Document;
use crate::report::text::count;
use crate::review::baseline::Baseline;
use crate::review::gate::Gate;
use crate::selection::Selection;
use crate::{output, recording, report, review};

/// Audits an account or a recording of one.
pub fn audit(arguments: &Audit, config: &Config, quiet: bool) -> anyhow::Result<u8> {
    let selection = Selection::new(&arguments.judging.filters, config)?;
    let access = access(&arguments.access, config);
    if arguments.plan {
        return plan(&access, &selection, arguments.judging.report.format);
    }
    // Opened before anything is asked, so that an unwritable file costs no audit.
    let record = arguments.record.as_deref().map(|path| OutputFile::open(path, 0o600)).transpose()?;
    let prepared = Prepared::new(&arguments.judging, &selection, config)?;
    let (account, interrupted) = match &arguments.replay {
        Some(path) => (recording::read(path)?, None),
        None => read(&access, &selection, quiet)?,
    };
    if let Some(file) = record {
        file.write(|to| recording::write(&account, to))?;
    }
    prepared.conclude(&account, interrupted)
}

/// How to reach the account: what the command line says, and the scope of `golive.toml`.
pub fn access(arguments: &cli::Access, config: &Config) -> aws::Access {
    let mut regions = arguments.regions.clone();
    if regions.is_empty() {
        regions.extend(config.scope.regions.iter().map(|region| region.get_ref().clone()));
    }
    aws::Access {
        profile: arguments.profile.clone(),
        role_arn: arguments.role_arn.clone(),
        external_id: arguments.external_id.clone(),
        regions,
        timeout: arguments.timeout,
        pace: aws::Pace { concurrency: arguments.concurrency.into(), rate: arguments.rate },
    }
}

/// Prints what an audit would ask.
fn plan(access: &aws::Access, selection: &Selection, format: Format) -> anyhow::Result<u8> {
    runtime()?.block_on(async {
        let session = Session::open(access).await?;
        let plan = Plan::new(&session, !access.regions.is_empty(), selection);
        output::print(&super::plan::render(&session, &plan, format)?)?;
        Ok(0)
    })
}

fn runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

/// Audits the embedded account.
pub fn demo(judging: &Judging, config: &Config) -> anyhow::Result<u8> {
    let selection = Selection::new(&judging.filters, config)?;
    Prepared::new(judging, &selection, config)?.conclude(&recording::demo()?, None)
}

/// What is known and open before an account is read.
struct Prepared<'a> {
    judging: &'a Judging,
    selection: &'a Selection,
    config: &'a Config,
    gate: Gate,
    baseline_account: Option<String>,
    /// What is written to files; the rest is printed.
    files: Vec<(Format, OutputFile)>,
}

impl<'a> Prepared<'a> {
    fn new(judging: &'a Judging, selection: &'a Selection, config: &'a Config) -> anyhow::Result<Self> {
        let path = judging.gate.baseline.clone().or_else(|| config.baseline());
        let older = path.map(|path| Past::read(&path, selection, config)).transpose()?;
        let gate = Gate::new(&judging.gate, config, older.as_ref().map(|older| older.with_items(Baseline::of)));
        let baseline_account = older.map(|older| older.account);
        let cli::Report { format, output, also, .. } = &judging.report;
        let wanted = also.iter().map(|(format, path)| (*format, path)).chain(output.iter().map(|path| (*format, path)));
        let open = |(format, path): (Format, &PathBuf)| Ok((format, OutputFile::open(path, 0o666)?));
        let files = wanted.map(open).collect::<anyhow::Result<_>>()?;
        Ok(Self { judging, selection, config, gate, baseline_account, files })
    }

    /// Judges the account, reports and decides.
    fn conclude(self, account: &Account, interrupted: Option<u8>) -> anyhow::Result<u8> {
        if let Some(other) = self.baseline_account.filter(|other| *other != account.id) {
            bail!("the baseline is of account {other}, and this is {}; make one of this account", account.id);
        }
        let (assessment, warnings) = review::judge(account, self.selection, self.config);
        let mut decision = self.gate.decide(&assessment);
        if let Some(code) = interrupted {
            decision.interrupted(code);
        }
        let settings = self.config.settings().changed();
        let document = Document {
            account,
            selection: self.selection,
            assessment: &assessment,
            decision: &decision,
            settings: &settings,
            warnings: &warnings,
        };
        let cli::Report { format, all, .. } = self.judging.report;
        for (format, file) in self.files {
            let text = report::render(&document, format, all, false);
            file.write(|to| to.write_all(text.as_bytes()))?;
        }
        if self.judging.report.output.is_none() {
            let colour = report::text::colour(&std::io::stdout());
            output::print(&report::render(&document, format, all, colour))?;
        }
        if format == Format::Github {
            report::github::append_summary(&document);
        }
        if self.judging.gate.explain_exit {
            output::complain(&format!("exit code {}", decision.code));
            decision.reasons.iter().for_each(|reason| output::complain(&format!("  {reason}")));
        }
        Ok(decision.code)
    }
}

/// Reads the account. An interrupted run gives what it read by then, and its exit code.
pub fn read(access: &aws::Access, selection: &Selection, quiet: bool) -> anyhow::Result<(Account, Option<u8>)> {
    runtime()?.block_on(async {
        let session = Session::open(access).await?;
        let plan = Plan::new(&session, !access.regions.is_empty(), selection);
        let progress = (!quiet && std::io::stderr().is_terminal())
            .then(|| tokio::spawn(show(Arc::clone(&session.wire.stage), plan.regions.len())));
        let interrupt = Interrupt::listen(Arc::clone(&session.wire));
        let account = aws::collect(session, plan).await;
        if let Some(progress) = progress {
            progress.abort();
            // Once it has ended its line is cleared.
            let _ = progress.await;
        }
        Ok((account, interrupt.exit_code()))
    })
}

/// Shows how far reading is, until it is aborted.
async fn show(stage: Arc<Stage>, regions: usize) {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} facts read · {msg} · {elapsed}") {
        bar.set_style(style);
    }
    let bar = ClearedOnDrop(bar);
    let regions = count(regions, "region");
    loop {
        let requests = stage.requests.load(Ordering::Relaxed);
        let planned = stage.planned.load(Ordering::Relaxed);
        if planned > 0 {
            bar.0.set_length(planned);
            bar.0.set_position(stage.facts.load(Ordering::Relaxed));
            bar.0.set_message(format!("{requests} requests · {regions}"));
            bar.0.tick();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

struct ClearedOnDrop(ProgressBar);

impl Drop for ClearedOnDrop {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
