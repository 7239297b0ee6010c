//! `evimap catalog`: list, show, export.

use std::{fmt::Write, process::ExitCode};

use serde_json::json;

use super::{
    Outcome,
    args::{CatalogCommand, CatalogFormat},
    render,
};
use crate::{
    catalog::{CATALOG_VERSION, Catalog},
    domain::{Documented, EvidenceKind, Target, TargetId},
    pipeline::PipelineError,
};

pub(super) fn catalog(command: CatalogCommand) -> Outcome {
    let catalog = Catalog::builtin();
    match command {
        CatalogCommand::List { framework, mandatory } => {
            list(catalog, framework.as_deref(), mandatory)?
        }
        CatalogCommand::Show { target } => show(catalog, &target)?,
        CatalogCommand::Export { format } => match format {
            CatalogFormat::Json => render::stdout(&export_json(catalog)),
            CatalogFormat::Csv => print!("{}", export_csv(catalog)?),
        },
    }
    Ok(ExitCode::SUCCESS)
}

fn list(catalog: &Catalog, framework: Option<&str>, mandatory: bool) -> Result<(), PipelineError> {
    let framework = framework.map(str::to_uppercase);
    if let Some(wanted) = &framework
        && !catalog.frameworks().contains(&wanted.as_str())
    {
        let help = format!("known: {}", catalog.frameworks().join(", "));
        return Err(PipelineError::input("framework", format!("no framework `{wanted}`"), &help));
    }
    for target in catalog.targets().filter(|t| framework.as_ref().is_none_or(|f| *f == t.framework))
    {
        if mandatory {
            for point in target.points.iter().filter(|p| p.documented == Documented::Required) {
                render::stdout(&format!(
                    "{:<20} {:<10} {}",
                    point.id, point.sub_item, point.typical_evidence
                ));
            }
        } else {
            render::stdout(&format!(
                "{:<18} {:<13} {}",
                target.id,
                target.level.as_str(),
                target.title
            ));
        }
    }
    Ok(())
}

fn show(catalog: &Catalog, id: &str) -> Result<(), PipelineError> {
    let parsed: Option<TargetId> = id.parse().ok();
    let Some(target) = parsed.and_then(|id| catalog.get(&id)) else {
        let tail = id.trim().to_uppercase();
        let near: Vec<String> = catalog
            .targets()
            .filter(|t| t.id.local() == tail || t.id.as_str().starts_with(&tail))
            .take(5)
            .map(|t| t.id.to_string())
            .collect();
        let help = if near.is_empty() {
            "see `evimap catalog list`".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        return Err(PipelineError::input(
            "target",
            format!("no target `{}`", render::clean(id)),
            &help,
        ));
    };
    render::stdout(page(catalog, target).trim_end());
    Ok(())
}

fn page(catalog: &Catalog, target: &Target) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        // Writing to a String can't fail.
        let _ = writeln!(out, "{text}");
    };
    line(format!("{}  {}", target.id, target.title));
    line(format!(
        "{} · {} · {} · {}",
        catalog.framework_name(&target.framework),
        target.kind.as_str(),
        target.theme,
        target.level.as_str()
    ));
    line(String::new());
    line(wrap(&target.description, ""));
    for kind in [EvidenceKind::Design, EvidenceKind::Operation] {
        line(format!(
            "\n{}",
            match kind {
                EvidenceKind::Design => "Laid down (design)",
                EvidenceKind::Operation => "Done, with a record (operation)",
            }
        ));
        for point in target.points.iter().filter(|p| p.kind == kind) {
            let documented = match point.documented {
                Documented::Required => "documented information required",
                Documented::Usual => "usually documented",
                Documented::Optional => "documentation optional",
            };
            line(wrap(&format!("{} [{}] {}", point.id.short(), point.sub_item, point.text), "  "));
            let fresh = if point.freshness.is_empty() {
                String::new()
            } else {
                format!("; freshness class {}", point.freshness)
            };
            line(wrap(
                &format!("evidence: {} ({documented}{fresh})", point.typical_evidence),
                "      ",
            ));
        }
    }
    line(format!("\nHow to\n{}", wrap(&target.guidance, "  ")));
    line(format!("\nKey terms\n{}", wrap(&target.terms.join(", "), "  ")));
    if !target.serves.is_empty() {
        let serves: Vec<String> = target.serves.iter().map(ToString::to_string).collect();
        line(format!("\nServes clauses\n  {}", serves.join(", ")));
    }
    let others: Vec<String> = catalog
        .counterparts(&target.id)
        .iter()
        .filter_map(|id| catalog.get(id))
        .map(|t| format!("  {}  {}", t.id, t.title))
        .collect();
    if !others.is_empty() {
        line(format!(
            "\nPaired in the other standard (published, not official)\n{}",
            others.join("\n")
        ));
    }
    out
}

/// Fills lines to 96 columns.
fn wrap(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 && column + 1 + width > 96 {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            out.push_str(indent);
            column = indent.len();
            if out.contains('\n') && !indent.is_empty() {
                out.push_str("  ");
                column += 2;
            }
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

fn export_json(catalog: &Catalog) -> String {
    let targets: Vec<_> = catalog
        .targets()
        .map(|t| {
            json!({
                "id": t.id, "title": t.title, "kind": t.kind, "framework": t.framework,
                "level": t.level, "theme": t.theme, "description": t.description,
                "points": t.points, "terms": t.terms, "exemplars": t.exemplars,
                "guidance": t.guidance, "serves": t.serves,
            })
        })
        .collect();
    let common: Vec<_> = catalog
        .common_controls()
        .iter()
        .map(|c| json!({ "id": c.id, "title": c.title, "purpose": c.purpose, "links": c.links }))
        .collect();
    json!({
        "schema_version": 1,
        "catalog_version": CATALOG_VERSION,
        "targets": targets,
        "common_controls": common,
        "risks": [],
    })
    .to_string()
}

fn export_csv(catalog: &Catalog) -> Result<String, PipelineError> {
    let internal = |e: &dyn std::fmt::Display| PipelineError::Internal(format!("CSV: {e}"));
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer
        .write_record([
            "target",
            "title",
            "kind",
            "framework",
            "level",
            "theme",
            "point",
            "sub_item",
            "point_kind",
            "documented",
            "text",
            "typical_evidence",
            "freshness",
        ])
        .map_err(|e| internal(&e))?;
    for t in catalog.targets() {
        for p in &t.points {
            let documented = match p.documented {
                Documented::Required => "required",
                Documented::Usual => "usual",
                Documented::Optional => "optional",
            };
            writer
                .write_record([
                    t.id.as_str(),
                    &t.title,
                    t.kind.as_str(),
                    &t.framework,
                    t.level.as_str(),
                    &t.theme,
                    p.id.as_str(),
                    &p.sub_item,
                    p.kind.as_str(),
                    documented,
                    &p.text,
                    &p.typical_evidence,
                    &p.freshness,
                ])
                .map_err(|e| internal(&e))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| internal(&e))?;
    String::from_utf8(bytes).map_err(|e| internal(&e))
}
