//! `gap-analysis.md`: one page for a wiki, a ticket or a mail.

use super::{
    text::markdown,
    view::{MACHINE_VIEWS, Standard, State, View, actions},
    write::date,
};
use crate::domain::{Action, ActionStatus};

/// Actions shown; the others are in the other formats.
const SHOWN: usize = 10;

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let mut out = Page(String::new());
    let w = view.words;
    out.block(&format!("# {}", w.text("gap-analysis")));
    out.block(&format!("**{}**", view.review_state()));
    out.block(&format!("> {}", w.text("disclaimer")));

    out.block(&format!("## {}", w.text("what-was-assessed")));
    out.table(&["", ""], view.particulars().into_iter().map(|(k, v)| vec![k.to_owned(), v]));
    let scopes = view.standards.iter().map(|s| vec![s.name.clone(), view.scope(&s.id)]);
    out.table(&[w.text("col-standard"), w.text("scope")], scopes);
    let systems = view.systems();
    if !systems.is_empty() {
        out.table(&[w.text("systems-in-scope")], systems.into_iter().map(|s| vec![s]));
    }
    let reading = view.reading().into_iter().map(|(what, n)| vec![what, n.to_string()]);
    out.table(&[w.text("documents-and-decisions"), w.text("count")], reading);

    out.block(&format!("## {}", w.text("coverage-by-decisions")));
    out.block(w.text("what-rows-are"));
    for standard in &view.standards {
        coverage(&mut out, view, standard);
    }

    out.block(&format!("## {}", w.text("what-machine-proposes")));
    out.block(w.text("proposals-not-findings"));
    let mut heads = vec![w.text("col-standard")];
    heads.extend(MACHINE_VIEWS.map(|v| w.word(v.as_str())));
    heads.push(w.text("col-pending-proposals"));
    let rows = view.standards.iter().map(|s| {
        let mut row = vec![s.name.clone()];
        row.extend(MACHINE_VIEWS.map(|v| s.tally.machine(v).to_string()));
        row.push(s.tally.pending.to_string());
        row
    });
    out.table(&heads, rows);

    let open: Vec<&Action> =
        actions(view.report).into_iter().filter(|a| a.status != ActionStatus::Done).collect();
    out.block(&format!("## {}", w.text("next-actions")));
    if open.is_empty() {
        out.block(w.text("none-at-all"));
    } else {
        let rows = open.iter().take(SHOWN).map(|action| line(action));
        let heads =
            ["col-priority", "col-action", "col-targets", "col-system", "col-owner", "col-due"];
        let heads = heads.map(|id| w.text(id));
        out.table(&heads, rows);
        if open.len() > SHOWN {
            out.block(&w.with("more-actions", &[("n", (open.len() - SHOWN).into())]));
        }
    }
    Ok(out.0.into_bytes())
}

fn coverage(out: &mut Page, view: &View<'_>, standard: &Standard) {
    let w = view.words;
    out.block(&format!("### {}", markdown(&standard.name)));
    out.block(&format!("{}.", standard.share.sentence(w)));
    let mut heads = vec![w.text("col-clause-or-theme"), w.text("col-rows")];
    heads.extend(State::ALL.map(|state| state.said(w)));
    let row = |name: &str, tally: &super::view::Tally| {
        let mut row = vec![name.to_owned(), tally.rows.to_string()];
        row.extend(State::ALL.map(|state| tally.state(state).to_string()));
        row
    };
    let mut rows: Vec<_> = standard.groups.iter().map(|g| row(&g.theme, &g.tally)).collect();
    rows.push(row(w.text("all-rows"), &standard.tally));
    out.table(&heads, rows);
}

fn line(action: &Action) -> Vec<String> {
    let targets: Vec<&str> = action.targets.iter().map(|t| t.as_str()).collect();
    vec![
        action.priority.to_string(),
        action.text.clone(),
        targets.join(", "),
        action.system.clone().unwrap_or_default(),
        action.owner.clone(),
        date(action.due),
    ]
}

/// Blocks with an empty line between them. Cells are escaped, blocks are our own words.
struct Page(String);

impl Page {
    fn block(&mut self, text: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn table(&mut self, heads: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
        let mut lines = vec![
            format!("| {} |", heads.join(" | ")),
            format!("|{}", " --- |".repeat(heads.len())),
        ];
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| markdown(cell)).collect();
            lines.push(format!("| {} |", cells.join(" | ")));
        }
        self.block(&lines.join("\n"));
    }
}
