//! How deep things may be nested: what is read by recursion must not end rustc's stack.

use proc_macro2::{Span, TokenStream, TokenTree};

use crate::diagnostic::Diagnostic;

/// The most levels: of groups in the tokens of a macro, and of operands inside of operands in an expression.
pub(super) const DEEPEST: usize = 32;

/// Rule `too_deep`.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::new("too_deep", span, format!("the expression is nested deeper than {DEEPEST} levels"))
        .help("nest less: a long `or`, `and`, `||` or `+` needs no parentheses, and `sql(\"…\")` takes an expression as it is")
}

/// The first group that is nested too deeply. Looked for without recursion, and before syn, which reads groups by recursion.
pub(super) fn deepest(tokens: &TokenStream) -> Option<Span> {
    let mut level = vec![tokens.clone()];
    for depth in 0.. {
        let groups = level.into_iter().flatten().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
        });
        let groups: Vec<_> = groups.collect();
        let first = groups.first()?;
        if depth == DEEPEST {
            return Some(first.span_open());
        }
        level = groups.iter().map(proc_macro2::Group::stream).collect();
    }
    None
}
