//! A crate that hands migrate on, as a company's own framework does.
pub use migrate as database;
