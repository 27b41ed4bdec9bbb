//! migrate-runtime
