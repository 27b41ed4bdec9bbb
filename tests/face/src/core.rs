//! A module that is called like a crate of Rust's own.
