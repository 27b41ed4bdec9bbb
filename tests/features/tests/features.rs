//! What trybuild checks has `migrate` with `sqlite` alone.

#[test]
fn a_feature_that_is_off_is_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/feature_off.rs");
}

/// The path of a function is the user's own, and rustc says there what is wrong with it.
#[test]
fn what_is_wrong_with_a_function_is_said_at_its_path() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("functions/*.rs");
}
