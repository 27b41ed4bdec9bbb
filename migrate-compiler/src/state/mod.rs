//! What travels from a migration to its children: everything they are checked against, as one string literal; whole, or as what
//! the migration changed of it.

mod change;
mod merge;

use std::sync::Arc;

use migrate_history::{Database, Grade, Version};

use crate::footprint::{Record, RevisionNumber};
use crate::lint::RuleSettings;
#[cfg(feature = "testing")]
use crate::lint::{RuleSetting, Severity};
use crate::schema::{Objects, Schema, Unsure};
use migrate_history::codec::Codec;

pub use merge::Conflict;

/// What a history says of all its migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The databases that every migration must work on, each with the oldest version that is supported.
    pub servers: Vec<Version>,
    /// `require: …;`: the lowest level that is accepted.
    pub require: Option<Grade>,
    /// `rules: …;`: which dangers are errors.
    pub rules: RuleSettings,
}

impl Settings {
    /// Those of a history that supports these, and requires nothing of its migrations.
    pub fn of(servers: impl IntoIterator<Item = Version>) -> Settings {
        Settings { servers: servers.into_iter().collect(), require: None, rules: RuleSettings::default() }
    }

    /// The same for tests that are not about dangers: of these only the drop of a table or a column, and a key that is there twice, are
    /// errors.
    #[cfg(feature = "testing")]
    pub fn tested(servers: impl IntoIterator<Item = Version>) -> Settings {
        let kept = ["drop_table", "drop_column", "duplicate_key", "add_required_column"];
        let names = crate::lint::names().filter(|name| !kept.contains(name));
        let said = names.map(|name| RuleSetting { severity: Severity::Allow, of: name.to_owned() }).collect();
        Settings { rules: RuleSettings { said }, ..Settings::of(servers) }
    }

    /// The databases that every migration must work on.
    pub fn databases(&self) -> impl Iterator<Item = Database> {
        self.servers.iter().map(|server| server.database)
    }

    /// What `databases` is where this version is the oldest of its database.
    pub fn serving(&self, version: Version) -> String {
        let changed = |server: &Version| if server.database == version.database { version } else { *server };
        let servers = self.servers.iter().map(changed);
        let is_default = |server: &Version| *server == Version::oldest(server.database);
        let shown = servers.map(|server| if is_default(&server) { server.database.word().to_owned() } else { server.setting() });
        shown.collect::<Vec<_>>().join(", ")
    }

    /// The oldest version of a database that is supported.
    pub fn oldest(&self, database: Database) -> Version {
        let own = self.servers.iter().copied().find(|server| server.database == database);
        own.unwrap_or(Version::oldest(database))
    }
}

/// What a migration is checked against, and what it hands on.
#[derive(Clone, Debug)]
pub struct State {
    /// What the history says.
    pub settings: Settings,
    /// The revisions that led here. The last one does not know its own id unless it says `revision "…"`: then it is empty,
    /// and the child, which names it, fills it in.
    pub revisions: Arc<Vec<Arc<str>>>,
    /// The schemas. One for all databases, unless a migration was for some of them only.
    pub variants: Vec<Variant>,
    /// Whether this migration or one before it has an error: then its schema may be another one than the user means, and its children
    /// report only what cannot be parsed.
    pub is_broken: bool,
}

/// A schema and the databases that have it.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Which databases.
    pub databases: Vec<Database>,
    /// What they have.
    pub objects: Objects,
    /// Who touched what.
    pub record: Record,
}

/// The first letter of a state, changed whenever its form is: two versions of the macros in one build are distinguished by it.
const VERSION: char = '8';

impl State {
    /// The state before the first migration of a history.
    pub fn root(settings: Settings) -> State {
        let (databases, objects) = (settings.databases().collect(), Objects::default());
        let variant = Variant { databases, objects, record: Record::default() };
        State { settings, revisions: Arc::default(), variants: vec![variant], is_broken: false }
    }

    /// The state where no parent could be read: nothing is known, and no database is supported.
    pub fn nowhere() -> State {
        State::root(Settings::of([]))
    }

    /// The state of a migration whose parents are unknown, for its children.
    pub fn broken() -> State {
        State { is_broken: true, ..State::nowhere().next("") }
    }

    /// The state as text.
    pub fn encode(&self) -> String {
        let State { settings: Settings { servers, require, rules }, revisions, variants, is_broken } = self;
        let mut out = String::from(VERSION);
        servers.write(&mut out);
        require.write(&mut out);
        rules.write(&mut out);
        revisions.write(&mut out);
        variants.len().write(&mut out);
        for Variant { databases, objects, record } in variants {
            databases.write(&mut out);
            objects.write(&mut out);
            record.of.write(&mut out);
        }
        is_broken.write(&mut out);
        out
    }

