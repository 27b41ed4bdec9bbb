//! The kinds of objects.

use migrate_history::choice;

/// The kinds, a line each: its letter in a state, the type that is one, its keyword after `create` and `drop`, and several of them.
macro_rules! each_kind {
    ($then:ident) => {
        $then! {
            't' Table "table" "tables",
            'E' Enum "enum" "enums",
            'e' Extension "extension" "extensions",
            's' Namespace "schema" "schemas",
        }
    };
}

pub(super) use each_kind;

macro_rules! kinds {
    ($($letter:literal $kind:ident $word:literal $plural:literal),* $(,)?) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = concat!("See [`", stringify!($kind), "`](crate::objects::", stringify!($kind), ").")] $kind),*
        }

        choice!(Kind { $($letter $kind),* });

        impl Kind {
            /// Every kind.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// The least of them, where they are in order.
            pub(crate) const FIRST: Kind = Kind::ALL[0];

            /// Its keyword.
            pub const fn word(self) -> &'static str {
                match self { $(Kind::$kind => $word),* }
            }

            /// Several of them: "extensions".
            pub const fn plural(self) -> &'static str {
                match self { $(Kind::$kind => $plural),* }
            }

            /// The words that its statements begin with: those of `create`, of `drop` and of `rename`.
            pub(crate) const fn words(self) -> [&'static [&'static str]; 3] {
                match self { $(Kind::$kind => [&["create", $word], &["drop", $word], &["rename", $word]]),* }
            }
        }
    };
}

each_kind!(kinds);

impl Kind {
    /// "a table", "an enum"
    pub(crate) fn with_article(self) -> String {
        let article = if self.word().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {}", self.word())
    }
}
