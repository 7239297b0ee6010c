//! Figures as Markdown tables.

use std::fmt::Write;

use super::{BandFigures, DecisionFigures, SetFigures, TextFigures};
use crate::domain::escape_markdown;

/// All figures: one row a set, then one row a target.
pub fn figures(sets: &[SetFigures], texts: &[TextFigures]) -> String {
    let mut out = String::new();
    if !sets.is_empty() {
        per_set(&mut out, sets);
    }
    if !texts.is_empty() {
        let rows = texts.iter().map(|f| {
            let r = &f.ranking;
            vec![
                name(&f.name),
                r.queries.to_string(),
                three(r.hit_at_1, r.hit_at_5, r.mrr),
                number(f.calibration_error),
            ]
        });
        let heads = ["texts → control", "texts", "hit@1 / hit@5 / MRR", "ECE"];
        table(&mut out, &heads, rows);
    }
    for set in sets {
        per_target(&mut out, set);
    }
    out.trim_end().to_owned()
}

fn per_set(out: &mut String, sets: &[SetFigures]) {
    let rows = sets.iter().map(|f| {
        let (t, p) = (&f.target_to_document, &f.passage_to_target);
        vec![
            name(&f.name),
            f.documents.to_string(),
            format!("{} ({})", three(t.hit_at_1, t.hit_at_5, t.mrr), t.queries),
            format!("{} ({})", three(p.hit_at_1, p.hit_at_5, p.mrr), p.queries),
        ]
    });
    let heads = [
        "set",
        "documents",
        "target → document hit@1 / hit@5 / MRR (targets)",
        "section → target hit@1 / hit@5 / MRR (sections)",
    ];
    table(out, &heads, rows);

    let rows = sets.iter().map(|f| {
        let mut row = vec![name(&f.name)];
        row.extend(bands(&f.bands));
        row.push(format!("{} ({})", number(f.precision_at_9), number(f.share_at_9)));
        row.push(number(f.calibration_error));
        row
    });
    let heads = ["set", "strong", "likely", "possible", "≥ .9 (share)", "ECE"];
    out.push_str("Precision of proposals by band, and calibration:\n\n");
    table(out, &heads, rows);

    let rows = sets.iter().map(|f| {
        let g = &f.gaps;
        vec![
            name(&f.name),
            format!("{} ({})", g.cases, g.gone),
            option(g.auc),
            number(g.f1),
            option(g.kappa),
            format!("{} ({})", option(g.kappa_decided), number(g.decided)),
            option(g.hidden),
            number(g.calibration_error),
        ]
    });
    let repeats = sets.first().map_or(0, |f| f.repeats);
    let _ = writeln!(
        out,
        "Verdicts where half of the documents is removed ({repeats} seeded repeats; κ counts unsure as no gap):\n"
    );
    let heads = [
        "set",
        "cases (evidence gone)",
        "AUC",
        "gap-F1",
        "κ",
        "κ without unsure (share decided)",
        "gone, yet likely evidence",
        "ECE",
    ];
    table(out, &heads, rows);
}

fn per_target(out: &mut String, set: &SetFigures) {
    let _ = writeln!(out, "### {} by target\n", name(&set.name));
    let rows = set.targets.iter().map(|t| {
        let g = &t.gaps;
        vec![
            t.target.to_string(),
            t.documents.to_string(),
            t.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()),
            format!("{} of {}", t.shown_right, t.shown),
            format!("{}/{}", g.gone, g.cases),
            g.called.to_string(),
            option(g.auc),
            number(g.f1),
            option(g.kappa),
        ]
    });
    let heads = [
        "target",
        "labelled documents",
        "rank of the first",
        "shown for review, right of all",
        "gone",
        "called gap",
        "AUC",
        "gap-F1",
        "κ",
    ];
    table(out, &heads, rows);
}

/// Figures over decisions.
pub fn decisions(f: &DecisionFigures) -> String {
    let r = &f.accepted_among_proposals;
    let mut row = vec![
        format!("{} / {}", f.accepted, f.rejected),
        format!("{} ({})", three(r.hit_at_1, r.hit_at_5, r.mrr), r.queries),
    ];
    row.extend(bands(&f.bands));
    row.extend([number(f.calibration_error), option(f.kappa)]);
    let heads = [
        "accepted / rejected",
        "target → accepted hit@1 / hit@5 / MRR (targets)",
        "strong",
        "likely",
        "possible",
        "ECE",
        "κ",
    ];
    let mut out = String::new();
    table(&mut out, &heads, std::iter::once(row));
    out.trim_end().to_owned()
}

fn bands(bands: &[BandFigures]) -> impl Iterator<Item = String> + '_ {
    bands.iter().map(|b| match b.precision {
        Some(precision) => format!("{} ({}/{})", number(precision), b.right, b.proposals),
        None => "–".to_owned(),
    })
}

/// One table, and an empty line after it. Cells must hold no line break.
pub(super) fn table(out: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(out, "| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out.push('\n');
}

/// A text that can't break a table or become markup: what stands in documents is anybody's.
pub(super) fn name(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    escape_markdown(&line)
}

/// Three decimals without the leading zero, as in the tables of docs/matching.md.
pub(super) fn number(value: f64) -> String {
    // No "−.000".
    let value = if value.abs() < 0.0005 { 0.0 } else { value };
    let text = format!("{value:.3}");
    match text.strip_prefix("0.") {
        Some(rest) => format!(".{rest}"),
        None => text.strip_prefix("-0.").map_or(text.clone(), |rest| format!("−.{rest}")),
    }
}

pub(super) fn option(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), number)
}

fn three(a: f64, b: f64, c: f64) -> String {
    [a, b, c].map(number).join(" / ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_fit_into_a_table() {
        assert_eq!([0.5, 1.0, -0.25, -0.0001].map(number), [".500", "1.000", "−.250", ".000"]);
        assert_eq!(option(None), "–");
        let mut out = String::new();
        table(&mut out, &["a", "b"], std::iter::once(vec![name("x|\ny"), "1".to_owned()]));
        assert_eq!(out, "| a | b |\n|---|---|\n| x\\| y | 1 |\n\n");
    }
}
