//! What each command does.

use std::process::ExitCode;
use std::time::Duration;

use migrate_history::KeptPlace;
use migrate_history::plan::{Direction, PlanError, Target};
use migrate_runtime::{Migrator, OldRows, Report, RevisionState, Stop, script};

use crate::arguments::{
    Command, Common, DowngradeArguments, DowngradeOptions, Format, HistoryArguments, PlanArguments, PurgeArguments, Seconds,
    StampArguments, UndoOptions, UpgradeArguments,
};
use crate::consent::Reply;
use crate::context::{database_url, migrator, named_url, print};
use crate::failure::Failure;
use crate::program::Program;
use crate::text::Detail;
use crate::{consent, explain, graph, json, listing, repair, show, signals, terminal, text, url};

/// Does what the arguments say; the exit status.
pub(crate) async fn run(program: &Program, common: &Common, command: &Command) -> Result<ExitCode, Failure> {
    refuse_format(common)?;
    match command {
        Command::Upgrade(UpgradeArguments { target, sql: true, .. }) => {
            print_script(program, common, Direction::Upgrade, target)?;
        }
        Command::Downgrade(DowngradeArguments { target, sql: true, .. }) => {
            print_script(program, common, Direction::Downgrade, target)?;
        }
        Command::Upgrade(UpgradeArguments { target, dry_run: true, .. }) => {
            inspect(program, common, Inspected::of(Direction::Upgrade, target)).await?;
        }
        Command::Downgrade(DowngradeArguments { target, dry_run: true, options, .. }) => {
            inspect(program, common, Inspected { keep: options.keep, ..Inspected::of(Direction::Downgrade, target) }).await?;
        }
        Command::Upgrade(upgrade) => self::upgrade(program, common, upgrade).await?,
        Command::Downgrade(downgrade) => self::downgrade(program, common, downgrade).await?,
        Command::Redo(options) => redo(program, common, options).await?,
        Command::Reset(options) => reset(program, common, options).await?,
        Command::Fresh(options) => fresh(program, common, options).await?,
        Command::EnsureLedger => ensure_ledger(program, common).await?,
        Command::Repair(repair) => return repair::run(program, common, repair).await,
        Command::Explain { rule } => return explain(common, rule.as_deref()),
        Command::Switch(options) => switch(program, common, options).await?,
        Command::Stamp(stamp) => self::stamp(program, common, stamp).await?,
        Command::Current => current(program, common).await?,
        Command::Status { exit_code } => {
            if !status(program, common).await? && *exit_code {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::History(history) => self::history(program, common, history).await?,
        Command::Heads => heads(program, common)?,
        Command::Branches => branches(program, common)?,
        Command::Show { revision } => show(program, common, revision)?,
        Command::Plan(plan) => self::plan(program, common, plan).await?,
        Command::Kept { question_timeout } => kept(program, common, *question_timeout).await?,
        Command::Protect { off: false } => protect(program, common).await?,
        Command::Protect { off: true } => unprotect(program, common).await?,
        Command::Purge(purge) => self::purge(program, common, purge).await?,
        Command::Journal { limit } => journal(program, common, *limit).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses a format that only `check` has.
pub(crate) fn refuse_format(common: &Common) -> Result<(), Failure> {
    match common.format {
        Format::Text | Format::Json => Ok(()),
        Format::Github | Format::Sarif => {
            Err(Failure::Usage("only `cargo migrate check` has this format\nhelp: write `--format json`".to_owned()))
        }
    }
}

async fn upgrade(program: &Program, arguments: &Common, upgrade: &UpgradeArguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let stop = Stop::new();
    let migrator = upgrade.batches.apply(migrator(program, arguments)).stop_on(&stop).lock(upgrade.lock.into());
    let migrator = if upgrade.atomic { migrator.atomic() } else { migrator };
    let mut migrator = reviewed(migrator, upgrade.plan.as_deref());
    let report = signals::stopping(&stop, migrator.upgrade(&url, &upgrade.target)).await?;
    print(arguments, || text::report(&report), || json::report(&report))
}

fn parsed(target: &str) -> Result<Target, Failure> {
    Target::parse(target).map_err(|error| migrate_runtime::Error::from(error).into())
}

/// The runner of a plan that was reviewed.
fn reviewed(migrator: Migrator<'static>, hash: Option<&str>) -> Migrator<'static> {
    match hash {
        Some(hash) => migrator.reviewed(hash),
        None => migrator,
    }
}

async fn downgrade(program: &Program, arguments: &Common, downgrade: &DowngradeArguments) -> Result<(), Failure> {
    let migrator = reviewed(keeping(program, arguments, &downgrade.options), downgrade.plan.as_deref());
    let report = undo(program, arguments, (migrator, parsed(&downgrade.target)?), &downgrade.options.undo).await?;
    print(arguments, || text::report(&report), || json::report(&report))
}

/// A runner that keeps what it drops, where that is wanted.
fn keeping(program: &Program, arguments: &Common, options: &DowngradeOptions) -> Migrator<'static> {
    let migrator = migrator(program, arguments);
    if options.keep { migrator.keep_dropped() } else { migrator }
}

/// Undoes everything.
async fn reset(program: &Program, arguments: &Common, options: &DowngradeOptions) -> Result<(), Failure> {
    let report = undo(program, arguments, (keeping(program, arguments, options), Target::Base), &options.undo).await?;
    print(arguments, || text::report(&report), || json::report(&report))
}

/// Undoes the last migration, and applies it again.
async fn redo(program: &Program, arguments: &Common, options: &DowngradeOptions) -> Result<(), Failure> {
    let undone = undo(program, arguments, (keeping(program, arguments, options), Target::Back(1)), &options.undo).await?;
    let target = undone.migrations.last().map_or(Target::Heads, |last| Target::Revision(last.revision.to_string()));
    again(program, arguments, &undone, target, &options.undo).await
}

/// Makes the database follow the checkout: what this history does not have is undone, from the downgrades that the ledger keeps.
/// What they drop cannot be kept: how that is done only the program says that has them.
async fn switch(program: &Program, arguments: &Common, options: &UndoOptions) -> Result<(), Failure> {
    let undone = undo(program, arguments, (migrator(program, arguments), Target::Shared), options).await?;
    again(program, arguments, &undone, Target::Heads, options).await
}

/// Undoes everything that the ledger has, also what this history does not have, then applies everything.
async fn fresh(program: &Program, arguments: &Common, options: &DowngradeOptions) -> Result<(), Failure> {
    refuse_irreversible(program, arguments).await?;
    let undone = undo(program, arguments, (keeping(program, arguments, options), Target::Base), &options.undo).await?;
    again(program, arguments, &undone, Target::Heads, &options.undo).await
}

/// Only downgrades say what belongs to the history: what they cannot undo, nothing here deletes.
async fn refuse_irreversible(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    match migrator(program, arguments).plan(&url, Direction::Downgrade, Target::Base).await {
        Err(migrate_runtime::Error::Plan(PlanError::Irreversible { revision, reason })) => Err(Failure::Failed {
            message: format!(
                "`{revision}` is irreversible, so `fresh` cannot undo it: {reason}\n\
                 help: drop the database, create it again, and run `upgrade`"
            ),
            revision: Some(revision.to_string()),
        }),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Creates the ledger and runs nothing.
async fn ensure_ledger(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let ensured = migrator(program, arguments).ensure_ledger(&url).await?;
    print(arguments, || text::ensured(&ensured), || json::ensured(&ensured))
}

/// The page of a rule, or all their names.
pub(crate) fn explain(arguments: &Common, rule: Option<&str>) -> Result<ExitCode, Failure> {
    match rule.map(explain::find).transpose()? {
        Some(page) => print(arguments, || page.text(), || page.json())?,
        None => print(arguments, explain::list, explain::list_json)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Applies what is pending after something was undone.
async fn again(
    program: &Program,
    arguments: &Common,
    undone: &Report,
    target: Target,
    options: &UndoOptions,
) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let stop = Stop::new();
    let mut migrator = options.batches.apply(migrator(program, arguments)).stop_on(&stop).lock(options.lock.into());
    let report = signals::stopping(&stop, migrator.upgrade(&url, target)).await?;
    let both = || serde_json::json!({ "undone": json::report(undone), "applied": json::report(&report) });
    print(arguments, || text::reports(undone, &report), both)
}

/// Records what is applied; nothing of it is run.
async fn stamp(program: &Program, arguments: &Common, stamp: &StampArguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let old = if stamp.purge { OldRows::Removed } else { OldRows::Kept };
    let stamped = reviewed(migrator(program, arguments), stamp.plan.as_deref()).stamp(&url, parsed(&stamp.target)?, old).await?;
    print(arguments, || text::stamped(&stamped), || json::stamped(&stamped))
}

/// Asks before anything is lost, and undoes it.
async fn undo(
    program: &Program,
    arguments: &Common,
    (mut migrator, target): (Migrator<'static>, Target),
    options: &UndoOptions,
) -> Result<Report, Failure> {
    let url = database_url(program, arguments)?;
    let plan = migrator.plan(&url, Direction::Downgrade, target).await?;
    let answer = if options.yes { Reply::Everything } else { consent::ask(&plan)? };
    let (migrator, plan) = match answer {
        Reply::Unasked => (migrator, plan.agreeing_to_nothing_uncounted()),
        Reply::Agreed => (migrator, plan),
        Reply::Everything => (migrator.accept_losses(), plan),
    };
    // From here on; a question is left at once.
    let stop = Stop::new();
    let mut migrator = options.batches.apply(migrator).stop_on(&stop).lock(options.lock.into());
    Ok(signals::stopping(&stop, migrator.execute(&url, &plan)).await?)
}

async fn current(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let current = migrator(program, arguments).current(&url).await?;
    print(arguments, || text::current(&current), || json::current(&current))
}

async fn journal(program: &Program, arguments: &Common, limit: usize) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let journal = migrator(program, arguments).journal(&url, limit).await?;
    print(arguments, || text::journal(&journal), || json::journal(&journal))
}

async fn kept(program: &Program, arguments: &Common, limit: Seconds) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let kept = migrator(program, arguments).question_timeout(limit.0).kept(&url).await?;
    print(arguments, || text::kept(&kept), || json::kept(&kept))
}

async fn purge(program: &Program, arguments: &Common, purge: &PurgeArguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let kept = migrator(program, arguments).kept(&url).await?;
    let things = purge.places.iter().map(|name| {
        let found = kept.things.iter().find(|thing| thing.place.to_string() == *name);
        found.ok_or_else(|| Failure::failed(format!("nothing is kept as `{name}`\nhelp: `kept` lists what is kept")))
    });
    let things = things.collect::<Result<Vec<_>, _>>()?;
    if !purge.yes {
        consent::ask_to_purge(&things)?;
    }
    let places: Vec<KeptPlace> = things.into_iter().map(|thing| thing.place.clone()).collect();
    let purged = reviewed(migrator(program, arguments), purge.plan.as_deref()).accept_losses().purge(&url, &places).await?;
    print(arguments, || text::purged(&purged), || json::purged(&purged))
}

/// Marks the database as one where only a reviewed plan runs.
async fn protect(program: &Program, arguments: &Common) -> Result<(), Failure> {
    migrator(program, arguments).protect(&database_url(program, arguments)?).await?;
    protection(program, arguments).await
}

/// Takes that mark away.
async fn unprotect(program: &Program, arguments: &Common) -> Result<(), Failure> {
    migrator(program, arguments).unprotect(&database_url(program, arguments)?).await?;
    protection(program, arguments).await
}

/// Whether the database is protected now.
async fn protection(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let current = migrator(program, arguments).current(&database_url(program, arguments)?).await?;
    print(arguments, || text::protection(&current), || serde_json::json!({ "protected": json::protection(&current) }))
}

/// The migrations; with their states where a database is named.
async fn history(program: &Program, arguments: &Common, history: &HistoryArguments) -> Result<(), Failure> {
    let current = match named_url(program, arguments)? {
        Some(url) => Some(migrator(program, arguments).current(&url).await?),
        None => None,
    };
    if current.is_none() && !arguments.quiet {
        terminal::tell("note: no database was given, so what is applied is not shown");
    }
    let applied = current.as_ref().map(|current| current.heads.as_slice());
    let range = listing::range(program.history, applied, history.range.as_deref())?;
    let entries = listing::entries(program.history, current.as_ref(), range.as_ref());
    if history.graph && arguments.format == Format::Text {
        return Ok(terminal::print(&graph::drawn(&entries))?);
    }
    let detail = if history.verbose { Detail::Everything } else { Detail::Line };
    let schema = current.as_ref().and_then(|current| current.schema.as_deref());
    print(arguments, || text::history(program.history, schema, &entries, detail), || json::history(schema, &entries))
}

fn heads(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let heads = listing::heads(&listing::graph(program.history)?);
    print(arguments, || text::heads(program.history, &heads), || json::heads(&heads))
}

fn branches(program: &Program, arguments: &Common) -> Result<(), Failure> {
    let branches = listing::branches(&listing::graph(program.history)?);
    print(arguments, || text::branches(&branches), || json::branches(&branches))
}

fn show(program: &Program, arguments: &Common, revision: &str) -> Result<(), Failure> {
    let migration = listing::find(program.history, revision)?;
    print(arguments, || show::text(migration), || json::show(migration))
}

/// Whether the database has exactly the migrations of the history.
async fn status(program: &Program, arguments: &Common) -> Result<bool, Failure> {
    let url = database_url(program, arguments)?;
    let current = migrator(program, arguments).current(&url).await?;
    print(arguments, || text::status(&current), || json::current(&current))?;
    Ok(current.revisions.iter().all(|one| one.state == RevisionState::Applied))
}

async fn plan(program: &Program, arguments: &Common, plan: &PlanArguments) -> Result<(), Failure> {
    let back = plan.downgrade || plan.target.as_deref().is_some_and(is_of_a_downgrade);
    let direction = if back { Direction::Downgrade } else { Direction::Upgrade };
    let target = match (plan.target.as_deref(), back) {
        (Some(target), _) => target,
        (None, true) => {
            return Err(Failure::Usage(
                "`plan --downgrade` requires a target\nhelp: write `-1`, a revision id, or `base`".to_owned(),
            ));
        }
        (None, false) => "head",
    };
    let inspected = Inspected { direction, target, keep: plan.keep, limit: plan.question_timeout.0 };
    if !plan.hash {
        return inspect(program, arguments, inspected).await;
    }
    let hash = inspected.planner(program, arguments).plan(&database_url(program, arguments)?, direction, target).await?.hash();
    print(arguments, || format!("{hash}\n"), || serde_json::json!({ "hash": hash }))
}

/// Which plan is shown.
struct Inspected<'i> {
    direction: Direction,
    target: &'i str,
    keep: bool,
    /// How long one query to the database may take.
    limit: Duration,
}

impl<'i> Inspected<'i> {
    fn of(direction: Direction, target: &'i str) -> Inspected<'i> {
        Inspected { direction, target, keep: false, limit: Duration::from_secs(5) }
    }

    /// What makes it.
    fn planner(&self, program: &Program, arguments: &Common) -> Migrator<'static> {
        let migrator = migrator(program, arguments).question_timeout(self.limit);
        if self.keep { migrator.keep_dropped() } else { migrator }
    }
}

/// Shows a plan on the live database, and runs nothing.
async fn inspect(program: &Program, arguments: &Common, inspected: Inspected<'_>) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let mut migrator = inspected.planner(program, arguments);
    let Inspected { direction, target, .. } = inspected;
    let inspection = migrator.inspect(&url, direction, target).await?;
    print(arguments, || crate::plan::text(&inspection), || json::plan(&inspection))
}

/// Whether only a downgrade has the target, of a branch or of everything.
fn is_of_a_downgrade(target: &str) -> bool {
    let of = target.split_once('@').map_or(target, |(_, of)| of);
    of.starts_with('-') || of == "base"
}

/// A script from one revision to another, both of which the user names: no database is asked.
fn print_script(program: &Program, arguments: &Common, direction: Direction, range: &str) -> Result<(), Failure> {
    let url = named_url(program, arguments)?;
    let database = url::database(url.as_deref(), program.history)?;
    let start = match direction {
        Direction::Upgrade => "base",
        Direction::Downgrade => "heads",
    };
    let (from, to) = Target::range(range).map_err(migrate_runtime::Error::from)?;
    let sql = script(program.history, database, direction, from.unwrap_or(start), to)?;
    match arguments.format {
        Format::Text | Format::Github | Format::Sarif => terminal::print_script(&sql)?,
        Format::Json => terminal::print_json(&json::script(database, direction, &sql))?,
    }
    Ok(())
}
