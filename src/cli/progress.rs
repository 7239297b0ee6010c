//! Bars on a terminal, plain lines otherwise, nothing with `--quiet`.

use std::{
    io::IsTerminal,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{args::Output, render};
use crate::pipeline::Event;

/// Consumes pipeline events.
pub(super) struct Progress {
    quiet: bool,
    terminal: bool,
    bar: Option<ProgressBar>,
    line: Option<(String, Option<u64>, Instant)>,
    /// What the current stage came to.
    detail: String,
}

impl Progress {
    pub(super) fn new(output: Output) -> Self {
        Self {
            quiet: output.quiet,
            terminal: std::io::stderr().is_terminal(),
            bar: None,
            line: None,
            detail: String::new(),
        }
    }

    pub(super) fn take(&mut self, event: Event<'_>) {
        if let Event::Notice(diagnostic) = event {
            match &self.bar {
                Some(bar) => bar.suspend(|| render::diagnostic(diagnostic)),
                None if !self.quiet => render::diagnostic(diagnostic),
                None => {}
            }
            return;
        }
        if self.quiet {
            return;
        }
        if matches!(event, Event::Begin { .. }) {
            self.detail.clear();
        }
        match event {
            Event::Begin { stage, total } if self.terminal => {
                let bar = match total {
                    Some(total) => ProgressBar::new(total).with_style(
                        ProgressStyle::with_template(
                            "{msg:>20} {bar:32} {pos}/{len} {eta} {prefix}",
                        )
                        .unwrap_or_else(|_| ProgressStyle::default_bar()),
                    ),
                    None => ProgressBar::new_spinner(),
                };
                bar.set_message(stage.label());
                bar.enable_steady_tick(Duration::from_millis(120));
                self.bar = Some(bar);
            }
            Event::Begin { stage, total } => {
                self.line = Some((stage.label().to_owned(), total, Instant::now()));
            }
            Event::Detail(text) => {
                if let Some(bar) = &self.bar {
                    bar.set_prefix(text.to_owned());
                }
                self.detail = format!(", {text}");
            }
            Event::Step => {
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Event::End => {
                if let Some(bar) = self.bar.take() {
                    bar.finish_and_clear();
                }
                if let Some((label, total, since)) = self.line.take() {
                    let count = total.map_or(String::new(), |n| format!(" ({n})"));
                    let detail = std::mem::take(&mut self.detail);
                    eprintln!("{label}{count}: {:.1} s{detail}", since.elapsed().as_secs_f64());
                }
            }
            Event::Notice(_) => {}
        }
    }
}
