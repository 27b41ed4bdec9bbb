//! What a program can name of `migrate`, in a list that a change must change too: `public.txt`.
//! `PUBLIC=overwrite cargo test -p migrate-house-tests --test public` rewrites it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]
#![allow(clippy::wildcard_enum_match_arm, reason = "what syn has more of is no item that can be named")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use migrate_house_tests::sources;
use syn::visit::Visit;
use syn::{Attribute, Fields, File, Ident, ImplItem, Item, Meta, TraitItem, Type, UseTree, Visibility};

/// The crates whose items the face hands on.
const BEHIND: [&str; 2] = ["migrate-history/", "migrate-runtime/"];

/// The members of types, by the name of the type, and the items of public modules, by the name of the module.
#[derive(Default)]
struct Known {
    members: BTreeMap<String, BTreeSet<String>>,
    modules: BTreeMap<String, BTreeSet<String>>,
    /// The words in the types of their public fields, by the name of the type.
    fields: BTreeMap<String, BTreeSet<String>>,
}

/// The words of types.
#[derive(Default)]
struct Words(BTreeSet<String>);

impl Visit<'_> for Words {
    fn visit_ident(&mut self, ident: &Ident) {
        self.0.insert(ident.to_string());
    }
}

/// The words in the types of fields that a program can read.
fn words(fields: &Fields, visible: fn(&Visibility) -> bool) -> BTreeSet<String> {
    let mut words = Words::default();
    fields.iter().filter(|field| visible(&field.vis)).for_each(|field| words.visit_type(&field.ty));
    words.0
}

