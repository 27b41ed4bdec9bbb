//! A migration as static data.

use migrate_model::history::{Action, Database, Guard, Level, Migration, Script, Statement, Step};
use migrate_syntax::parse::Parsed;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::expand::document::document;

/// Writes the migration. Where there are errors its data is missing, and what was imported in its place stands in for it, so
/// that one mistake is one error.
pub(crate) fn migration(parsed: &Parsed, compiled: Option<&Migration>, door: &TokenStream, errors: &TokenStream) -> TokenStream {
    let head = parsed.has_head.then(|| head(parsed));
    let data = compiled.map(|migration| data(parsed, migration, &document(migration)));
    quote! {
        #errors
        #head
        #data
        #door
    }
}

/// What the history must know of a migration, whatever is in it.
fn head(parsed: &Parsed) -> TokenStream {
    let id = match &parsed.revision {
        Some((id, _)) => quote! { #id },
        None => quote! { ::migrate::__private::module_name(::core::module_path!()) },
    };
    let parents = parsed.parents.iter().map(|path| quote! { #path::__ID });
    let names = parsed.parents.iter().map(name_check);
    let explicit = parsed.revision.is_some();
    quote! {
        #(#names)*
        #[doc(hidden)]
        pub const __ID: &str = #id;
        #[doc(hidden)]
        pub const __EXPLICIT: bool = #explicit;
        #[doc(hidden)]
        pub const __PARENTS: &[&str] = &[#(#parents),*];
    }
}

/// Stops the build where the parent is named by another name than its own.
fn name_check(path: &syn::Path) -> TokenStream {
    let name = path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
    quote_spanned! { path.span() => const _: () = ::migrate::__private::named(#name, #path::__ID, #path::__EXPLICIT); }
}

fn data(parsed: &Parsed, migration: &Migration, docs: &str) -> TokenStream {
    let Migration { id: _, message, parents: _, checksum, operations, level, losses, irreversible, notes, scripts } = migration;
    let level = match level {
        Level::Exact => quote! { Exact },
        Level::Schema => quote! { Schema },
        Level::Irreversible => quote! { Irreversible },
    };
    let irreversible = match irreversible {
        Some(reason) => quote! { Some(Borrowed(#reason)) },
        None => quote! { None },
    };
    let scripts = scripts.iter().map(script);
    let parents = &parsed.parents;
    let (operations, losses, notes) = (operations.iter(), losses.iter(), notes.iter());
    quote! {
        #[doc = #docs]
        pub static MIGRATION: ::migrate::Migration = {
            #[allow(unused_imports)]
            use ::migrate::__private::{Action, Borrowed, Database, Guard, Level, Migration, Script, Statement, Step};
            Migration {
                id: Borrowed(__ID),
                message: Borrowed(#message),
                parents: Borrowed(&[#(Borrowed(#parents::__ID)),*]),
                checksum: Borrowed(#checksum),
                operations: Borrowed(&[#(Borrowed(#operations)),*]),
                level: Level::#level,
                losses: Borrowed(&[#(Borrowed(#losses)),*]),
                irreversible: #irreversible,
                notes: Borrowed(&[#(Borrowed(#notes)),*]),
                scripts: Borrowed(&[#(#scripts),*]),
            }
        };
    }
}

fn script(script: &Script) -> TokenStream {
    let Script { database, upgrade, downgrade, guards } = script;
    let database = database_name(*database);
    let (upgrade, downgrade, guards) = (upgrade.iter().map(step), downgrade.iter().map(step), guards.iter().map(guard));
    quote! {
        Script {
            database: Database::#database,
            upgrade: Borrowed(&[#(#upgrade),*]),
            downgrade: Borrowed(&[#(#downgrade),*]),
            guards: Borrowed(&[#(#guards),*]),
        }
    }
}

/// The variant of a database.
pub(crate) fn database_name(database: Database) -> syn::Ident {
    match database {
        Database::Postgres => format_ident!("Postgres"),
        Database::Sqlite => format_ident!("Sqlite"),
    }
}

fn step(step: &Step) -> TokenStream {
    let Step { rebuild, statements } = step;
    let statements = statements.iter().map(statement);
    quote! { Step { rebuild: #rebuild, statements: Borrowed(&[#(#statements),*]) } }
}

fn statement(statement: &Statement) -> TokenStream {
    let Statement { action, sql, operation } = statement;
    let action = match action {
        Action::Run => quote! { Run },
        Action::Keep => quote! { Keep },
        Action::Restore => quote! { Restore },
    };
    quote! { Statement { action: Action::#action, sql: Borrowed(#sql), operation: Borrowed(#operation) } }
}

fn guard(guard: &Guard) -> TokenStream {
    let Guard { query, refusal } = guard;
    quote! { Guard { query: Borrowed(#query), refusal: Borrowed(#refusal) } }
}
