//! migrate-model

pub mod history;
