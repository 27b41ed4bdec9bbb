//! What a schema holds beside its tables: a folder and a line for each kind.
//!
//! Whatever is the same for all kinds is written once: how they are handed on and merged, compared, named in messages, created and
//! dropped ([`CreateObject`](crate::operation::CreateObject), [`DropObject`](crate::operation::DropObject)).

mod extension;
mod namespace;

use std::fmt;

use migrate_history::choice;
use migrate_history::codec::Codec;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::schema::Schema;
use crate::sql::features::Features;

pub use self::extension::Extension;
pub use self::namespace::Namespace;

/// What a kind of object is.
pub(crate) trait ObjectKind: Clone + Eq + fmt::Debug + Codec + Into<Object> {
    /// Its keyword, after `create` and `drop`.
    const WORD: &'static str;

    /// Several of them: "extensions".
    const PLURAL: &'static str;

    /// Whether a database has them.
    fn is_known(features: &Features) -> bool;

    /// Reads what follows the name in `create`.
    fn read(input: ParseStream<'_>) -> Parse<Self>;

    /// Writes what follows the name in `create`.
    fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Why a name cannot be used.
    fn refuses(name: &str) -> Option<String>;

    /// What still uses it, and the statement that drops that: ("the table `a.t`", "drop table a.t;").
    fn users(schema: &Schema, name: &str) -> Vec<(String, String)>;

    /// The statements that make it.
    fn create(&self, name: &str) -> Vec<String>;

    /// The statements that drop it.
    fn drop(&self, name: &str) -> Vec<String>;

    /// Objects of this kind with their names, for the tests that walk the kinds.
    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Self)>;
}

/// Declares the kinds once; whatever must treat all of them alike is generated here.
macro_rules! objects {
    ($($letter:literal $kind:ident),* $(,)?) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind),*
        }

        /// An object.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Object {
            $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind($kind)),*
        }

        $(impl From<$kind> for Object {
            fn from(object: $kind) -> Object {
                Object::$kind(object)
            }
        })*

        choice!(Kind { $($letter $kind),* });
        choice!(Object { $($letter $kind(object)),* });

        impl Kind {
            /// Every kind.
            pub const ALL: &[Kind] = &[$(Kind::$kind),*];

            /// Its keyword.
            pub const fn word(self) -> &'static str {
                match self { $(Kind::$kind => <$kind as ObjectKind>::WORD),* }
            }

            /// Several of them: "extensions".
            pub const fn plural(self) -> &'static str {
                match self { $(Kind::$kind => <$kind as ObjectKind>::PLURAL),* }
            }

            /// The words that its statements begin with: those of `create`, and those of `drop`.
            pub(crate) const fn words(self) -> [&'static [&'static str]; 2] {
                match self {
                    $(Kind::$kind => [&["create", <$kind as ObjectKind>::WORD], &["drop", <$kind as ObjectKind>::WORD]]),*
                }
            }

            /// Whether a database has them.
            pub(crate) fn is_known(self, features: &Features) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::is_known(features)),* }
            }

            /// Reads what follows the name in `create`.
            pub(crate) fn read(self, input: ParseStream<'_>) -> Parse<Object> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::read(input).map(Object::from)),* }
            }

            /// Why a name cannot be used.
            pub(crate) fn refuses(self, name: &str) -> Option<String> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::refuses(name)),* }
            }

            /// What still uses an object, and the statements that drop that.
            pub(crate) fn users(self, schema: &Schema, name: &str) -> Vec<(String, String)> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::users(schema, name)),* }
            }
        }

        impl Object {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Object::$kind(_) => Kind::$kind),* }
            }

            /// The statements that make it.
            pub(crate) fn create(&self, name: &str) -> Vec<String> {
                match self { $(Object::$kind(object) => object.create(name)),* }
            }

            /// The statements that drop it.
            pub(crate) fn drop(&self, name: &str) -> Vec<String> {
                match self { $(Object::$kind(object) => object.drop(name)),* }
            }

            /// Writes what follows the name in `create`.
            pub(crate) fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Object::$kind(object) => object.write_rest(out)),* }
            }

            /// Objects of every kind with their names.
            #[cfg(feature = "testing")]
            pub(crate) fn examples() -> Vec<(crate::name::Name, Object)> {
                let all = [$(<$kind as ObjectKind>::examples().into_iter().map(|(name, one)| (name, one.into())).collect::<Vec<_>>()),*];
                all.into_iter().flatten().map(|(name, object)| (crate::name::Name::new(name), object)).collect()
            }
        }
    };
}

objects! {
    'e' Extension,
    's' Namespace,
}
