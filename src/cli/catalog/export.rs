//! The whole catalogue on stdout, one function for each format.

use serde_json::json;

use super::{super::args::CatalogFormat, known, page::markdown};
use crate::{
    catalog::{CATALOG_VERSION, Catalog, oscal},
    domain::{ISO27001, ISO42001, escape_markdown},
    pipeline::PipelineError,
};

pub(super) fn export(
    catalog: &Catalog,
    format: CatalogFormat,
    framework: Option<&str>,
) -> Result<String, PipelineError> {
    // The common controls have a catalogue of their own in OSCAL.
    let common = framework.is_some_and(|f| f.eq_ignore_ascii_case(oscal::COMMON));
    let framework = if common && matches!(format, CatalogFormat::Oscal) {
        Some(oscal::COMMON.to_owned())
    } else {
        known(catalog, framework)?
    };
    let framework = framework.as_deref();
    match format {
        CatalogFormat::Json => Ok(as_json(catalog, framework)),
        CatalogFormat::Csv => as_csv(catalog, framework),
        CatalogFormat::Md => Ok(as_markdown(catalog, framework)),
        CatalogFormat::Oscal => pretty(&oscal::catalog_document(catalog, framework)),
        CatalogFormat::OscalMapping => {
            pretty(&oscal::mapping_document(catalog, ISO27001, framework.unwrap_or(ISO42001)))
        }
    }
}

fn pretty(document: &serde_json::Value) -> Result<String, PipelineError> {
    serde_json::to_string_pretty(document).map_err(|error| internal(&error))
}

fn internal(error: &dyn std::fmt::Display) -> PipelineError {
    PipelineError::Internal(format!("export: {error}"))
}

fn as_json(catalog: &Catalog, framework: Option<&str>) -> String {
    let targets: Vec<_> = catalog
        .targets()
        .filter(|target| framework.is_none_or(|f| f == target.framework))
        .map(|t| {
            json!({
                "id": t.id, "title": t.title, "kind": t.kind, "framework": t.framework,
                "level": t.level, "theme": t.theme, "description": t.description,
                "points": t.points, "terms": t.terms, "negative_terms": t.negative_terms,
                "exemplars": t.exemplars, "guidance": t.guidance, "serves": t.serves,
                "refines": catalog.refines(&t.id),
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "catalog_version": CATALOG_VERSION,
        "targets": targets,
        "common_controls": catalog.common_controls(),
        "risks": catalog.risks(),
    })
    .to_string()
}

/// One row a point.
fn as_csv(catalog: &Catalog, framework: Option<&str>) -> Result<String, PipelineError> {
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
            "evidence_type",
            "freshness",
        ])
        .map_err(|e| internal(&e))?;
    for t in catalog.targets().filter(|t| framework.is_none_or(|f| f == t.framework)) {
        for p in &t.points {
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
                    p.documented.as_str(),
                    &p.text,
                    &p.typical_evidence,
                    p.evidence_type.as_str(),
                    &p.freshness,
                ])
                .map_err(|e| internal(&e))?;
        }
    }
    let bytes = writer.into_inner().map_err(|e| internal(&e))?;
    String::from_utf8(bytes).map_err(|e| internal(&e))
}

fn as_markdown(catalog: &Catalog, wanted: Option<&str>) -> String {
    let mut out = format!(
        "# Catalogue {CATALOG_VERSION}\n\nEvimap's own description of what is assessed, not the \
         text of a standard.\n"
    );
    for framework in catalog.frameworks() {
        if wanted.is_some_and(|wanted| wanted != framework) {
            continue;
        }
        out.push_str(&format!("\n## {}\n", escape_markdown(catalog.framework_name(framework))));
        for target in catalog.targets().filter(|target| target.framework == framework) {
            out.push_str(&format!("\n{}", markdown(catalog, target)));
        }
    }
    if wanted.is_some() {
        return out;
    }
    out.push_str("\n## Common controls\n");
    for control in catalog.common_controls() {
        out.push_str(&format!(
            "\n### {} {}\n\n{}\n\n- Accountable: {}\n- Scope: {}\n- Level: {}\n- Parts: {}\n",
            control.id,
            escape_markdown(&control.title),
            escape_markdown(&control.purpose),
            escape_markdown(&control.accountable),
            escape_markdown(&control.scope),
            control.level.as_str(),
            escape_markdown(&control.components.join("; ")),
        ));
        for link in &control.links {
            let why = escape_markdown(&link.rationale);
            out.push_str(&format!("- {} {}: {why}\n", link.relation.as_str(), link.target));
        }
        if !control.guidance.is_empty() {
            out.push_str(&format!("\n{}\n", escape_markdown(&control.guidance)));
        }
    }
    out.push_str("\n## Risks\n");
    for risk in catalog.risks() {
        out.push_str(&format!(
            "\n### {} {}\n\n{}\n\n- Lens: {}\n- Endangers: {}\n",
            risk.id,
            escape_markdown(&risk.title),
            escape_markdown(&risk.cause),
            risk.lens.as_str(),
            escape_markdown(&risk.assets.join(", ")),
        ));
        for (who, what) in [
            ("the organisation", &risk.consequence_organisation),
            ("individuals", &risk.consequence_individuals),
            ("society", &risk.consequence_society),
        ] {
            if !what.is_empty() {
                out.push_str(&format!("- For {who}: {}\n", escape_markdown(what)));
            }
        }
        out.push_str(&format!("- Treated by: {}\n", risk.common_controls.join(", ")));
    }
    out
}
