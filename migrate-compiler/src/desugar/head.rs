//! The rules of what comes before the statements.

use quote::ToTokens as _;
use syn::spanned::Spanned as _;

use crate::desugar::Desugar;
use crate::diagnostic::Diagnostic;
use crate::tree::{Heading, Parents, Range, is_same};

impl Desugar<'_> {
    /// Rule `setting_twice`: a migration has one revision id, and one list of parents.
    pub(super) fn head(&mut self, head: &Heading) {
        for revision in head.revisions.iter().skip(1) {
            self.twice("revision", revision.range, "remove one of them");
        }
        for parents in head.parents.iter().skip(1) {
            self.twice("after", parents.range, "write `after a, b;`");
        }
        head.parents.iter().for_each(|parents| self.parents(parents));
    }

    pub(super) fn twice(&mut self, word: &str, range: Range, help: &str) {
        let diagnostic = Diagnostic::new("setting_twice", range.first, format!("duplicate `{word}`"));
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Rule `parent_twice`.
    fn parents(&mut self, parents: &Parents) {
        for (index, path) in parents.paths.iter().enumerate() {
            if parents.paths[..index].iter().any(|known| is_same(known, path)) {
                let diagnostic = Diagnostic::new(
                    "parent_twice",
                    path.span(),
                    format!("duplicate parent `{}`", path.to_token_stream().to_string().replace(' ', "")),
                );
                self.diagnostics.push(diagnostic.help("remove one of them"));
            }
        }
    }
}
