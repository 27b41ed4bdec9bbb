//! A history compiled as the macros compile it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;

use migrate_compiler::compile::{Outcome, compile};
use migrate_compiler::lineage;
use migrate_compiler::parse::{self, Parsed};
use migrate_compiler::problem::Problem;
use migrate_compiler::rows_file::RowsFile;
use migrate_compiler::state::State;
use migrate_history::{DataColumn, DataFile, History, Migration, Text};
use syn::Path;
use syn::ext::IdentExt;

use crate::error::SourceError;
use crate::file::SourceFile;
use crate::finding::{self, Finding};
use crate::history::{HistorySource, MigrationSource};
use crate::quotes::SingleQuoted;
use crate::shown::shown;

/// A history compiled from its source.
#[derive(Debug)]
pub struct CompiledHistory {
    /// The migrations that have no error. They and their texts are kept for as long as the process lives, as those in a program are.
    pub history: History,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// The migrations that call functions of the program, which are not here.
    pub calling: Vec<String>,
}

/// Finds what is wrong with a file of rows.
pub type FileCheck<'c> = &'c dyn Fn(&DataFile) -> Result<(), String>;

/// A migration that was parsed.
pub(crate) struct ParsedMigration<'h> {
    pub source: &'h MigrationSource,
    pub parsed: Parsed,
    /// Its revision id.
    pub id: String,
    /// The places of its parents in the history; `None` where it is not among them.
    pub parents: Vec<Option<usize>>,
    /// The places of its dependencies.
    pub dependencies: Vec<Option<usize>>,
    /// Its parents and dependencies that are not known.
    pub unknown: Vec<MissingParent>,
}

/// A parent or a dependency that is not known.
pub(crate) struct MissingParent {
    /// The last word of its path.
    name: String,
    /// What is wrong.
    finding: Finding,
}

impl ParsedMigration<'_> {
    /// The places of what is applied before it.
    pub fn predecessors(&self) -> impl Iterator<Item = &usize> {
        self.parents.iter().chain(&self.dependencies).flatten()
    }
}

/// The ids of what is applied before a migration.
#[derive(Default)]
struct PredecessorIds {
    parents: Vec<String>,
    dependencies: Vec<String>,
}

/// What became of a migration.
struct Done {
    after: State,
    migration: Option<&'static Migration>,
    /// Whether all that is wrong with it is that it has no `after`.
    lacks_after: bool,
}

/// What is known of the history when one of its migrations is compiled.
struct KnownMigrations<'k, 'h> {
    all: &'k [ParsedMigration<'h>],
    done: &'k HashMap<usize, Done>,
    /// The modules with a migration that the history does not list, which is said of them.
    unlisted: &'k BTreeSet<String>,
    /// What looks at each file of rows.
    look: FileCheck<'k>,
}

impl HistorySource {
    /// Compiles every migration, parents before children.
    ///
    /// # Errors
    /// A file whose rows are inserted cannot be read.
    pub fn compile(&self) -> Result<CompiledHistory, SourceError> {
        self.compile_with(&|_| Ok(()))
    }

    /// The same, and what another look at each file of rows finds.
    ///
    /// # Errors
    /// A file whose rows are inserted cannot be read.
    pub fn compile_with(&self, look: FileCheck<'_>) -> Result<CompiledHistory, SourceError> {
        let read = self.parse();
        let order = order(&read);
        let unlisted = self.unlisted();
        let names: BTreeSet<String> = unlisted.iter().map(|one| one.name.clone()).collect();
        let mut findings = Vec::new();
        let mut done: HashMap<usize, Done> = HashMap::new();
        for &at in &order {
            let known = KnownMigrations { all: &read, done: &done, unlisted: &names, look };
            let one = self.compile_one(at, &known, &mut findings)?;
            done.insert(at, one);
        }
        let migrations: Vec<&'static Migration> =
            (0..read.len()).filter_map(|at| done.get(&at).and_then(|done| done.migration)).collect();
        let checksum = |at| done.get(&at).and_then(|done| done.migration).map_or("", Migration::checksum_without_files);
        let checksums: Vec<&'static str> = (0..read.len()).map(checksum).collect();
        let placed = |at: &usize| done.get(at).is_none_or(|done| !done.lacks_after);
        let placed: Vec<usize> = order.iter().copied().filter(placed).collect();
        let quoted = self.single_quoted(&findings);
        let unlisted = unlisted.into_iter().map(|one| one.finding).collect();
        let mut findings = [self.findings(&read, &placed, &checksums), unlisted, findings, quoted].concat();
        findings.sort_by(|one, other| (&one.file.path, one.range.start).cmp(&(&other.file.path, other.range.start)));
        let calling = read.iter().filter(|one| !one.parsed.programs.is_empty()).map(|one| one.id.clone()).collect();
        let servers = self.input.servers.iter().map(|(server, _)| *server).collect::<Vec<_>>();
        let protected = self.input.protected.iter().cloned().map(Text::from).collect();
        let history = History::protected(self.name.clone().into(), servers.into(), migrations.into(), protected);
        Ok(CompiledHistory { history, findings, calling })
    }

