//! Words that are values: what a condition is compared with, and the current moment.

/// What a condition is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// `true`
    True,
    /// `false`
    False,
    /// `unknown`: null
    Unknown,
}

impl Truth {
    /// Each of them.
    pub const ALL: [Truth; 3] = [Truth::True, Truth::False, Truth::Unknown];

    /// The word itself.
    pub const fn word(self) -> &'static str {
        match self {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        }
    }
}

/// A word for the current moment, or for the role of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CurrentValue {
    /// `current_timestamp`
    Timestamp,
    /// `current_date`
    Date,
    /// `current_time`
    Time,
    /// `current_user`
    User,
    /// `session_user`
    SessionUser,
}

impl CurrentValue {
    /// Every word.
    pub const ALL: [CurrentValue; 5] =
        [CurrentValue::Timestamp, CurrentValue::Date, CurrentValue::Time, CurrentValue::User, CurrentValue::SessionUser];

    /// The word itself.
    pub const fn word(self) -> &'static str {
        match self {
            CurrentValue::Timestamp => "current_timestamp",
            CurrentValue::Date => "current_date",
            CurrentValue::Time => "current_time",
            CurrentValue::User => "current_user",
            CurrentValue::SessionUser => "session_user",
        }
    }
}
