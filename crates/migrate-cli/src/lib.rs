//! migrate-cli
