//! What the arrangement of the sources promises, read from the sources.
