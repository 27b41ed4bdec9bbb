//! What each command does.

use migrate_history::KeptPlace;
use migrate_history::plan::{Direction, Target};
use migrate_runtime::{Migrator, Stop, script};

use crate::arguments::{
    Arguments, Command, DowngradeArguments, Format, PlanArguments, PurgeArguments, Seconds, UpgradeArguments, Url,
};
use crate::consent::Reply;
use crate::failure::Failure;
use crate::program::Program;
use crate::text::Detail;
use crate::{consent, json, progress, signals, terminal, text, url};

/// Does what the arguments say.
pub(crate) async fn run(program: &Program, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Upgrade(UpgradeArguments { target, sql: true, .. }) => {
            print_script(program, arguments, Direction::Upgrade, target)
        }
        Command::Downgrade(DowngradeArguments { target, sql: true, .. }) => {
            print_script(program, arguments, Direction::Downgrade, target)
        }
        Command::Upgrade(upgrade) => self::upgrade(program, arguments, upgrade).await,
        Command::Downgrade(downgrade) => self::downgrade(program, arguments, downgrade).await,
        Command::Current => current(program, arguments).await,
        Command::History { verbose } => {
            history(program, arguments, if *verbose { Detail::Everything } else { Detail::Line }).await
        }
        Command::Plan(plan) => self::plan(program, arguments, plan).await,
        Command::Kept { question_timeout } => kept(program, arguments, *question_timeout).await,
        Command::Purge(purge) => self::purge(program, arguments, purge).await,
        Command::Journal { limit } => journal(program, arguments, *limit).await,
    }
}

/// The runner, telling its progress unless it is to be quiet.
fn migrator(program: &Program, arguments: &Arguments) -> Migrator<'static> {
    let migrator = Migrator::new(program.history);
    if arguments.quiet { migrator } else { migrator.observer(progress::tell) }
}

fn named_url(program: &Program, arguments: &Arguments) -> Result<Option<String>, Failure> {
    url::find(arguments.database_url.as_ref().map(Url::as_str), program.default_url.as_deref())
}

fn database_url(program: &Program, arguments: &Arguments) -> Result<String, Failure> {
    named_url(program, arguments)?.ok_or_else(url::missing)
}

/// Writes a result to standard output.
fn print(arguments: &Arguments, text: impl FnOnce() -> String, json: impl FnOnce() -> serde_json::Value) -> Result<(), Failure> {
    match arguments.format {
        Format::Text => terminal::print(&text())?,
        Format::Json => terminal::print_json(&json())?,
    }
    Ok(())
}

async fn upgrade(program: &Program, arguments: &Arguments, upgrade: &UpgradeArguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let stop = Stop::new();
    let migrator = upgrade.batches.apply(migrator(program, arguments)).stop_on(&stop).lock(upgrade.lock.into());
    let mut migrator = if upgrade.atomic { migrator.atomic() } else { migrator };
    let report = signals::stopping(&stop, migrator.upgrade(&url, &upgrade.target)).await?;
    print(arguments, || text::report(&report), || json::report(&report))
}

async fn downgrade(program: &Program, arguments: &Arguments, downgrade: &DowngradeArguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let migrator = migrator(program, arguments);
    let mut migrator = if downgrade.keep { migrator.keep_dropped() } else { migrator };
    let plan = migrator.plan(&url, Direction::Downgrade, &downgrade.target).await?;
    let answer = if downgrade.yes { Reply::Everything } else { consent::ask(&plan)? };
    let (migrator, plan) = match answer {
        Reply::Unasked => (migrator, plan.agreeing_to_nothing_uncounted()),
        Reply::Agreed => (migrator, plan),
        Reply::Everything => (migrator.accept_losses(), plan),
    };
    // From here on; a question is left at once.
    let stop = Stop::new();
    let mut migrator = downgrade.batches.apply(migrator).stop_on(&stop).lock(downgrade.lock.into());
    let report = signals::stopping(&stop, migrator.execute(&url, &plan)).await?;
    print(arguments, || text::report(&report), || json::report(&report))
}

async fn current(program: &Program, arguments: &Arguments) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let current = migrator(program, arguments).current(&url).await?;
    print(arguments, || text::current(&current), || json::current(&current))
}

async fn journal(program: &Program, arguments: &Arguments, limit: usize) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let journal = migrator(program, arguments).journal(&url, limit).await?;
    print(arguments, || text::journal(&journal), || json::journal(&journal))
}

async fn kept(program: &Program, arguments: &Arguments, limit: Seconds) -> Result<(), Failure> {
    let url = database_url(program, arguments)?;
    let kept = migrator(program, arguments).question_timeout(limit.0).kept(&url).await?;
    print(arguments, || text::kept(&kept), || json::kept(&kept))
}

async fn purge(program: &Program, arguments: &Arguments, purge: &PurgeArguments) -> Result<(), Failure> {
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
    let purged = migrator(program, arguments).accept_losses().purge(&url, &places).await?;
    print(arguments, || text::purged(&purged), || json::purged(&purged))
}

/// The migrations; with their states where a database is named.
async fn history(program: &Program, arguments: &Arguments, detail: Detail) -> Result<(), Failure> {
    let current = match named_url(program, arguments)? {
        Some(url) => Some(migrator(program, arguments).current(&url).await?),
        None => None,
    };
    if current.is_none() && !arguments.quiet {
        terminal::tell("note: no database was given, so what is applied is not shown");
    }
    let current = current.as_ref();
    print(arguments, || text::history(program.history, current, detail), || json::history(program.history, current))
}

async fn plan(program: &Program, arguments: &Arguments, plan: &PlanArguments) -> Result<(), Failure> {
    let back = plan.downgrade || plan.target.as_deref().is_some_and(|target| target.starts_with('-') || target == "base");
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
    let url = database_url(program, arguments)?;
    let migrator = migrator(program, arguments).question_timeout(plan.question_timeout.0);
    let mut migrator = if plan.keep { migrator.keep_dropped() } else { migrator };
    let inspection = migrator.inspect(&url, direction, target).await?;
    print(arguments, || crate::plan::text(&inspection), || json::plan(&inspection))
}

/// A script from one revision to another, both of which the user names: no database is asked.
fn print_script(program: &Program, arguments: &Arguments, direction: Direction, range: &str) -> Result<(), Failure> {
    let url = named_url(program, arguments)?;
    let database = url::database(url.as_deref(), program.history)?;
    let start = match direction {
        Direction::Upgrade => "base",
        Direction::Downgrade => "head",
    };
    let (from, to) = Target::range(range).map_err(migrate_runtime::Error::from)?;
    let sql = script(program.history, database, direction, from.unwrap_or(start), to)?;
    match arguments.format {
        Format::Text => terminal::print_script(&sql)?,
        Format::Json => terminal::print_json(&json::script(database, direction, &sql))?,
    }
    Ok(())
}
