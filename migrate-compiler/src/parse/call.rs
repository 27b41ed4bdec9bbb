//! Calls whose arguments SQL separates by words: what is written here instead.

use proc_macro2::{Delimiter, Span};
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::expr::Expr;
use crate::parse::cursor::{expect_words, inside_parens, nothing_left, peek_words, take_words};
use crate::parse::expr::{ANY, Reader};
use crate::parse::{query, types};

/// Binds more than `in`.
const OPERAND: u8 = 6;

impl Reader<'_> {
    /// Rule `sql_syntax`: `cast(a as text)` and its like, whose name was read.
    pub(super) fn special(&mut self, function: &str, span: Span, input: ParseStream<'_>) -> Parse<()> {
        let read = match function {
            "cast" | "try_cast" => Reader::cast_as,
            "extract" => Reader::extract,
            "substring" => Reader::substring_from,
            "position" => Reader::position_in,
            _ => return Ok(()),
        };
        // Where it is read otherwise, it is a call as every other.
        let Some(instead) = self.read_special(read, input) else { return Ok(()) };
        let message = format!("the arguments of `{function}` cannot be separated by a keyword");
        Err(Diagnostic::new("sql_syntax", span, message).help(format!("write {instead}")))
    }

    fn read_special(
        &mut self,
        read: fn(&mut Self, ParseStream<'_>) -> Parse<Option<String>>,
        input: ParseStream<'_>,
    ) -> Option<String> {
        let fork = input.fork();
        let inner = inside_parens(&fork).ok()?;
        if query::begins(&inner) {
            return None;
        }
        let instead = read(self, &inner).ok()??;
        nothing_left(&inner).ok()?;
        Some(instead)
    }

    /// `a as TYPE`
    fn cast_as(&mut self, input: ParseStream<'_>) -> Parse<Option<String>> {
        let operand = Box::new(self.climb(input, ANY)?);
        expect_words(input, &["as"])?;
        let to = types::plain(input)?;
        Ok(Some(format!("`{}`", Expr::Cast { operand, to })))
    }

    /// `year from a`: no function of every database does this.
    fn extract(&mut self, input: ParseStream<'_>) -> Parse<Option<String>> {
        let field = crate::parse::cursor::any_word(input, "a field")?.to_string().to_lowercase();
        expect_words(input, &["from"])?;
        let of = self.climb(input, ANY)?;
        let sql = format!("extract({field} from {of})");
        Ok(Some(format!("`sql({sql:?})` where each database of the history has it")))
    }

    /// `a from 1 for 2`
    fn substring_from(&mut self, input: ParseStream<'_>) -> Parse<Option<String>> {
        let text = self.climb(input, ANY)?;
        if take_words(input, &["from"]).is_none() {
            return Ok(None);
        }
        let from = self.climb(input, ANY)?;
        let length = if peek_words(input, &["for"]) { Some(self.length(input)?) } else { None };
        let arguments = [text, from].into_iter().chain(length).collect();
        Ok(Some(format!("`{}`", Expr::Call { function: "substr".to_owned(), arguments })))
    }

    fn length(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        expect_words(input, &["for"])?;
        self.climb(input, ANY)
    }

    /// `a in b`
    fn position_in(&mut self, input: ParseStream<'_>) -> Parse<Option<String>> {
        let part = self.climb(input, OPERAND)?;
        if input.cursor().group(Delimiter::Parenthesis).is_some() || take_words(input, &["in"]).is_none() {
            return Ok(None);
        }
        let whole = self.climb(input, ANY)?;
        Ok(Some(format!("`{}`", Expr::Call { function: "strpos".to_owned(), arguments: vec![whole, part] })))
    }
}
