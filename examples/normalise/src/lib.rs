//! Addresses that look alike are one address: a migration compares them in a form that only Rust works out.

pub mod migrations;

use unicode_normalization::UnicodeNormalization;

/// The form in which two addresses are compared: composed letters, in lower case, without space around them.
pub fn normalised(address: &str) -> String {
    address.trim().nfkc().collect::<String>().to_lowercase()
}
