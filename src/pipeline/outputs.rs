//! From stored opinion and decisions to review files, reports and the summary of a run.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::{
    Collection, Event, PROGRAM_VERSION, PipelineError, Stage, Watcher, Workspace,
    asking::Judged,
    asking_again,
    desk::desk,
    handout::{Handed, Handout, hand_out},
    import_tables::register,
    inputs_hash, judging,
    registers::Registers,
    snapshot,
    suspicion::Suspicions,
    unchanged,
};
use crate::{
    assess::{self, DocumentState, Summary},
    catalog::{CATALOG_VERSION, Catalog},
    config::Quotes,
    diag::{Diagnostic, Severity},
    domain::{
        Assessment, Block, BlockKind, Date, Decision, ExtractStatus, FrameworkId, ISO27001,
        ISO42001, Language, Marks, Position, ProposalId, RegisterCounts, SoaChanges, Verdict,
        letters_and_digits,
    },
    history::{Difference, Hit, Snapshot},
    matching::Matched,
    report::{self, DocumentRow, Report},
    review,
};

/// What to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Extent<'a> {
    pub reports: bool,
    /// Also without the other reports: the ranking, which only a new match changes.
    pub ranking: bool,
    /// How review files are written, if they are.
    pub review: Option<&'a Handout>,
    /// Every proposal into suggestions.csv.
    pub all: bool,
    /// Which quotes the reports show; `None` leaves it to the configuration.
    pub quotes: Option<Quotes>,
    /// What reports and review files are written in; `None` leaves it to the configuration.
    pub language: Option<Language>,
}

/// The figures of a run, as its summary and `--json` show them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Summed {
    /// Files by outcome of reading.
    pub files: BTreeMap<String, usize>,
    /// Files that gave nothing: path, outcome and reason.
    pub unread: Vec<(String, String, String)>,
    pub skipped: usize,
    /// Files whose content was read in this run; the others came from the cache.
    pub read: usize,
    pub passages: usize,
    /// Current proposals by band.
    pub proposals: BTreeMap<String, usize>,
    pub decisions: usize,
    pub assessed: Summary,
    #[serde(default)]
    pub risks: RegisterCounts,
    pub judge_calls: usize,
    /// Questions without a whole answer.
    pub judge_failed: usize,
    /// Those of them that were not put to the endpoint.
    pub judge_unasked: usize,
    /// Of prompts and answers, as they count.
    pub judge_tokens: u64,
    /// With the currency; empty without prices.
    pub judge_cost: String,
}

/// What a run gives.
#[derive(Debug, Clone)]
pub struct Outputs {
    pub summed: Summed,
    /// Every file written, in order.
    pub files: Vec<PathBuf>,
    /// Review files that were kept because somebody edited them, and other things to look at.
    pub diagnostics: Vec<Diagnostic>,
    pub as_of: Date,
    /// Rows of suggestions.csv that wait for a person.
    pub waiting: usize,
    /// Paths that were left out, and why.
    pub skipped: Vec<(String, String)>,
    /// What the run saw, to be compared with another.
    pub snapshot: Snapshot,
    /// Number of the run.
    pub run: u64,
    /// The run whose outputs still hold; nothing was written again then.
    pub unchanged_since: Option<u64>,
    /// What is different from the last run; `None` on the first, and where no run was made.
    pub changes: Option<Difference>,
    /// Policies of `--fail-on` that were hit.
    pub hits: Vec<Hit>,
    /// The record of the last run that asked the judge.
    pub ai_use: Option<report::AiUse>,
    /// Documents with signs of an instruction to a model, and where.
    pub suspected: Vec<(String, String)>,
}

impl Outputs {
    /// Faults of the risk register, and what it leaves open; what is only to be checked left out, as
    /// are its contradictions with single controls.
    pub fn on_register(&self) -> impl Iterator<Item = &Diagnostic> {
        let about = |d: &&Diagnostic| d.code.starts_with("risk-") && d.target.is_none();
        self.diagnostics.iter().filter(about).filter(|d| d.severity != Severity::Note)
    }
}