    /// Reads a state; `None` where the text is not one of this version.
    pub fn decode(text: &str) -> Option<State> {
        let input = &mut text.strip_prefix(VERSION)?;
        let settings = Settings { servers: Codec::read(input)?, require: Codec::read(input)?, rules: Codec::read(input)? };
        let revisions = Codec::read(input)?;
        let variants = usize::read(input)?;
        let variant = |input: &mut &str| {
            let (databases, objects) = (Codec::read(input)?, Codec::read(input)?);
            Some(Variant { databases, objects, record: Record { of: Codec::read(input)? } })
        };
        let variants = (0..variants).map(|_| variant(input)).collect::<Option<_>>()?;
        let is_broken = Codec::read(input)?;
        input.is_empty().then_some(State { settings, revisions, variants, is_broken })
    }

    /// Fills in the id of the last revision, which the child knows from the path it is named by.
    pub fn named(mut self, id: &str) -> State {
        if self.revisions.last().is_some_and(|last| last.is_empty()) {
            let revisions = Arc::make_mut(&mut self.revisions);
            revisions.pop();
            revisions.push(id.into());
        }
        self
    }

    /// The same schemas seen by a revision that comes now; its id is empty where it does not say it.
    pub fn next(mut self, id: &str) -> State {
        Arc::make_mut(&mut self.revisions).push(id.into());
        self
    }

    /// The revision being compiled.
    pub fn now(&self) -> RevisionNumber {
        RevisionNumber::try_from(self.revisions.len().saturating_sub(1)).unwrap_or(RevisionNumber::MAX)
    }

    /// The schema that a database has.
    pub fn schema(&self, database: Database) -> Option<Schema> {
        self.variants.iter().find(|variant| variant.databases.contains(&database)).map(|variant| self.schema_of(variant))
    }

    /// The schema of a variant, with what it needs to know of the state.
    pub fn schema_of(&self, variant: &Variant) -> Schema {
        Schema { objects: variant.objects.clone(), databases: Arc::from(variant.databases.as_slice()), unsure: Unsure::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::operation::Operation;
    use crate::problem::Problems;
    use migrate_history::Level;

    fn state(schema: &Schema) -> State {
        let variant = Variant { databases: Database::ALL.to_vec(), objects: schema.objects.clone(), record: Record::default() };
        let servers: Vec<_> = Database::ALL.iter().copied().map(Version::oldest).collect();
        let settings = Settings { require: Some(Grade::stated(Level::Schema)), ..Settings::tested(servers) };
        State { settings, revisions: Arc::new(vec!["m0001".into(), "".into()]), variants: vec![variant], is_broken: false }
    }

    #[test]
    fn a_state_comes_back_from_its_text() {
        for (before, mut operation) in Operation::examples() {
            let mut schema = before.clone();
            let mut problems = Problems::new();
            operation.complete(&before);
            operation.apply(&mut schema, &mut problems);
            assert_eq!(problems.take(), [], "{operation}");
            let text = state(&schema).encode();
            let again = State::decode(&text).expect("what was written can be read");
            assert_eq!(again.variants[0].objects, schema.objects);
            assert_eq!(again.encode(), text);
        }
    }

    #[test]
    fn a_change_leads_from_the_parents_state_to_the_childs() {
        for (before, mut operation) in Operation::examples() {
            let parent = State { revisions: Arc::new(vec!["".into()]), ..state(&before) };
            let start = parent.clone().named("m0001").next("");
            let mut schema = before.clone();
            let mut problems = Problems::new();
            operation.complete(&before);
            operation.apply(&mut schema, &mut problems);
            assert_eq!(problems.take(), [], "{operation}");
            let after = state(&schema);
            let change = after.change_since(&start).expect("it is one after another");
            let again = parent.change(&change).expect("what was written can be read");
            assert_eq!(again.encode(), after.encode(), "{operation}");
            let some_stay = schema.objects.changed(&before.objects).len() < schema.objects.len();
            assert!(!some_stay || change.len() < after.encode().len(), "{operation}");
        }
    }

    #[test]
    fn a_state_of_another_version_is_refused() {
        let text = state(&example::schema()).encode();
        assert!(State::decode(&text.replacen(VERSION, "0", 1)).is_none());
        assert!(State::decode(&text[..text.len() - 1]).is_none());
        assert!(State::decode("").is_none());
    }
}