    /// Parses every migration, and finds its parents.
    pub(crate) fn parse(&self) -> Vec<ParsedMigration<'_>> {
        let places: HashMap<&str, usize> =
            self.migrations.iter().enumerate().map(|(at, one)| (one.module.as_str(), at)).collect();
        let listed: HashSet<String> = self.listed().collect();
        let read = |source| {
            let parsed = parse::migration(MigrationSource::body(source)).serving(self.settings().databases());
            let id = parsed.revision.as_ref().map_or_else(|| source.module.clone(), |(id, _)| id.clone());
            let mut unknown = Vec::new();
            let mut places_of = |paths: &[Path], words: &str| -> Vec<Option<usize>> {
                let place = |path| match self.sibling(path, words, source, &listed) {
                    Ok(name) => places.get(name.as_str()).copied(),
                    Err(parent) => {
                        unknown.push(*parent);
                        None
                    }
                };
                paths.iter().map(place).collect()
            };
            let parents = places_of(&parsed.parents, "after");
            let dependencies = places_of(&parsed.dependencies, "depends on");
            ParsedMigration { source, parsed, id, parents, dependencies, unknown }
        };
        self.migrations.iter().map(read).collect()
    }

    /// The module next to the migration that a path after some words leads to.
    fn sibling(
        &self,
        path: &Path,
        words: &str,
        of: &MigrationSource,
        listed: &HashSet<String>,
    ) -> Result<String, Box<MissingParent>> {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.unraw().to_string()).collect();
        let (name, above) = segments.split_last().map_or(("", &[][..]), |(name, above)| (name.as_str(), above));
        let is_absolute = above.split_first().is_some_and(|(first, rest)| first == "crate" && rest == self.module.path);
        let is_beside = above == ["super"] || is_absolute;
        if is_beside && listed.contains(name) {
            return Ok(name.to_owned());
        }
        let is_meant = listed.contains(name) && above.first().is_none_or(|first| first == "self" || first == "crate");
        let finding = match path.segments.last() {
            Some(last) if is_beside => {
                let listed: Vec<String> = self.listed().collect();
                let unknown = lineage::unknown_parent(listed.iter().map(String::as_str), &last.ident);
                Finding::of(&unknown, &of.file, &of.range)
            }
            Some(last) if is_meant => {
                let path = segments.join("::");
                let text = format!("`{path}` cannot be read from source\nhelp: write `{words} super::{name};`");
                let range = finding::range(last.ident.span()).unwrap_or(of.range.clone());
                Finding::error("foreign_parent", &of.file, range, &text)
            }
            Some(last) => of.foreign_parent(&segments.join("::"), last.ident.span()),
            None => of.foreign_parent("", proc_macro2::Span::call_site()),
        };
        Err(Box::new(MissingParent { name: name.to_owned(), finding }))
    }

    /// The string literals in single quotes of its migrations, but for those that another finding says to write otherwise.
    fn single_quoted(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut seen = BTreeSet::new();
        let files = self.migrations.iter().map(|one| &one.file).filter(|file| seen.insert(&file.path));
        let quoted = files.flat_map(|file| file.single_quoted.iter().map(move |one| (one, file)));
        let is_said = |one: &SingleQuoted, file: &SourceFile| {
            let helps =
                findings.iter().filter(|finding| finding.file.path == file.path).filter_map(|finding| finding.help.as_ref());
            helps.into_iter().any(|help| help.contains(&one.rust))
        };
        quoted.filter(|(one, file)| !is_said(one, file)).map(|(one, file)| Finding::of_quotes(one, file)).collect()
    }

    fn compile_one(&self, at: usize, known: &KnownMigrations<'_, '_>, findings: &mut Vec<Finding>) -> Result<Done, SourceError> {
        let KnownMigrations { all, done, unlisted, look } = known;
        let one = &all[at];
        let ParsedMigration { source, parsed, id, parents, dependencies, unknown } = one;
        let mut problems = Vec::new();
        let mut before = None;
        let mut predecessors = PredecessorIds::default();
        let ways = [(parents, &mut predecessors.parents), (dependencies, &mut predecessors.dependencies)];
        for (places, ids) in ways {
            for at in places.iter().flatten() {
                let Some(state) = done.get(at).map(|done| done.after.clone()) else { continue };
                ids.push(all[*at].id.clone());
                before = Some(lineage::merged(before, state, &mut problems));
            }
        }
        let found = predecessors.parents.len() + predecessors.dependencies.len();
        let is_orphan = found < parents.len() + dependencies.len();
        let before = match before {
            _ if !parsed.has_head => State::nowhere(),
            Some(before) => before,
            None if is_orphan => State::broken(),
            None => State::root(self.settings()),
        };
        let own = parsed.revision.as_ref().map_or("", |(id, _)| id.as_str());
        let mut outcome = compile(before.next(own), &parsed.draft, &parsed.message);
        let placed = known.after_another(one, own, &outcome);
        let lacks_after = placed.is_some();
        outcome = placed.unwrap_or(outcome);
        let Outcome { mut after, migration, files, problems: found } = outcome;
        after.is_broken |= parsed.is_broken() || !problems.is_empty() || is_orphan;
        let told = if unknown.is_empty() { problems.into_iter().chain(found).collect() } else { Vec::new() };
        let unknown = unknown.iter().filter(|parent| !unlisted.contains(&parent.name));
        findings.extend(unknown.map(|parent| parent.finding.clone()));
        findings.extend(parsed.diagnostics(told).iter().map(|diagnostic| Finding::of(diagnostic, &source.file, &source.range)));
        let is_quoted = source.file.single_quoted.iter().any(|one| source.range.contains(&one.range.start));
        let migration = match migration.filter(|_| !after.is_broken && !lacks_after && !is_quoted) {
            Some(migration) => match self.kept(migration, (one, *look), predecessors, &files) {
                Ok(migration) => Some(migration),
                Err(finding) => {
                    findings.push(*finding);
                    after.is_broken = true;
                    None
                }
            },
            None => None,
        };
        let migration = migration.filter(|_| !id.is_empty());
        Ok(Done { after: after.named(&source.module), migration, lacks_after })
    }

    /// The migration with its name, its label, what comes before it, and its files.
    fn kept(
        &self,
        migration: Migration,
        (one, look): (&ParsedMigration<'_>, FileCheck<'_>),
        predecessors: PredecessorIds,
        files: &[RowsFile],
    ) -> Result<&'static Migration, Box<Finding>> {
        let PredecessorIds { parents, dependencies } = predecessors;
        let mut migration = migration.depending(leaked(dependencies)).named(one.id.clone(), leaked(parents));
        migration.label = one.parsed.label.clone().map(|label| &*String::leak(label));
        if !files.is_empty() {
            let folder = one.source.file.path.parent().unwrap_or(std::path::Path::new(""));
            let read = files.iter().map(|file| data_file(folder, file, (one, look))).collect::<Result<Vec<_>, _>>()?;
            migration.files = Vec::leak(read);
        }
        Ok(Box::leak(Box::new(migration)))
    }
}

