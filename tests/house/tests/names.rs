//! One name means one thing: no type of the crates has a namesake in another file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::collections::BTreeMap;

use migrate_house_tests::{is_test, sources};
use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{ItemEnum, ItemFn, ItemMod, ItemStruct, ItemTrait, ItemType, ItemUnion, Macro};

/// Names that several types may have, each with the reason. A name that has no namesake any more must leave the list.
const SHARED: &[(&str, &str)] =
    &[("Step", "users write `migrate::Step` where they are called by a step; the step of a plan is `migrate::compiled::Step`")];

/// The names of the types that a file defines.
#[derive(Default)]
struct Types(Vec<String>);

impl Types {
    /// What a macro's definition or invocation defines: `struct NAME` and its like among its tokens.
    fn of_tokens(&mut self, tokens: TokenStream) {
        let mut defines = false;
        for token in tokens {
            match token {
                TokenTree::Ident(word) if defines => self.0.push(word.to_string()),
                TokenTree::Group(group) => self.of_tokens(group.stream()),
                TokenTree::Ident(word) => {
                    defines = ["struct", "enum", "trait", "union"].iter().any(|keyword| word == keyword);
                    continue;
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
            defines = false;
        }
    }
}

/// What is inside of functions is visited too; an associated type is no [`ItemType`].
impl<'a> Visit<'a> for Types {
    fn visit_item_mod(&mut self, module: &'a ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_fn(&mut self, function: &'a ItemFn) {
        if !is_test(&function.attrs) {
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_struct(&mut self, item: &'a ItemStruct) {
        self.0.push(item.ident.to_string());
    }

    fn visit_item_enum(&mut self, item: &'a ItemEnum) {
        self.0.push(item.ident.to_string());
    }

    fn visit_item_union(&mut self, item: &'a ItemUnion) {
        self.0.push(item.ident.to_string());
    }

    fn visit_item_trait(&mut self, item: &'a ItemTrait) {
        self.0.push(item.ident.to_string());
        syn::visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'a ItemType) {
        self.0.push(item.ident.to_string());
    }

    fn visit_macro(&mut self, invocation: &'a Macro) {
        self.of_tokens(invocation.tokens.clone());
    }
}

fn types(file: &syn::File) -> Vec<String> {
    let mut types = Types::default();
    types.visit_file(file);
    types.0
}

#[test]
fn a_name_is_of_one_type() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, file) in sources() {
        types(&file).into_iter().for_each(|found| places.entry(found).or_default().push(name.clone()));
    }
    assert!(places.contains_key("Operation") && places.contains_key("Kind"), "types are found, those of macros too: {places:#?}");
    places.retain(|_, files| files.len() > 1);
    for (name, reason) in SHARED {
        assert!(places.remove(*name).is_some(), "`{name}` has no namesake, but the list says: {reason}");
    }
    assert!(places.is_empty(), "give one of them a name that says what it is: {places:#?}");
}

#[test]
fn types_are_seen() {
    let text = "struct A; enum B {} trait C { type X; } type D = u8; union E { a: u8 }
        macro_rules! f { ($name:ident) => { struct F; struct $name { enumeration: u8 } } }
        f! { pub enum G { One } }
        fn h() { struct H; }
        impl C for A { type X = u8; }
        #[cfg(test)] mod tests { struct I; }
        #[test] fn j() { struct J; }";
    assert_eq!(types(&syn::parse_file(text).unwrap()), ["A", "B", "C", "D", "E", "F", "G", "H"]);
}
