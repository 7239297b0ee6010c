//! The command line as types.

mod import;
mod judge;

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::{
    config::{Extraction, Quotes},
    domain::{Date, Language},
    extract::is_language,
    history::{POLICIES, Policy},
};

pub use import::ImportCommand;
pub use judge::{JudgeArgs, JudgeCommand};

const EXAMPLES: &str = "\
Examples:
  evimap run ./isms -w ./work            read a folder, propose, write review files and reports
  evimap review import work/review/suggestions.csv -w work
                                         take your decisions, then run or report again
  evimap search \"access review\" -w work  find passages
  evimap catalog show ISO42001:A.6.2.4   what a target asks for, in plain words

A machine proposes, a person decides: nothing counts as evidence before you accepted it.";

/// Maps the evidence in an existing ISMS to ISO/IEC 27001:2022 and ISO/IEC 42001:2023.
#[derive(Debug, Parser)]
#[command(name = "evimap", version, about, after_help = EXAMPLES, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub output: Output,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// One machine-readable summary on stdout
    #[arg(long, global = true)]
    pub json: bool,
    /// No progress, no summary; errors only
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The whole pipeline: read, propose, write review files and reports
    #[command(after_help = "\
Examples:
  evimap run fixtures/isms -w out/sample
  evimap run -w out/sample                 again, over the stored sources
  evimap run docs registers -w work --as-of 2026-11-24
  evimap run -w work -q --fail-on new-gap,lost-evidence,ledger   every night")]
    Run(RunArgs),
    /// Create a workspace with a commented evimap.toml
    Init(InitArgs),
    /// Read files and write one JSON line each to stdout; keeps no state
    #[command(after_help = "Example:\n  evimap extract policies/ register.xlsx > out.jsonl")]
    Extract(ExtractArgs),
    /// Read and propose only; writes reports/proposals.jsonl and the review files
    Propose(RunArgs),
    /// Exchange decisions as CSV or workbooks
    #[command(subcommand)]
    Review(ReviewCommand),
    /// Take over what stands in other tables: a SoA, risks, inventories, impact assessments
    #[command(subcommand)]
    Import(ImportCommand),
    /// Work out coverage from what is decided and print it
    Assess(WorkspaceArgs),
    /// Write the reports again from what is stored and decided
    Report(ReportArgs),
    /// Say what is different between two runs: documents, evidence, coverage, opinion
    #[command(after_help = "\
Examples:
  evimap diff -w work                      the last two runs
  evimap diff 12 -w work                   run 12 and the last
  evimap diff 12 15 -w work --format md")]
    Diff(DiffArgs),
    /// List the recorded runs
    Runs(RunsArgs),
    /// Re-open the documents behind accepted evidence: does each quote still stand at its place?
    Verify(VerifyArgs),
    /// The append-only record of who decided what
    #[command(subcommand)]
    Ledger(LedgerCommand),
    /// Look whether a workspace is sound; --fix mends what can be computed again
    Doctor(DoctorArgs),
    /// Save state, configuration and review files of a workspace in one file
    #[command(after_help = "Example:\n  evimap backup isms-2026-11-24.zip -w work")]
    Backup(BackupArgs),
    /// Make a workspace from a backup, in a new or empty folder
    Restore(RestoreArgs),
    /// Find passages in the workspace's documents
    Search(SearchArgs),
    /// Rank targets for texts: JSON lines {"id","text"} in, {"id","matches"} out
    #[command(after_help = "\
Example:
  echo '{\"id\":1,\"text\":\"Access rights are reviewed each quarter\"}' | evimap match --top 3")]
    Match(MatchArgs),
    /// Measure the matcher against labels or decisions
    #[command(after_help = "\
Examples:
  evimap eval --gold gold.jsonl --source docs --markdown --plot reliability.svg
  evimap eval --decisions -w work                 against what reviewers decided
  evimap eval --decisions -w work --fit --write   and adjust confidences to it
  evimap eval --decisions -w work --judged 7      and what the verdicts of judged run 7 do")]
    Eval(EvalArgs),
    /// Compare what language models said
    #[command(subcommand)]
    Judge(JudgeCommand),
    /// Say why a proposal was made, in words and numbers
    Explain(ExplainArgs),
    /// Measure how fast this machine indexes and matches, on a made-up collection
    #[command(after_help = "\
