//! Tables of the book that are enums of the code: each variant with its comment.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::Path;

use migrate_house_tests::sources;
use syn::{Attribute, Expr, ExprLit, Item, ItemEnum, Lit, Meta};

/// The pages, each with the enums of which it has a table: between `<!-- from NAME -->` and `<!-- end -->`.
const TABLES: &[(&str, &[&str])] = &[("api.md", &["ErrorKind", "Event", "RevisionState"])];

#[test]
fn the_tables_of_enums_are_what_the_code_says() {
    let sources = sources();
    let enums: Vec<&ItemEnum> = sources.iter().flat_map(|(_, file)| &file.items).filter_map(as_enum).collect();
    for (page, names) in TABLES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src").join(page);
        let text = std::fs::read_to_string(&path).unwrap();
        let written = names.iter().fold(text.clone(), |text, name| {
            let found: Vec<&&ItemEnum> = enums.iter().filter(|one| one.ident == name).collect();
            let [one] = found[..] else { panic!("{} enums are called `{name}`", found.len()) };
            replaced(&text, name, &table(one))
        });
        if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
            std::fs::write(&path, &written).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).unwrap() == written,
            "a table of docs/src/{page} is not what the code says; `BOOK=overwrite cargo test -p migrate-house-tests --test book` writes it"
        );
    }
}

fn as_enum(item: &Item) -> Option<&ItemEnum> {
    if let Item::Enum(one) = item { Some(one) } else { None }
}

fn table(one: &ItemEnum) -> String {
    let head = format!("| `{}` | |\n|---|---|\n", one.ident);
    one.variants.iter().fold(head, |mut table, variant| {
        let _ = writeln!(table, "| `{}` | {} |", variant.ident, comment(&variant.attrs));
        table
    })
}

/// The text of a doc comment, as one line.
fn comment(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let Meta::NameValue(pair) = &attribute.meta else { return None };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
        pair.path.is_ident("doc").then(|| text.value().trim().to_owned())
    });
    lines.collect::<Vec<_>>().join(" ")
}

/// The page with another table.
fn replaced(page: &str, name: &str, table: &str) -> String {
    let mark = format!("<!-- from {name} -->\n");
    let (before, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no table of `{name}`"));
    let (_, after) = rest.split_once("<!-- end -->").expect("the end of the table");
    format!("{before}{mark}{table}<!-- end -->{after}")
}
