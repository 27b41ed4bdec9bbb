//! Counts that agree with their nouns.

/// A number and what it counts, a phrase that begins with a noun in the plural or an adjective before it: "1 duplicate value of …".
pub fn counted(number: i64, phrase: &str) -> String {
    let nouns =
        [("rows ", "row "), ("values ", "value "), ("sequences ", "sequence "), ("columns ", "column "), ("tables ", "table ")];
    let singular = |(many, one): (&str, &str)| {
        let (before, after) = phrase.split_once(many)?;
        (before.split_whitespace().count() < 2).then(|| format!("{before}{one}{after}"))
    };
    let one = nouns.into_iter().filter(|_| number == 1).find_map(singular);
    format!("{number} {}", one.as_deref().unwrap_or(phrase))
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_counted_in_the_singular() {
        assert_eq!(counted(1, "rows of `values`"), "1 row of `values`");
        assert_eq!(counted(2, "rows of `values`"), "2 rows of `values`");
        assert_eq!(counted(1, "duplicate values of (a) in `t`"), "1 duplicate value of (a) in `t`");
        assert_eq!(counted(1, "of three: rows of `t`"), "1 of three: rows of `t`");
    }
}
