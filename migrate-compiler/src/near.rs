//! "Did you mean": the known word that is nearest to the one that was written.

/// The nearest of `candidates`, if one is near enough to be meant.
///
/// Near is a Damerau-Levenshtein distance (swapped neighbours count once) of at most a third of the longer word.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
    let near = |candidate: &str, distance: usize| distance * 3 <= word.chars().count().max(candidate.chars().count());
    let candidates = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    candidates
        .filter(|(distance, candidate)| near(candidate, *distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" for the nearest candidate.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    did_you_mean_name(word, candidates, str::to_owned)
}

/// The same for names, which are spelt as the place needs them.
pub fn did_you_mean_name<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    spell: impl FnOnce(&str) -> String,
) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{}`?", spell(near)))
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
    fn another_word_is_not() {
        assert_eq!(nearest("price", ["id", "email", "name"]), None);
    }
}
