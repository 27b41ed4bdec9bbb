//! Whether a text is JSON, so that a json default cannot fail in the database.

/// Whether the text is one JSON value and nothing else (RFC 8259).
pub(super) fn is_json(text: &str) -> bool {
    value(text.trim_matches(WHITE)).is_some_and(|rest| rest.trim_matches(WHITE).is_empty())
}

const WHITE: [char; 4] = [' ', '\t', '\n', '\r'];

/// Reads one value and gives what follows it.
fn value(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(WHITE);
    match text.chars().next()? {
        '{' => list(&text[1..], '}', |text| value(string(text)?.trim_start_matches(WHITE).strip_prefix(':')?)),
        '[' => list(&text[1..], ']', value),
        '"' => string(text),
        '-' | '0'..='9' => number(text),
        _ => ["true", "false", "null"].iter().find_map(|word| text.strip_prefix(word)),
    }
}

fn list(text: &str, close: char, item: fn(&str) -> Option<&str>) -> Option<&str> {
    let mut rest = text.trim_start_matches(WHITE);
    if let Some(rest) = rest.strip_prefix(close) {
        return Some(rest);
    }
    loop {
        rest = item(rest)?.trim_start_matches(WHITE);
        match rest.strip_prefix(close) {
            Some(rest) => return Some(rest),
            None => rest = rest.strip_prefix(',')?,
        }
    }
}

fn string(text: &str) -> Option<&str> {
    let mut letters = text.trim_start_matches(WHITE).strip_prefix('"')?.chars();
    loop {
        match letters.next()? {
            '"' => return Some(letters.as_str()),
            '\\' => match letters.next()? {
                'u' => {
                    let digits: Vec<char> = letters.by_ref().take(4).collect();
                    (digits.len() == 4 && digits.iter().all(char::is_ascii_hexdigit)).then_some(())?;
                }
                escape => "\"\\/bfnrt".contains(escape).then_some(())?,
            },
            letter => (letter >= ' ').then_some(())?,
        }
    }
}

fn number(text: &str) -> Option<&str> {
    let text = text.strip_prefix('-').unwrap_or(text);
    let after = digits(text)?;
    (!text.starts_with('0') || text.len() - after.len() == 1).then_some(())?;
    let after = after.strip_prefix('.').map_or(Some(after), digits)?;
    match after.strip_prefix(['e', 'E']) {
        Some(exponent) => digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        None => Some(after),
    }
}

fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_told_from_what_is_not() {
        for good in ["{}", "[]", " {\"a\": [1, -2.5e3, null, \"x\\u00e9\"]} ", "true", "\"\"", "0"] {
            assert!(is_json(good), "{good}");
        }
        for bad in ["", "{", "{a: 1}", "[1,]", "'x'", "01", "1.", "{} {}", "\"\\x\"", "tru"] {
            assert!(!is_json(bad), "{bad}");
        }
    }
}
