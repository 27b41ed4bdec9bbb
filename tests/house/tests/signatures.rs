//! What functions take: a boolean has no meaning at the call, and six values require a struct with names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_house_tests::{is_test, sources};
use syn::visit::Visit;
use syn::{FnArg, ImplItemFn, ItemFn, ItemImpl, ItemMod, Signature, TraitItemFn, Type};

/// The most parameters of a function, `self` not counted.
const MOST: usize = 5;

struct Finder<'f> {
    file: &'f str,
    found: Vec<String>,
}

impl Finder<'_> {
    fn signature(&mut self, signature: &Signature) {
        let taken: Vec<&Type> = signature
            .inputs
            .iter()
            .filter_map(|input| match input {
                FnArg::Typed(typed) => Some(&*typed.ty),
                FnArg::Receiver(_) => None,
            })
            .collect();
        let (file, name) = (self.file, &signature.ident);
        let line = name.span().start().line;
        if taken.len() > MOST {
            self.found.push(format!("{file}:{line}: `{name}` takes {} values: a struct has names for them", taken.len()));
        }
        if taken.iter().any(|ty| is_bool(ty)) {
            self.found.push(format!("{file}:{line}: `{name}` takes a boolean: an enum says what `true` means"));
        }
    }
}

fn is_bool(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("bool"))
}

/// A setter of a builder takes the value of the field that it is named after, and nothing else.
fn is_setter(signature: &Signature) -> bool {
    let own =
        matches!(signature.inputs.first(), Some(FnArg::Receiver(receiver)) if matches!(receiver.kind, syn::ReceiverKind::Value));
    own && signature.inputs.len() == 2
}

impl Visit<'_> for Finder<'_> {
    fn visit_item_mod(&mut self, module: &ItemMod) {
        if !is_test(&module.attrs) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, block: &ItemImpl) {
        // What a foreign trait requires is not ours to choose.
        if block.trait_.is_none() {
            syn::visit::visit_item_impl(self, block);
        }
    }

    fn visit_item_fn(&mut self, function: &ItemFn) {
        if !is_test(&function.attrs) {
            self.signature(&function.sig);
            syn::visit::visit_item_fn(self, function);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &ImplItemFn) {
        if !is_setter(&function.sig) {
            self.signature(&function.sig);
        }
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &TraitItemFn) {
        self.signature(&function.sig);
        syn::visit::visit_trait_item_fn(self, function);
    }
}

#[test]
fn no_function_takes_a_boolean_or_six_values() {
    let mut found = Vec::new();
    for (file, parsed) in sources() {
        let mut finder = Finder { file: &file, found: Vec::new() };
        finder.visit_file(&parsed);
        found.append(&mut finder.found);
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_finder_finds() {
    let parsed = syn::parse_str(
        "fn a(x: bool) {} fn b(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8) {} fn c(a: u8) {}
         impl B { fn quiet(mut self, quiet: bool) -> Self { self } fn d(&self, on: bool) {} }",
    );
    let mut finder = Finder { file: "here", found: Vec::new() };
    finder.visit_file(&parsed.unwrap());
    assert_eq!(finder.found.len(), 3, "{:?}", finder.found);
}
