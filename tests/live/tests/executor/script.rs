//! A script leaves what the executor leaves.