#[expect(clippy::too_many_arguments, reason = "the last stage sees everything before it")]
pub(super) fn produce(
    catalog: &Catalog,
    workspace: &mut Workspace,
    collection: &Collection,
    matched: &Matched,
    judged: &Judged,
    as_of: Date,
    extent: Extent<'_>,
    watch: &mut Watcher<'_>,
) -> Result<Outputs, PipelineError> {
    unchanged::forget(&mut workspace.store)?;
    watch(Event::Begin { stage: Stage::Assess, total: None });
    let assumed = stage2(workspace, as_of)?;
    let (decisions, positions) = (workspace.store.decisions()?, workspace.store.positions()?);
    let changes = changes(catalog, workspace, &positions, &decisions)?;
    let decisions: Vec<Decision> = decisions.into_iter().map(|(_, d)| d).collect();
    let positions: Vec<Position> = positions.into_iter().map(|(_, p)| p).collect();
    let documents = states(collection);
    let register = register(workspace);
    let inputs = assess::Inputs {
        catalog,
        config: &workspace.config,
        decisions: &decisions,
        positions: &positions,
        proposals: &matched.proposals,
        views: &matched.views,
        documents: &documents,
        passages: &collection.passages,
        register: &register,
        as_of,
    };
    let assessed = assess::assess(&inputs);
    let mut summary = assess::summary(&assessed, &inputs);
    let soa: BTreeMap<FrameworkId, _> = catalog
        .frameworks()
        .into_iter()
        .map(|f| (f.to_owned(), assess::soa(f, &assessed, &inputs)))
        .collect();
    let raised = assess::actions(&assessed, &inputs);
    let statements = workspace.store.statements()?;
    let actions = assess::stated(raised.clone(), &statements, &workspace.store.raised()?);
    summary.actions = assess::action_counts(&actions, as_of);
    let planned = assess::programme(&assessed, &inputs, assumed);
    let earlier = workspace.store.planned()?;
    let to_keep = assess::to_keep(&planned.audits, &statements, &earlier);
    let (programme, unsuited) =
        assess::stated_programme(planned, &statements, &earlier, &assessed, as_of);
    let risks = assess::risks(&assessed, &inputs, &soa, &actions);
    let readiness = assess::readiness(&assessed, &inputs);
    let pack = assess::review_pack(&assessed, &inputs, &actions, &programme);
    let reuse = assess::reuse_rate(ISO27001, ISO42001, &assessed, &inputs);
    let questions = assess::questions(&assessed, &inputs);
    watch(Event::End);

    let in_force = assess::in_force(&decisions, &positions, &workspace.config);
    let latest: BTreeMap<ProposalId, Decision> =
        in_force.into_iter().map(|d| (d.proposal_id.clone(), d.clone())).collect();
    let evidence = assessed.assessments.iter().flat_map(|a| &a.evidence);
    let lost: BTreeSet<ProposalId> =
        evidence.filter(|e| e.lost).map(|e| e.proposal_id.clone()).collect();
    let verdicts: BTreeMap<ProposalId, Verdict> =
        latest.iter().map(|(id, d)| (id.clone(), d.verdict)).collect();
    let ai_use = judging::last_use(&workspace.store, judged, &verdicts)?;
    let suspicions = Suspicions::of(collection);
    let accepted: Vec<&Decision> = latest
        .values()
        .filter(|d| d.verdict == Verdict::Accept && !lost.contains(&d.proposal_id))
        .collect();
    let mut registers = Registers::load(&workspace.dir);
    // What is wrong with the risk register is told with its risks.
    registers.faults.retain(|fault| fault.file.as_deref() != Some("review/risks.csv"));
    let (inventory, open) = registers.inventory(&workspace.config, &accepted, as_of);
    let mut diagnostics: Vec<Diagnostic> = collection.diagnostics.clone();
    diagnostics.extend(suspicions.diagnostics());
    diagnostics.extend(judged.diagnostics.iter().filter(|d| !suspicions.hold(d)).cloned());
    diagnostics.extend(assessed.diagnostics.iter().cloned());
    diagnostics.extend(unsuited);
    diagnostics.extend(risks.faults.iter().cloned());
    diagnostics.extend(assess::register_diagnostics(&risks.findings));
    diagnostics.extend(open);
    let notes = programme.notes.iter();
    diagnostics.extend(notes.map(|note| Diagnostic::note("audit-programme", note)));

    let snapshot = snapshot::take(collection, &assessed, &actions, matched, &latest, as_of);

    watch(Event::Begin { stage: Stage::Report, total: None });
    let decided = review::Decided { in_force: &latest, questions: &questions, lost: &lost };
    let language = extent.language.unwrap_or(workspace.config.language);
    let told = catalog.told(language);
    let shares = ai_use.iter().flat_map(|used| &used.rates).filter_map(report::Rate::words);
    let shares: BTreeMap<String, String> = shares.collect();
    let advice = review::Advice {
        judgements: &judged.judgements,
        targets: &judged.targets,
        shares: &shares,
    };
    let export =
        |all: bool| review::export_suggestions(&matched.proposals, &decided, &advice, &told, all);
    let desk = if extent.reports {
        let reviewers = &workspace.config.reviewers;
        desk(&export(false), &export(true), collection, &decisions, reviewers)
    } else {
        report::Desk::default()
    };
    let risks_counted = risks.counts.clone();
    let head = workspace.store.ledger_head()?;
    let report = Report {
        organisation: workspace.config.organisation.clone(),
        classification: workspace.config.classification.clone(),
        scope: workspace.config.scope.clone(),
        systems: workspace.config.systems.clone(),
        as_of,
        program_version: PROGRAM_VERSION.to_owned(),
        catalog_version: CATALOG_VERSION.to_owned(),
        ledger_head: (!decisions.is_empty() || !positions.is_empty()).then_some(head),
        inputs: inputs_hash(collection),
        quotes: extent.quotes.unwrap_or(workspace.config.quotes),
        releases: workspace.config.soa.clone(),
        changes,
        catalog,
        language,
        told: &told,
        soa,
        actions,
        risks,
        programme,
        readiness,
        pack,
        reuse,
        inventory,
        proposals: matched.proposals.clone(),
        verdicts,
        documents: rows(collection, matched, &latest, &assessed.assessments, &suspicions),
        diagnostics: diagnostics.clone(),
        assessments: assessed.assessments.clone(),
        desk,
        ai_use,
    };
    let dir = workspace.dir.join("reports");
    let mut files = if extent.reports {
        report::write_all(&report, &dir)?
    } else {
        // `assess` looks at what people stated; the register is a part of that.
        let mut names = Vec::new();
        if extent.review.is_none() {
            names.extend(["risk-register.xlsx", "risk-register.csv"]);
        }
        if extent.ranking {
            names.push("proposals.jsonl");
        }
        report::write_only(&report, &dir, &names)?
    };
    // Reviewers need the words; only an export that is asked for without them leaves them out.
    let asked = extent.quotes.filter(|_| !extent.reports).unwrap_or_default();
    let mut words = report::Words {
        proposals: Cow::Borrowed(&matched.proposals),
        assessments: Cow::Borrowed(&assessed.assessments),
        decisions: Cow::Borrowed(&latest),
        questions: Cow::Borrowed(&questions),
    };
    // An opinion cites the passage.
    let silent = BTreeMap::new();
    let advice = match asked {
        Quotes::All => advice,
        _ => review::Advice { judgements: &[], targets: &[], shares: &silent },
    };
    words.blank(asked, &report.documents);
    let suggestions = review::export_suggestions(
        &words.proposals,
        &review::Decided { in_force: &words.decisions, questions: &words.questions, lost: &lost },
        &advice,
        &told,
        extent.all,
    );
    let waiting = suggestions.rows.len();
    if extent.reports || extent.review.is_some() {
        asking_again::issue(&mut workspace.store, &questions, matched)?;
    }
    let mut handed = Handed::default();
    if let Some(handout) = extent.review {
        workspace.store.put_raised(&raised)?;
        workspace.store.put_planned(&to_keep)?;
        let tables = vec![
            suggestions,
            review::export_positions(&words.assessments, &told),
            review::export_actions(&report.actions, as_of),
            review::export_audits(&report.programme.audits, as_of),
        ];
        let assessments = &assessed.assessments;
        handed = hand_out(workspace, catalog, tables, assessments, as_of, language, handout)?;
        files.append(&mut handed.files);
    }
    watch(Event::End);

    let mut summed = Summed {
        passages: collection.passages.len(),
        skipped: collection.skipped.len(),
        read: collection.read,
        decisions: decisions.len(),
        assessed: summary,
        risks: risks_counted,
        judge_calls: judged.calls,
        judge_failed: judged.failed,
        judge_unasked: judged.unasked,
        judge_tokens: judged.spent.tokens.sum(),
        judge_cost: judged.spent.cost.as_ref().map_or(String::new(), |(c, of)| format!("{c} {of}")),
        ..Summed::default()
    };
    for document in &report.documents {
        *summed.files.entry(document.status.as_str().to_owned()).or_default() += 1;
        if document.status != ExtractStatus::Ok {
            let why = document.why.clone();
            let status = document.status.as_str().to_owned();
            summed.unread.push((document.path.clone(), status, why));
        }
    }
    for proposal in &matched.proposals {
        *summed.proposals.entry(proposal.band.as_str().to_owned()).or_default() += 1;
    }
    let mut shown = handed.diagnostics;
    shown.extend(diagnostics);
    Ok(Outputs {
        summed,
        files,
        diagnostics: shown,
        as_of,
        waiting,
        skipped: collection.skipped.clone(),
        snapshot,
        run: 0,
        unchanged_since: None,
        changes: None,
        hits: Vec::new(),
        ai_use: report.ai_use.clone(),
        suspected: suspicions.places(),
    })
}

