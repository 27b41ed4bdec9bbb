//! migrate-macros