Example:
  evimap bench --passages 1000000 --json")]
    Bench(BenchArgs),
    /// Look at the catalogue of targets
    #[command(after_help = "\
Examples:
  evimap catalog show ISO42001:A.6.2.4
  evimap catalog list --framework ISO27001 --mandatory
  evimap catalog reuse                     what ISO 27001 evidence is worth for ISO 42001
  evimap catalog check my-overlay")]
    Catalog(CatalogArgs),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  evimap completions bash > ~/.local/share/bash-completion/completions/evimap"
    )]
    Completions {
        /// Shell to write for
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Clone, Args)]
pub struct WorkspaceArgs {
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
    /// The day that counts as today for freshness
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub as_of: Option<Date>,
}

#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// Folders to read; none means the stored ones
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    #[command(flatten)]
    pub at: WorkspaceArgs,
    /// Worker processes that read files
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Hash every file again instead of trusting size and time
    #[arg(long)]
    pub rehash: bool,
    #[command(flatten)]
    pub seeing: Seeing,
    #[command(flatten)]
    pub judging: JudgeArgs,
    /// Rank as if nothing had been decided yet
    #[arg(long)]
    pub no_learning: bool,
    /// Quotes in the reports: all, unlabelled (not of documents that bear a label) or none
    #[arg(long, value_name = "WHICH")]
    pub quotes: Option<Quotes>,
    /// Language of reports and review files, over that of evimap.toml
    #[arg(long, value_name = "LANGUAGE", value_parser = language())]
    pub lang: Option<Language>,
    /// End with exit code 1 and a reason if one of these holds; reports are written all the same
    #[arg(long, value_name = "POLICY,…", value_delimiter = ',', value_parser = policy())]
    pub fail_on: Vec<Policy>,
    /// Compare with this run instead of the last
    #[arg(long, value_name = "RUN")]
    pub since: Option<u64>,
}

#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    #[command(flatten)]
    pub at: WorkspaceArgs,
    /// Quotes in the reports: all, unlabelled (not of documents that bear a label) or none
    #[arg(long, value_name = "WHICH")]
    pub quotes: Option<Quotes>,
    /// Language of reports and review files, over that of evimap.toml
    #[arg(long, value_name = "LANGUAGE", value_parser = language())]
    pub lang: Option<Language>,
}

fn language() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::WRITTEN.map(Language::as_str))
        .try_map(|code| Language::from_code(&code).ok_or("no such language"))
}

fn policy() -> impl TypedValueParser<Value = Policy> {
    PossibleValuesParser::new(POLICIES.map(Policy::as_str)).try_map(|word| {
        let found = POLICIES.into_iter().find(|policy| policy.as_str() == word);
        found.ok_or("no such policy")
    })
}

#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Number of the earlier run; none means the last but one
    #[arg(value_name = "RUN")]
    pub from: Option<u64>,
    /// Number of the later run; none means the last
    #[arg(value_name = "RUN")]
    pub to: Option<u64>,
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
    /// How to write it
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    Text,
    Md,
    Json,
    Html,
}

#[derive(Debug, Args)]
pub struct RunsArgs {
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Clone, Args)]
pub struct Seeing {
    /// Read images and PDF pages without text with tesseract
    #[arg(long)]
    pub ocr: bool,
    /// Languages for OCR, for example eng+deu; turns it on
    #[arg(long, value_name = "LANG+LANG", value_parser = languages)]
    pub ocr_lang: Option<Languages>,
    /// Follow symbolic links, also out of the source
    #[arg(long)]
    pub follow_links: bool,
}

/// Names of tesseract's languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Languages(pub Vec<String>);

fn languages(text: &str) -> Result<Languages, String> {
    let words: Vec<String> = text.split('+').map(str::to_owned).collect();
    match words.iter().find(|word| !is_language(word)) {
        Some(word) => Err(format!("`{word}` can't be a language of tesseract; try eng or eng+deu")),
        None => Ok(Languages(words)),
    }
}