impl KnownMigrations<'_, '_> {
    /// What becomes of a migration without parents after the last one of those before it, where that has what it does not find: with one
    /// problem, that it has no `after`, and those that are left.
    fn after_another(&self, one: &ParsedMigration<'_>, own: &str, outcome: &Outcome) -> Option<Outcome> {
        let is_root = one.parents.is_empty() && one.dependencies.is_empty() && one.parsed.has_head;
        let missing: Vec<&Problem> = outcome.problems.iter().filter(|problem| is_root && is_missing(problem)).collect();
        if missing.is_empty() {
            return None;
        }
        let last = self.done.iter().filter(|(_, done)| !done.after.is_broken).max_by_key(|(at, _)| **at);
        let (last, done) = last?;
        let mut placed = compile(done.after.clone().next(own), &one.parsed.draft, &one.parsed.message);
        let is_left =
            |problem: &Problem| placed.problems.iter().any(|left| (left.code, &left.slot) == (problem.code, &problem.slot));
        let found = (*missing.iter().find(|problem| !is_left(problem))?).clone();
        let help = format!("write `after super::{};`", self.all[*last].source.module);
        let note = "a migration without `after` begins with an empty schema";
        let problem = Problem { help: None, origin: None, ..found }.help(help).note(note);
        placed.problems.insert(0, problem);
        Some(placed)
    }
}

