//! The names of new migrations.

use jiff::Timestamp;

use crate::failure::Failure;

/// The most letters of a message that a name takes.
const LONGEST: usize = 40;

/// The module of a migration: `m20261122_090000_add_users`, in UTC, so that the order of names is that of time, whatever the time zone of their authors.
pub(super) fn module(message: &str) -> Result<String, Failure> {
    let words = words(message);
    if words.is_empty() {
        return Err(Failure::Usage(
            "the message has no letter or digit, so no name can be made of it\nhelp: write `--rev-id NAME`".to_owned(),
        ));
    }
    Ok(format!("m{}_{words}", Timestamp::now().strftime("%Y%m%d_%H%M%S")))
}

/// The words of a message as a part of a name.
fn words(message: &str) -> String {
    let plain: String =
        message.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { ' ' }).collect();
    let mut name = String::new();
    for word in plain.split_whitespace() {
        if !name.is_empty() && name.len() + word.len() >= LONGEST {
            break;
        }
        name.push_str(if name.is_empty() { "" } else { "_" });
        name.push_str(word);
    }
    name.truncate(LONGEST);
    name
}

/// A name that a user chose.
pub(super) fn chosen(name: &str) -> Result<String, Failure> {
    if migrate_source::is_module_name(name) {
        return Ok(name.to_owned());
    }
    Err(Failure::Usage(format!(
        "`{name}` cannot be the name of a migration's module\nhelp: write letters, digits and `_`, a digit not first, and no word of Rust or of the command line"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_words() {
        assert_eq!(words("Add users, and their e-mails!"), "add_users_and_their_e_mails");
        assert_eq!(words("  Für   alle "), "f_r_alle");
        assert_eq!(words(&"long ".repeat(20)).len(), 39);
        assert_eq!(words(&"x".repeat(99)).len(), LONGEST);
        assert_eq!(words("…"), "");
    }

    #[test]
    fn only_a_name_of_a_module_is_taken() {
        assert_eq!(chosen("m1_users").expect("it is one"), "m1_users");
        for name in ["", "1", "a-b", "é", "a b", "fn", "self", "head", "_"] {
            chosen(name).expect_err(name);
        }
    }
}