const STAGE2: &str = "stage2-assumed";

/// The day that Stage 2 is assumed on. What the first run assumed is kept until a day is configured, and
/// later ones follow from it: a run of another day in between changes nothing.
fn stage2(workspace: &mut Workspace, as_of: Date) -> Result<assess::AssumedStage2, PipelineError> {
    let stored = workspace.store.meta(STAGE2)?.unwrap_or_default();
    let first: assess::AssumedStage2 =
        serde_json::from_str(&stored).unwrap_or_else(|_| assess::AssumedStage2::first(as_of));
    let text = match workspace.config.stage2_on {
        Some(_) => String::new(),
        None => serde_json::to_string(&first)
            .map_err(|error| PipelineError::Internal(error.to_string()))?,
    };
    if text != stored {
        workspace.store.set_meta(STAGE2, &text)?;
    }
    Ok(first.on(as_of))
}

/// What people stated since each SoA was approved, as far as evimap.toml says which one was.
fn changes(
    catalog: &Catalog,
    workspace: &Workspace,
    positions: &[(u64, Position)],
    decisions: &[(u64, Decision)],
) -> Result<BTreeMap<FrameworkId, SoaChanges>, PipelineError> {
    let mut all = BTreeMap::new();
    for (framework, release) in &workspace.config.soa {
        let changes = match &release.approved_ledger_head {
            None => SoaChanges::NoApproval,
            Some(head) => match workspace.store.ledger_place(head)? {
                None => SoaChanges::UnknownHead,
                Some(after) => SoaChanges::Since(assess::soa_changes(
                    framework, catalog, positions, decisions, after,
                )),
            },
        };
        all.insert(framework.clone(), changes);
    }
    Ok(all)
}

