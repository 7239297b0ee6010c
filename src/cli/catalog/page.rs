//! Everything about one target, as a page for the terminal, as Markdown, or as JSON.

use serde_json::{Value, json};

use crate::{
    catalog::{Catalog, Renumbered, Strength},
    domain::{
        CommonControl, Documented, EvidenceKind, Link, Point, Relation, Risk, Target, TargetId,
        escape_markdown,
    },
};

/// A page, before it is laid out.
enum Block {
    Heading(&'static str),
    Text(String),
    /// An item of a list, with the lines that hang below it.
    Item(String, Vec<String>),
}

/// For the terminal.
pub(super) fn text(catalog: &Catalog, target: &Target) -> String {
    let mut out = format!("{}  {}\n{}\n\n", target.id, target.title, subtitle(catalog, target));
    for block in blocks(catalog, target) {
        match block {
            Block::Heading(text) => out.push_str(&format!("\n{text}\n")),
            Block::Text(text) => out.push_str(&format!("{}\n", wrap(&text, 2, 2))),
            Block::Item(text, below) => {
                out.push_str(&format!("{}\n", wrap(&text, 2, 4)));
                for below in below {
                    out.push_str(&format!("{}\n", wrap(&below, 6, 6)));
                }
            }
        }
    }
    out
}

/// A section of a Markdown document.
pub(super) fn markdown(catalog: &Catalog, target: &Target) -> String {
    let mut out = format!(
        "### {} {}\n\n*{}*\n",
        target.id,
        escape_markdown(&target.title),
        subtitle(catalog, target)
    );
    let mut in_list = false;
    for block in blocks(catalog, target) {
        let item = matches!(block, Block::Item(..));
        if !(item && in_list) {
            out.push('\n');
        }
        in_list = item;
        match block {
            Block::Heading(text) => out.push_str(&format!("**{text}**\n")),
            Block::Text(text) => out.push_str(&format!("{}\n", escape_markdown(&text))),
            Block::Item(text, below) => {
                out.push_str(&format!("- {}\n", escape_markdown(&text)));
                for below in below {
                    out.push_str(&format!("  - {}\n", escape_markdown(&below)));
                }
            }
        }
    }
    out
}

/// For machines.
pub(super) fn json(catalog: &Catalog, target: &Target) -> Value {
    let common: Vec<_> = common_controls(catalog, &target.id)
        .map(|(control, link)| {
            json!({
                "id": control.id, "title": control.title, "relation": link.relation,
                "rationale": link.rationale,
            })
        })
        .collect();
    let chains: Vec<_> = catalog
        .chains(&target.id)
        .iter()
        .map(|chain| {
            json!({
                "target": chain.target, "strength": chain.strength.as_str(),
                "common_control": chain.common_control.id, "from": chain.from.relation,
                "to": chain.to.relation, "rationale": chain.to.rationale,
            })
        })
        .collect();
    let predecessors: Vec<_> = predecessors(catalog, &target.id)
        .map(|row| json!({ "id": row.id_2013, "title": row.title_2013, "relation": row.relation }))
        .collect();
    let served: Vec<_> = served_by(catalog, &target.id).map(|t| &t.id).collect();
    let risks: Vec<_> = risks(catalog, &target.id).map(|risk| &risk.id).collect();
    json!({
        "schema_version": 1, "target": target, "common_controls": common, "reuse": chains,
        "predecessors_2013": predecessors, "served_by": served, "risks": risks,
        "refines": catalog.refines(&target.id),
    })
}

fn subtitle(catalog: &Catalog, target: &Target) -> String {
    let mut said = vec![catalog.framework_name(&target.framework), target.kind.as_str()];
    said.extend(Some(target.theme.as_str()).filter(|theme| !theme.is_empty()));
    said.push(target.level.as_str());
    said.join(" · ")
}

fn blocks(catalog: &Catalog, target: &Target) -> Vec<Block> {
    let mut blocks = vec![Block::Text(target.description.clone())];
    for (kind, heading) in [
        (EvidenceKind::Design, "Laid down (design)"),
        (EvidenceKind::Operation, "Done, with a record (operation)"),
    ] {
        let points = target.points.iter().filter(|point| point.kind == kind);
        section(&mut blocks, heading, points.map(point));
    }
    if !target.guidance.is_empty() {
        blocks.push(Block::Heading("How to"));
        blocks.push(Block::Text(target.guidance.clone()));
    }
    section(
        &mut blocks,
        "What it sounds like in documents",
        target.exemplars.iter().map(|text| Block::Item(format!("“{text}”"), Vec::new())),
    );
    if !target.terms.is_empty() {
        blocks.push(Block::Heading("Key terms"));
        blocks.push(Block::Text(target.terms.join(", ")));
    }
    if !target.negative_terms.is_empty() {
        blocks.push(Block::Heading("Points to a neighbour"));
        blocks.push(Block::Text(target.negative_terms.join(", ")));
    }
    let named = |id: &TargetId| {
        let title = catalog.get(id).map_or("", |target| target.title.as_str());
        Block::Item(format!("{id}  {title}"), Vec::new())
    };
    section(
        &mut blocks,
        "Common controls that do this work",
        common_controls(catalog, &target.id).map(|(control, link)| {
            let relation = match link.relation {
                Relation::Equal => "equal to this target",
                Relation::Subset => "part of this target",
                Relation::Superset => "covers this target and more",
                Relation::Intersects => "overlaps with this target",
            };
            let head = format!("{}  {} ({relation})", control.id, control.title);
            Block::Item(head, vec![link.rationale.clone()])
        }),
    );
    for (strength, heading) in [
        (Strength::Strong, "Evidence here also serves, strongly"),
        (Strength::Weak, "Evidence here also helps, weakly: something has to be added"),
    ] {
        let mut items: Vec<(&TargetId, Vec<String>)> = Vec::new();
        for chain in catalog.chains(&target.id).iter().filter(|c| c.strength == strength) {
            let why = format!(
                "over {} ({} → {}): {}",
                chain.common_control.id,
                chain.from.relation.as_str(),
                chain.to.relation.as_str(),
                chain.to.rationale
            );
            match items.last_mut() {
                Some((last, below)) if *last == chain.target => below.push(why),
                _ => items.push((chain.target, vec![why])),
            }
        }
        let title = |id: &TargetId| catalog.get(id).map_or("", |t| t.title.as_str());
        section(
            &mut blocks,
            heading,
            items.into_iter().map(|(id, below)| Block::Item(format!("{id}  {}", title(id)), below)),
        );
    }
    section(&mut blocks, "Serves clauses", target.serves.iter().map(named));
    let served: Vec<&Target> = served_by(catalog, &target.id).collect();
    if served.len() > 12 {
        let ids: Vec<&str> = served.iter().map(|control| control.id.local()).collect();
        blocks.push(Block::Heading("Served by controls"));
        blocks.push(Block::Text(ids.join(", ")));
    } else {
        section(&mut blocks, "Served by controls", served.iter().map(|t| named(&t.id)));
    }
    section(&mut blocks, "Spells out", catalog.refines(&target.id).iter().map(named));
    let own = catalog.targets().filter(|t| catalog.refines(&t.id).contains(&target.id));
    section(&mut blocks, "Spelt out by", own.map(|t| named(&t.id)));
    section(
        &mut blocks,
        "Risks that it helps against",
        risks(catalog, &target.id)
            .map(|risk| Block::Item(format!("{}  {}", risk.id, risk.title), Vec::new())),
    );
    section(
        &mut blocks,
        "In ISO/IEC 27001:2013",
        predecessors(catalog, &target.id).map(|row| {
            let text = match row.id_2013.as_str() {
                "" => "new in 2022".to_owned(),
                id => format!("{id}  {} ({})", row.title_2013, row.relation),
            };
            Block::Item(text, Vec::new())
        }),
    );
    blocks
}

fn section(blocks: &mut Vec<Block>, heading: &'static str, items: impl Iterator<Item = Block>) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        blocks.push(Block::Heading(heading));
        blocks.extend(items);
    }
}

