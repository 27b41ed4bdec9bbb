//! Code of the book that is part of a program here: a block that no doc test can hold is in a file that is compiled and run.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that finds something else stops")]

use std::path::Path;

/// Pages, each with the file that has its `rust,ignore` blocks.
const PAGES: &[(&str, &str)] = &[("testing.md", "tests/application.rs")];

#[test]
fn each_block_is_in_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (page, file) in PAGES {
        let page_text = std::fs::read_to_string(root.join("../../docs/src").join(page)).unwrap();
        let program = std::fs::read_to_string(root.join(file)).unwrap();
        let blocks = page_text.split("```rust,ignore\n").skip(1).map(|rest| rest.split("```").next().unwrap());
        let mut count = 0;
        for block in blocks {
            assert!(program.contains(block), "{page} has a block that is not in {file}:\n{block}");
            count += 1;
        }
        assert!(count > 0, "{page} has no block of {file}");
    }
}
