//! Holds what an overlay says against the catalogue: duplicates, dangling links, cycles.

use std::collections::{BTreeMap, BTreeSet};

use super::{CUSTOM, Overlay, OwnPoint, Place, Reference};
use crate::{
    catalog::Catalog,
    diag::Sink,
    domain::{
        DocumentType, Documented, EvidenceKind, ISO27001, ISO42001, Point, PointId, Target,
        TargetId, TargetKind,
    },
};

pub(super) fn is_standard(framework: &str) -> bool {
    matches!(framework, ISO27001 | ISO42001)
}

/// The merged catalogue; it is of use only if the sink stayed free of errors.
pub(super) fn merge(base: &Catalog, overlay: Overlay, sink: &mut Sink) -> Catalog {
    let mut merged = base.clone();
    names(&mut merged, &overlay, sink);
    let known = frameworks(base, &merged, &overlay);
    let mut places: BTreeMap<TargetId, Place> = BTreeMap::new();
    for (target, place) in overlay.targets {
        let id = target.id.clone();
        let message = if let Some(first) = places.get(&id) {
            format!("{id} is defined twice, first in {}, row {}", first.file, first.line)
        } else if base.get(&id).is_some() {
            format!("{id} is already in the catalogue")
        } else if is_standard(id.framework()) && !id.local().starts_with("X.") {
            format!("{id}: the numbers of a standard are its own")
        } else if !known.contains(id.framework()) {
            format!("{id}: no framework `{}` is declared", id.framework())
        } else {
            places.insert(id.clone(), place);
            merged.targets.insert(id, target);
            continue;
        };
        let help = "own controls of a standard are ISO27001:X.1, ISO42001:X.1 …; others take the \
                    framework of framework.toml or framework.csv, or CUSTOM:";
        place.fault(sink, message, help);
        // Still known, so that what refers to it is not reported as well.
        merged.targets.entry(id).or_insert(target);
    }
    points(&mut merged, overlay.points, sink);
    for id in places.keys() {
        if let Some(target) = merged.targets.get_mut(id).filter(|t| t.points.is_empty()) {
            target.points = plain_points(target);
        }
    }
    for (control, place) in overlay.common_controls {
        if merged.common_control(&control.id).is_some() {
            let message = format!("the common control {} is defined twice", control.id);
            place.fault(sink, message, "choose another id; [[link]] adds links to an existing one");
        } else {
            merged.common_controls.push(control);
        }
    }
    for own in overlay.links {
        let Some(n) = merged.common_controls.iter().position(|c| c.id == own.common_control) else {
            let message = format!("no common control {}", own.common_control);
            own.control_place.fault(sink, message, "see `evimap catalog export`, or define it");
            continue;
        };
        dangling(&merged, &own.link.target, &own.place, sink);
        let links = &mut merged.common_controls[n].links;
        if links.iter().any(|link| link.target == own.link.target) {
            let message = format!("{} already leads to {}", own.common_control, own.link.target);
            own.place.fault(sink, message, "one link, with the relation that fits best");
        } else {
            links.push(own.link);
        }
    }
    for reference in &overlay.serves {
        if !dangling(&merged, &reference.to, &reference.place, sink) {
            continue;
        }
        let clause = merged.get(&reference.to).is_some_and(|to| {
            to.kind == TargetKind::Requirement && to.framework == reference.from.framework()
        });
        if !clause {
            let message = format!("{} is no clause of the same framework", reference.to);
            reference.place.fault(sink, message, "use `refines` for other targets");
        }
    }
    for reference in &overlay.refines {
        dangling(&merged, &reference.to, &reference.place, sink);
    }
    cycles(&overlay.refines, sink);
    for reference in overlay.refines {
        merged.refines.entry(reference.from).or_default().push(reference.to);
    }
    merged
}

fn names(merged: &mut Catalog, overlay: &Overlay, sink: &mut Sink) {
    for framework in &overlay.frameworks {
        let id = &framework.id;
        let plain =
            |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        let message = if !id.chars().all(plain) {
            format!("framework id `{id}` may hold A–Z, 0–9, - and _ only")
        } else if is_standard(id) || merged.names.contains_key(id) {
            format!("the framework {id} is defined twice")
        } else {
            merged.names.insert(id.clone(), framework.name.clone());
            continue;
        };
        framework.place.fault(sink, message, "choose another id, for example ACME");
    }
}

