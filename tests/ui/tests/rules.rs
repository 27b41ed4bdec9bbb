//! Every rule has a case of its name, and the compiler prints exactly the errors next to it.

/// `TRYBUILD=overwrite cargo test -p migrate-ui-tests` rewrites the expected errors; read them before they are committed.
#[test]
fn rules() {
    let cases = trybuild::TestCases::new();
    cases.pass("passes/*.rs");
    cases.compile_fail("cases/*.rs");
}
