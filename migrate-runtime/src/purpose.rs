//! What a session is opened for.

/// What the session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Reads only.
    Read,
    /// Writes, into a database that is there.
    Write,
    /// Writes, and makes a file that is missing.
    Create,
}

impl Purpose {
    pub fn writes(self) -> bool {
        match self {
            Purpose::Read => false,
            Purpose::Write | Purpose::Create => true,
        }
    }
}
