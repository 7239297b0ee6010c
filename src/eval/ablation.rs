//! What each feature of the matcher is worth: figures with it switched off, against figures with
//! everything on. The calibration is not fitted again, so a change of ECE or of a verdict also says
//! how much the fit leans on the feature.

use std::fmt::Write;

use serde::Serialize;

use super::{
    Set, SetFigures, TextFigures, Texts,
    markdown::{name, number, table},
    measure, measure_texts,
};
use crate::{
    index::IndexError,
    matching::{Features, Matcher},
};

/// The figures of one set or file of texts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    pub name: String,
    /// In the order of the columns; `None` where it is not defined.
    pub figures: Vec<(&'static str, Option<f64>)>,
}

/// The figures with one feature switched off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ablated {
    /// The name of the switch; empty for everything on.
    pub without: &'static str,
    pub words: &'static str,
    pub sets: Vec<Compared>,
}

/// Measures with everything on (first), then with each feature off. `build` makes a matcher with
/// the switches given.
///
/// # Errors
/// The index is damaged.
pub fn ablation<'m>(
    build: &dyn Fn(Features) -> Matcher<'m>,
    sets: &[Set<'_>],
    texts: &[Texts],
) -> Result<Vec<Ablated>, IndexError> {
    let mut all = vec![("", "everything on", Features::default())];
    all.extend(Features::all_but_one());
    let mut out = Vec::new();
    for (without, words, features) in all {
        let matcher = build(features);
        let mut compared = Vec::new();
        for set in sets {
            compared.push(of_set(&measure(&matcher, set)?));
        }
        for (name, rows) in texts {
            compared.push(of_texts(&measure_texts(&matcher, name, rows)));
        }
        out.push(Ablated { without, words, sets: compared });
    }
    Ok(out)
}

fn of_set(f: &SetFigures) -> Compared {
    let (t, p) = (&f.target_to_document, &f.passage_to_target);
    Compared {
        name: f.name.clone(),
        figures: vec![
            ("hit@1", Some(t.hit_at_1)),
            ("hit@5", Some(t.hit_at_5)),
            ("MRR", Some(t.mrr)),
            ("section MRR", Some(p.mrr)),
            ("precision strong", f.bands.first().and_then(|b| b.precision)),
            ("ECE", Some(f.calibration_error)),
            ("gap AUC", f.gaps.auc),
            ("gap-F1", Some(f.gaps.f1)),
            ("κ", f.gaps.kappa),
        ],
    }
}

fn of_texts(f: &TextFigures) -> Compared {
    let r = &f.ranking;
    Compared {
        name: f.name.clone(),
        figures: vec![
            ("hit@1", Some(r.hit_at_1)),
            ("hit@5", Some(r.hit_at_5)),
            ("MRR", Some(r.mrr)),
            ("ECE", Some(f.calibration_error)),
        ],
    }
}

/// A table for each set: the first row as measured, the others as differences from it.
pub fn ablation_markdown(rows: &[Ablated]) -> String {
    let mut out = String::new();
    let Some(base) = rows.first() else { return out };
    for (n, set) in base.sets.iter().enumerate() {
        let _ = writeln!(out, "### {}\n", name(&set.name));
        let mut heads = vec!["without"];
        heads.extend(set.figures.iter().map(|(head, _)| *head));
        let mut same = Vec::new();
        let mut cells = Vec::new();
        for (row, ablated) in rows.iter().enumerate() {
            let Some(now) = ablated.sets.get(n) else { continue };
            let values =
                now.figures.iter().zip(&set.figures).map(|((_, now), (_, all))| match (now, all) {
                    (Some(now), Some(all)) if row > 0 => difference(now - all),
                    (Some(now), _) => number(*now),
                    (None, _) => "–".to_owned(),
                });
            let mut line = vec![format!("{} (`{}`)", ablated.words, ablated.without)];
            line.extend(values);
            if row == 0 {
                line[0] = "nothing (as measured)".to_owned();
            } else if now.figures == set.figures {
                same.push(line.swap_remove(0));
                continue;
            }
            cells.push(line);
        }
        table(&mut out, &heads, cells.into_iter());
        if !same.is_empty() {
            let _ = writeln!(out, "No figure changes without: {}.\n", same.join(", "));
        }
    }
    out.trim_end().to_owned()
}

fn difference(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    if rounded == 0.0 {
        "0".to_owned()
    } else if rounded > 0.0 {
        format!("+{}", number(rounded))
    } else {
        number(rounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_after_the_first_are_differences() {
        let row = |without, mrr: f64, kappa| Ablated {
            without,
            words: "titles",
            sets: vec![Compared {
                name: "one".to_owned(),
                figures: vec![("MRR", Some(mrr)), ("κ", kappa)],
            }],
        };
        let rows = [
            row("", 0.5, Some(0.1)),
            row("title", 0.25, Some(0.10004)),
            row("talk", 0.625, None),
            row("prior", 0.5, Some(0.1)),
        ];
        assert_eq!(
            ablation_markdown(&rows),
            "### one\n\n| without | MRR | κ |\n|---|---|---|\n| nothing (as measured) | .500 | .100 |\n\
             | titles (`title`) | −.250 | 0 |\n| titles (`talk`) | +.125 | – |\n\n\
             No figure changes without: titles (`prior`)."
        );
    }
}