/// Frameworks that targets of the overlay may belong to: the standards, declared ones and
/// `CUSTOM`; without any declaration the one that the first row of framework.csv names.
fn frameworks(base: &Catalog, merged: &Catalog, overlay: &Overlay) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = base.frameworks().into_iter().map(str::to_owned).collect();
    known.insert(CUSTOM.to_owned());
    known.extend(overlay.frameworks.iter().map(|framework| framework.id.clone()));
    known.extend(merged.names.keys().cloned());
    if overlay.frameworks.is_empty() {
        let listed = overlay.targets.iter().find(|(_, place)| place.file.ends_with(".csv"));
        known.extend(listed.map(|(target, _)| target.framework.clone()));
    }
    known
}

fn points(merged: &mut Catalog, points: Vec<OwnPoint>, sink: &mut Sink) {
    for OwnPoint { target: id, point, place, target_place } in points {
        if !dangling(merged, &id, &target_place, sink) {
            continue;
        }
        let Some(target) = merged.targets.get_mut(&id) else { continue };
        if target.points.iter().any(|other| other.id == point.id) {
            let message = format!("the point {} is defined twice", point.id);
            place.fault(sink, message, "number the points of a target through");
        } else {
            target.points.push(point);
        }
    }
}

/// What is assessed of a target that its author gave no points.
fn plain_points(target: &Target) -> Vec<Point> {
    let point = |short, kind, text| Point {
        id: PointId::new(&target.id, short),
        kind,
        sub_item: target.id.local().to_owned(),
        documented: Documented::Usual,
        text,
        typical_evidence: String::new(),
        evidence_type: DocumentType::Other,
        freshness: String::new(),
    };
    let title = &target.title;
    vec![
        point("d1", EvidenceKind::Design, format!("It is laid down, with an owner: {title}")),
        point("o1", EvidenceKind::Operation, format!("It is done, and there is a record: {title}")),
    ]
}

/// False, and a fault, if the target is unknown.
fn dangling(merged: &Catalog, id: &TargetId, place: &Place, sink: &mut Sink) -> bool {
    let known = merged.get(id).is_some();
    if !known {
        place.fault(sink, format!("there is no target {id}"), "see `evimap catalog list`");
    }
    known
}

/// Reports every cycle of refinements once. Common controls can't form any: their links lead from
/// common controls to targets only.
fn cycles(refines: &[Reference], sink: &mut Sink) {
    let mut open: Vec<&Reference> = refines.iter().collect();
    loop {
        // What nothing refines, or what refines nothing, is on no cycle.
        let before = open.len();
        let froms: BTreeSet<&TargetId> = open.iter().map(|edge| &edge.from).collect();
        let tos: BTreeSet<&TargetId> = open.iter().map(|edge| &edge.to).collect();
        open.retain(|edge| froms.contains(&edge.to) && tos.contains(&edge.from));
        if open.len() < before {
            continue;
        }
        let Some(first) = open.iter().min_by_key(|edge| &edge.from) else { return };
        let mut walk: Vec<&Reference> = vec![first];
        let circle = loop {
            let Some(last) = walk.last() else { return };
            if let Some(start) = walk.iter().position(|edge| edge.from == last.to) {
                break walk[start..].to_vec();
            }
            // Every target that is left refines another one that is left.
            let Some(next) = open.iter().find(|edge| edge.from == last.to) else { return };
            walk.push(next);
        };
        let mut path: Vec<&str> = circle.iter().map(|edge| edge.from.as_str()).collect();
        path.extend(path.first().copied());
        let message = format!("targets refine each other in a circle: {}", path.join(" → "));
        circle[0].place.fault(sink, message, "remove one of these `refines`");
        let on: BTreeSet<&TargetId> = circle.iter().map(|edge| &edge.from).collect();
        open.retain(|edge| !on.contains(&edge.from));
    }
}
