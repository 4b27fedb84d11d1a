//! `golive audit` and `golive demo`: plan, collect, judge, report, gate.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context;
use golive_checks::{Account, Settings, assess};
use indicatif::{ProgressBar, ProgressStyle};
use tokio::runtime::Runtime;

use crate::aws::{self, Plan, Session, Stage};
use crate::cli::{self, Audit, Format, Judging, Report};
use crate::interrupt::Interrupt;
use crate::output::OutputFile;
use crate::report::Document;
use crate::report::text::count;
use crate::selection::Selection;
use crate::{gate, output, recording, report};

/// Audits an account or a recording of one.
pub fn audit(arguments: &Audit, quiet: bool) -> anyhow::Result<u8> {
    let selection = Selection::new(&arguments.judging.filters)?;
    if arguments.plan {
        return plan(&access(&arguments.access), &selection, arguments.judging.report.format);
    }
    // Opened before anything is asked, so that an unwritable file costs no audit.
    let record = arguments.record.as_deref().map(|path| OutputFile::open(path, 0o600)).transpose()?;
    let output = open(&arguments.judging.report)?;
    let (account, interrupted) = match &arguments.replay {
        Some(path) => (recording::read(path)?, None),
        None => read(&access(&arguments.access), &selection, quiet)?,
    };
    if let Some(file) = record {
        file.write(|to| recording::write(&account, to))?;
    }
    let code = conclude(&account, &selection, &arguments.judging, output)?;
    Ok(interrupted.unwrap_or(code))
}

fn access(arguments: &cli::Access) -> aws::Access {
    aws::Access {
        profile: arguments.profile.clone(),
        role_arn: arguments.role_arn.clone(),
        external_id: arguments.external_id.clone(),
        regions: arguments.regions.clone(),
        timeout: arguments.timeout,
        pace: aws::Pace { concurrency: arguments.concurrency.into(), rate: arguments.rate },
    }
}

/// Prints what an audit would ask.
fn plan(access: &aws::Access, selection: &Selection, format: Format) -> anyhow::Result<u8> {
    runtime()?.block_on(async {
        let session = Session::open(access).await?;
        let plan = Plan::new(&session, !access.regions.is_empty(), selection.needs());
        output::print(&super::plan::render(&session, &plan, format))?;
        Ok(0)
    })
}

fn runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start threads")
}

/// Audits the embedded account.
pub fn demo(judging: &Judging) -> anyhow::Result<u8> {
    let selection = Selection::new(&judging.filters)?;
    let output = open(&judging.report)?;
    conclude(&recording::demo()?, &selection, judging, output)
}

fn open(report: &Report) -> anyhow::Result<Option<OutputFile>> {
    report.output.as_deref().map(|path| OutputFile::open(path, 0o666)).transpose()
}

fn conclude(
    account: &Account,
    selection: &Selection,
    judging: &Judging,
    output: Option<OutputFile>,
) -> anyhow::Result<u8> {
    let report = &judging.report;
    let chosen = |item, rule| selection.has(item, rule);
    let assessment = assess(account, &selection.items, chosen, &Settings::default());
    let document = Document { account, selection, assessment: &assessment };
    match output {
        Some(file) => {
            let text = report::render(&document, report, false);
            file.write(|to| to.write_all(text.as_bytes()))?;
        }
        None => output::print(&report::render(&document, report, report::text::colour(&std::io::stdout())))?,
    }
    Ok(gate::exit_code(&assessment, judging.gate))
}

/// Reads the account. An interrupted run gives what it read by then, and its exit code.
fn read(access: &aws::Access, selection: &Selection, quiet: bool) -> anyhow::Result<(Account, Option<u8>)> {
    runtime()?.block_on(async {
        let session = Session::open(access).await?;
        let plan = Plan::new(&session, !access.regions.is_empty(), selection.needs());
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
