//! Ctrl-C: the first signal ends the reading and keeps what was read, the second one leaves at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::aws::Wire;

/// What a shell adds to the number of the signal that ended a program.
const SIGNALLED: u8 = 128;
const SIGINT: u8 = 2;
const SIGTERM: u8 = 15;

/// Whether the run was interrupted.
#[derive(Debug, Default)]
pub struct Interrupt(Arc<AtomicU8>);

impl Interrupt {
    /// Listens for SIGINT and SIGTERM from now on. Without a way to listen, they end the program as ever.
    pub fn listen(wire: Arc<Wire>) -> Self {
        let interrupt = Self::default();
        if let (Ok(int), Ok(term)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            tokio::spawn(heed(int, term, Arc::clone(&interrupt.0), wire));
        }
        interrupt
    }

    /// The exit code of an interrupted run.
    pub fn exit_code(&self) -> Option<u8> {
        Some(self.0.load(Ordering::Relaxed)).filter(|code| *code != 0)
    }
}

async fn heed(mut int: Signal, mut term: Signal, code: Arc<AtomicU8>, wire: Arc<Wire>) {
    code.store(next(&mut int, &mut term).await, Ordering::Relaxed);
    wire.stop();
    std::process::exit(next(&mut int, &mut term).await.into());
}

async fn next(int: &mut Signal, term: &mut Signal) -> u8 {
    tokio::select! {
        _ = int.recv() => SIGNALLED + SIGINT,
        _ = term.recv() => SIGNALLED + SIGTERM,
    }
}
