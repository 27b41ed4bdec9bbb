//! What a downgrade does not bring back.

use std::collections::BTreeSet;

use crate::compile::basis::changed;
use crate::compile::downgrade::Downgrade;
use crate::compile::flow::{Flow, Loss};
use crate::compile::upgrade::Upgrade;
use crate::draft::Draft;

/// What the downgrades of the variants do not bring back, a phrase each.
pub(super) fn losses(upgrades: &[Upgrade<'_>], downgrades: &[Downgrade], draft: &Draft) -> BTreeSet<String> {
    let flow = |(upgrade, downgrade): (&Upgrade<'_>, &Downgrade)| {
        let steps = downgrade.irreversible.is_none().then_some(downgrade.steps.as_slice());
        let unread = changed(upgrade, downgrade, draft);
        Flow::new(&upgrade.start, upgrade.steps(), steps).losses().into_iter().chain(unread).collect::<BTreeSet<Loss>>()
    };
    upgrades.iter().zip(downgrades).flat_map(flow).map(|loss| loss.to_string()).collect()
}
