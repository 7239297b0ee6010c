//! Cheap tests before dear ones: a pattern can only match a text that holds one of its literals.
//!
//! Literals of several patterns are looked for in one pass; each stands for a set of patterns. A
//! gate may open for nothing, but must never stay shut where its pattern matches: a literal is
//! chosen so that each alternative of the pattern holds one, and the test beside each list of
//! literals holds it on texts that match.

use aho_corasick::AhoCorasick;

/// Letters that Unicode's case rules make equal to an ASCII one, and the gate's ASCII rules don't:
/// long s and the Kelvin sign. They open everything.
const FOLDED: [&str; 2] = ["\u{17f}", "\u{212a}"];

/// Literals, regardless of ASCII case, and what each opens.
pub(super) struct Gate {
    literals: AhoCorasick,
    opens: Vec<u8>,
}

impl Gate {
    /// # Panics
    /// For literals that no automaton can be built of; never for the constants here.
    pub(super) fn new(literals: &[(u8, &[&str])]) -> Self {
        let mut all: Vec<&str> = Vec::new();
        let mut opens = Vec::new();
        for (bit, list) in literals.iter().chain([&(u8::MAX, &FOLDED[..])]) {
            all.extend(*list);
            opens.extend(list.iter().map(|_| *bit));
        }
        let literals = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(aho_corasick::AhoCorasickKind::DFA))
            .build(all)
            .expect("constant");
        Self { literals, opens }
    }

    /// The bits of all literals that a text holds.
    pub(super) fn open(&self, text: &str) -> u8 {
        let found = self.literals.find_overlapping_iter(text);
        found.fold(0, |open, hit| open | self.opens[hit.pattern().as_usize()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_opens_its_own() {
        let gate = Gate::new(&[(1, &["means"]), (2, &["not", "nothing"])]);
        assert_eq!(gate.open("It MEANS nothing."), 3);
        assert_eq!(gate.open("Knot"), 2);
        assert_eq!(gate.open("mean"), 0);
        assert_eq!(gate.open("a \u{17f}"), u8::MAX);
    }
}
