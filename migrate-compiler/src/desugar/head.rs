//! The rules of what comes before the statements.

use quote::ToTokens as _;
use syn::Path;
use syn::spanned::Spanned as _;

use crate::desugar::Desugar;
use crate::diagnostic::Diagnostic;
use crate::tree::{Heading, Predecessors, Range, is_same};

impl Desugar<'_> {
    /// Rule `setting_twice`: a migration has one revision id, one label, one list of parents, and one of dependencies.
    pub(super) fn head(&mut self, head: &Heading) {
        for revision in head.revisions.iter().skip(1) {
            self.twice("revision", revision.range, "remove one of them");
        }
        for parents in head.parents.iter().skip(1) {
            self.twice("after", parents.range, "write `after a, b;`");
        }
        for label in head.labels.iter().skip(1) {
            self.twice("label", label.range, "remove one of them");
        }
        for dependencies in head.dependencies.iter().skip(1) {
            self.twice("depends on", dependencies.range, "write `depends on a, b;`");
        }
        head.parents.iter().for_each(|parents| self.once(parents, "parent"));
        head.dependencies.iter().for_each(|dependencies| self.once(dependencies, "dependency"));
        self.no_parents(head);
    }

    pub(super) fn twice(&mut self, word: &str, range: Range, help: &str) {
        let diagnostic = Diagnostic::new("setting_twice", range.first, format!("duplicate setting `{word}`"));
        self.diagnostics.push(diagnostic.help(help));
    }

    /// Rule `parent_twice`.
    fn once(&mut self, clause: &Predecessors, what: &str) {
        for (index, path) in clause.paths.iter().enumerate() {
            if clause.paths[..index].iter().any(|known| is_same(known, path)) {
                let diagnostic = Diagnostic::new("parent_twice", path.span(), format!("duplicate {what} `{}`", written(path)));
                self.diagnostics.push(diagnostic.help("remove one of them"));
            }
        }
    }

    /// Rule `parent_twice`: what a migration comes after is applied before it in any case.
    fn no_parents(&mut self, head: &Heading) {
        let parents: Vec<&Path> = head.parents.iter().flat_map(|clause| &clause.paths).collect();
        for path in head.dependencies.iter().flat_map(|clause| &clause.paths) {
            if parents.iter().any(|parent| is_same(parent, path)) {
                let message = format!("`{}` is a parent, and a dependency too", written(path));
                self.diagnostics.push(Diagnostic::new("parent_twice", path.span(), message).help("remove it from `depends on`"));
            }
        }
    }
}

fn written(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
