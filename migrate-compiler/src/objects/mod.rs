//! What a schema holds beside its tables: a folder and a line for each kind.
//!
//! Whatever is the same for all kinds is written once: how they are handed on and merged, compared, named in messages, created and
//! dropped ([`CreateObject`](crate::operation::CreateObject), [`DropObject`](crate::operation::DropObject)).

mod enums;
mod extension;
mod namespace;

use std::fmt;

use migrate_history::choice;
use migrate_history::codec::Codec;
use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::name::Name;
use crate::problem::{Problems, Role};
use crate::schema::Schema;
use crate::sql::features::Features;

pub use self::enums::Enum;
pub use self::extension::Extension;
pub use self::namespace::Namespace;

/// What a kind of object is.
pub(crate) trait ObjectKind: Clone + Eq + fmt::Debug + Codec + Into<Object> {
    /// Its keyword, after `create` and `drop`.
    const WORD: &'static str;

    /// Several of them: "extensions".
    const PLURAL: &'static str;

    /// Whether its names may be in a schema: `billing.mood`.
    const IN_SCHEMA: bool;

    /// Whether it can be renamed.
    const RENAMES: bool;

    /// Whether its names are in one set with those of tables.
    const SHARES_NAMES: bool;

    /// How a database has them.
    fn support(features: &Features) -> Support;

    /// Reads what follows the name in `create`, noting where its words stand.
    fn read(input: ParseStream<'_>, note: Note<'_>) -> Parse<Self>;

    /// Writes what follows the name in `create`.
    fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Why a name cannot be used.
    fn refuses(name: &str) -> Option<String>;

    /// What must hold of a new one.
    fn check(&self, name: &Name, problems: &mut Problems);

    /// What still uses it, and the statement that drops that: ("the table `a.t`", "drop table a.t;").
    fn users(schema: &Schema, name: &Name) -> Vec<(String, String)>;

    /// The statements that make it.
    fn create(&self, name: &Name) -> Vec<String>;

    /// The statements that drop it.
    fn drop(&self, name: &Name) -> Vec<String>;

    /// The statements that rename one.
    fn rename(from: &Name, to: &Name) -> Vec<String>;

    /// Lets what uses it follow to its new name.
    fn follow(schema: &mut Schema, from: &Name, to: &Name);

    /// The columns whose type it is, each with its table.
    fn columns(schema: &Schema, name: &Name) -> Vec<(Name, String)>;

    /// Objects of this kind with their names, for the tests that walk the kinds.
    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Self)>;
}

/// Takes note of where a word stands that plays a part.
pub(crate) type Note<'n> = &'n mut dyn FnMut(Role, &str, Span);

/// How a database has objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    /// As objects of its own.
    Own,
    /// Not by themselves: the columns that use them say what they are.
    ByColumns,
    /// Not at all.
    Missing,
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

            /// The words that its statements begin with: those of `create`, of `drop` and of `rename`.
            pub(crate) const fn words(self) -> [&'static [&'static str]; 3] {
                match self {
                    $(Kind::$kind => [
                        &["create", <$kind as ObjectKind>::WORD],
                        &["drop", <$kind as ObjectKind>::WORD],
                        &["rename", <$kind as ObjectKind>::WORD],
                    ]),*
                }
            }

            /// Whether its names may be in a schema.
            pub(crate) const fn is_in_schema(self) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::IN_SCHEMA),* }
            }

            /// Whether it can be renamed.
            pub(crate) const fn renames(self) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::RENAMES),* }
            }

            /// Whether its names are in one set with those of tables.
            pub(crate) const fn shares_names(self) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::SHARES_NAMES),* }
            }

            /// How a database has them.
            pub(crate) fn support(self, features: &Features) -> Support {
                match self { $(Kind::$kind => <$kind as ObjectKind>::support(features)),* }
            }

            /// Reads what follows the name in `create`, noting where its words stand.
            pub(crate) fn read(self, input: ParseStream<'_>, note: Note<'_>) -> Parse<Object> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::read(input, note).map(Object::from)),* }
            }

            /// Why a name cannot be used.
            pub(crate) fn refuses(self, name: &str) -> Option<String> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::refuses(name)),* }
            }

            /// What still uses an object, and the statements that drop that.
            pub(crate) fn users(self, schema: &Schema, name: &Name) -> Vec<(String, String)> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::users(schema, name)),* }
            }

            /// The statements that rename an object.
            pub(crate) fn rename(self, from: &Name, to: &Name) -> Vec<String> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::rename(from, to)),* }
            }

            /// The columns whose type an object is, each with its table.
            pub(crate) fn columns(self, schema: &Schema, name: &Name) -> Vec<(Name, String)> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::columns(schema, name)),* }
            }

            /// Lets what uses an object follow to its new name.
            pub(crate) fn follow(self, schema: &mut Schema, from: &Name, to: &Name) {
                match self { $(Kind::$kind => <$kind as ObjectKind>::follow(schema, from, to)),* }
            }
        }

        impl Object {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Object::$kind(_) => Kind::$kind),* }
            }

            /// The statements that make it.
            pub(crate) fn create(&self, name: &Name) -> Vec<String> {
                match self { $(Object::$kind(object) => object.create(name)),* }
            }

            /// The statements that drop it.
            pub(crate) fn drop(&self, name: &Name) -> Vec<String> {
                match self { $(Object::$kind(object) => object.drop(name)),* }
            }

            /// What must hold of a new one.
            pub(crate) fn check(&self, name: &Name, problems: &mut Problems) {
                match self { $(Object::$kind(object) => object.check(name, problems)),* }
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
    'E' Enum,
    'e' Extension,
    's' Namespace,
}
