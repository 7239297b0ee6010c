//! `management-review.md`: inputs of a management review for both standards, for people to complete.

use super::{text::line, view::View};
use crate::{domain::PackItem, words::Words};

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let w = view.words;
    let mut out = format!("# {}\n\n", w.text("pack-title"));
    out.push_str(&format!("**{}**\n\n", line(&view.review_state())));
    out.push_str(&format!("{}\n\n", w.text("disclaimer")));
    for (label, value) in view.particulars() {
        out.push_str(&format!("- {label}: {}\n", line(&value)));
    }
    for standard in &view.standards {
        let label = w.with("scope-of", &[("name", (&standard.id).into())]);
        out.push_str(&format!("- {label}: {}\n", line(&view.scope(&standard.id))));
    }
    let systems = view.systems();
    let systems =
        if systems.is_empty() { w.text("none-declared").to_owned() } else { systems.join("; ") };
    out.push_str(&format!("- {}: {}\n\n", w.text("fact-systems"), line(&systems)));
    out.push_str(&format!("{}\n\n| | |\n|---|---|\n", w.text("pack-about")));
    for id in ["pack-day", "pack-present", "sign-prepared-by"] {
        out.push_str(&format!("| {} | |\n", w.text(id)));
    }
    for (n, topic) in (1..).zip(&view.report.pack.topics) {
        out.push_str(&format!("\n## {n}. {}\n\n", line(&topic.title)));
        let by = topic.asked_by.join(", ");
        out.push_str(&format!("{}\n\n", w.with("pack-asked-by", &[("by", (&by).into())])));
        for item in &topic.items {
            out.push_str(&bullet(w, item));
        }
        out.push_str(&format!("\n{}\n", w.text("pack-decision")));
    }
    let notes = &view.report.programme.notes;
    if !notes.is_empty() {
        out.push_str(&format!("\n## {}\n\n", w.text("pack-programme")));
        for note in notes {
            out.push_str(&format!("- {}\n", line(note)));
        }
    }
    Ok(out.into_bytes())
}

fn bullet(w: &Words, item: &PackItem) -> String {
    let mark = if item.machine { format!("*{}:* ", w.text("pack-machine")) } else { String::new() };
    let source = w.text("pack-source");
    format!("- {mark}{}\n  {source}: {}.\n", line(&item.text), line(&item.source))
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    #[test]
    fn every_item_has_its_source_and_a_suggestion_is_marked() {
        let mut report = fixture::report(true);
        report.pack.topics[0].items.push(PackItem {
            text: "# hostile\n<script>|*x*".to_owned(),
            source: "a.md".to_owned(),
            machine: true,
        });
        let text = String::from_utf8(render(&View::new(&report)).unwrap()).unwrap();
        let items: usize = report.pack.topics.iter().map(|t| t.items.len()).sum();
        assert_eq!(text.matches("  Source: ").count(), items);
        let machine =
            report.pack.topics.iter().flat_map(|t| &t.items).filter(|i| i.machine).count();
        assert_eq!(text.matches("*Machine suggestion:* ").count(), machine);
        assert!(text.contains("- *Machine suggestion:* # hostile \\<script>\\|\\*x\\*\n"));
        assert!(text.contains(super::super::DISCLAIMER) && text.contains("Ledger head"));
    }
}
