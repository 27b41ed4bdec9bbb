//! What a schema holds: a folder for each kind, and a line in the list of `kind.rs`.
//!
//! Whatever is the same for all kinds is written once: how they are handed on and merged, compared, suggested, named in messages,
//! what still uses them, and how they are created, dropped and renamed ([`CreateObject`](crate::operation::CreateObject),
//! [`DropObject`](crate::operation::DropObject), [`RenameObject`](crate::operation::RenameObject)).

mod enums;
mod extension;
mod kind;
mod namespace;
pub(crate) mod table;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use migrate_history::choice;
use migrate_history::codec::Codec;
use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::ddl::Ddl;
use crate::diagnostic::Parse;
use crate::map::Shared;
use crate::name::Name;
use crate::problem::{Problems, Role};
use crate::sql::features::Features;
use kind::each_kind;

pub use self::enums::Enum;
pub use self::extension::Extension;
pub use self::kind::Kind;
pub use self::namespace::Namespace;
pub use self::table::body::Table;

/// What a kind of object is.
pub(crate) trait ObjectKind: Clone + Eq + fmt::Debug + Codec + Into<Object> {
    /// Whether its names may be in a schema: `billing.mood`.
    const IN_SCHEMA: bool;

    /// Whether its names are in one set with those of tables.
    const SHARES_NAMES: bool;

    /// Reads what follows the name in `create`, noting the places of its words; `None` where its statements have a grammar of their own.
    const READ: Option<Read>;

    /// What renames one; `None` where nothing does.
    const RENAME: Option<fn(from: &Name, to: &Name) -> Ddl>;

    /// How a database has them.
    fn support(features: &Features) -> Support;

    /// Writes what follows the name in `create`.
    fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Why a name cannot be used.
    fn refuses(name: &str) -> Option<String>;

    /// What must hold of a new one, whatever else there is.
    fn check(&self, name: &Name, problems: &mut Problems);

    /// The objects that it uses, besides the schema that it is in.
    fn references(&self) -> BTreeSet<(Kind, Name)>;

    /// What of it uses an object, and the statements that drop that: ("the column `a.mood`", "alter table a { drop mood; }").
    fn uses(&self, name: &Name, of: &(Kind, Name)) -> Vec<(String, String)>;

    /// Follows an object that it uses to its new name.
    fn follow(&mut self, of: &(Kind, Name), to: &Name);

    /// The names that its parts have in the schema that it is in.
    fn parts(&self) -> Vec<&str>;

    /// What makes it.
    fn create(&self, name: &Name) -> Ddl;

    /// What drops one.
    fn drop(name: &Name) -> Ddl;

    /// Objects of this kind with their names, for the tests that walk the kinds; none where its operations have examples of their own.
    #[cfg(feature = "testing")]
    fn examples() -> Vec<(&'static str, Self)>;
}

/// Reads what follows the name of an object in `create`.
pub(crate) type Read = fn(ParseStream<'_>, Note<'_>) -> Parse<Object>;

/// Notes the place of a word in its role.
pub(crate) type Note<'n> = &'n mut dyn FnMut(Role, &str, Span);

/// How a database has objects of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Support {
    /// As objects of its own.
    Own,
    /// Not as objects of their own: the columns that use them define what they are.
    ByColumns,
    /// Not at all.
    Missing,
}

/// Makes of each kind a variant; whatever must treat all of them alike is generated here.
macro_rules! objects {
    ($($letter:literal $kind:ident $word:literal $plural:literal),* $(,)?) => {
        /// An object. A copy costs nothing.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Object {
            $(#[doc = concat!("See [`", stringify!($kind), "`].")] $kind(Arc<$kind>)),*
        }

        $(impl From<$kind> for Object {
            fn from(object: $kind) -> Object {
                Object::$kind(Arc::new(object))
            }
        })*

        choice!(Object { $($letter $kind(object)),* });

        impl Shared for Object {
            fn is_same(&self, other: &Object) -> bool {
                match self { $(Object::$kind(object) => matches!(other, Object::$kind(other) if Arc::ptr_eq(object, other))),* }
            }
        }

        impl Kind {
            /// Whether its names may be in a schema.
            pub(crate) const fn is_in_schema(self) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::IN_SCHEMA),* }
            }

            /// Whether its names are in one set with those of tables.
            pub(crate) const fn shares_names(self) -> bool {
                match self { $(Kind::$kind => <$kind as ObjectKind>::SHARES_NAMES),* }
            }

            /// Reads what follows the name in `create`; `None` where its statements have a grammar of their own.
            pub(crate) const fn read(self) -> Option<Read> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::READ),* }
            }

            /// What renames one; `None` where nothing does.
            pub(crate) const fn rename(self) -> Option<fn(from: &Name, to: &Name) -> Ddl> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::RENAME),* }
            }

            /// What drops one.
            pub(crate) fn drop(self, name: &Name) -> Ddl {
                match self { $(Kind::$kind => <$kind as ObjectKind>::drop(name)),* }
            }

            /// How a database has them.
            pub(crate) fn support(self, features: &Features) -> Support {
                match self { $(Kind::$kind => <$kind as ObjectKind>::support(features)),* }
            }

            /// Why a name cannot be used.
            pub(crate) fn refuses(self, name: &str) -> Option<String> {
                match self { $(Kind::$kind => <$kind as ObjectKind>::refuses(name)),* }
            }
        }

        impl Object {
            /// Its kind.
            pub const fn kind(&self) -> Kind {
                match self { $(Object::$kind(_) => Kind::$kind),* }
            }

            /// See [`ObjectKind::write_rest`].
            pub(crate) fn write_rest(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Object::$kind(object) => object.write_rest(out)),* }
            }

            /// See [`ObjectKind::check`].
            pub(crate) fn check(&self, name: &Name, problems: &mut Problems) {
                match self { $(Object::$kind(object) => object.check(name, problems)),* }
            }

            /// See [`ObjectKind::references`].
            pub(crate) fn references(&self) -> BTreeSet<(Kind, Name)> {
                match self { $(Object::$kind(object) => object.references()),* }
            }

            /// See [`ObjectKind::uses`].
            pub(crate) fn uses(&self, name: &Name, of: &(Kind, Name)) -> Vec<(String, String)> {
                match self { $(Object::$kind(object) => object.uses(name, of)),* }
            }

            /// See [`ObjectKind::follow`].
            pub(crate) fn follow(&mut self, of: &(Kind, Name), to: &Name) {
                match self { $(Object::$kind(object) => Arc::make_mut(object).follow(of, to)),* }
            }

            /// See [`ObjectKind::parts`].
            pub(crate) fn parts(&self) -> Vec<&str> {
                match self { $(Object::$kind(object) => object.parts()),* }
            }

            /// See [`ObjectKind::create`].
            pub(crate) fn create(&self, name: &Name) -> Ddl {
                match self { $(Object::$kind(object) => object.create(name)),* }
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

each_kind!(objects);

impl Object {
    /// The table, if it is one.
    pub(crate) fn table(&self) -> Option<&Arc<Table>> {
        if let Object::Table(table) = self { Some(table) } else { None }
    }
}
