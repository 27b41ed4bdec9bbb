//! What a session is when it is found, what it is put to, and how it gets back what it was.

use super::link::Had;
use super::lock::NOBODY;
use super::pooler::{changes, is_shared};
use super::session::{PostgresSession, Sharing};
use super::texts::{SEARCH_PATH, look, names};
use crate::driver::{Kept, Row};
use crate::settings::postgres::{SETTINGS, Setting, SettingPurpose, ours, set};
use crate::sql::{self, LedgerDialect as _};
use crate::{Cause, Error};

/// Resets everything else that a migration may have changed in a session: `DISCARD ALL` (manual) without what cannot be
/// done in a transaction, and without the locks, of which one is ours.
const LEFT_BEHIND: [&str; 5] = ["CLOSE ALL", "DEALLOCATE ALL", "UNLISTEN *", "DISCARD TEMP", "DISCARD SEQUENCES"];

/// When a server session was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SessionAge {
    /// With our connection, and it ends with it.
    ForUs,
    /// By the caller or by a pooler, which may give it to somebody else.
    Before,
}

impl PostgresSession<'_> {
    /// Looks at the session and, where it will write, sets it: in one message where it is new and no pooler lends it, else after a look,
    /// for it may be in a transaction, or the next client of the pooler would have our settings. What only reads sets nothing.
    pub(super) async fn prepare(&mut self) -> Result<(), Error> {
        let doing = Error::while_doing("look at the session");
        let (had, writes) = (self.link.had(), self.purpose.writes());
        self.settings = if writes { SETTINGS.to_vec() } else { Vec::new() };
        let mark = self.link.mark().filter(|_| had == Had::Nobody);
        let set_where = mark.map(|mark| format!("{} AND {}", set(&ours(&self.settings, SEARCH_PATH)), mark.is_seen()));
        let look = look(had, self.link.mark(), self.purpose);
        let first: Vec<String> = [look].into_iter().chain(set_where).collect();
        let mut settled = first.len() > 1;
        let replies = match self.send(&first, Kept::All).await {
            Ok(replies) => replies,
            Err(failed) if failed.at == 1 => {
                (settled, self.in_transaction) = (false, false);
                self.send(&first[..1], Kept::All).await.map_err(|failed| doing(failed.error))?
            }
            Err(failed) => return Err(doing(failed.error)),
        };
        let row = replies.into_iter().next().and_then(|rows| rows.into_iter().next()).unwrap_or_default();
        let begun = self.look_at(row)?;
        self.had = match begun {
            SessionAge::ForUs => had,
            SessionAge::Before => Had::Somebody,
        };
        if !writes {
            return Ok(());
        }
        if begun == SessionAge::Before && self.lease.is_some() {
            self.share();
            return Ok(());
        }
        if begun == SessionAge::Before {
            self.refuse_shared().await?;
        }
        self.settled = true;
        if settled && begun == SessionAge::ForUs { Ok(()) } else { self.settle().await }
    }

    /// Nothing is set in the session but by each transaction for itself. How soon the server notices that a client is gone is left to the
    /// pooler, but for one that is paused within a transaction.
    fn share(&mut self) {
        self.sharing = Sharing::Shared;
        let is_kept = |setting: &Setting| match setting.purpose {
            SettingPurpose::Meaning => true,
            SettingPurpose::Notice => setting.name == "idle_in_transaction_session_timeout",
        };
        self.settings.retain(is_kept);
        self.pid = NOBODY.to_owned();
    }

    /// Refuses a session that a pooler lends to others between our transactions; as far as that can be known where there is no second
    /// connection.
    async fn refuse_shared(&mut self) -> Result<(), Error> {
        let second = self.link.second().await?;
        let ours = self.link.connection();
        let shared = match second {
            Some(mut second) => is_shared(ours, &mut second, &self.pid).await?,
            None => changes(ours, &self.pid).await.map_err(Error::while_doing("look at the session"))?,
        };
        if shared { Err(Error::Pooler) } else { Ok(()) }
    }

    /// Reads the answer to [`look`].
    fn look_at(&mut self, row: Row) -> Result<SessionAge, Error> {
        let mut fields = row.into_iter();
        let mut next = || fields.next().flatten();
        // A statement alone begins when its transaction does; in a transaction that was open before, later.
        if next().as_deref() != Some("t") {
            return Err(Error::InTransaction);
        }
        let schema = next();
        self.origin.search_path = sql::PostgresDialect.literal(&next().unwrap_or_default());
        if next().as_deref() == Some("t") && self.purpose.writes() {
            return Err(Error::Standby);
        }
        self.pid = next().unwrap_or_default();
        // What is made in the schema of temporary tables is gone with the session.
        self.schema = schema.filter(|schema| !schema.starts_with("pg_temp")).ok_or(Error::NoSchema)?;
        self.tables = Some(names(next()));
        self.later_schemas = next().and_then(|names| serde_json::from_str(&names).ok()).unwrap_or_default();
        let begun = if next().as_deref() == Some("t") { SessionAge::ForUs } else { SessionAge::Before };
        if begun == SessionAge::ForUs {
            self.watch.note_direct();
        }
        let mut text = || sql::PostgresDialect.literal(&next().unwrap_or_default());
        (self.origin.user, self.origin.role, self.origin.set) = (text(), text(), text());
        Ok(begun)
    }

    /// Puts the session to our settings: all at once, else one by one, so that one that it cannot have is left out or named.
    async fn settle(&mut self) -> Result<(), Error> {
        match self.in_this_session(&self.ours()).await {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => return Err(Error::Pooler),
            Err(_) => {}
        }
        for setting in std::mem::take(&mut self.settings) {
            let one = set(&ours([&setting], &self.origin.search_path));
            match (self.in_this_session(&one).await, setting.purpose) {
                (Ok(Some(_)), SettingPurpose::Meaning | SettingPurpose::Notice) => self.settings.push(setting),
                (Ok(None), SettingPurpose::Meaning | SettingPurpose::Notice) => return Err(Error::Pooler),
                (Err(error), SettingPurpose::Notice) => {
                    tracing::debug!(target: "migrate", name = setting.name, %error, "the server does not have this setting");
                }
                (Err(error), SettingPurpose::Meaning) => {
                    let (name, value, cause) = (setting.name, setting.value, Box::new(Cause::of(error)));
                    return Err(Error::Setting { name, value, cause });
                }
            }
        }
        Ok(())
    }

    /// The query that puts the session to our settings.
    fn ours(&self) -> String {
        self.origin.again(&ours(&self.settings, &self.origin.search_path))
    }

    /// What makes the session ours again, whatever a step has set in it.
    pub(super) fn again(&self) -> Vec<String> {
        match self.had {
            // `RESET` and `DISCARD` reach what cannot be listed, and would take from somebody what he has set or made.
            Had::Nobody => {
                let ours = set(&ours(&self.settings, &self.origin.search_path));
                let who = [self.origin.who(), "RESET ALL".to_owned(), ours];
                who.into_iter().chain(LEFT_BEHIND.map(str::to_owned)).collect()
            }
            Had::Somebody => vec![self.ours()],
        }
    }

    /// Gives a session that somebody has had before us back as it was.
    pub(super) async fn put_back(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.settled) || self.had == Had::Nobody {
            return Ok(());
        }
        let back = self.origin.back();
        let found = self.find_this_session(&back).await.map_err(Error::while_doing("restore the settings of the session"))?;
        if found.is_some() { Ok(()) } else { Err(Error::Pooler) }
    }
}
