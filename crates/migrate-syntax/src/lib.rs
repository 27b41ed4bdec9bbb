//! migrate-syntax
