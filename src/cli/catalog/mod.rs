//! `evimap catalog`: list, show, reuse, export, check.

mod export;
mod page;
mod reuse;

use std::{borrow::Cow, path::Path, process::ExitCode};

use serde_json::json;

use super::{
    Outcome,
    args::{CatalogArgs, CatalogCommand, Output},
    render,
};
use crate::{
    catalog::{CATALOG_VERSION, Catalog},
    domain::{Documented, Target, TargetId},
    pipeline::PipelineError,
};

pub(super) fn catalog(args: CatalogArgs, output: Output) -> Outcome {
    let catalog = match &args.overlay {
        Some(dir) => Cow::Owned(with_overlay(dir)?),
        None => Cow::Borrowed(Catalog::builtin()),
    };
    match args.command {
        CatalogCommand::List { framework, mandatory } => {
            let framework = known(&catalog, framework.as_deref())?;
            list(&catalog, framework.as_deref(), mandatory, output);
        }
        CatalogCommand::Show { target } => {
            let target = find(&catalog, &target)?;
            if output.json {
                render::stdout(&page::json(&catalog, target).to_string());
            } else {
                render::stdout(page::text(&catalog, target).trim_end());
            }
        }
        CatalogCommand::Reuse { from, to } => {
            let from = known(&catalog, Some(&from))?.unwrap_or_default();
            let to = known(&catalog, Some(&to))?.unwrap_or_default();
            if from == to {
                let help = "choose two different frameworks with --from and --to";
                return Err(PipelineError::input("framework", "reuse needs two frameworks", help));
            }
            let reuse = catalog.reuse(&from, &to);
            if output.json {
                render::stdout(&reuse::json(&reuse).to_string());
            } else {
                render::stdout(reuse::text(&catalog, &reuse).trim_end());
            }
        }
        CatalogCommand::Export { format, framework } => {
            let text = export::export(&catalog, format, framework.as_deref())?;
            render::stdout(text.trim_end());
        }
        CatalogCommand::Check { dir } => {
            let merged = with_overlay(&dir)?;
            check(&merged, output);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn with_overlay(dir: &Path) -> Result<Catalog, PipelineError> {
    Catalog::builtin().with_overlay(dir).map_err(PipelineError::Input)
}

/// The canonical id of a framework, or an error that names the known ones.
fn known(catalog: &Catalog, wanted: Option<&str>) -> Result<Option<String>, PipelineError> {
    let Some(wanted) = wanted else { return Ok(None) };
    let upper = wanted.to_uppercase();
    if catalog.frameworks().contains(&upper.as_str()) {
        return Ok(Some(upper));
    }
    let help = format!("known: {}", catalog.frameworks().join(", "));
    let message = format!("no framework `{}`", render::clean(wanted));
    Err(PipelineError::input("framework", message, &help))
}

fn find<'c>(catalog: &'c Catalog, id: &str) -> Result<&'c Target, PipelineError> {
    let parsed: Option<TargetId> = id.parse().ok();
    parsed.and_then(|id| catalog.get(&id)).ok_or_else(|| {
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
        PipelineError::input("target", format!("no target `{}`", render::clean(id)), &help)
    })
}

fn list(catalog: &Catalog, framework: Option<&str>, mandatory: bool, output: Output) {
    let targets = catalog.targets().filter(|t| framework.is_none_or(|f| f == t.framework));
    if mandatory {
        let documents: Vec<_> = targets
            .flat_map(|target| target.points.iter().map(move |point| (target, point)))
            .filter(|(_, point)| point.documented == Documented::Required)
            .collect();
        if output.json {
            let rows: Vec<_> = documents
                .iter()
                .map(|(target, point)| {
                    json!({
                        "target": target.id, "title": target.title, "framework": target.framework,
                        "kind": target.kind, "point": point.id, "sub_item": point.sub_item,
                        "text": point.text, "typical_evidence": point.typical_evidence,
                        "evidence_type": point.evidence_type,
                    })
                })
                .collect();
            render::stdout(
                &json!({ "schema_version": 1, "documented_information": rows }).to_string(),
            );
            return;
        }
        let mut last = None;
        for (target, point) in documents {
            if last != Some(&target.id) {
                render::stdout(&format!("{}  {}", target.id, target.title));
                last = Some(&target.id);
            }
            render::stdout(&format!(
                "  {:<4} {:<10} {}",
                point.id.short(),
                point.sub_item,
                point.typical_evidence
            ));
        }
        return;
    }
    if output.json {
        let rows: Vec<_> = targets
            .map(|t| {
                json!({
                    "id": t.id, "title": t.title, "framework": t.framework, "kind": t.kind,
                    "level": t.level, "theme": t.theme,
                })
            })
            .collect();
        render::stdout(&json!({ "schema_version": 1, "targets": rows }).to_string());
        return;
    }
    for target in targets {
        let level = target.level.as_str();
        render::stdout(&format!("{:<18} {level:<13} {}", target.id, target.title));
    }
}

/// Says what a sound overlay adds.
fn check(merged: &Catalog, output: Output) {
    let base = Catalog::builtin();
    let points = |catalog: &Catalog| catalog.targets().map(|t| t.points.len()).sum::<usize>();
    let links =
        |catalog: &Catalog| catalog.common_controls().iter().map(|c| c.links.len()).sum::<usize>();
    let frameworks: Vec<_> =
        merged.frameworks().into_iter().filter(|f| !base.frameworks().contains(f)).collect();
    let added = [
        ("targets", merged.targets().len() - base.targets().len()),
        ("points", points(merged) - points(base)),
        ("common_controls", merged.common_controls().len() - base.common_controls().len()),
        ("links", links(merged) - links(base)),
    ];
    if output.json {
        let added: serde_json::Map<String, _> =
            added.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        render::stdout(
            &json!({
                "schema_version": 1, "catalog_version": CATALOG_VERSION, "faults": 0,
                "frameworks": frameworks, "added": added,
            })
            .to_string(),
        );
        return;
    }
    let said: Vec<String> =
        added.iter().map(|(name, n)| format!("{n} {}", name.replace('_', " "))).collect();
    let own = if frameworks.is_empty() { "none".to_owned() } else { frameworks.join(", ") };
    render::stdout(&format!("no faults; adds {}; frameworks: {own}", said.join(", ")));
}
