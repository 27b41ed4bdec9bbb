//! Whether a text is JSON that every database keeps, so that a json default cannot fail there.

/// The most objects and lists inside of one another; SQLite reads as many (`json.c`, `JSON_MAX_DEPTH`).
const DEEPEST: usize = 1_000;

/// The most digits, and the largest exponent, of a number: those of PostgreSQL's `jsonb` are `numeric`.
const LONGEST: usize = 10_000;

/// Reads one JSON value and nothing else (RFC 8259), of characters that PostgreSQL's `jsonb` can keep.
///
/// # Errors
/// Why it is none; empty where no more is known than that.
pub(super) fn json(text: &str) -> Result<(), String> {
    let mut reader = JsonReader { rest: text };
    let mut open: Vec<char> = Vec::new();
    loop {
        // A value, or the end of an empty list.
        match reader.next()? {
            '{' => {
                open.push('}');
                if !reader.take('}') {
                    reader.key()?;
                    check_depth(&open)?;
                    continue;
                }
                open.pop();
            }
            '[' => {
                open.push(']');
                check_depth(&open)?;
                if !reader.take(']') {
                    continue;
                }
                open.pop();
            }
            '"' => reader.string()?,
            first @ ('-' | '0'..='9') => reader.number(first)?,
            first => reader.word(first)?,
        }
        // What follows a value: the ends of lists, then a comma or nothing.
        loop {
            let Some(close) = open.last().copied() else { return reader.end() };
            if reader.take(close) {
                open.pop();
            } else if reader.take(',') {
                if close == '}' {
                    reader.key()?;
                }
                break;
            } else {
                return Err(String::new());
            }
        }
    }
}

fn check_depth(open: &[char]) -> Result<(), String> {
    if open.len() > DEEPEST { Err(format!("it is nested deeper than {DEEPEST} levels")) } else { Ok(()) }
}

struct JsonReader<'t> {
    rest: &'t str,
}

impl JsonReader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn letter(&mut self) -> Result<char, String> {
        let mut letters = self.rest.chars();
        let first = letters.next().ok_or_else(String::new)?;
        self.rest = letters.as_str();
        Ok(first)
    }

    /// The next letter that is no space.
    fn next(&mut self) -> Result<char, String> {
        self.skip();
        self.letter()
    }

    fn take(&mut self, letter: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn end(&mut self) -> Result<(), String> {
        self.skip();
        if self.rest.is_empty() { Ok(()) } else { Err(String::new()) }
    }

    fn key(&mut self) -> Result<(), String> {
        if !self.take('"') {
            return Err(String::new());
        }
        self.string()?;
        if self.take(':') { Ok(()) } else { Err(String::new()) }
    }

    fn word(&mut self, first: char) -> Result<(), String> {
        let rest = ["true", "false", "null"].iter().find_map(|word| self.rest.strip_prefix(word.strip_prefix(first)?));
        self.rest = rest.ok_or_else(String::new)?;
        Ok(())
    }

    /// After the first quote.
    fn string(&mut self) -> Result<(), String> {
        loop {
            match self.letter()? {
                '"' => return Ok(()),
                '\\' => self.escape()?,
                letter if letter < ' ' => return Err("a control character in a string must be escaped".to_owned()),
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        match self.letter()? {
            'u' => match self.code()? {
                0 => Err("PostgreSQL cannot keep `\\u0000`".to_owned()),
                0xD800..0xDC00 if self.rest.starts_with("\\u") => {
                    self.rest = &self.rest[2..];
                    if (0xDC00..0xE000).contains(&self.code()?) { Ok(()) } else { Err(lone()) }
                }
                0xD800..0xE000 => Err(lone()),
                _ => Ok(()),
            },
            '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => Ok(()),
            other => Err(format!("unknown escape `\\{other}`")),
        }
    }

    fn code(&mut self) -> Result<u32, String> {
        let (digits, rest) = self.rest.split_at_checked(4).ok_or_else(String::new)?;
        self.rest = rest;
        let is_code = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16)
            .ok()
            .filter(|_| is_code)
            .ok_or_else(|| "expected four hexadecimal digits after `\\u`".to_owned())
    }

    fn digits(&mut self) -> Result<usize, String> {
        let rest = self.rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let count = self.rest.len() - rest.len();
        self.rest = rest;
        if count == 0 { Err("expected a digit in a number".to_owned()) } else { Ok(count) }
    }

    fn number(&mut self, first: char) -> Result<(), String> {
        let first = if first == '-' { self.letter()? } else { first };
        let mut count = match first {
            '0' => 1,
            '1'..='9' => 1 + self.digits().unwrap_or(0),
            _ => return Err(String::new()),
        };
        if let Some(rest) = self.rest.strip_prefix('.') {
            self.rest = rest;
            count += self.digits()?;
        }
        let mut exponent = 0;
        if let Some(rest) = self.rest.strip_prefix(['e', 'E']) {
            self.rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            let from = self.rest;
            let length = self.digits()?;
            exponent = from[..length].parse().unwrap_or(usize::MAX);
        }
        if count > LONGEST || exponent > LONGEST { Err("a number is out of range on PostgreSQL".to_owned()) } else { Ok(()) }
    }
}

fn lone() -> String {
    "unpaired surrogate".to_owned()
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn json_is_told_from_what_is_not() {
        let pair = "\"\\uD83D\\uDE00\"";
        for good in ["{}", "[]", " {\"a\": [1, -2.5e3, null, \"x\\u00e9\"]} ", "true", "\"\"", "0", pair, "[[],{}]", "1e5", "-0"]
        {
            assert_eq!(json(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "{",
            "{a: 1}",
            "[1,]",
            "'x'",
            "01",
            "1.",
            "{} {}",
            "\"\\x\"",
            "tru",
            "{\"a\":1,}",
            "[1 2]",
            "{\"a\"}",
            "]",
            "-",
            "1e",
            "\"\\u0000\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "1e999999",
            "\"a\nb\"",
        ] {
            assert!(json(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nest = |open: &str, close: &str, depth: usize| format!("{}1{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(json(&nest("[", "]", 1_000)), Ok(()));
        assert_eq!(json(&nest("{\"a\":", "}", 1_000)), Ok(()));
        for depth in [1_001, 100_000] {
            assert!(json(&nest("[", "]", depth)).is_err() && json(&nest("{\"a\":", "}", depth)).is_err(), "{depth}");
        }
    }
}
