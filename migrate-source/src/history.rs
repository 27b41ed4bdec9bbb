//! A history as its source files have it.

use std::ops::Range;
use std::sync::Arc;

use migrate_compiler::parse::{self, HistoryInput};
use migrate_compiler::state::Settings;
use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;

use crate::error::SourceError;
use crate::file::SourceFile;
use crate::modules::{Found, SourceModule};
use crate::scan::{self, ModuleItem};
use crate::shown::shown;

/// A history as its source files have it.
#[derive(Clone)]
pub struct HistorySource {
    /// What `name:` says, or the name of the package.
    pub name: String,
    /// The file with the `history!`.
    pub file: Arc<SourceFile>,
    /// Where in it the braces of `history!` and what is between them are.
    pub range: Range<usize>,
    /// The path of the macro: `migrate::history`.
    pub path: String,
    /// Its migrations, in the order in which it lists them.
    pub migrations: Vec<MigrationSource>,
    /// Where its entries end.
    pub(crate) ends: Vec<usize>,
    /// The modules of it that have no migration: each with what is wrong.
    pub(crate) missing: Vec<(Ident, String)>,
    /// What was read of the `history!`.
    pub(crate) input: HistoryInput,
    /// The module that it is in.
    pub(crate) module: SourceModule,
}

/// A migration as its source file has it.
#[derive(Clone)]
pub struct MigrationSource {
    /// The name of its module.
    pub module: String,
    /// The file that it is in.
    pub file: Arc<SourceFile>,
    /// Where in it the braces of `migration!` and what is between them are.
    pub range: Range<usize>,
    /// The path of the macro: `migrate::migration`.
    pub path: String,
    /// What is between the braces.
    pub(crate) body: TokenStream,
    /// The name where the history lists it.
    pub(crate) listed: Ident,
}

impl std::fmt::Debug for HistorySource {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("HistorySource").field("name", &self.name).field("file", &self.file.path).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for MigrationSource {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("MigrationSource").field("module", &self.module).field("file", &self.file.path).finish_non_exhaustive()
    }
}

impl MigrationSource {
    /// What is between the braces.
    pub(crate) fn body(&self) -> TokenStream {
        self.body.clone()
    }
}

impl HistorySource {
    /// Reads the migrations that a `history!` lists.
    pub(crate) fn read(found: Found, package: &str) -> Result<HistorySource, SourceError> {
        let Found { module, call, beside } = found;
        let ends = scan::ends_of_entries(&call.body);
        let input = parse::history(call.body);
        let (mut migrations, mut missing) = (Vec::new(), Vec::new());
        for listed in &input.modules {
            let own = ModuleItem {
                name: listed.name.clone(),
                path: listed.attributes.iter().find_map(|attribute| scan::path_attribute(attribute.clone())),
                has_conditional_path: listed.attributes.iter().any(|one| scan::has_conditional_path(one.clone())),
                inline: None,
                is_of_tests: false,
            };
            let elsewhere = || beside.iter().find(|declared| declared.name == listed.name);
            let Some(declared) = (if listed.declares { Some(&own) } else { elsewhere() }) else {
                let name = &listed.name;
                let help = format!("write `mod {name};`, or declare the module where `history!` is");
                missing.push((name.clone(), format!("module `{name}` is not declared\nhelp: {help}")));
                continue;
            };
            match migration(&module, declared) {
                Ok(Some(migration)) => migrations.push(migration),
                Ok(None) => missing.push((listed.name.clone(), format!("module `{}` has no `migration!`", listed.name))),
                Err(SourceError::NoFile { module, expected, .. }) => {
                    let message =
                        format!("module `{module}` has no file\nhelp: create {}, or remove the module", shown(&expected));
                    missing.push((listed.name.clone(), message));
                }
                Err(error @ SourceError::ConditionalPath { .. }) => missing.push((listed.name.clone(), error.to_string())),
                Err(error) => return Err(error),
            }
        }
        let name = input.name.clone().unwrap_or_else(|| package.to_owned());
        let file = Arc::clone(&module.file);
        Ok(HistorySource { name, file, range: call.range, path: call.path, migrations, ends, missing, input, module })
    }

    /// What the history says of all its migrations.
    pub(crate) fn settings(&self) -> Settings {
        let servers = self.input.servers.iter().map(|(server, _)| *server).collect();
        Settings { servers, require: self.input.require, rules: self.input.rules.clone() }
    }

    /// The names of the modules that it lists.
    pub(crate) fn listed(&self) -> impl Iterator<Item = String> {
        self.input.modules.iter().map(|module| module.name.unraw().to_string())
    }
}

/// The migration of a module, if it has one.
fn migration(parent: &SourceModule, declared: &ModuleItem) -> Result<Option<MigrationSource>, SourceError> {
    let Some(module) = parent.child(declared, |_| true)? else { return Ok(None) };
    let call = scan::items(module.tokens.clone()).calls.into_iter().find(|call| call.name == "migration");
    Ok(call.map(|call| MigrationSource {
        module: declared.name.unraw().to_string(),
        file: module.file,
        range: call.range,
        path: call.path,
        body: call.body,
        listed: declared.name.clone(),
    }))
}
