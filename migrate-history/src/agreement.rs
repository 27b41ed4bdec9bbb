//! Whether a migration is the one that was applied under its id.

use crate::Migration;
use crate::checksum::{UPGRADE_LENGTH, older, parts, with_files};

/// How the migration in the code agrees with the one that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Nothing differs that the recorded checksum knows of.
    Same,
    /// What is written about its downgrade differs; it comes after the same parents and does the same.
    DowngradeEdited,
    /// It does something else, or comes after other parents.
    UpgradeEdited,
}

impl Migration {
    /// How it agrees with the migration whose checksum was recorded when it was applied.
    pub fn agreement(&self, recorded: &str) -> Agreement {
        self.compared(self.checksum(), recorded)
    }

    /// The same where it comes after these parents.
    pub(crate) fn agreement_after<P: AsRef<str>>(&self, before: &[P], recorded: &str) -> Agreement {
        // The parents are recorded before the dependencies.
        let (parents, dependencies) = before.split_at(self.parents.len().min(before.len()));
        let own = self.checksum_after(parents, dependencies);
        let own = if self.files.is_empty() { own } else { with_files(&own, self.files) };
        self.compared(&own, recorded)
    }

    fn compared(&self, own: &str, recorded: &str) -> Agreement {
        if own == recorded {
            return Agreement::Same;
        }
        match (parts(own), parts(recorded)) {
            (Some((own, _)), Some((other, _))) if own == other => Agreement::DowngradeEdited,
            // An older ledger does not know the parents and the downgrade.
            (Some(_), None) if self.older_checksum() == recorded => Agreement::Same,
            (Some(_) | None, Some(_) | None) => Agreement::UpgradeEdited,
        }
    }

    fn older_checksum(&self) -> String {
        self.compiled().older.as_ref().map_or_else(|| older(&self.compiled().operations), ToString::to_string)
    }

    /// The checksums that a ledger may have for this migration where its upgrade was not edited: whole ones, and the beginning of
    /// one, which is so many characters long.
    pub fn accepted(&self) -> (Vec<String>, Option<(usize, &str)>) {
        let whole = vec![self.checksum().to_owned(), self.older_checksum()];
        (whole, parts(self.checksum()).map(|(upgrade, _)| (UPGRADE_LENGTH, upgrade)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checksum::checksum;
    use crate::{Basis, Compiled, Level};

    fn migration(checksum: String, operations: &[&str]) -> Migration {
        let compiled = Compiled {
            message: "".into(),
            operations: operations.iter().map(|one| (*one).to_owned().into()).collect(),
            older: None,
            level: Level::Exact,
            basis: Basis::Proved,
            losses: Vec::new().into(),
            irreversible: None,
            notes: Vec::new().into(),
            scripts: Vec::new().into(),
        };
        Migration::new("m", Vec::new(), checksum, compiled)
    }

    #[test]
    fn an_edited_downgrade_and_an_edited_upgrade_are_told_apart() {
        let one = migration(checksum(&["a"], &["x"], &["d"]), &["x"]);
        assert_eq!(one.agreement(one.checksum()), Agreement::Same);
        assert_eq!(one.agreement(&checksum(&["a"], &["x"], &["e"])), Agreement::DowngradeEdited);
        assert_eq!(one.agreement(&checksum(&["b"], &["x"], &["d"])), Agreement::UpgradeEdited);
        assert_eq!(one.agreement(&checksum(&["a"], &["y"], &["d"])), Agreement::UpgradeEdited);
    }

    #[test]
    fn what_an_older_version_recorded_is_compared_with_the_operations() {
        let one = migration(checksum(&["a"], &["x", "y"], &["d"]), &["x", "y"]);
        assert_eq!(one.agreement(&older(&["x", "y"])), Agreement::Same);
        assert_eq!(one.agreement(&older(&["x"])), Agreement::UpgradeEdited);
        assert_eq!(one.agreement("v1:"), Agreement::UpgradeEdited);
        assert_eq!(one.agreement("v3:something"), Agreement::UpgradeEdited);
    }
}
