//! `evimap eval --decisions`: proposals against what reviewers decided.

use std::path::Path;

use serde_json::json;

use super::{Outcome, by_band, draw, print, share};
use crate::{
    cli::{
        args::{EvalArgs, Output},
        render,
    },
    diag::Diagnostic,
    eval::{self, DecisionFigures, Panel},
    pipeline::{self, Decisions, PipelineError},
};

pub(super) fn decisions(args: &EvalArgs, workspace: &Path, output: Output) -> Outcome {
    let found = pipeline::decisions(workspace)?;
    if args.fit {
        return fit(args, workspace, &found, output);
    }
    if found.decided.is_empty() {
        return Err(PipelineError::input(
            "decisions",
            "nothing to measure: no proposal of the last run is accepted or rejected",
            "decide rows of review/suggestions.csv and import them with `evimap review import`",
        ));
    }
    let figures = eval::measure_decisions(&found.decided);
    if let Some(file) = &args.plot {
        let panel = Panel {
            title: "decisions",
            error: figures.calibration_error,
            bins: &figures.reliability,
        };
        draw(file, &[panel])?;
    }
    let judged = match &args.judged {
        None => None,
        Some(name) => {
            let run = pipeline::judged_run(name, Some(workspace))?;
            let ranks = pipeline::judged_ranks(workspace, &run)?;
            let stances = run.proposals.into_iter().map(|(id, (_, stance))| (id, stance)).collect();
            Some(eval::measure_judged(&found.decided, &stances, &ranks))
        }
    };
    let all = json!({
        "schema_version": 1, "decisions": figures, "counts": found, "judged": judged
    });
    print(output, &all, || {
        let text = match args.markdown {
            true => eval::decisions_markdown(&figures),
            false => summary(&figures, &found),
        };
        judged.iter().fold(text, |text, judged| {
            format!("{text}\nWith the verdicts of the judged run:\n{}", eval::judged_text(judged))
        })
    })
}

fn summary(f: &DecisionFigures, found: &Decisions) -> String {
    let r = &f.accepted_among_proposals;
    [
        format!(
            "{} proposals accepted, {} rejected ({} deferred, {} decided but not proposed any more)",
            f.accepted, f.rejected, found.deferred, found.gone
        ),
        format!(
            "  target → accepted   hit@1 {:.3}  hit@5 {:.3}  MRR {:.3}  ({} targets)",
            r.hit_at_1, r.hit_at_5, r.mrr, r.queries
        ),
        format!("  precision by band   {}", by_band(&f.bands)),
        format!("  calibration         ECE {:.3}  κ {}", f.calibration_error, share(f.kappa)),
        format!(
            "  added by people     {}, of which {} were proposed as well",
            found.added, found.added_and_proposed
        ),
    ]
    .join("\n")
}

fn fit(args: &EvalArgs, workspace: &Path, found: &Decisions, output: Output) -> Outcome {
    let refit = eval::refit(&found.decided).map_err(|why| {
        let help = "decide more rows of review/suggestions.csv, of several documents, and reject \
                    what is no evidence; rows that cite a control by number don't count";
        PipelineError::input("decisions", why.to_string(), help)
    })?;
    let worse = refit.held_out_error >= refit.shipped_error;
    if args.write && worse {
        return Err(PipelineError::input(
            "decisions",
            format!(
                "nothing written: on documents that it has not seen the fit's error is {:.3}, the \
                 shipped calibration's {:.3}",
                refit.held_out_error, refit.shipped_error
            ),
            "decide more rows, or keep the shipped calibration",
        ));
    }
    let mut written = None;
    if args.write {
        let file = pipeline::adopt(workspace, &refit.calibration)?;
        if !output.quiet {
            let message = format!(
                "{} written; the next `evimap run` uses it for all confidences",
                file.display()
            );
            render::diagnostic(&Diagnostic::note("calibration", message));
        }
        written = Some(file);
    }
    let text = toml::to_string(&refit.calibration)
        .map_err(|error| PipelineError::Internal(error.to_string()))?;
    let all = json!({ "schema_version": 1, "fit": refit, "written": written });
    print(output, &all, || {
        let verdict = if worse { " (worse: don't use it)" } else { "" };
        format!(
            "# {} decisions, {} groups of documents, {} turns of holding some out.\n\
             # ECE of the shipped calibration {:.3}, of fits on the other groups {:.3}{verdict}.\n{}",
            refit.decisions,
            refit.groups,
            refit.folds,
            refit.shipped_error,
            refit.held_out_error,
            text.trim_end()
        )
    })
}
