//! SIGINT and SIGTERM end a run at its next safe point; a second one ends its statement, a third one the process.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use migrate_runtime::Stop;
use tokio::task::JoinHandle;

use crate::terminal;

/// A signal that ends a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Signal {
    number: i32,
    name: &'static str,
}

const INTERRUPT: Signal = Signal { number: 2, name: "SIGINT" };

#[cfg(unix)]
const TERMINATE: Signal = Signal { number: 15, name: "SIGTERM" };

/// What the signals of this process stop.
#[derive(Clone)]
struct Stopper {
    stop: Stop,
    signals: Arc<AtomicUsize>,
}

/// Does a run, which these signals stop. The process has its own handlers for them from then on.
pub(crate) async fn stopping<T>(stop: &Stop, run: impl Future<Output = T>) -> T {
    let listeners = listen(&Stopper { stop: stop.clone(), signals: Arc::default() });
    let done = run.await;
    listeners.iter().for_each(JoinHandle::abort);
    done
}

impl Stopper {
    fn receive(&self, signal: Signal) {
        let Signal { number, name } = signal;
        match self.signals.fetch_add(1, Ordering::Relaxed) {
            0 => {
                self.stop.at_safe_point();
                terminal::tell(&format!("{name}: stopping after this step; a second signal cancels its statement"));
            }
            1 => {
                self.stop.at_once();
                terminal::tell(&format!("{name}: cancelling the statement; a third signal ends the process"));
            }
            _ => std::process::exit(128 + number),
        }
    }
}

#[cfg(unix)]
fn listen(stopper: &Stopper) -> Vec<JoinHandle<()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let ignored = ignored();
    let heard = [INTERRUPT, TERMINATE].into_iter().filter(|signal| ignored >> (signal.number - 1) & 1 == 0);
    let received = heard.filter_map(|one| Some((one, signal(SignalKind::from_raw(one.number)).ok()?)));
    let listeners = received.map(|(one, mut received)| {
        let stopper = stopper.clone();
        tokio::spawn(async move {
            while received.recv().await.is_some() {
                stopper.receive(one);
            }
        })
    });
    listeners.collect()
}

#[cfg(not(unix))]
fn listen(stopper: &Stopper) -> Vec<JoinHandle<()>> {
    let stopper = stopper.clone();
    let listener = tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            stopper.receive(INTERRUPT);
        }
    });
    vec![listener]
}

/// The signals that this process was started to ignore, as `nohup` and a shell's `&` do: it goes on ignoring them. A bit for each, the
/// lowest for signal 1, as Linux says it (`proc(5)`); none where the system does not say.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok()).unwrap_or_default()
}