/// Whether a problem is about what an earlier migration may create.
fn is_missing(problem: &Problem) -> bool {
    ["unknown_table", "unknown_object", "unknown_index", "unknown_type"].contains(&problem.code)
}

impl MigrationSource {
    /// A parent that is not a module of the same folder: only rustc knows where it is.
    fn foreign_parent(&self, path: &str, span: proc_macro2::Span) -> Finding {
        let text = format!(
            "`{path}` is not a module next to this migration, so it cannot be read from source\n\
             help: write `--build`, which runs the program itself"
        );
        let range = finding::range(span).unwrap_or(self.range.clone());
        Finding::error("foreign_parent", &self.file, range, &text)
    }
}

/// A file of rows, as `include_str!` reads it.
fn data_file(
    folder: &std::path::Path,
    file: &RowsFile,
    (one, look): (&ParsedMigration<'_>, FileCheck<'_>),
) -> Result<DataFile, Box<Finding>> {
    let path = folder.join(&file.name);
    let wrong = |text: &str| {
        let place = one.parsed.files.iter().find(|(name, _)| *name == file.name).and_then(|(_, span)| finding::range(*span));
        Box::new(Finding::error("rows_file", &one.source.file, place.unwrap_or(one.source.range.clone()), text))
    };
    let text = fs::read_to_string(&path).map_err(|error| wrong(&format!("cannot read {}: {error}", shown(&path))))?;
    let columns = file.columns.iter().map(|column| DataColumn {
        name: String::leak(column.name.clone()),
        values: column.values(),
        nullable: column.nullable,
    });
    let file =
        DataFile { name: String::leak(file.name.clone()), text: String::leak(text), columns: Vec::leak(columns.collect()) };
    look(&file).map_err(|what| wrong(&what))?;
    Ok(file)
}

/// The places of the migrations, parents before children; those in a circle, and those after them, are left out.
pub(crate) fn order(read: &[ParsedMigration<'_>]) -> Vec<usize> {
    let mut children = vec![Vec::new(); read.len()];
    let mut waits = vec![0_usize; read.len()];
    for (at, one) in read.iter().enumerate() {
        for &parent in one.predecessors() {
            children[parent].push(at);
            waits[at] += 1;
        }
    }
    let mut free: BTreeSet<usize> = (0..read.len()).filter(|&at| waits[at] == 0).collect();
    let mut order = Vec::with_capacity(read.len());
    while let Some(at) = free.pop_first() {
        order.push(at);
        for &child in &children[at] {
            waits[child] -= 1;
            if waits[child] == 0 {
                free.insert(child);
            }
        }
    }
    order
}

/// The text of a list of names.
pub(crate) fn leaked(names: impl IntoIterator<Item = String>) -> &'static [&'static str] {
    Vec::leak(names.into_iter().map(|name| &*String::leak(name)).collect())
}
