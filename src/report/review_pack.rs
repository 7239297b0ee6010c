//! `management-review.md`: inputs of a management review for both standards, for people to complete.

use super::{text::line, view::View};
use crate::domain::PackItem;

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut out = String::from("# Input to the management review\n\n");
    out.push_str(&format!("**{}**\n\n", line(&view.review_state())));
    out.push_str(&format!("{}\n\n", super::DISCLAIMER));
    for (label, value) in view.particulars() {
        out.push_str(&format!("- {label}: {}\n", line(&value)));
    }
    for standard in &view.standards {
        out.push_str(&format!("- Scope {}: {}\n", standard.id, line(&view.scope(&standard.id))));
    }
    let systems = view.systems();
    let systems = if systems.is_empty() { "none declared".to_owned() } else { systems.join("; ") };
    out.push_str(&format!("- Systems: {}\n\n", line(&systems)));
    out.push_str(
        "Each input says where it comes from. *Machine suggestion* marks what nobody decided: it is \
         no fact. Blank lines are for the people who prepare and hold the review.\n\n",
    );
    out.push_str("| | |\n|---|---|\n| Day of the review | |\n| Present | |\n| Prepared by | |\n");
    for (n, topic) in (1..).zip(&view.report.pack.topics) {
        out.push_str(&format!("\n## {n}. {}\n\n", line(&topic.title)));
        out.push_str(&format!("Asked for by {}.\n\n", topic.asked_by.join(", ")));
        for item in &topic.items {
            out.push_str(&bullet(item));
        }
        out.push_str("\nDecision of top management (what, who, until when):\n");
    }
    let notes = &view.report.programme.notes;
    if !notes.is_empty() {
        out.push_str("\n## About the audit programme\n\n");
        for note in notes {
            out.push_str(&format!("- {}\n", line(note)));
        }
    }
    Ok(out.into_bytes())
}

fn bullet(item: &PackItem) -> String {
    let mark = if item.machine { "*Machine suggestion:* " } else { "" };
    format!("- {mark}{}\n  Source: {}.\n", line(&item.text), line(&item.source))
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
