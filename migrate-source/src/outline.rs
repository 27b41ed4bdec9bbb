//! What a history looks like before anything of it is compiled.

use crate::error::SourceError;
use crate::history::HistorySource;

/// A migration by its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlined {
    /// Its revision id.
    pub id: String,
    /// The name of its module.
    pub module: String,
    /// The same as a path writes it: `r#type`.
    pub word: String,
    /// The places of its parents in the outline.
    pub parents: Vec<usize>,
    /// The places of its dependencies in the outline.
    pub dependencies: Vec<usize>,
    /// Its label.
    pub label: Option<String>,
}

/// The migrations of a history by their names, in the order in which it lists them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline(pub Vec<Outlined>);

impl HistorySource {
    /// The migrations by their names.
    pub fn outline(&self) -> Outline {
        let read = self.parse();
        let outlined = read.iter().map(|one| Outlined {
            id: one.id.clone(),
            module: one.source.module.clone(),
            word: one.source.listed.to_string(),
            parents: one.parents.iter().flatten().copied().collect(),
            dependencies: one.dependencies.iter().flatten().copied().collect(),
            label: one.parsed.label.clone(),
        });
        Outline(outlined.collect())
    }
}

impl Outline {
    /// Those that no other comes after.
    pub fn heads(&self) -> Vec<&Outlined> {
        let is_parent = |at: usize| self.0.iter().any(|one| one.parents.contains(&at));
        self.0.iter().enumerate().filter(|(at, _)| !is_parent(*at)).map(|(_, one)| one).collect()
    }

    /// A migration and all that come after it, in the order of the list.
    pub fn branch(&self, of: &Outlined) -> Vec<&Outlined> {
        let mut inside: Vec<bool> = self.0.iter().map(|one| one == of).collect();
        loop {
            let comes = |at: &usize| !inside[*at] && self.0[*at].parents.iter().any(|&parent| inside[parent]);
            let more: Vec<usize> = (0..self.0.len()).filter(comes).collect();
            if more.is_empty() {
                return self.0.iter().zip(inside).filter(|(_, inside)| *inside).map(|(one, _)| one).collect();
            }
            more.into_iter().for_each(|at| inside[at] = true);
        }
    }

    /// Those that come after a migration, and that no other comes after.
    fn heads_after(&self, from: usize) -> Vec<&Outlined> {
        let mut after = vec![from];
        let mut at = 0;
        while let Some(&parent) = after.get(at) {
            let children = self.0.iter().enumerate().filter(|(_, one)| one.parents.contains(&parent)).map(|(child, _)| child);
            let new: Vec<usize> = children.filter(|child| !after.contains(child)).collect();
            after.extend(new);
            at += 1;
        }
        self.heads().into_iter().filter(|head| after.iter().any(|&at| self.0[at] == **head)).collect()
    }

    /// The migration that an id or its unique beginning means, or a label; `head` where there is one, or that of a branch: `LABEL@head`.
    ///
    /// # Errors
    /// None begins so, or several do.
    pub fn find(&self, text: &str) -> Result<&Outlined, SourceError> {
        let labelled = |label: &str| self.0.iter().position(|one| one.label.as_deref() == Some(label));
        let exact = || self.0.iter().find(|one| one.id == text).or_else(|| labelled(text).map(|at| &self.0[at]));
        let all: Vec<&Outlined> = match (text, exact()) {
            ("head", None) => self.heads(),
            (branch, None) if branch.ends_with("@head") => {
                let at = branch.strip_suffix("@head").and_then(labelled);
                at.map(|at| self.heads_after(at)).unwrap_or_default()
            }
            (_, Some(exact)) => return Ok(exact),
            (_, None) => self.0.iter().filter(|one| one.id.starts_with(text)).collect(),
        };
        match all.as_slice() {
            [only] => Ok(only),
            [] => Err(SourceError::UnknownRevision { text: text.to_owned(), near: self.near(text) }),
            several => {
                let revisions = several.iter().map(|one| one.id.clone()).collect();
                Err(SourceError::SeveralRevisions { text: text.to_owned(), revisions })
            }
        }
    }

    fn near(&self, text: &str) -> Option<String> {
        let labels = self.0.iter().filter_map(|one| one.label.as_deref());
        let ids = self.0.iter().map(|one| one.id.as_str()).chain(labels);
        migrate_compiler::suggestion::nearest(text, ids).map(str::to_owned)
    }
}
