//! Tests only: see `tests/squawk/`.
