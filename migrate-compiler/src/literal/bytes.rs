//! Bytes in a text: `\x00ff`, or letters with `\\` and `\377` among them (PostgreSQL manual, "Binary Data Types").

/// The bytes that the text writes.
///
/// # Errors
/// Why it writes none.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    match text.strip_prefix("\\x") {
        Some(digits) => hexadecimal(digits),
        None => escaped(text.as_bytes()),
    }
}

fn hexadecimal(digits: &str) -> Result<Vec<u8>, String> {
    let nibble = |digit: char| digit.to_digit(16).ok_or_else(|| format!("`{digit}` is not a hexadecimal digit"));
    let nibbles = digits.chars().map(nibble).collect::<Result<Vec<u32>, _>>()?;
    let pair = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = nibbles.chunks(2).map(pair).collect();
    bytes.ok_or_else(|| "the number of its digits is odd".to_owned())
}

fn escaped(text: &[u8]) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [first, after @ ..] = rest {
        (bytes, rest) = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => ([bytes, vec![b'\\']].concat(), after),
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                ([bytes, vec![(a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')]].concat(), after)
            }
            (b'\\', _) => return Err("a backslash must begin `\\\\` or `\\377`, or `\\x` at the start".to_owned()),
            (byte, after) => {
                bytes.push(*byte);
                (bytes, after)
            }
        };
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        assert_eq!(bytes("\\x00Ff"), Ok(vec![0, 255]));
        assert_eq!(bytes("a\\\\b\\377"), Ok(b"a\\b\xff".to_vec()));
        assert_eq!(bytes("ä"), Ok("ä".as_bytes().to_vec()));
        for wrong in ["\\x0", "\\xg0", "\\x0 0", "\\", "\\4", "\\400", "\\08"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
