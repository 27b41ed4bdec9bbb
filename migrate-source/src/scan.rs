//! The modules and macros of a file, as far as a history needs them.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// A module that a file declares.
#[derive(Debug)]
pub(crate) struct ModuleItem {
    /// Its name.
    pub name: Ident,
    /// `#[path = "…"]`
    pub path: Option<String>,
    /// Whether `#[cfg_attr(…, path = "…")]` may give it another file.
    pub has_conditional_path: bool,
    /// What is in its braces; `None` where it has a file.
    pub inline: Option<TokenStream>,
    /// Whether only tests have it.
    pub is_of_tests: bool,
}

/// A macro that a file calls as an item.
#[derive(Debug)]
pub(crate) struct MacroCall {
    /// The last word of its path.
    pub name: String,
    /// The path as it is written.
    pub path: String,
    /// What is between its delimiters.
    pub body: TokenStream,
    /// The place of the delimiters and what is between them.
    pub range: Range<usize>,
}

/// What is in a file, or in the braces of a module.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Its modules.
    pub modules: Vec<ModuleItem>,
    /// Its macros.
    pub calls: Vec<MacroCall>,
}

/// Where the first item of a source begins, its attributes and its documentation included; `None` where there is none, or the source is no Rust.
pub fn first_item(text: &str) -> Option<usize> {
    let tokens: Vec<TokenTree> = text.parse::<TokenStream>().ok()?.into_iter().collect();
    let mut at = 0;
    while let [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(_), ..] = &tokens[at..] {
        if hash.as_char() != '#' || bang.as_char() != '!' {
            break;
        }
        at += 3;
    }
    tokens.get(at).map(|token| token.span().byte_range().start)
}

/// Whether a source has a module of this name.
pub fn declares(text: &str, module: &str) -> bool {
    let tokens = text.parse::<TokenStream>().unwrap_or_default();
    items(tokens).modules.iter().any(|declared| declared.name.unraw() == module)
}

/// Where the marks `;` between the entries of a macro end.
pub(crate) fn ends_of_entries(body: &TokenStream) -> Vec<usize> {
    let marks = body.clone().into_iter().filter(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ';'));
    marks.map(|mark| mark.span().byte_range().end).collect()
}

/// Looks at items. What is within the braces of a function is not looked at.
pub(crate) fn items(tokens: TokenStream) -> Items {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut items = Items::default();
    let mut attributes = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match (token, tokens.get(at + 1), tokens.get(at + 2)) {
            (TokenTree::Punct(mark), Some(TokenTree::Group(group)), _) if mark.as_char() == '#' => {
                attributes.push(group.stream());
                at += 2;
                continue;
            }
            (TokenTree::Ident(word), Some(TokenTree::Ident(name)), Some(after)) if word == "mod" => {
                items.modules.extend(module(name, after, &attributes));
                at += 2;
            }
            (TokenTree::Ident(name), Some(TokenTree::Punct(mark)), Some(TokenTree::Group(group))) if mark.as_char() == '!' => {
                items.calls.push(call(name, path_before(&tokens[..at]), group));
                at += 2;
            }
            (TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) | TokenTree::Group(_), _, _) => {}
        }
        if ends(&tokens[at]) {
            attributes.clear();
        }
        at += 1;
    }
    items
}

/// Whether an item ends with the token, so that no attribute before it belongs to what follows.
fn ends(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(mark) => mark.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Ident(_) | TokenTree::Literal(_) => false,
    }
}

fn module(name: &Ident, after: &TokenTree, attributes: &[TokenStream]) -> Option<ModuleItem> {
    let inline = match after {
        TokenTree::Punct(mark) if mark.as_char() == ';' => None,
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group.stream()),
        TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Literal(_) => return None,
    };
    let path = attributes.iter().find_map(|attribute| path_attribute(attribute.clone()));
    let has_conditional_path = attributes.iter().any(|attribute| has_conditional_path(attribute.clone()));
    let is_of_tests = attributes.iter().any(|attribute| is_test(attribute.clone()));
    Some(ModuleItem { name: name.clone(), path, has_conditional_path, inline, is_of_tests })
}