impl Seeing {
    /// What holds for a command: the command line over the configuration.
    pub fn over(self, mut config: Extraction) -> Extraction {
        config.ocr |= self.ocr || self.ocr_lang.is_some();
        config.follow_links |= self.follow_links;
        if let Some(Languages(languages)) = self.ocr_lang {
            config.ocr_languages = languages;
        }
        config
    }
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// Folders to read; their evimap.toml is taken over if there is one
    #[arg(value_name = "SOURCE")]
    pub sources: Vec<PathBuf>,
    /// Folder to create
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Files and folders
    #[arg(value_name = "PATH", required_unless_present = "stdin")]
    pub paths: Vec<PathBuf>,
    /// Take paths from stdin, one a line
    #[arg(long)]
    pub stdin: bool,
    /// With --stdin: paths end in NUL instead of a line break
    #[arg(long, short = '0', requires = "stdin")]
    pub null: bool,
    /// Worker processes
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    #[command(flatten)]
    pub seeing: Seeing,
}

#[derive(Debug, Subcommand)]
pub enum ReviewCommand {
    /// Write the review files again: suggestions and positions, whole or a part for each reviewer
    #[command(after_help = "\
Examples:
  evimap review export -w work                        review/suggestions.csv and positions.csv
  evimap review export -w work --format xlsx          with drop-downs, filters and links
  evimap review export -w work --split theme          review/suggestions.ISO27001-People.csv …
  evimap review export -w work --assign rules.toml    a file for each reviewer; see docs/review.md")]
    Export {
        #[command(flatten)]
        at: WorkspaceArgs,
        /// Every proposal, decided ones and low bands too
        #[arg(long)]
        all: bool,
        /// Quotes in the files: all, unlabelled (not of documents that bear a label) or none
        #[arg(long, value_name = "WHICH")]
        quotes: Option<Quotes>,
        /// Language of the people's columns, over that of evimap.toml
        #[arg(long, value_name = "LANGUAGE", value_parser = language())]
        lang: Option<Language>,
        /// CSV for any program, or a workbook
        #[arg(long, value_enum, default_value_t = ReviewFormat::Csv)]
        format: ReviewFormat,
        /// A file for each of these
        #[arg(long, value_enum, value_name = "BY")]
        split: Option<ReviewSplit>,
        /// A file for each reviewer, by the rules in this TOML file
        #[arg(long, value_name = "FILE", conflicts_with = "split")]
        assign: Option<PathBuf>,
    },
    /// Take decisions from CSV files and workbooks; a file with a bad row is not applied at all
    Import {
        /// Edited review files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        at: WorkspaceArgs,
        /// Report problems and effects, change nothing
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReviewFormat {
    Csv,
    Xlsx,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ReviewSplit {
    Standard,
    Clause,
    Theme,
    Owner,
    System,
    Band,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Compute the hash chain again; exit code 1 names the first entry that was changed
    #[command(after_help = "\
Examples:
  evimap ledger verify -w work
  evimap ledger verify -w work --head 3f1c9a0be27d48a6   a head that an earlier report prints")]
    Verify {
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// Ledger head of an earlier report: is it part of this chain?
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// All entries on stdout: who, when, from which file and row, on which quote and document
    Export {
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
        /// csv for a spreadsheet program, jsonl for programs
        #[arg(long, value_enum, default_value_t = LedgerForm::Csv)]
        format: LedgerForm,
    },
    /// Everything that was decided for a target, in order, and what of it is in force
    Show {
        /// For example ISO27001:A.5.18
        #[arg(value_name = "TARGET")]
        target: String,
        /// Folder that holds the workspace
        #[arg(long, short, value_name = "DIR")]
        workspace: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LedgerForm {
    Csv,
    Jsonl,
}

#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
    /// Mend what can be computed again: index, drafts of killed processes, guards of the ledger
    #[arg(long)]
    pub fix: bool,
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// File to write; it must not exist
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// A file that `evimap backup` wrote
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder for the workspace, missing or empty
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to look for
    #[arg(value_name = "WORDS", required = true)]
    pub words: Vec<String>,
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
    /// How many passages
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub top: usize,
}

#[derive(Debug, Args)]
pub struct MatchArgs {
    /// How many targets for each text
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub top: usize,
    /// Only targets of this framework
    #[arg(long, value_name = "ID")]
    pub framework: Vec<String>,
}

#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Labels as JSON lines: {"doc","standard","ref","level",…}
    #[arg(long, value_name = "FILE")]
    pub gold: Vec<PathBuf>,
    /// The documents that the labels speak of, one folder for each --gold
    #[arg(long, value_name = "DIR")]
    pub source: Vec<PathBuf>,
    /// Labelled passages as JSON lines: {"text","standard","refs"}
    #[arg(long, value_name = "FILE")]
    pub passages: Vec<PathBuf>,
    /// Fit the calibration to these sets and print it as TOML; with several, also the error of a fit
    /// on the others
    #[arg(long)]
    pub fit: bool,
    /// Switch each feature of the matcher off in turn and print what changes
    #[arg(long, conflicts_with = "fit")]
    pub ablation: bool,
    /// Let half of the labels act as decisions and print what they do to the other half
    #[arg(long, conflicts_with_all = ["fit", "ablation"])]
    pub learning: bool,
    /// List the N worst misses and the N surest errors
    #[arg(long, value_name = "N", conflicts_with_all = ["fit", "ablation", "learning"])]
    pub errors: Option<usize>,
    /// Tables in Markdown, with a row for each target
    #[arg(long)]
    pub markdown: bool,
    /// Draw confidences against the share that is right
    #[arg(long, value_name = "FILE.svg", conflicts_with_all = ["fit", "ablation", "learning", "errors"])]
    pub plot: Option<PathBuf>,
    /// Measure the proposals of a workspace against what reviewers decided
    #[arg(long, requires = "workspace", conflicts_with_all = ["gold", "source", "passages", "ablation", "learning", "errors"])]
    pub decisions: bool,
    /// With --decisions: folder that holds the workspace
    #[arg(long, short, value_name = "DIR", requires = "decisions")]
    pub workspace: Option<PathBuf>,
    /// With --decisions: also measure a judged run, by its number or as a recording
    #[arg(long, value_name = "RUN|FILE", requires = "decisions", conflicts_with = "fit")]
    pub judged: Option<String>,
    /// With --decisions --fit: put the calibration where the workspace's configuration reads it
    #[arg(long, requires_all = ["decisions", "fit"])]
    pub write: bool,
}

#[derive(Debug, Args)]
pub struct BenchArgs {
    /// How many passages; about 2 kB of memory each
    #[arg(long, default_value_t = 100_000, value_name = "N")]
    pub passages: usize,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Id of a proposal of the last run, for example from review/suggestions.csv
    #[arg(value_name = "PROPOSAL_ID")]
    pub proposal: String,
    /// Folder that holds the workspace
    #[arg(long, short, value_name = "DIR")]
    pub workspace: PathBuf,
}

#[derive(Debug, Args)]
pub struct CatalogArgs {
    /// Folder with controls, points and frameworks of your own to put on top
    #[arg(long, value_name = "DIR", global = true)]
    pub overlay: Option<PathBuf>,
    #[command(subcommand)]
    pub command: CatalogCommand,
}

#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// One line for each target
    List {
        /// Only targets of this framework
        #[arg(long, value_name = "ID")]
        framework: Option<String>,
        /// Only what the standard wants documented
        #[arg(long)]
        mandatory: bool,
    },
    /// Everything about one target
    Show {
        /// For example ISO27001:A.5.18
        target: String,
    },
    /// How much of one standard evidence for the other can serve, and why
    Reuse {
        /// Framework that evidence is there for
        #[arg(long, value_name = "ID", default_value = "ISO27001")]
        from: String,
        /// Framework that it is to serve as well
        #[arg(long, value_name = "ID", default_value = "ISO42001")]
        to: String,
    },
    /// The whole catalogue on stdout
    Export {
        /// csv has a row a point, oscal is a catalog, oscal-mapping what 27001 is worth for 42001
        #[arg(long, value_enum, default_value_t = CatalogFormat::Json)]
        format: CatalogFormat,
        /// Only this framework; COMMON for the common controls in OSCAL
        #[arg(long, value_name = "ID")]
        framework: Option<String>,
    },
    /// Validate an overlay folder; reports every fault with file and line
    Check {
        /// Folder to validate
        dir: PathBuf,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum CatalogFormat {
    Csv,
    Json,
    Md,
    Oscal,
    OscalMapping,
}
