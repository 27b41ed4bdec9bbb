//! Literals of expressions.

use syn::Lit;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::expr::Expr;
use crate::parse::cursor::{single_quotes, without_nul};

/// Rule `unknown_literal`: `b'x'`, `c"x"` and what may come one day.
#[expect(clippy::wildcard_enum_match_arm, reason = "Rust may have more literals one day, and SQL has no such")]
pub(super) fn literal(input: ParseStream<'_>) -> Parse<Expr> {
    let literal: Lit = input.parse()?;
    let suffixed = |suffix: &str| {
        if suffix.is_empty() {
            Ok(())
        } else {
            Err(Diagnostic::new("literal_suffix", literal.span(), format!("unexpected suffix `{suffix}` of a literal"))
                .help("remove it: the column has the type"))
        }
    };
    match &literal {
        Lit::Str(text) => {
            suffixed(text.suffix())?;
            without_nul(&text.value(), text.span())?;
            Ok(Expr::Text(text.value().into()))
        }
        Lit::ByteStr(bytes) => suffixed(bytes.suffix()).map(|()| Expr::Bytes(bytes.value())),
        Lit::Int(number) => suffixed(number.suffix()).map(|()| Expr::Number(number.base10_digits().to_owned())),
        Lit::Float(number) => suffixed(number.suffix()).map(|()| Expr::Number(number.base10_digits().to_owned())),
        Lit::Char(letter) => Err(single_quotes(letter)),
        _ => Err(Diagnostic::new(
            "unknown_literal",
            literal.span(),
            format!("the literal `{}` is not supported", quote::quote!(#literal)),
        )
        .help("write text in double quotes, or bytes as `b\"\\x00\"`")),
    }
}