fn call(name: &Ident, path: String, group: &Group) -> MacroCall {
    let range = group.span_open().byte_range().start..group.span_close().byte_range().end;
    MacroCall { name: name.unraw().to_string(), path: format!("{path}{name}"), body: group.stream(), range }
}

/// The words of a path before its last one, and the colons between them.
fn path_before(tokens: &[TokenTree]) -> String {
    let is_path = |token: &&TokenTree| match token {
        TokenTree::Punct(mark) => mark.as_char() == ':',
        TokenTree::Ident(_) => true,
        TokenTree::Group(_) | TokenTree::Literal(_) => false,
    };
    let words: Vec<String> = tokens.iter().rev().take_while(is_path).map(ToString::to_string).collect();
    words.into_iter().rev().collect()
}

/// The text of `path = "…"`, in its brackets or without them.
pub(crate) fn path_attribute(attribute: TokenStream) -> Option<String> {
    let mut tokens = attribute.into_iter();
    let word = match (tokens.next()?, tokens.next()) {
        (TokenTree::Punct(_), Some(TokenTree::Group(inside))) => return path_attribute(inside.stream()),
        (TokenTree::Ident(word), Some(TokenTree::Punct(mark))) if mark.as_char() == '=' => word,
        _ => return None,
    };
    let TokenTree::Literal(text) = tokens.next()? else { return None };
    let text = syn::parse_str::<syn::LitStr>(&text.to_string()).ok()?;
    (word == "path").then(|| text.value())
}

/// Whether it is `cfg_attr(…, path = "…")`, in its brackets or without them.
pub(crate) fn has_conditional_path(attribute: TokenStream) -> bool {
    let tokens: Vec<TokenTree> = attribute.into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Punct(_), TokenTree::Group(inside)] => has_conditional_path(inside.stream()),
        [TokenTree::Ident(word), TokenTree::Group(inside)] if word == "cfg_attr" => {
            let inside: Vec<TokenTree> = inside.stream().into_iter().collect();
            let is_path = |pair: &[TokenTree]| match pair {
                [TokenTree::Ident(word), TokenTree::Punct(mark)] => word == "path" && mark.as_char() == '=',
                _ => false,
            };
            // One may be within another: `cfg_attr(a, cfg_attr(b, path = "…"))`.
            let is_nested = |at: usize| has_conditional_path(inside[at..].iter().take(2).cloned().collect());
            inside.windows(2).any(is_path) || (0..inside.len()).any(is_nested)
        }
        _ => false,
    }
}

/// Whether it is `cfg(test)`.
fn is_test(attribute: TokenStream) -> bool {
    let words: Vec<String> = attribute.to_string().split_whitespace().map(str::to_owned).collect();
    words.concat() == "cfg(test)"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_and_macros_are_seen_with_their_attributes() {
        let text = "#[path = \"x.rs\"] pub(crate) mod a; #[cfg(test)] mod b { mod c; } fn f() { history! {} } \
                    migrate::history! { databases: sqlite; } mod r#type;";
        let items = items(text.parse().expect("it is Rust"));
        let modules: Vec<_> = items.modules.iter().map(|module| (module.name.to_string(), module.path.as_deref())).collect();
        assert_eq!(modules, [("a".to_owned(), Some("x.rs")), ("b".to_owned(), None), ("r#type".to_owned(), None)]);
        assert!(items.modules[1].is_of_tests && items.modules[1].inline.is_some());
        let calls: Vec<_> = items.calls.iter().map(|call| &*call.name).collect();
        assert_eq!(calls, ["history"]);
        assert_eq!(&text[items.calls[0].range.clone()], "{ databases: sqlite; }");
    }
}
