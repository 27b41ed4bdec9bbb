//! The texts of a step in batches, as they are sent for one of them.

use crate::Cursor;

/// The rows of one batch. The values are literals of SQL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchRows {
    /// Their key comes after these values; none in the first batch.
    pub after: Option<Vec<String>>,
    /// It is these values at most; none where they are yet to be found.
    pub upto: Option<Vec<String>>,
    /// How many they are at most.
    pub rows: u64,
}

/// What is between `{after?` and this is left out in the first batch.
const END: &str = "?}";

/// What a place may begin with, after its brace.
const PLACES: [&str; 6] = ["after", "upto", "rows}", "rows ", "brace}", "end}"];

impl BatchRows {
    /// A text with what [`Cursor`] says in its places. What is put there is not read again.
    pub fn fill(&self, cursor: Cursor, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            rest = match cursor {
                Cursor::Text => self.text_place(after, &mut out),
                Cursor::Key => self.key_place(after, &mut out),
            };
        }
        out + rest
    }

    /// Writes what the place after a brace is for; what follows the place.
    fn text_place<'t>(&self, after: &'t str, out: &mut String) -> &'t str {
        let places = [("after}", &self.after), ("upto}", &self.upto)];
        for (place, values) in places {
            if let Some(rest) = after.strip_prefix(place) {
                out.push_str(values.as_ref().and_then(|values| values.first()).map_or("NULL", String::as_str));
                return rest;
            }
        }
        out.push('{');
        after
    }

    fn key_place<'t>(&self, after: &'t str, out: &mut String) -> &'t str {
        for (place, brace) in [("brace}", '{'), ("end}", '}')] {
            if let Some(rest) = after.strip_prefix(place) {
                out.push(brace);
                return rest;
            }
        }
        if let Some((most, rest)) = rows_place(after) {
            out.push_str(&self.rows.min(most).to_string());
            return rest;
        }
        if let Some((between, rest)) = after.strip_prefix("after?").and_then(|rest| rest.split_once(END)) {
            self.after.iter().for_each(|_| out.push_str(&self.fill(Cursor::Key, between)));
            return rest;
        }
        let place = |name: &str, values: &Option<Vec<String>>| {
            let (number, rest) = after.strip_prefix(name)?.split_once('}')?;
            let number: usize = number.parse().ok()?;
            Some((values.as_ref()?.get(number.checked_sub(1)?)?.clone(), rest))
        };
        match place("after ", &self.after).or_else(|| place("upto ", &self.upto)) {
            Some((value, rest)) => {
                out.push_str(&value);
                rest
            }
            None => {
                out.push('{');
                after
            }
        }
    }

    /// How many rows a transaction takes at most with a query for the next rows, where that says it.
    pub fn most(next: &str) -> Option<u64> {
        next.split('{').filter_map(rows_place).map(|(most, _)| most).min().filter(|most| *most < u64::MAX)
    }

    /// A text of somebody else's, so that none of it is read as a place of [`Cursor::Key`].
    pub fn escaped(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let after = &rest[letter.len_utf8()..];
            match letter {
                '{' if PLACES.iter().any(|place| after.starts_with(place)) => out.push_str("{brace}"),
                '}' if out.ends_with('?') => out.push_str("{end}"),
                letter => out.push(letter),
            }
            rest = after;
        }
        out
    }
}

/// `rows}` or `rows 500}`: how many it says at most, and what follows it.
fn rows_place(after: &str) -> Option<(u64, &str)> {
    let (most, rest) = after.strip_prefix("rows")?.split_once('}')?;
    if most.is_empty() {
        return Some((u64::MAX, rest));
    }
    Some((most.strip_prefix(' ')?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[&str]) -> Option<Vec<String>> {
        Some(values.iter().map(|value| (*value).to_owned()).collect())
    }

    #[test]
    fn a_key_is_not_read_as_a_place() {
        let batch = BatchRows { after: values(&["'{upto}'"]), upto: values(&["'{after}'"]), rows: 0 };
        assert_eq!(batch.fill(Cursor::Text, "k > {after} AND k <= {upto}"), "k > '{upto}' AND k <= '{after}'");
        assert_eq!(BatchRows::default().fill(Cursor::Text, "{after} {rows} {"), "NULL {rows} {");
        let batch = BatchRows { after: values(&["'{upto 1}'", "'?}'"]), upto: values(&["'{rows}'"]), rows: 5 };
        let text = "{after?({after 1}, {after 2}) <?} k <= {upto 1} LIMIT {rows}";
        assert_eq!(batch.fill(Cursor::Key, text), "('{upto 1}', '?}') < k <= '{rows}' LIMIT 5");
        assert_eq!(BatchRows { after: None, ..batch }.fill(Cursor::Key, text), " k <= '{rows}' LIMIT 5");
    }

    #[test]
    fn a_query_may_limit_the_rows_of_a_transaction() {
        let batch = BatchRows { rows: 1_000, ..BatchRows::default() };
        for (text, filled, most) in [
            ("LIMIT 1 OFFSET {rows} - 1", "LIMIT 1 OFFSET 1000 - 1", None),
            ("LIMIT {rows 500} {rows 500}", "LIMIT 500 500", Some(500)),
            ("LIMIT {rows 2000}", "LIMIT 1000", Some(2_000)),
            ("'{rows five}' {rowset}", "'{rows five}' {rowset}", None),
        ] {
            assert_eq!(batch.fill(Cursor::Key, text), filled);
            assert_eq!(BatchRows::most(text), most, "{text}");
        }
        assert_eq!(BatchRows::most(&BatchRows::escaped("{rows 500}")), None);
    }

    #[test]
    fn the_text_of_somebody_else_stays_as_it_is() {
        let batch = BatchRows { after: values(&["1"]), upto: values(&["2"]), rows: 3 };
        for text in [
            "{}",
            "{after 1} {after? ?} {upto 1}{rows}{rows 5}",
            "{brace}{end}",
            "?} ??}",
            "{\"a\": {\"after\": 1}}",
            "ü{",
            "{after 9}",
        ] {
            let escaped = BatchRows::escaped(text);
            assert_eq!(batch.fill(Cursor::Key, &escaped), text, "{escaped}");
            let within = format!("{{after?{escaped}?}}");
            assert_eq!(batch.fill(Cursor::Key, &within), text, "{within}");
        }
        assert_eq!(BatchRows::escaped("{\"a\": {}}"), "{\"a\": {}}");
    }
}
