//! `check`: what the compiler would find, in the forms that people, editors and servers read.

use std::process::ExitCode;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use migrate_runtime::data_file;
use migrate_source::{Finding, HistorySource, SuggestedEdit};
use serde_json::{Value, json};

use super::here::shown;
use crate::arguments::{Common, Format};
use crate::failure::Failure;
use crate::terminal;

/// Compiles every migration; status 1 where something is wrong.
pub(super) fn run(common: &Common, source: &HistorySource) -> Result<ExitCode, Failure> {
    let findings = source.compile_with(&|file| data_file::check(file).map_err(|error| error.to_string()))?.findings;
    match common.format {
        Format::Text if findings.is_empty() => terminal::print(&sound(source.migrations.len()))?,
        Format::Text => findings.iter().for_each(|finding| terminal::tell_shown(&human(finding))),
        Format::Json => terminal::print_json(&findings.iter().map(json).collect())?,
        Format::Github => findings.iter().try_for_each(|finding| terminal::print(&github(finding)))?,
        Format::Sarif => terminal::print_json(&sarif(&findings))?,
    }
    Ok(if findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn sound(count: usize) -> String {
    if count == 1 { "1 migration checked: no errors\n".to_owned() } else { format!("{count} migrations checked: no errors\n") }
}

/// Shows what is wrong with a history that another command was to use.
pub(super) fn refuse(common: &Common, findings: &[Finding]) -> Result<ExitCode, Failure> {
    let noun = if findings.len() == 1 { "error" } else { "errors" };
    let message = format!("the history has {} {noun}, so nothing was done", findings.len());
    if common.format == Format::Json {
        let found: Vec<Value> = findings.iter().map(json).collect();
        terminal::tell_json(&json!({ "error": message, "status": 1, "revision": null, "findings": found }));
        return Ok(ExitCode::FAILURE);
    }
    findings.iter().for_each(|finding| terminal::tell_shown(&human(finding)));
    Err(Failure::failed(message))
}

/// As rustc shows it.
pub(super) fn human(finding: &Finding) -> String {
    let path = shown(&finding.file.path);
    let end = finding.range.end.min(finding.file.text.len());
    let annotation = AnnotationKind::Primary.span(finding.range.start.min(end)..end);
    let snippet = Snippet::source(&finding.file.text).path(&path).annotation(annotation);
    let mut group = Level::ERROR.primary_title(&finding.message).element(snippet);
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help));
    }
    if let Some(note) = &finding.note {
        group = group.element(Level::NOTE.message(note));
    }
    let renderer = if terminal::has_colors() { Renderer::styled() } else { Renderer::plain() };
    format!("{}\n", renderer.render(&[group]))
}

/// `{"rule", "severity", "file", "line", "column", "start", "end", "message", "help", "note", "suggestion"}`; `start` and `end` are bytes of
/// the file.
pub(super) fn json(finding: &Finding) -> Value {
    let (line, column) = finding.position();
    json!({
        "rule": finding.rule,
        "severity": "error",
        "file": shown(&finding.file.path),
        "line": line,
        "column": column,
        "start": finding.file.offset(finding.range.start),
        "end": finding.file.offset(finding.range.end),
        "message": finding.message,
        "help": finding.help,
        "note": finding.note,
        "suggestion": finding.suggestion.as_ref().map(|edit| suggestion(finding, edit)),
    })
}

/// `{"start", "end", "replacement", "applicability"}`
fn suggestion(finding: &Finding, edit: &SuggestedEdit) -> Value {
    json!({
        "start": finding.file.offset(edit.range.start),
        "end": finding.file.offset(edit.range.end),
        "replacement": edit.replacement,
        "applicability": edit.applicability.word(),
    })
}

/// A workflow command of GitHub Actions: "Workflow commands for GitHub Actions", "Setting an error message".
fn github(finding: &Finding) -> String {
    let (line, column) = finding.position();
    let text: Vec<&str> = [Some(&finding.message), finding.help.as_ref()].into_iter().flatten().map(String::as_str).collect();
    let text = text.join("\nhelp: ").replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let file = shown(&finding.file.path).replace('%', "%25").replace(',', "%2C").replace(':', "%3A");
    format!("::error file={file},line={line},col={column},title={}::{text}\n", finding.rule)
}

/// SARIF 2.1.0, section 3.
fn sarif(findings: &[Finding]) -> Value {
    let result = |finding: &Finding| {
        let (line, column) = finding.position();
        let text = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        let mut result = json!({
            "ruleId": finding.rule,
            "level": "error",
            "message": { "text": text },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": shown(&finding.file.path) },
                "region": { "startLine": line, "startColumn": column },
            } }],
        });
        if let Some(edit) = &finding.suggestion {
            result["fixes"] = json!([sarif_fix(finding, edit)]);
        }
        result
    };
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "cargo-migrate", "version": env!("CARGO_PKG_VERSION") } },
            "results": findings.iter().map(result).collect::<Vec<_>>(),
        }],
    })
}

/// SARIF 2.1.0, section 3.55.
fn sarif_fix(finding: &Finding, edit: &SuggestedEdit) -> Value {
    let (line, column) = finding.file.position(edit.range.start);
    let (end_line, end_column) = finding.file.position(edit.range.end);
    json!({
        "description": { "text": finding.help },
        "artifactChanges": [{
            "artifactLocation": { "uri": shown(&finding.file.path) },
            "replacements": [{
                "deletedRegion": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
                "insertedContent": { "text": edit.replacement },
            }],
        }],
    })
}
