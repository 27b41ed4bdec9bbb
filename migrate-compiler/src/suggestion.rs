//! "Did you mean": the known word that is nearest to the one that was written.

use crate::help::Help;

/// The nearest of `candidates`, if one is near enough to be meant.
///
/// Near is a Damerau-Levenshtein distance (swapped neighbours count once) of at most a third of the longer word.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    all_near(word, candidates).into_iter().next()
}

/// All of `candidates` that are near enough to be meant, the nearest first; of equally near ones those with the same first letter.
pub fn all_near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    let near = |candidate: &str, distance: usize| distance * 3 <= word.chars().count().max(candidate.chars().count());
    let candidates = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    let mut found: Vec<(usize, &str)> = candidates.filter(|(distance, candidate)| near(candidate, *distance)).collect();
    found.sort_by_key(|(distance, candidate)| (*distance, candidate.chars().next() != word.chars().next()));
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// "did you mean `x`?" for the nearest candidate.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Help> {
    did_you_mean_name(word, candidates, str::to_owned)
}

/// The same for names, which are spelt as the place needs them.
pub fn did_you_mean_name<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    spell: impl FnOnce(&str) -> String,
) -> Option<Help> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let near = nearest(name, candidates.iter().copied()).or_else(|| beginning(name, &candidates));
    near.map(|near| Help::guess(name, &spell(near)))
}

/// The least letters that say what a word is.
const LETTERS: usize = 3;

/// The only one of `candidates` that begins with `word`.
fn beginning<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let mut longer = candidates.iter().filter(|candidate| candidate.starts_with(word));
    let only = longer.next().filter(|_| longer.next().is_none() && word.chars().count() >= LETTERS);
    only.copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near() {
        assert_eq!(nearest("emial", ["id", "email", "name"]), Some("email"));
        assert_eq!(nearest("Users", ["users", "posts"]), Some("users"));
    }

    #[test]
    fn a_beginning_is_meant_where_only_one_word_has_it() {
        let asked = |word| did_you_mean(word, ["id", "nickname", "created_at", "created_by"]);
        assert_eq!(asked("nick").as_deref(), Some("did you mean `nickname`?"));
        assert_eq!(asked("crea"), None);
        assert_eq!(asked("n"), None);
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(nearest("price", ["id", "email", "name"]), None);
    }
}
