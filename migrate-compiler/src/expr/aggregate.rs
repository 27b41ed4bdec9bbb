//! Functions over the rows of a query.

/// Declares the aggregates once: name, word, fewest and most arguments.
macro_rules! aggregates {
    ($($name:ident $word:literal $least:literal $most:literal),* $(,)?) => {
        /// What is made of all rows of a query, or of each of its groups.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Aggregate { $(#[doc = concat!("`", $word, "`")] $name),* }

        impl Aggregate {
            /// Every one.
            pub const ALL: &[Aggregate] = &[$(Aggregate::$name),*];

            /// How it is written.
            pub const fn word(self) -> &'static str {
                match self { $(Aggregate::$name => $word),* }
            }

            /// The fewest and the most arguments; `count(*)` has none.
            pub const fn arity(self) -> (usize, usize) {
                match self { $(Aggregate::$name => ($least, $most)),* }
            }
        }
    };
}

aggregates! {
    Count "count" 0 1,
    Max "max" 1 1,
    Min "min" 1 1,
    Sum "sum" 1 1,
    Avg "avg" 1 1,
}

impl Aggregate {
    /// The aggregate that a call with so many arguments is: `max(a, b)` is none.
    pub fn find(word: &str, arguments: usize) -> Option<Aggregate> {
        let takes = |one: &Aggregate| (one.arity().0..=one.arity().1).contains(&arguments);
        Aggregate::ALL.iter().copied().find(|one| one.word() == word && takes(one))
    }
}
