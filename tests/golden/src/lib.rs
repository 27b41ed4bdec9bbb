//! The golden SQL is in the tests.