/// What `assess` needs to know of each document.
pub(super) fn states(collection: &Collection) -> BTreeMap<String, DocumentState> {
    collection
        .documents
        .iter()
        .map(|document| {
            let text_key = text_key(&document.extracted.blocks);
            let state = DocumentState {
                hash: document.extracted.hash.clone(),
                profile: document.profile.clone(),
                text_key,
            };
            (document.extracted.path.clone(), state)
        })
        .collect()
}

/// Letters and digits of the text in its order; then those of what stands beside it, each block on
/// a line of its own.
fn text_key(blocks: &[Block]) -> String {
    let running =
        |b: &&Block| matches!(b.kind, BlockKind::Body | BlockKind::Heading | BlockKind::Row);
    let mut key: String =
        blocks.iter().filter(running).map(|b| letters_and_digits(&b.text)).collect();
    for block in blocks.iter().filter(|b| !running(b)) {
        key.push('\n');
        key.push_str(&letters_and_digits(&block.text));
    }
    key
}

fn rows(
    collection: &Collection,
    matched: &Matched,
    latest: &BTreeMap<ProposalId, Decision>,
    assessments: &[Assessment],
    suspicions: &Suspicions<'_>,
) -> Vec<DocumentRow> {
    let mut proposed: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for proposal in &matched.proposals {
        let open =
            !latest.contains_key(&proposal.id) && proposal.band != crate::domain::Band::Possible;
        for path in std::iter::once(&proposal.document).chain(&proposal.also_in).filter(|_| open) {
            proposed.entry(path).or_default().insert(proposal.target.clone());
        }
    }
    let mut accepted: BTreeMap<&str, BTreeSet<_>> = BTreeMap::new();
    for row in assessments {
        for piece in row.evidence.iter().filter(|e| !e.lost) {
            accepted.entry(&piece.document).or_default().insert(row.target.clone());
        }
    }
    let mut same: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for document in collection.documents.iter().filter(|d| !d.extracted.hash.is_empty()) {
        same.entry(&document.extracted.hash).or_default().push(&document.extracted.path);
    }
    collection
        .documents
        .iter()
        .map(|document| {
            let path = document.extracted.path.as_str();
            let read = document.extracted.status == ExtractStatus::Ok;
            let why = document.extracted.diagnostics.iter().min_by_key(|d| d.severity).map_or_else(
                String::new,
                |d| match &d.help {
                    Some(help) => format!("{}; {help}", d.message),
                    None => d.message.clone(),
                },
            );
            let targets = |map: &BTreeMap<&str, BTreeSet<_>>| {
                map.get(path).map(|set| set.iter().cloned().collect()).unwrap_or_default()
            };
            DocumentRow {
                path: path.to_owned(),
                hash: document.extracted.hash.clone(),
                status: document.extracted.status,
                why: if read { String::new() } else { why },
                profile: read.then(|| document.profile.clone()),
                passages: document.passages.len() as u32,
                marks: marks(&document.extracted.blocks, suspicions.count(path)),
                accepted_for: targets(&accepted),
                proposed_for: targets(&proposed),
                duplicates: same
                    .get(document.extracted.hash.as_str())
                    .map(|paths| {
                        paths.iter().filter(|p| **p != path).map(|p| (*p).to_owned()).collect()
                    })
                    .unwrap_or_default(),
            }
        })
        .collect()
}

/// How many blocks a reviewer should know something about.
fn marks(blocks: &[Block], suspected: usize) -> String {
    let count = |word: &str, is: &dyn Fn(&Marks) -> bool| {
        let count = blocks.iter().filter(|b| is(&b.marks)).count();
        (count > 0).then(|| format!("{word} {count}/{}", blocks.len()))
    };
    let instructions = (suspected > 0)
        .then(|| format!("instructions {suspected}/{}", blocks.len().max(suspected)));
    let words: Vec<String> =
        [count("ocr", &|m| m.ocr), count("hidden", &|m| m.hidden), instructions]
            .into_iter()
            .flatten()
            .collect();
    words.join("; ")
}
