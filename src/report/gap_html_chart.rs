//! Geometry of the charts in `gap-analysis.html`; the template draws it as SVG.

use serde::Serialize;

use super::view::{Group, MACHINE_VIEWS, State, Tally};
use crate::words::Words;

/// Width of a full bar, in the units of the drawing.
const BAR: f64 = 450.0;
/// Height of a line of the bar chart.
const LINE: usize = 38;
/// Height of a line of the heat map.
const HEAT_LINE: usize = 26;

/// Stacked bars, one line a clause or theme: coverage above, machine view below. Each bar has the
/// same length, the counts stand in it.
#[derive(Serialize)]
pub(super) struct Chart {
    height: usize,
    lines: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    y: usize,
    name: String,
    rows: usize,
    coverage: Vec<Segment>,
    machine: Vec<Segment>,
}

#[derive(Serialize)]
struct Segment {
    x: f64,
    width: f64,
    /// Where its number stands.
    middle: f64,
    slug: &'static str,
    label: &'static str,
    count: usize,
}

impl Chart {
    /// The whole first, then its groups.
    pub(super) fn of(w: &'static Words, whole: &Tally, groups: &[Group]) -> Self {
        let all = [(w.text("all-rows"), whole)];
        let lines: Vec<Line> = all
            .into_iter()
            .chain(groups.iter().map(|group| (group.theme.as_str(), &group.tally)))
            .enumerate()
            .map(|(n, (name, tally))| Line {
                y: n * LINE,
                name: name.to_owned(),
                rows: tally.rows,
                coverage: stacked(coverage(w, tally), tally.rows),
                machine: stacked(machine(w, tally), tally.rows),
            })
            .collect();
        Self { height: lines.len() * LINE, lines }
    }
}

fn coverage(w: &'static Words, tally: &Tally) -> Vec<(&'static str, &'static str, usize)> {
    State::ALL.map(|state| (state.slug(), state.said(w), tally.state(state))).into()
}

fn machine(w: &'static Words, tally: &Tally) -> Vec<(&'static str, &'static str, usize)> {
    MACHINE_VIEWS.map(|view| (view.as_str(), w.word(view.as_str()), tally.machine(view))).into()
}

fn stacked(parts: Vec<(&'static str, &'static str, usize)>, rows: usize) -> Vec<Segment> {
    let mut before = 0;
    let at = |count: usize| rounded(BAR * count as f64 / rows.max(1) as f64);
    parts
        .into_iter()
        .filter(|(_, _, count)| *count > 0)
        .map(|(slug, label, count)| {
            let x = at(before);
            before += count;
            let width = rounded(at(before) - x);
            Segment { x, width, middle: rounded(x + width / 2.0), slug, label, count }
        })
        .collect()
}

/// One decimal is finer than a screen.
fn rounded(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// How often each state occurs per clause or theme; the fuller the colour, the larger the share of
/// the line.
#[derive(Serialize)]
pub(super) struct Heat {
    height: usize,
    columns: Vec<HeatColumn>,
    lines: Vec<HeatLine>,
}

#[derive(Serialize)]
struct HeatColumn {
    slug: &'static str,
    label: &'static str,
    machine: bool,
}

#[derive(Serialize)]
struct HeatLine {
    y: usize,
    name: String,
    cells: Vec<HeatCell>,
}

#[derive(Serialize)]
struct HeatCell {
    slug: &'static str,
    label: &'static str,
    count: usize,
    /// 0 to 1.
    strength: f64,
}

impl Heat {
    pub(super) fn of(w: &'static Words, groups: &[Group]) -> Self {
        let parts = |tally: &Tally| [coverage(w, tally), machine(w, tally)].concat();
        let columns = parts(&Tally::default())
            .into_iter()
            .enumerate()
            .map(|(n, (slug, label, _))| HeatColumn { slug, label, machine: n >= State::ALL.len() })
            .collect();
        let lines: Vec<HeatLine> = groups
            .iter()
            .enumerate()
            .map(|(n, group)| HeatLine {
                y: n * HEAT_LINE,
                name: group.theme.clone(),
                cells: parts(&group.tally)
                    .into_iter()
                    .map(|(slug, label, count)| HeatCell {
                        slug,
                        label,
                        count,
                        strength: rounded(count as f64 / group.tally.rows.max(1) as f64),
                    })
                    .collect(),
            })
            .collect();
        Self { height: lines.len() * HEAT_LINE, columns, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_fill_the_bar_without_gaps() {
        let segments = stacked(vec![("a", "a", 1), ("b", "b", 0), ("c", "c", 2), ("d", "d", 4)], 7);
        assert_eq!(segments.len(), 3);
        let mut edge = 0.0;
        for segment in &segments {
            assert!((segment.x - edge).abs() < 0.2, "{} {edge}", segment.x);
            edge = segment.x + segment.width;
        }
        assert!((edge - BAR).abs() < 0.2);
        assert!(stacked(vec![("a", "a", 0)], 0).is_empty());
    }
}
