//! Original scales beside one of five steps and four bands. The original is never changed; docs/imports.md
//! says what becomes what.

use super::{super::fields::norm, words};
use crate::domain::RiskBand;

/// Scales of numbers in use; one of a column is the smallest that holds its largest number.
const SCALES: [u32; 5] = [3, 4, 5, 6, 10];

/// The number in a cell such as `4`, `4 - likely`, `4 (hoch)`; not `1-3`.
fn number(cell: &str) -> Option<u32> {
    let digits: String = cell.trim().chars().take_while(char::is_ascii_digit).collect();
    let rest = cell.trim()[digits.len()..].trim_start();
    let range = rest.trim_start_matches(['-', '–', '.', ',']).trim_start();
    let apart = rest.len() != range.len() && range.starts_with(|c: char| c.is_ascii_digit());
    if apart || rest.starts_with('%') { None } else { digits.parse().ok() }
}

/// Steps of the scale that a column of numbers is on; none if it holds none, or larger ones.
pub(super) fn steps<'a>(cells: impl Iterator<Item = &'a str>) -> Option<u32> {
    let largest = cells.filter_map(number).max()?;
    SCALES.into_iter().find(|s| *s >= largest)
}

/// Steps that a header names: `Likelihood (1-5)`, `Auswirkung 1 bis 4`.
pub(super) fn stated(header: &str) -> Option<u32> {
    let plain = norm(header);
    let mut words = plain.split(' ').skip_while(|word| *word != "1").skip(1);
    let next = words.find(|word| !words::TO.is_listed(word))?;
    next.parse().ok().filter(|steps| SCALES.contains(steps))
}

/// A likelihood or impact as one of five, by its number on a scale of `steps` or by its word.
pub(super) fn of_five(cell: &str, steps: Option<u32>) -> Option<u32> {
    if let (Some(n), Some(steps)) = (number(cell), steps)
        && n > 0
        && n <= steps
    {
        return Some((n * 5).div_ceil(steps));
    }
    let plain = norm(cell);
    let step = words::STEPS.iter().position(|step| step.is_listed(&plain))?;
    u32::try_from(step + 1).ok()
}

/// The band of a level, by its word, or by the share that its number has of the largest possible one
/// (product of both scales): up to a fifth low, two fifths medium, three fifths high, above critical.
pub(super) fn band(cell: &str, most: Option<u32>) -> Option<&'static str> {
    let plain = norm(cell);
    if let Some(at) = words::BANDS.iter().position(|band| band.is_listed(&plain)) {
        return ["low", "medium", "high", "critical"].get(at).copied();
    }
    let (n, most) = (number(cell)?, most?);
    if n == 0 || n > most {
        return None;
    }
    Some(RiskBand::of(n, most).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_carried_to_five_steps() {
        assert_eq!(steps(["1", "4 - likely", ""].into_iter()), Some(4));
        assert_eq!(steps(["low", "high"].into_iter()), None);
        assert_eq!(steps(["40"].into_iter()), None);
        assert_eq!(
            ["Likelihood (1-5)", "Impact 1 to 4", "Auswirkung [1 – 3]", "Level 1", "L", "1-7"]
                .map(stated),
            [Some(5), Some(4), Some(3), None, None, None]
        );
        assert_eq!(
            [1, 2, 3, 4].map(|n: u32| of_five(&n.to_string(), Some(4)).unwrap()),
            [2, 3, 4, 5]
        );
        assert_eq!(of_five("Sehr hoch", None), Some(5));
        for (words, step) in [
            (["rare", "muy baja", "trascurabile", "muito baixo", "zeldzaam"], 1),
            (["Faible", "Baja", "Bassa", "Baixa", "Laag"], 2),
            (["Moyenne", "Media", "Medio", "Média", "Gemiddeld"], 3),
            (["Élevée", "Alta", "Elevato", "Elevada", "Hoog"], 4),
            (["Critique", "Muy alto", "Molto alta", "Muito elevada", "Zeer hoog"], 5),
        ] {
            assert_eq!(words.map(|word| of_five(word, None)), [Some(step); 5], "{step}");
        }
        assert_eq!(band("Élevé", None), Some("high"));
        assert_eq!(["Impact (1 à 4)", "Kans 1 tot 5"].map(stated), [Some(4), Some(5)]);
        assert_eq!(of_five("7", Some(5)), None);
        assert_eq!(of_five("1-3", Some(5)), None);
        assert_eq!(
            ["5", "10", "15", "16"].map(|n| band(n, Some(25)).unwrap()),
            ["low", "medium", "high", "critical"]
        );
        assert_eq!(band("kritisch", None), Some("critical"));
        assert_eq!(band("12", None), None);
    }
}