fn point(point: &Point) -> Block {
    let documented = match point.documented {
        Documented::Required => "documented information required",
        Documented::Usual => "usually documented",
        Documented::Optional => "documentation optional",
    };
    let mut about = documented.to_owned();
    if !point.freshness.is_empty() {
        about.push_str(&format!("; freshness class {}", point.freshness));
    }
    let evidence = match point.typical_evidence.as_str() {
        "" => about,
        evidence => format!("evidence: {evidence} ({about})"),
    };
    let head = format!("{} [{}] {}", point.id.short(), point.sub_item, point.text);
    Block::Item(head, vec![evidence])
}

fn common_controls<'c>(
    catalog: &'c Catalog,
    id: &'c TargetId,
) -> impl Iterator<Item = (&'c CommonControl, &'c Link)> {
    catalog.common_controls().iter().flat_map(move |control| {
        let links = control.links.iter().filter(move |link| link.target == *id);
        links.map(move |link| (control, link))
    })
}

fn served_by<'c>(catalog: &'c Catalog, id: &'c TargetId) -> impl Iterator<Item = &'c Target> {
    catalog.targets().filter(move |target| target.serves.contains(id))
}

fn risks<'c>(catalog: &'c Catalog, id: &'c TargetId) -> impl Iterator<Item = &'c Risk> {
    catalog.risks().iter().filter(move |risk| {
        common_controls(catalog, id).any(|(control, link)| {
            // What only overlaps with the target may treat the risk by its other half.
            link.relation != Relation::Intersects && risk.common_controls.contains(&control.id)
        })
    })
}

fn predecessors<'c>(
    catalog: &'c Catalog,
    id: &'c TargetId,
) -> impl Iterator<Item = &'c Renumbered> {
    let rows = catalog.renumbering().iter().chain(catalog.clause_changes());
    rows.filter(move |row| row.id_2022 == *id)
}

/// Fills lines to 96 columns; the first is indented by `first`, the others by `rest`.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> String {
    let mut out = " ".repeat(first);
    let mut column = first;
    let mut begun = false;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if begun && column + 1 + width > 96 {
            out.push('\n');
            out.push_str(&" ".repeat(rest));
            column = rest;
        } else if begun {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
        begun = true;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_to_do_and_what_it_hangs_together_with() {
        let catalog = Catalog::builtin();
        let page = |id: &str| {
            let id: TargetId = id.parse().unwrap();
            text(catalog, catalog.get(&id).unwrap())
        };
        let verification = page("ISO42001:A.6.2.4");
        for part in ["Laid down", "Done, with", "How to", "Key terms", "Common controls", "Risks"] {
            assert!(verification.contains(part), "{part}\n{verification}");
        }
        assert!(page("ISO27001:A.5.18").contains("A.9.2.5 Review of user access rights"));
        assert!(page("ISO27001:6.3").contains("new in 2022"));
        assert!(page("ISO27001:10.2").contains("Evidence here also serves, strongly"));
        assert!(verification.lines().all(|line| line.chars().count() <= 97));
    }

    #[test]
    fn text_is_wrapped_with_its_indents() {
        let text = wrap(&"word ".repeat(40), 2, 4);
        assert!(text.lines().count() > 1);
        assert!(text.starts_with("  word") && text.lines().skip(1).all(|l| l.starts_with("    w")));
    }
}
