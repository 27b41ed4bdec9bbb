//! Calling a function of the program.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt::Display;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::str::FromStr;

use futures_util::FutureExt;
use migrate_history::{Calls, Migration, Mode};
use tracing::Instrument;

use super::{CallFailure, Step, StepInfo, StepLink};
use crate::event::Event;

/// Any error.
pub(super) type AnyError = Box<dyn StdError + Send + Sync>;

/// A function at work. It ends with the cursor of the next call, where there is one.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Option<String>, AnyError>> + Send + 'a>>;

/// A function as an executor calls it: with the step, and the cursor that the call before it has left.
#[derive(Clone, Copy)]
pub struct Callable(pub for<'a, 's> fn(&'a mut Step<'s>, Option<String>) -> Running<'a>);

/// What a function that is called in batches returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next<C> {
    /// There is more to do after this: what was done is committed together with the cursor, and the function is called again with it.
    After(C),
    /// Everything is done.
    Done,
}

/// A function that is called once, in the transaction of its step.
pub fn once<'a, F, E>(running: F) -> Running<'a>
where
    F: Future<Output = Result<(), E>> + Send + 'a,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    Box::pin(async { running.await.map(|()| None).map_err(Into::into) })
}

/// What a function returns that is called outside of a transaction: that it may run twice. A run that dies before the step is recorded as done
/// calls it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MayRunTwice;

/// A function that is called outside of a transaction.
pub fn outside<'a, F, E>(running: F) -> Running<'a>
where
    F: Future<Output = Result<MayRunTwice, E>> + Send + 'a,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    Box::pin(async { running.await.map(|MayRunTwice| None).map_err(Into::into) })
}

/// A function that is called in batches. Its cursor is kept in the ledger as text.
pub fn in_batches<'a, C, F, E>(cursor: Option<String>, call: impl FnOnce(Option<C>) -> F + Send + 'a) -> Running<'a>
where
    C: Display + FromStr<Err: Display> + Send,
    F: Future<Output = Result<Next<C>, E>> + Send + 'a,
    E: Into<Box<dyn StdError + Send + Sync>>,
{
    Box::pin(async move {
        let next = call(read(cursor)?).await.map_err(Into::into)?;
        let written = match next {
            Next::After(cursor) => Some(cursor.to_string()),
            Next::Done => None,
        };
        // What cannot be read again would stop the next run.
        read::<C>(written.clone())?;
        Ok(written)
    })
}

/// A cursor of the user's type.
fn read<C: FromStr<Err: Display>>(cursor: Option<String>) -> Result<Option<C>, AnyError> {
    let unreadable = |text: &str, error: C::Err| AnyError::from(format!("the cursor `{text}` cannot be read: {error}"));
    cursor.map(|text| text.parse().map_err(|error| unreadable(&text, error))).transpose()
}

/// The function of a step; `None` where it is of another version of this crate, or there is none.
fn function(migration: Option<&'static Migration>, mode: &Mode) -> Option<Callable> {
    let Mode::Program { name, calls } = mode else { return None };
    migration?.program(name, *calls).ok()?.function.downcast_ref().copied()
}

/// A call of the function of a step.
#[derive(Clone, Debug)]
pub(crate) struct Call<'p> {
    /// The migration of the program.
    pub migration: Option<&'static Migration>,
    /// The mode of the step.
    pub mode: &'p Mode,
    /// What the step says of itself.
    pub about: StepInfo,
    /// What the call before this one left.
    pub cursor: Option<String>,
}

/// Why a call did not come to its end.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The function failed.
    Failed(CallFailure),
    /// It waited for tables longer than a step may, and so its statement was cancelled.
    Waited,
    /// The run is to end at once, so it was given up.
    Stopped,
    /// The connection is gone.
    Lost(sqlx::Error),
}

impl Call<'_> {
    /// Whether no transaction is open around it.
    pub fn is_outside(&self) -> bool {
        matches!(self.mode, Mode::Program { calls: Calls::Outside, .. })
    }

    /// Calls the function with a connection; the cursor that it leaves. What it panics with is an error.
    pub async fn run(self, link: StepLink<'_>, tell: &mut (dyn FnMut(Event) + Send)) -> Result<Option<String>, CallFailure> {
        let Call { migration, mode, about, cursor } = self;
        let Callable(function) = function(migration, mode).ok_or(CallFailure::Missing)?;
        let span = tracing::info_span!(target: "migrate", "function", revision = &*about.revision, function = mode.written().1);
        let mut step = Step::new(link, about, tell);
        let before = cursor.clone();
        // It may panic before there is a future, too.
        let running = async { function(&mut step, cursor).await };
        match AssertUnwindSafe(running).catch_unwind().instrument(span).await {
            Ok(Ok(after)) if after.is_some() && after == before => Err(CallFailure::Stuck(after.unwrap_or_default())),
            Ok(Ok(after)) => Ok(after),
            Ok(Err(error)) => Err(CallFailure::Returned(error.into())),
            Err(panic) => Err(CallFailure::Panicked(text_of(&*panic))),
        }
    }
}

/// What a panic says.
fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T>(work: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(work)
    }

    #[test]
    fn a_cursor_is_text_between_two_calls() {
        let call = |cursor: Option<u32>| async move {
            Ok::<_, AnyError>(if cursor == Some(3) { Next::Done } else { Next::After(cursor.unwrap_or(0) + 1) })
        };
        assert_eq!(wait(in_batches(None, call)).expect("it is done"), Some("1".to_owned()));
        assert_eq!(wait(in_batches(Some("2".into()), call)).expect("it is done"), Some("3".to_owned()));
        assert_eq!(wait(in_batches(Some("3".into()), call)).expect("it is done"), None);
        let error = wait(in_batches(Some("x".into()), call)).expect_err("it is no number").to_string();
        assert_eq!(error, "the cursor `x` cannot be read: invalid digit found in string");
    }

    /// A cursor that is not read as it is written.
    struct OneWay;

    impl Display for OneWay {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("here")
        }
    }

    impl FromStr for OneWay {
        type Err = &'static str;

        fn from_str(_: &str) -> Result<OneWay, &'static str> {
            Err("never")
        }
    }

    #[test]
    fn a_cursor_that_cannot_be_read_again_is_refused_before_it_is_kept() {
        let error = wait(in_batches(None, |_| async { Ok::<_, AnyError>(Next::After(OneWay)) })).expect_err("it cannot be read");
        assert_eq!(error.to_string(), "the cursor `here` cannot be read: never");
    }
}
