//! A reliability plot as SVG: stated confidence against the share that turned out right.

use std::fmt::Write;

use super::Bin;

/// One set's plot.
pub struct Panel<'a> {
    pub title: &'a str,
    /// Expected calibration error.
    pub error: f64,
    /// Lowest first, equal width over 0 to 1.
    pub bins: &'a [Bin],
}

const COLUMNS: usize = 3;
const SIDE: f64 = 220.0;
const CELL: (f64, f64) = (290.0, 320.0);
/// Left and top edge of the square within its cell.
const OFFSET: (f64, f64) = (48.0, 56.0);
const LEGEND: f64 = 44.0;

/// Colours that hold on white and on dark pages; the picture brings its own ground.
const STYLE: &str = "\
svg{--ground:#fff;--ink:#1f2328;--faint:#d0d7de;--bar:#4c78a8;--line:#b35900}\
@media(prefers-color-scheme:dark){svg{--ground:#0d1117;--ink:#e6edf3;--faint:#30363d;--bar:#6ea8dc;--line:#f0a35e}}\
text{font:11px system-ui,sans-serif;fill:var(--ink)}\
.title{font-size:13px;font-weight:600}\
.count{font-size:10px;text-anchor:middle;stroke:var(--ground);stroke-width:3px;paint-order:stroke}\
.ground{fill:var(--ground)}.grid{stroke:var(--faint)}.bar{fill:var(--bar)}\
.ideal{stroke:var(--line);stroke-width:1.5;stroke-dasharray:5 4}\
.mid{text-anchor:middle}.end{text-anchor:end}";

/// Draws one square for each panel, three in a row. Bars show the share that is right among the
/// proposals of a confidence, the figures on them how many there are, the diagonal where they ought
/// to end.
pub fn reliability_svg(panels: &[Panel<'_>]) -> String {
    let columns = panels.len().clamp(1, COLUMNS);
    let rows = panels.len().div_ceil(columns).max(1);
    let (width, height) = (columns as f64 * CELL.0 + 20.0, rows as f64 * CELL.1 + LEGEND);
    let mut out = String::new();
    // Writing to a String can't fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\">\n<title>Reliability of confidences</title>\n\
         <style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n"
    );
    for (n, panel) in panels.iter().enumerate() {
        let x = (n % columns) as f64 * CELL.0 + OFFSET.0;
        let y = (n / columns) as f64 * CELL.1 + OFFSET.1;
        let _ = writeln!(out, "<g transform=\"translate({x} {y})\">");
        draw(&mut out, panel);
        out.push_str("</g>\n");
    }
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\">bars: share that is right, with the number of proposals</text>\n\
         <text x=\"{0}\" y=\"{}\">dashed: where they would end if the confidence were exact</text>\n</svg>",
        OFFSET.0,
        height - LEGEND + 16.0,
        height - LEGEND + 32.0,
    );
    out
}

fn draw(out: &mut String, panel: &Panel<'_>) {
    let total: usize = panel.bins.iter().map(|bin| bin.count).sum();
    let _ = writeln!(
        out,
        "<text class=\"title\" y=\"-38\">{}</text>\n<text y=\"-23\">ECE {:.3}, {total} proposals</text>",
        escape(panel.title),
        panel.error
    );
    for quarter in 0..=4 {
        let at = f64::from(quarter) / 4.0;
        let y = SIDE * (1.0 - at);
        let _ = writeln!(
            out,
            "<line class=\"grid\" x1=\"0\" x2=\"{SIDE}\" y1=\"{y}\" y2=\"{y}\"/>\n\
             <text class=\"end\" x=\"-6\" y=\"{}\">{at}</text>\n\
             <text class=\"mid\" x=\"{}\" y=\"{}\">{at}</text>",
            y + 4.0,
            SIDE * at,
            SIDE + 15.0
        );
    }
    let _ = writeln!(
        out,
        "<text class=\"mid\" x=\"{}\" y=\"{}\">confidence</text>\n\
         <text class=\"mid\" transform=\"translate(-34 {0}) rotate(-90)\">share right</text>",
        SIDE / 2.0,
        SIDE + 30.0
    );
    let step = SIDE / panel.bins.len().max(1) as f64;
    for bin in panel.bins {
        if let Some(observed) = bin.observed {
            let _ = writeln!(
                out,
                "<rect class=\"bar\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                SIDE * bin.from + 1.5,
                SIDE * (1.0 - observed),
                step - 3.0,
                SIDE * observed
            );
        }
    }
    let _ = writeln!(out, "<line class=\"ideal\" x1=\"0\" y1=\"{SIDE}\" x2=\"{SIDE}\" y2=\"0\"/>");
    for bin in panel.bins {
        if let Some(observed) = bin.observed {
            let _ = writeln!(
                out,
                "<text class=\"count\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                SIDE * bin.from + step / 2.0,
                SIDE * (1.0 - observed) - 3.0,
                bin.count
            );
        }
    }
}

fn escape(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .map(|c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;
    use crate::eval::reliability;

    #[test]
    fn a_bar_for_each_bin_that_holds_something() {
        let bins = reliability(&[(0.15, false), (0.15, true), (0.95, true)]);
        let panel = || Panel { title: "a < b & c", error: 0.25, bins: &bins };
        let svg = reliability_svg(&[panel(), panel(), panel(), panel()]);
        assert_eq!(svg.matches("class=\"bar\"").count(), 8);
        assert_eq!(svg.matches("class=\"ideal\"").count(), 4);
        // Half of the second bin is right: the bar is half as high as the square.
        assert!(svg.contains("x=\"23.5\" y=\"110.0\" width=\"19.0\" height=\"110.0\""), "{svg}");
        assert!(
            svg.contains(">2</text>")
                && svg.contains("a &lt; b &amp; c")
                && svg.contains("ECE 0.250")
        );
        let mut reader = Reader::from_str(&svg);
        while reader.read_event().expect("well-formed") != Event::Eof {}
    }
}
