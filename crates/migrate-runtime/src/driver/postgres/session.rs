//! What a session is when it is found, what it is put to, and how it gets back what it was.

use migrate_model::history::Database;

use super::texts::{Had, SEARCH_PATH, look, names};
use super::{Driver, Kept, Postgres, Row};
use crate::query::literal;
use crate::settings::postgres::{Need, SETTINGS, ours, set};
use crate::{Cause, Error};

/// What takes away everything else that a migration may leave behind in a session: `DISCARD ALL` (manual) without what cannot be
/// done in a transaction, and without the locks, of which one is ours.
const LEFT_BEHIND: [&str; 5] = ["CLOSE ALL", "DEALLOCATE ALL", "UNLISTEN *", "DISCARD TEMP", "DISCARD SEQUENCES"];

impl Postgres<'_> {
    /// Looks at the session and, where it will write, sets it: in one message where it is new, after a look where it is not, for
    /// it may be in a transaction. What only reads sets nothing: behind a pooler the next client would have it.
    pub(super) async fn prepare(&mut self) -> Result<(), Error> {
        let doing = Error::while_doing("look at the session");
        let (had, writes) = (self.link.had(), self.mode.writes());
        self.settings = if writes { SETTINGS.to_vec() } else { Vec::new() };
        let look = look(had);
        let mut settled = writes && had == Had::Nobody;
        let first = if settled { vec![look, set(&ours(&self.settings, SEARCH_PATH))] } else { vec![look] };
        let replies = match self.send(&first, Kept::All).await {
            Ok(replies) => replies,
            Err(fault) if fault.at == 1 => {
                (settled, self.in_transaction) = (false, false);
                self.send(&first[..1], Kept::All).await.map_err(|fault| doing(fault.error))?
            }
            Err(fault) => return Err(doing(fault.error)),
        };
        let row = replies.into_iter().next().and_then(|rows| rows.into_iter().next()).unwrap_or_default();
        self.look_at(row)?;
        self.settled = writes;
        if writes && !settled { self.settle().await } else { Ok(()) }
    }

    /// Reads the answer to [`look`].
    fn look_at(&mut self, row: Row) -> Result<(), Error> {
        let mut fields = row.into_iter();
        let mut next = || fields.next().flatten();
        // A statement alone begins when its transaction does; in a transaction that was open before, later.
        if next().as_deref() != Some("t") {
            return Err(Error::InTransaction);
        }
        let schema = next();
        self.origin.search_path = literal(Database::Postgres, &next().unwrap_or_default());
        if next().as_deref() == Some("t") && self.mode.writes() {
            return Err(Error::Standby);
        }
        self.pid = next().unwrap_or_default();
        // What is made in the schema of temporary tables is gone with the session.
        self.schema = schema.filter(|schema| !schema.starts_with("pg_temp")).ok_or(Error::NoSchema)?;
        self.tables = Some(names(next()));
        self.later_schemas = next().and_then(|names| serde_json::from_str(&names).ok()).unwrap_or_default();
        let mut text = || literal(Database::Postgres, &next().unwrap_or_default());
        (self.origin.user, self.origin.role, self.origin.set) = (text(), text(), text());
        Ok(())
    }

    /// Puts the session to our settings: all at once, else one by one, so that one that it cannot have is left out or named.
    async fn settle(&mut self) -> Result<(), Error> {
        if self.run(&self.ours()).await.is_ok() {
            return Ok(());
        }
        for setting in std::mem::take(&mut self.settings) {
            let one = set(&ours([&setting], &self.origin.search_path));
            match (self.run(&one).await, setting.need) {
                (Ok(()), Need::Meaning | Need::Notice) => self.settings.push(setting),
                (Err(error), Need::Notice) => {
                    tracing::debug!(target: "migrate", name = setting.name, %error, "the server does not have this setting");
                }
                (Err(error), Need::Meaning) => {
                    let (name, value, cause) = (setting.name, setting.value, Box::new(Cause::of(&error)));
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
        match self.link.had() {
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
    pub(super) async fn put_back(&mut self) -> Result<(), sqlx::Error> {
        if !std::mem::take(&mut self.settled) || self.link.had() == Had::Nobody {
            return Ok(());
        }
        self.run(&self.origin.back()).await
    }
}
