//! `evimap review export|import`.

use std::process::ExitCode;

use serde_json::json;

use super::{
    Outcome,
    args::{Output, ReviewCommand, ReviewFormat, ReviewSplit},
    render, run,
};
use crate::{
    pipeline::{self, Form, Handout, Workspace},
    review::SplitBy,
};

pub(super) fn review(command: ReviewCommand, output: Output) -> Outcome {
    match command {
        ReviewCommand::Export { at, all, format, split, assign, quotes, lang } => {
            let workspace = Workspace::open(&at.workspace, &[])?;
            let form = match format {
                ReviewFormat::Csv => Form::Csv,
                ReviewFormat::Xlsx => Form::Xlsx,
            };
            let by = split.map(|split| match split {
                ReviewSplit::Standard => SplitBy::Standard,
                ReviewSplit::Clause => SplitBy::Clause,
                ReviewSplit::Theme => SplitBy::Theme,
                ReviewSplit::Owner => SplitBy::Owner,
                ReviewSplit::System => SplitBy::System,
                ReviewSplit::Band => SplitBy::Band,
            });
            let handout = Handout::new(&workspace, form, by, assign.as_deref())?;
            let extent = pipeline::Extent {
                reports: false,
                ranking: false,
                review: Some(&handout),
                all,
                quotes,
                language: lang,
            };
            run::again_in(workspace, at.as_of, output, extent)
        }
        ReviewCommand::Import { files, at, check } => {
            let mut workspace = Workspace::open(&at.workspace, &[])?;
            let imported = pipeline::import(&mut workspace, &files, run::today(at.as_of), check)?;
            if !check {
                pipeline::record_import(&mut workspace, &imported, &run::now())?;
            }
            if output.json {
                let files: Vec<_> = imported
                    .iter()
                    .map(|i| {
                        json!({
                            "file": i.file, "decisions": i.decisions, "positions": i.positions,
                            "statements": i.statements,
                            "unchanged": i.unchanged, "undecided": i.undecided, "notes": i.notes,
                        })
                    })
                    .collect();
                render::stdout(
                    &json!({ "schema_version": 1, "applied": !check, "files": files }).to_string(),
                );
            }
            if !output.quiet {
                let verb = if check { "would add" } else { "added" };
                for i in &imported {
                    render::diagnostics(&i.notes);
                    eprintln!(
                        "{}: {verb} {} decisions, {} positions, {} statements on actions and audits; {} rows unchanged, {} undecided",
                        render::clean(&i.file),
                        i.decisions,
                        i.positions,
                        i.statements,
                        i.unchanged,
                        i.undecided
                    );
                }
                if !check {
                    eprintln!("next: evimap report -w {}", at.workspace.display());
                }
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}
