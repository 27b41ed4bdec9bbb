//! One compiled migration: what every run needs of it, and the rest as one literal that is decoded when it is needed.
//!
//! A history of a thousand migrations is a thousand times what one expands to. One literal costs rustc the least, and a run that
//! has nothing to do decodes none.

use std::sync::OnceLock;

use super::{Calls, Compiled, DataFile, Lacking, List, ProgramFunction, Text, checksum, packed};

/// One compiled migration.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The revision id: the module's name, or what `revision "…"` says.
    pub id: Text,
    /// The revisions that this one comes after; empty for a root, two or more for a merge.
    pub parents: List<&'static str>,
    /// The revisions that must be applied before this one, and stay heads of their own branches: `depends on`.
    pub dependencies: &'static [&'static str],
    /// The name of the branch that it is part of: `label`.
    pub label: Option<&'static str>,
    /// The files whose rows it inserts.
    pub files: &'static [DataFile],
    /// The functions that its steps call.
    pub programs: &'static [ProgramFunction],
    /// The checksum of what is written in the migration itself.
    checksum: Text,
    /// The same with the files, once it has been computed.
    whole: OnceLock<String>,
    packed: &'static str,
    open: OnceLock<Box<Compiled>>,
}

impl Migration {
    /// A migration made while a program runs, without a literal.
    pub fn new(
        id: impl Into<Text>,
        parents: impl Into<List<&'static str>>,
        checksum: impl Into<Text>,
        compiled: Compiled,
    ) -> Migration {
        let open = OnceLock::from(Box::new(compiled));
        let (id, parents, checksum) = (id.into(), parents.into(), checksum.into());
        let (whole, packed) = (OnceLock::new(), "");
        Migration { id, parents, dependencies: &[], label: None, files: &[], programs: &[], checksum, whole, packed, open }
    }

    /// The same as part of a branch of this name, which its checksum does not cover.
    #[must_use]
    pub const fn labelled(mut self, label: &'static str) -> Migration {
        self.label = Some(label);
        self
    }

    /// The same with what must be applied before it; its checksum is not computed again.
    #[must_use]
    pub const fn depending(mut self, dependencies: &'static [&'static str]) -> Migration {
        self.dependencies = dependencies;
        self
    }

    /// The same with the functions that its steps call.
    #[must_use]
    pub const fn calling(mut self, programs: &'static [ProgramFunction]) -> Migration {
        self.programs = programs;
        self
    }

    /// A migration with what [`Compiled::pack`] wrote.
    ///
    /// # Panics
    /// The text is of another version of `migrate`; while the constant is evaluated, so that such a program does not compile.
    #[must_use]
    pub const fn packed(
        id: &'static str,
        parents: &'static [&'static str],
        checksum: &'static str,
        packed: &'static str,
    ) -> Migration {
        Migration::with_files(id, parents, checksum, packed, &[])
    }

    /// The same with the files whose rows it inserts.
    ///
    /// # Panics
    /// See [`Migration::packed`].
    #[must_use]
    #[expect(clippy::panic, reason = "it is evaluated by the compiler, which shows the message")]
    pub const fn with_files(
        id: &'static str,
        parents: &'static [&'static str],
        checksum: &'static str,
        packed: &'static str,
        files: &'static [DataFile],
    ) -> Migration {
        if !packed::is_known(packed) {
            panic!("the macros and the library of migrate have different versions: use the same version of both");
        }
        let (id, parents, checksum) = (Text::Borrowed(id), List::Borrowed(parents), Text::Borrowed(checksum));
        let whole = OnceLock::new();
        let open = OnceLock::new();
        Migration { id, parents, dependencies: &[], label: None, files, programs: &[], checksum, whole, packed, open }
    }

    /// The same under another name and after other parents, which are part of its checksum, as its dependencies are.
    #[must_use]
    pub fn named(self, id: impl Into<Text>, parents: impl Into<List<&'static str>>) -> Migration {
        let parents = parents.into();
        let checksum = self.checksum_after(&parents, self.dependencies).into();
        Migration { id: id.into(), parents, checksum, whole: OnceLock::new(), ..self }
    }

    /// How an edited migration is recognized; see [`checksum`](super::checksum()). A migration that inserts the rows of a file is another
    /// one with another file.
    pub fn checksum(&self) -> &str {
        if self.files.is_empty() {
            return &self.checksum;
        }
        self.whole.get_or_init(|| checksum::with_files(&self.checksum, self.files))
    }

    /// The same without the files: what the lock of a history has.
    pub fn checksum_without_files(&self) -> &str {
        &self.checksum
    }

    /// Its checksum where it comes after these parents and has these dependencies.
    pub fn checksum_after<P: AsRef<str>, D: AsRef<str>>(&self, parents: &[P], dependencies: &[D]) -> String {
        checksum::with_parents(&self.checksum, (parents, dependencies), &self.compiled().operations)
    }

    /// The revisions that are applied before it: its parents and its dependencies.
    pub fn predecessors(&self) -> impl Iterator<Item = &'static str> {
        self.parents.iter().copied().chain(self.dependencies.iter().copied())
    }
}

impl Migration {
    /// What was compiled of it; opened when it is first needed.
    ///
    /// # Panics
    /// The literal cannot be read, which no macro writes: its version was checked when the program was compiled.
    #[expect(clippy::panic, reason = "the literal was written by a macro of a known version, which `packed` has checked")]
    pub fn compiled(&self) -> &Compiled {
        self.open.get_or_init(|| match Compiled::unpack(self.packed) {
            Some(compiled) => Box::new(compiled),
            None => panic!("the binary's own text of the migration `{}` cannot be read", self.id),
        })
    }
}

impl Migration {
    /// A function that one of its steps calls.
    ///
    /// # Errors
    /// It calls none of that name in that way.
    pub fn program(&self, name: &str, calls: Calls) -> Result<&'static ProgramFunction, Lacking> {
        let alike = || self.programs.iter().filter(|program| program.calls == calls);
        let found = alike().find(|program| program.name == name);
        found.ok_or_else(|| Lacking::Function(alike().map(|program| Text::Borrowed(program.name)).collect()))
    }
}

impl PartialEq for Migration {
    fn eq(&self, other: &Migration) -> bool {
        let head =
            |one: &Migration| (one.id.clone(), one.parents.clone(), one.dependencies, one.label, one.checksum().to_owned());
        head(self) == head(other) && self.compiled() == other.compiled()
    }
}

impl Eq for Migration {}
