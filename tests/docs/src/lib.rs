//! The Rust blocks of the book compile and hold.

/// Makes the blocks of a chapter doc tests.
macro_rules! chapters {
    ($($name:ident $file:literal),* $(,)?) => {
        $(#[doc = include_str!(concat!("../../../docs/src/", $file))] pub mod $name {})*
    };
}

chapters! {
    start "start.md",
    language "language.md",
    proof "proof.md",
    back "back.md",
    data "data.md",
    databases "databases.md",
    command_line "command-line.md",
    program "program.md",
    ledger "ledger.md",
    branches "branches.md",
    api "api.md",
    testing "testing.md",
    deploys "deploys.md",
}
