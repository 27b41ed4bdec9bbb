//! Where a script stops: what must hold before its statements.

use migrate_history::plan::{Direction, Plan, Planned};
use migrate_history::{Guard, Migration, Version};

use super::writer::{ScriptWriter, comment};
use crate::sql::{Parameter, Query, dialect};

/// What a script begins with.
pub(super) struct Start<'h> {
    /// The applied migrations that no other applied one comes after.
    pub heads: Vec<&'h Migration>,
    /// The other applied ones.
    pub earlier: Vec<&'h Migration>,
    /// The first of the history that does something, by which it is known under another name.
    pub first: Option<&'h Migration>,
}

/// The condition that a row has a checksum which this migration may have, and its values.
fn accepted(migration: &Migration) -> (String, Vec<Parameter>) {
    let (whole, beginning) = migration.accepted();
    let mut condition = format!("checksum IN ({})", vec!["{}"; whole.len()].join(", "));
    let mut values: Vec<Parameter> = whole.into_iter().map(Parameter::from).collect();
    if let Some((length, beginning)) = beginning {
        condition += &format!(" OR substr(checksum, 1, {length}) = {{}}");
        values.push(Parameter::from(beginning));
    }
    (condition, values)
}

impl ScriptWriter {
    /// Stops on a server or in a shell that is older than the history supports, or that does not know some SQL of the script.
    pub(super) fn must_be_new_enough(&self, plan: &Plan, out: &mut String) {
        if let Some(oldest) = self.oldest {
            self.must_be(oldest, &format!("the history supports {oldest} or later"), out);
        }
        let needs = plan.migrations.iter().filter_map(|planned| planned.need(self.database));
        let newest = needs.max_by_key(|need| need.version).filter(|need| self.oldest < Some(need.version));
        if let Some(need) = newest {
            self.must_be(need.version, &format!("{} requires {}", need.sql(), need.version), out);
        }
    }

    /// Stops on an older version than this one.
    fn must_be(&self, version: Version, name: &str, out: &mut String) {
        let (number, server) = (version.number, Version::query(self.database));
        let query = format!("SELECT CASE WHEN CAST(({server}) AS integer) < {number} THEN 1 ELSE 0 END");
        self.must_be_zero(name, &query, out);
    }

    /// What must hold before the first statement of a migration.
    pub(super) fn begins(&self, planned: &Planned, direction: Direction, out: &mut String) {
        match direction {
            Direction::Upgrade => self.must_be_pending(&planned.revision, out),
            Direction::Downgrade => {
                planned.migration.into_iter().for_each(|migration| self.must_be_applied(migration, out));
                self.must_be_last(&planned.revision, out);
            }
        }
    }

    /// Stops where the ledger does not have the migration to its end, with the operations and parents that the code has.
    pub(super) fn must_be_applied(&self, migration: &Migration, out: &mut String) {
        let (checksums, accepted) = accepted(migration);
        let values = std::iter::once(Parameter::from(&*migration.id)).chain(accepted).collect();
        let complete = format!("revision = {{}} AND ({checksums}) AND direction = 'upgrade' AND step = steps");
        let count = self.count("1 - count(*)", &complete, values);
        self.must_be_zero(&format!("not applied, or edited since: {}", migration.id), &count, out);
    }

    /// Stops where the ledger has nothing of this history, and it is applied in another schema or under another name.
    pub(super) fn must_be_here(&self, base: &Start<'_>, out: &mut String) {
        let (table, history) = (self.ledger.table("migrate_ledger"), dialect(self.database).literal(&self.stamp.history));
        let unless_here = |query: &str| {
            format!("SELECT CASE WHEN EXISTS (SELECT 1 FROM {table} WHERE history = {history}) THEN 0 ELSE ({query}) END")
        };
        if let Some(elsewhere) = self.shell.elsewhere() {
            self.must_be_zero(elsewhere.name, &unless_here(&elsewhere.query), out);
        }
        if let Some(first) = base.first {
            let (revision, (condition, values)) = (Parameter::from(&*first.id), accepted(first));
            let query = format!("SELECT count(*) FROM {table} WHERE history <> {history} AND revision = {{}} AND ({condition})");
            let query = Query::new(query, std::iter::once(revision).chain(values)).write_out(dialect(self.database));
            self.must_be_zero("this history is applied under another name", &unless_here(&query), out);
        }
    }

    /// Stops where the ledger does not have all of these, each as the code has it.
    pub(super) fn must_all_be_applied(&self, migrations: &[&Migration], out: &mut String) {
        if migrations.is_empty() {
            return;
        }
        let (table, history) = (self.ledger.table("migrate_ledger"), dialect(self.database).literal(&self.stamp.history));
        let rows: Vec<String> = migrations.iter().map(|migration| self.known(migration)).collect();
        let query = format!(
            "WITH known (revision, own, older, beginning) AS (VALUES\n    {}\n)\nSELECT count(*) FROM known WHERE NOT EXISTS (\
             SELECT 1 FROM {table} AS there WHERE there.history = {history} AND there.revision = known.revision \
             AND there.direction = 'upgrade' AND there.step = there.steps AND (there.checksum IN (known.own, known.older) \
             OR substr(there.checksum, 1, length(known.beginning)) = known.beginning))",
            rows.join(",\n    ")
        );
        self.must_be_zero("an earlier migration is not applied, or edited since", &query, out);
    }

    /// A revision and the checksums that it may have.
    pub(super) fn known(&self, migration: &Migration) -> String {
        let (whole, beginning) = migration.accepted();
        let beginning = Parameter::Text(beginning.map(|(_, beginning)| beginning.to_owned()));
        let values =
            std::iter::once(Parameter::from(&*migration.id)).chain(whole.into_iter().map(Parameter::from)).chain([beginning]);
        Query::new("({}, {}, {}, {})", values).write_out(dialect(self.database))
    }

    /// Stops where the ledger has the revision.
    pub(super) fn must_be_pending(&self, revision: &str, out: &mut String) {
        let count = self.count("count(*)", "revision = {}", vec![Parameter::from(revision)]);
        self.must_be_zero(&format!("applied already: {revision}"), &count, out);
    }

    /// Stops where the ledger has a revision that comes after this one.
    pub(super) fn must_be_last(&self, revision: &str, out: &mut String) {
        let parent = Parameter::from(serde_json::Value::from(revision).to_string());
        let count = self.count("count(*)", "replace(parents, {}, '') <> parents", vec![parent]);
        self.must_be_zero(&format!("another one is applied after {revision}"), &count, out);
    }

    /// A question about the rows of this history.
    pub(super) fn count(&self, what: &str, condition: &str, values: Vec<Parameter>) -> String {
        let table = self.ledger.table("migrate_ledger");
        let values = std::iter::once(Parameter::from(&*self.stamp.history)).chain(values);
        Query::new(format!("SELECT {what} FROM {table} WHERE history = {{}} AND {condition}"), values)
            .write_out(dialect(self.database))
    }

    pub(super) fn guard(&self, guard: &Guard, out: &mut String) {
        *out += &comment(&format!("refused if it finds {}", guard.refusal));
        self.must_be_zero("rows do not fit the downgrade", &guard.query, out);
    }
}
