//! How long clients wait while a table is changed, by the statement alone and by migrate.

mod change;
mod client;
mod database;
mod history;
mod run;
mod size;

use std::time::Duration;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::report::Report;
use crate::{Arguments, Result, machine};
use database::Template;
use history::{history, refused};
use run::{Beside, Noticed, Way, run};
use size::{SLACK, Size};

/// Every change, without and with a long reader.
pub(crate) async fn measure(arguments: &Arguments, report: &mut Report) -> Result<()> {
    let work = "Nobody waits";
    if !arguments.wants(work) {
        return Ok(());
    }
    let size = Size::of(arguments);
    let template = Template::fill(&history(&size.changes[0]), size.rows).await?;
    let alone = table(&template, &size, Beside::Nobody, report).await?;
    let read = table(&template, &size, Beside::Reader, report).await?;
    let text = include_str!("page.md")
        .replace("{clients}", &size.clients.to_string())
        .replace("{rows}", &size.rows.to_string())
        .replace("{timeout}", &spoken(size.lock_timeout))
        .replace("{slack}", &spoken(SLACK))
        .replace("{reader}", &spoken(size.reader))
        .replace("{machine}", &machine::brief())
        .replace("{alone}", &alone)
        .replace("{read}", &read);
    report.on_its_own(work, text.trim_end());
    Ok(())
}

async fn table(template: &Template, size: &Size, beside: Beside, report: &mut Report) -> Result<String> {
    let mut table = Table::new();
    let goal = format!("within {}", spoken(size.goal()));
    table.load_preset(ASCII_MARKDOWN).set_header([
        "",
        "statement: longest",
        "p99",
        "change",
        "migrate: longest",
        "p99",
        "change",
        &goal,
    ]);
    for change in size.changes {
        let wrong = |error| format!("{}: {error}", change.name);
        let statement = run(template, size, Way::Statement(change.statement), beside).await.map_err(wrong)?;
        let migration = run(template, size, Way::Migration(&history(change)), beside).await.map_err(wrong)?;
        let verdict = match (refused(change), migration.longest <= size.goal()) {
            (Some(rule), _) => format!("refused by `{}` (1)", rule.name),
            (None, true) => "yes".to_owned(),
            (None, false) => {
                let (longest, goal) = (spoken(migration.longest), spoken(size.goal()));
                report.missed(format!("{} ({beside:?} beside it): a client waited {longest}, longer than {goal}", change.name));
                "**NO**".to_owned()
            }
        };
        table.add_row([&[change.name.to_owned()][..], &cells(statement), &cells(migration), &[verdict]].concat());
    }
    Ok(table.to_string())
}

fn cells(noticed: Noticed) -> [String; 3] {
    [noticed.longest, noticed.p99, noticed.change].map(spoken)
}

/// In the unit in which a reader compares it.
fn spoken(time: Duration) -> String {
    match time.as_millis() {
        0..10 => format!("{:.1} ms", time.as_secs_f64() * 1000.0),
        10..1000 => format!("{} ms", time.as_millis()),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}
