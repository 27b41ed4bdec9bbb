//! A state that is not at hand is read from the literals of the parents, and is the same.

#[test]
fn without_the_cache_every_history_compiles_to_the_same() {
    trybuild::TestCases::new().pass("../ui/passes/*.rs");
}
