//! The places of the words of a piece, by their roles.

use crate::expr::Expr;
use crate::problem::{EntryId, Node, PieceId, Problem, Role, Slot};
use proc_macro2::Span;

/// The places of the words of all pieces.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    pieces: Vec<PieceMarks>,
    /// The entry that is being read.
    entry: Option<EntryId>,
}

#[derive(Clone, Debug)]
struct PieceMarks {
    start: Span,
    words: Vec<Word>,
    /// How many expressions the entry that was read last has so far.
    expressions: (Option<EntryId>, usize),
}

/// A word in its role.
#[derive(Clone, Debug)]
struct Word {
    role: Role,
    text: String,
    entry: Option<EntryId>,
    node: Option<Node>,
    span: Span,
}

impl Marks {
    /// Begins a piece at its first token.
    pub(crate) fn begin(&mut self, start: Span) -> PieceId {
        self.pieces.push(PieceMarks { start, words: Vec::new(), expressions: (None, 0) });
        PieceId(self.pieces.len() - 1)
    }

    /// Begins a piece that was written together with a column, as a constraint of that: it has its own words and those of the column.
    pub(crate) fn begin_with(&mut self, other: PieceId, entry: EntryId) -> PieceId {
        let start = self.place(other);
        let words = self.pieces.get(other.0).map(|piece| piece.words.as_slice()).unwrap_or_default();
        let own = words.iter().filter(|word| word.entry == Some(entry) || !matches!(word.entry, Some(EntryId::Constraint(_))));
        let words = own.map(|word| Word { entry: None, ..word.clone() }).collect();
        self.pieces.push(PieceMarks { start, words, expressions: (None, 0) });
        PieceId(self.pieces.len() - 1)
    }

    /// Notes a word of a piece.
    pub(crate) fn note(&mut self, piece: PieceId, role: Role, word: &str, span: Span) {
        let entry = self.entry;
        if let Some(piece) = self.pieces.get_mut(piece.0) {
            piece.words.push(Word { role, text: word.to_owned(), entry, node: None, span });
        }
    }

    /// Says which entry of a piece is read from now on; the entry that was read until now.
    pub(crate) fn enter(&mut self, entry: Option<EntryId>) -> Option<EntryId> {
        std::mem::replace(&mut self.entry, entry)
    }

    /// How many words were noted of a piece.
    pub(crate) fn count(&self, piece: PieceId) -> usize {
        self.pieces.get(piece.0).map_or(0, |piece| piece.words.len())
    }

    /// Says to which nodes of an expression the words belong that were noted since there were so many, and notes the expression itself.
    pub(crate) fn belong(&mut self, piece: PieceId, known: usize, (expr, span): (&Expr, Span)) {
        let entry = self.entry;
        let Some(piece) = self.pieces.get_mut(piece.0) else { return };
        let before = if piece.expressions.0 == entry { piece.expressions.1 } else { 0 };
        piece.expressions = (entry, before + 1);
        let (words, noted) = (expr.words(), &mut piece.words[known..]);
        if words.iter().map(|(role, _)| *role).eq(noted.iter().map(|word| word.role)) {
            let place = |(_, place)| Some(Node { expression: before, place });
            noted.iter_mut().zip(words).for_each(|(word, of)| word.node = place(of));
        }
        let node = Some(Node { expression: before, place: 0 });
        piece.words.push(Word { role: Role::Expression, text: expr.to_string(), entry, node, span });
    }

    /// Whether every word of an expression has its node.
    #[cfg(test)]
    pub(crate) fn all_belong(&self) -> bool {
        let mut words = self.pieces.iter().flat_map(|piece| &piece.words);
        words.all(|word| word.node.is_some() || matches!(word.role, Role::Expression | Role::Table))
    }

    /// The first token of a piece.
    pub(crate) fn place(&self, piece: PieceId) -> Span {
        self.pieces.get(piece.0).map_or_else(Span::call_site, |piece| piece.start)
    }

    /// The token of a problem: its word, in its entry where it has one, or the piece's first token.
    pub fn find(&self, problem: &Problem) -> Option<Span> {
        let piece = self.pieces.get(problem.piece?.0)?;
        Some(piece.word(problem).map_or(piece.start, |word| word.span))
    }

    /// Whether the word that a problem is about was noted.
    #[cfg(feature = "testing")]
    pub(crate) fn knows(&self, problem: &Problem) -> bool {
        let piece = problem.piece.and_then(|piece| self.pieces.get(piece.0));
        problem.slot.role == Role::Statement || piece.is_none_or(|piece| piece.word(problem).is_some())
    }
}

impl PieceMarks {
    fn word(&self, problem: &Problem) -> Option<&Word> {
        let Problem { entry, node, slot, .. } = problem;
        let all = self.words.iter();
        let own = all.clone().filter(|word| entry.is_none() || word.entry == *entry);
        let exact = exact(own.clone(), *node, slot).or_else(|| exact(all.clone(), *node, slot));
        exact.or_else(|| unnamed(own, slot)).or_else(|| unnamed(all, slot))
    }
}

/// The word of a slot: of those that are the same, the one of the node, or the one that is written as often before.
fn exact<'w>(words: impl Iterator<Item = &'w Word> + Clone, node: Option<Node>, slot: &Slot) -> Option<&'w Word> {
    let same = words.filter(|word| word.role == slot.role && word.text == slot.name);
    let within = |word: &&Word| match (node, word.node) {
        (Some(wanted), Some(node)) => node.expression == wanted.expression && node.place >= wanted.place,
        (Some(_), None) | (None, _) => false,
    };
    same.clone().find(within).or_else(|| same.clone().nth(slot.nth)).or_else(|| same.last())
}

/// What is written without the name that it gets, and the expression that a part is of.
fn unnamed<'w>(mut words: impl Iterator<Item = &'w Word>, slot: &Slot) -> Option<&'w Word> {
    words.find(|word| word.role == slot.role && (word.text.is_empty() || word.role == Role::Expression))
}