fn is_hidden(attributes: &[Attribute]) -> bool {
    let hides = |attribute: &Attribute| matches!(&attribute.meta, Meta::List(list) if list.path.is_ident("doc") && list.tokens.to_string() == "hidden");
    attributes.iter().any(hides)
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn fields(fields: &Fields, visible: fn(&Visibility) -> bool) -> Vec<String> {
    fields.iter().filter(|field| visible(&field.vis)).filter_map(|field| Some(format!(".{}", field.ident.as_ref()?))).collect()
}

/// The last words of a `use`: what it brings into scope.
fn leaves(tree: &UseTree, above: &str, found: &mut BTreeSet<String>) {
    match tree {
        UseTree::Path(path) => leaves(&path.tree, &path.ident.to_string(), found),
        UseTree::Name(name) if name.ident == "self" => drop(found.insert(above.to_owned())),
        UseTree::Name(name) => drop(found.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(found.insert(rename.rename.to_string())),
        UseTree::Group(group) => group.items.iter().for_each(|tree| leaves(tree, above, found)),
        UseTree::Glob(_) => panic!("a glob re-exports what is in no list"),
    }
}

/// The names that a list of items makes public.
fn names(items: &[Item], above: &str, found: &mut BTreeSet<String>) {
    for item in items {
        let mut here = BTreeSet::new();
        match item {
            Item::Use(uses) if is_public(&uses.vis) && !is_hidden(&uses.attrs) => leaves(&uses.tree, "", &mut here),
            Item::Fn(one) if is_public(&one.vis) => drop(here.insert(one.sig.ident.to_string())),
            Item::Struct(one) if is_public(&one.vis) => drop(here.insert(one.ident.to_string())),
            Item::Enum(one) if is_public(&one.vis) => drop(here.insert(one.ident.to_string())),
            Item::Const(one) if is_public(&one.vis) => drop(here.insert(one.ident.to_string())),
            Item::Macro(one) if !is_hidden(&one.attrs) && one.attrs.iter().any(|one| one.path().is_ident("macro_export")) => {
                here.extend(one.ident.as_ref().map(|name| format!("{name}!")));
            }
            Item::Mod(module) if is_public(&module.vis) && !is_hidden(&module.attrs) => {
                let inner = module.content.as_ref().map(|(_, items)| &**items).unwrap_or_default();
                names(inner, &format!("{above}{}::", module.ident), found);
            }
            _ => {}
        }
        found.extend(here.into_iter().map(|name| format!("{above}{name}")));
    }
}

impl Known {
    fn read(&mut self, file: &File) {
        for item in &file.items {
            let of_fields = match item {
                Item::Struct(one) if is_public(&one.vis) => Some((&one.ident, words(&one.fields, is_public))),
                Item::Enum(one) if is_public(&one.vis) => {
                    let each = one.variants.iter().flat_map(|variant| words(&variant.fields, |_| true));
                    Some((&one.ident, each.collect()))
                }
                _ => None,
            };
            if let Some((name, words)) = of_fields {
                self.fields.entry(name.to_string()).or_default().extend(words);
            }
            let (name, members) = match item {
                Item::Struct(one) if is_public(&one.vis) => (one.ident.to_string(), fields(&one.fields, is_public)),
                Item::Enum(one) if is_public(&one.vis) => {
                    let variant = |variant: &syn::Variant| {
                        let name = format!("::{}", variant.ident);
                        let fields = fields(&variant.fields, |_| true).into_iter().map(|field| format!("{name}{field}"));
                        fields.chain([name.clone()]).collect::<Vec<_>>()
                    };
                    (one.ident.to_string(), one.variants.iter().flat_map(variant).collect())
                }
                Item::Trait(one) if is_public(&one.vis) => {
                    let method = |item: &TraitItem| {
                        if let TraitItem::Fn(one) = item { Some(format!("::{}()", one.sig.ident)) } else { None }
                    };
                    (one.ident.to_string(), one.items.iter().filter_map(method).collect())
                }
                Item::Impl(one) if one.trait_.is_none() => {
                    let Type::Path(of) = &*one.self_ty else { continue };
                    let member = |item: &ImplItem| match item {
                        ImplItem::Fn(one) if is_public(&one.vis) => Some(format!("::{}()", one.sig.ident)),
                        ImplItem::Const(one) if is_public(&one.vis) => Some(format!("::{}", one.ident)),
                        _ => None,
                    };
                    (of.path.segments.last().unwrap().ident.to_string(), one.items.iter().filter_map(member).collect())
                }
                _ => continue,
            };
            self.members.entry(name).or_default().extend(members);
        }
    }
}

/// What is public in these crates, and the paths that the face gives to it.
fn read() -> (Known, BTreeSet<String>) {
    let (mut known, mut roots) = (Known::default(), BTreeSet::new());
    for (path, file) in sources() {
        if path == "migrate/src/lib.rs" {
            names(&file.items, "", &mut roots);
        } else if BEHIND.iter().any(|folder| path.starts_with(folder)) {
            known.read(&file);
            let module =
                Path::new(path.strip_suffix("/mod.rs").unwrap_or(&path)).file_stem().unwrap().to_str().unwrap().to_owned();
            names(&file.items, "", known.modules.entry(module).or_default());
        }
    }
    let within = |name: &String| match known.modules.get(name) {
        Some(inner) if ["plan", "blocking"].contains(&&**name) => inner.iter().map(|one| format!("{name}::{one}")).collect(),
        Some(_) | None => vec![name.clone()],
    };
    let paths = roots.iter().flat_map(within).collect();
    (known, paths)
}

/// Everything that a program can name, a line each.
fn public() -> String {
    let (known, paths) = read();
    let with_members = |path: String| {
        let members = known.members.get(path.rsplit("::").next().unwrap()).into_iter().flatten();
        let members: Vec<String> = members.map(|member| format!("{path}{member}")).collect();
        [path].into_iter().chain(members)
    };
    let lines: BTreeSet<String> = paths.into_iter().flat_map(with_members).collect();
    lines.into_iter().map(|line| line + "\n").collect()
}

#[test]
fn what_is_public_is_listed() {
    let (path, found) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("public.txt"), public());
    if std::env::var_os("PUBLIC").is_some_and(|word| word == "overwrite") {
        std::fs::write(&path, &found).unwrap();
    }
    let listed = std::fs::read_to_string(&path).unwrap_or_default();
    let (listed, found): (BTreeSet<&str>, BTreeSet<&str>) = (listed.lines().collect(), found.lines().collect());
    let (gone, new): (Vec<_>, Vec<_>) = (listed.difference(&found).collect(), found.difference(&listed).collect());
    assert!(gone.is_empty() && new.is_empty(), "gone: {gone:#?}\nnew: {new:#?}\n`PUBLIC=overwrite` writes `public.txt` again");
}

/// A program that has a value can say its type, in a signature of its own.
#[test]
fn the_type_of_every_public_field_can_be_named() {
    let (known, paths) = read();
    let named: BTreeSet<&str> = paths.iter().filter_map(|path| path.rsplit("::").next()).collect();
    let hidden = known.fields.iter().filter(|(name, _)| named.contains(&***name)).flat_map(|(name, words)| {
        let ours = words.iter().filter(|word| known.fields.contains_key(*word) && !named.contains(&***word));
        ours.map(move |word| format!("`{word}` in a field of `{name}`"))
    });
    let hidden: Vec<String> = hidden.collect();
    assert!(hidden.is_empty(), "hand these on in `migrate/src/lib.rs`: {hidden:#?}");
}
