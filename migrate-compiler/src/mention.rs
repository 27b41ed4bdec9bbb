//! Names in SQL that the compiler does not read.

use std::collections::BTreeSet;

/// Whether a name is in raw SQL, one of several words too. It may be part of a string literal there: the compiler cannot tell.
pub(crate) fn has_word(text: &str, name: &str) -> bool {
    let text = text.to_ascii_lowercase();
    // A quote in a name is doubled in SQL.
    let name = name.to_ascii_lowercase();
    [name.replace('"', "\"\""), name].iter().any(|name| {
        text.char_indices().any(|(at, _)| {
            let after = text[at..].strip_prefix(&**name).filter(|after| !after.starts_with(is_part));
            after.is_some() && !text[..at].ends_with(is_part)
        })
    })
}

/// The words of raw SQL, in lower case. One of them is the [`first_word`] of every name in it.
pub(crate) fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter| !is_part(letter)).map(str::to_ascii_lowercase);
    words.chain([String::new()]).collect()
}

/// The word that a name begins with, in lower case; empty where it begins with none.
pub(crate) fn first_word(name: &str) -> String {
    let end = name.find(|letter| !is_part(letter)).unwrap_or(name.len());
    name[..end].to_ascii_lowercase()
}

/// Whether a letter is one of a word.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_several_words_is_found_in_raw_sql() {
        let found = [
            ("\"Order m1\" IS NOT NULL", "Order m1"),
            ("\"it's \"\"m1\"\"\" > 0 OR x", "it's \"m1\""),
            ("PRICE > 0", "price"),
            ("a a a b", "a a b"),
            ("\"\"\"a\" > 0", "\"a"),
            ("x.\"-a\" > 0", "-a"),
        ];
        for (text, name) in found {
            assert!(has_word(text, name) && words(text).contains(&first_word(name)), "{name} in {text}");
        }
        for other in ["prices > 0", "u_price > 0", "price$ > 0", "\"Order m12\" > 0", ""] {
            assert!(!has_word(other, "price") && !has_word(other, "Order m1"), "{other}");
        }
    }
}
