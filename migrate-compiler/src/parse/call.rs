//! Calls whose arguments SQL separates by words: what is written here instead.

use proc_macro2::{Delimiter, Span, TokenTree};
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::expr::Expr;
use crate::parse::cursor::{any_word, expect_words, inside_parens, nothing_left, peek_words};
use crate::parse::expr::{ANY, Reader};
use crate::parse::types;

/// Binds more than `in`.
const OPERAND: u8 = 6;

/// Reads what is in the parentheses, and says what to write instead.
type SpecialForm<'p> = fn(&mut Reader<'p>, ParseStream<'_>) -> Parse<String>;

/// Whether a keyword is in the parentheses that come next.
fn has_keyword(input: ParseStream<'_>, keyword: &str) -> bool {
    let Some((inner, ..)) = input.cursor().group(Delimiter::Parenthesis) else { return false };
    inner.token_stream().into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == keyword))
}

impl<'p> Reader<'p> {
    /// Rule `sql_syntax`: `cast(a as text)` and its like, whose name was read.
    pub(super) fn special(&mut self, function: &str, span: Span, input: ParseStream<'_>) -> Parse<()> {
        let (read, keyword): (SpecialForm<'p>, _) = match function {
            "cast" | "try_cast" => (Reader::cast_as, "as"),
            "extract" => (Reader::extract, "from"),
            "substring" => (Reader::substring_from, "from"),
            "position" => (Reader::position_in, "in"),
            _ => return Ok(()),
        };
        // Without the keyword it is a call as every other.
        if !has_keyword(input, keyword) {
            return Ok(());
        }
        let Some(instead) = self.read_special(read, input) else { return Ok(()) };
        let message = format!("the arguments of `{function}` cannot be separated by a keyword");
        Err(Diagnostic::new("sql_syntax", span, message).help(format!("write {instead}")))
    }

    fn read_special(&mut self, read: SpecialForm<'p>, input: ParseStream<'_>) -> Option<String> {
        let inner = inside_parens(&input.fork()).ok()?;
        let instead = read(self, &inner).ok()?;
        nothing_left(&inner).ok()?;
        Some(instead)
    }

    /// `a as TYPE`
    fn cast_as(&mut self, input: ParseStream<'_>) -> Parse<String> {
        let operand = Box::new(self.climb(input, ANY)?);
        expect_words(input, &["as"])?;
        let to = types::plain(input)?;
        Ok(format!("`{}`", Expr::Cast { operand, to }))
    }

    /// `year from a`: no function of every database does this.
    fn extract(&mut self, input: ParseStream<'_>) -> Parse<String> {
        let field = any_word(input, "a field")?.to_string().to_lowercase();
        expect_words(input, &["from"])?;
        let of = self.climb(input, ANY)?;
        let sql = format!("extract({field} from {of})");
        Ok(format!("`sql({sql:?})` where each database of the history has it"))
    }

    /// `a from 1 for 2`
    fn substring_from(&mut self, input: ParseStream<'_>) -> Parse<String> {
        let text = self.climb(input, ANY)?;
        expect_words(input, &["from"])?;
        let from = self.climb(input, ANY)?;
        let length = if peek_words(input, &["for"]) { Some(self.length(input)?) } else { None };
        let arguments = [text, from].into_iter().chain(length).collect();
        Ok(format!("`{}`", Expr::Call { function: "substr".to_owned(), arguments }))
    }

    fn length(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        expect_words(input, &["for"])?;
        self.climb(input, ANY)
    }

    /// `a in b`
    fn position_in(&mut self, input: ParseStream<'_>) -> Parse<String> {
        let part = self.climb(input, OPERAND)?;
        expect_words(input, &["in"])?;
        let whole = self.climb(input, ANY)?;
        Ok(format!("`{}`", Expr::Call { function: "strpos".to_owned(), arguments: vec![whole, part] }))
    }
}
