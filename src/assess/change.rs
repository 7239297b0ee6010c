//! What a decision rests on beside its words, and what of it is different now.

use sha2::{Digest, Sha256};

use super::{DocumentState, Inputs, rewritten::word_diff};
use crate::domain::{Basis, Decision, letters_and_digits, squash_whitespace};

/// What a decision rests on in the current run; `None` for what nobody can re-open, and where the
/// document is gone.
pub fn basis(decision: &Decision, inputs: &Inputs<'_>) -> Option<Basis> {
    if !decision.verifiable {
        return None;
    }
    let documents = inputs.documents;
    let same_hash = || documents.values().find(|state| state.hash == decision.document_hash);
    let state = documents.get(&decision.document).or_else(same_hash)?;
    Some(now(decision, state, inputs))
}

/// What a decision rests on, its document being this.
pub(super) fn now(decision: &Decision, state: &DocumentState, inputs: &Inputs<'_>) -> Basis {
    let points = inputs.catalog.get(&decision.target).map_or(&[][..], |t| &t.points);
    let named = points.iter().filter(|p| decision.points.contains(&p.id));
    let scope = inputs.config.scope.get(decision.target.framework());
    let scope = scope.map(|text| letters_and_digits(text)).filter(|text| !text.is_empty());
    Basis {
        title: state.profile.title.clone(),
        version: state.profile.version.clone(),
        system: state.profile.system.clone(),
        scope: scope.map_or_else(String::new, |text| fingerprint(&text)),
        points: named
            .map(|p| {
                let text = squash_whitespace(&p.text);
                (p.id.clone(), format!("{}: {text}", p.kind.as_str()))
            })
            .collect(),
    }
}

/// 16 hex digits: statements of a scope are told apart, not guarded.
fn fingerprint(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(text)[..8])
}

/// What changed between two states, in half sentences. A version or scope that was not stated
/// before, or is not now, says nothing: a PDF names less than the document that it was made from.
pub(super) fn differences(then: &Basis, now: &Basis, framework: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(old), Some(new)) = (&then.version, &now.version)
        && letters_and_digits(old) != letters_and_digits(new)
    {
        found.push(format!("the document's version was {old} and is {new}"));
    }
    if then.system != now.system {
        let name = |system: &Option<String>| {
            system.as_ref().map_or_else(|| "all systems".to_owned(), |s| format!("system {s}"))
        };
        let (old, new) = (name(&then.system), name(&now.system));
        found.push(format!("the document was about {old} and is about {new}"));
    }
    if !then.scope.is_empty() && !now.scope.is_empty() && then.scope != now.scope {
        found.push(format!("the scope statement of {framework} changed"));
    }
    for (id, old) in &then.points {
        match now.points.get(id) {
            None => found.push(format!("{id} is no point any more")),
            Some(new) if letters_and_digits(old) != letters_and_digits(new) => {
                found.push(format!("point {} now reads: {}", id.short(), word_diff(old, new)));
            }
            Some(_) => {}
        }
    }
    found
}
