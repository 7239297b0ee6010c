//! `evimap search`: passages by words.

use std::process::ExitCode;

use serde_json::json;

use super::{Outcome, args::Output, args::SearchArgs, render};
use crate::{domain::squash_whitespace, pipeline};

pub(super) fn search(args: SearchArgs, output: Output) -> Outcome {
    let words = args.words.join(" ");
    let found = pipeline::search(&args.workspace, &words, args.top)?;
    if output.json {
        let hits: Vec<_> = found
            .iter()
            .map(|f| {
                json!({
                    "document": &*f.passage.document, "locator": f.passage.locator(),
                    "heading": f.passage.heading, "text": f.passage.text(), "score": f.score,
                })
            })
            .collect();
        render::stdout(&json!({ "schema_version": 1, "query": words, "hits": hits }).to_string());
        return Ok(ExitCode::SUCCESS);
    }
    for f in &found {
        render::stdout(&format!(
            "{}  {}",
            render::clean(&f.passage.document),
            render::clean(&f.passage.locator().to_string())
        ));
        render::stdout(&format!("  {}", render::clean(&squash_whitespace(f.passage.text()))));
    }
    if found.is_empty() && !output.quiet {
        eprintln!("nothing found for “{}”", render::clean(&words));
    }
    Ok(ExitCode::SUCCESS)
}
