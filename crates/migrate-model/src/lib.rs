//! migrate-model

pub mod history;
pub mod plan;
