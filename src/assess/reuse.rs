//! How much of one standard the evidence for the other serves: by the catalogue, and as people found.

use std::collections::BTreeSet;

use super::{Assessed, Inputs};
use crate::{
    catalog::Strength,
    domain::{Origin, ReuseRate, TargetId},
};

/// Counts targets of `to`. By the catalogue: those that a strong or only weak chains reach from
/// `from`. Observed: those where a person carried evidence over, and those at the end of a strong
/// chain whose both ends hold accepted evidence that stands.
pub fn reuse_rate(from: &str, to: &str, assessed: &Assessed, inputs: &Inputs<'_>) -> ReuseRate {
    let with_evidence: BTreeSet<&TargetId> = assessed
        .assessments
        .iter()
        .filter(|row| row.evidence.iter().any(|e| !e.lost))
        .map(|row| &row.target)
        .collect();
    let carried: BTreeSet<&TargetId> = assessed
        .assessments
        .iter()
        .filter(|row| row.evidence.iter().any(|e| !e.lost && e.origin == Origin::Reuse))
        .map(|row| &row.target)
        .collect();
    let reuse = inputs.catalog.reuse(from, to);
    let held = |id: &TargetId| with_evidence.contains(id);
    let both = reuse.rows.iter().filter(|row| {
        let chains = row.chains.iter().filter(|c| c.strength == Strength::Strong);
        held(&row.target.id) && chains.into_iter().any(|chain| held(chain.source))
    });
    let of =
        |ids: &BTreeSet<&TargetId>| ids.iter().filter(|id| id.framework() == to).count() as u32;
    ReuseRate {
        from: from.to_owned(),
        to: to.to_owned(),
        targets: reuse.overall.targets as u32,
        strong: reuse.overall.strong as u32,
        weak: reuse.overall.weak as u32,
        with_evidence: of(&with_evidence),
        carried_over: of(&carried),
        both_ends: both.count() as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::testkit::*, *};
    use crate::domain::{ISO27001, ISO42001};

    fn rate(world: &World) -> ReuseRate {
        reuse_rate(ISO27001, ISO42001, &world.assess(), &world.inputs())
    }

    #[test]
    fn what_is_observed_stands_on_evidence_of_both_ends_and_on_what_people_carried_over() {
        let mut world = World::new();
        let nothing = rate(&world);
        assert_eq!((nothing.targets, nothing.with_evidence), (70, 0));
        assert_eq!((nothing.carried_over, nothing.both_ends), (0, 0));
        assert!(nothing.strong > 0 && nothing.weak > 0);

        // One end alone shows nothing; 9.2.2 reaches its counterpart by a strong chain.
        world.accept("ISO42001:9.2.2", "d1", "programme.md");
        assert_eq!((rate(&world).with_evidence, rate(&world).both_ends), (1, 0));
        world.accept("ISO27001:9.2.2", "d1", "programme.md");
        assert_eq!(rate(&world).both_ends, 1);
        world.decisions[0].origin = Origin::Reuse;
        assert_eq!((rate(&world).carried_over, rate(&world).both_ends), (1, 1));
        world.documents.clear();
        assert_eq!((rate(&world).with_evidence, rate(&world).carried_over), (0, 0));
    }
}
