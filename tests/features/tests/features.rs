//! This package builds `migrate` with `sqlite` alone.

#[test]
fn a_feature_that_is_off_is_explained() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("cases/feature_off.rs");
    cases.pass("cases/feature_on.rs");
}
