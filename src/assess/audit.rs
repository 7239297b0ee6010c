//! One audit programme for both standards (9.2), with the management reviews (9.3) that follow.
//!
//! # What is audited when
//! - Before Stage 2: all clauses 4 to 10 and all controls that nobody excluded, of both standards.
//!   Days are counted back from the Stage 2 day, so that they stay where they are from run to run; if
//!   there is less time than that, they are spread over what is left.
//! - Then three years: clauses 4 to 10 and the audit function itself every year; controls once in
//!   three years, in order of their weight, and every year from [`YEARLY`] on.
//!
//! # Weight of a control
//! Reviewed coverage: `none` 4, `partial` or asserted 3, `not reviewed` 2, `full` 1. One more each for
//! evidence that is lost, stale or to be reconfirmed; for a risk that it treats, by its position or by
//! the register; and for a risk among them whose level in the register is high or critical. Without a
//! register the last is for [`RISKY`] or more risks of the general library that its common control
//! treats. Closed risks don't weigh. What the machine thinks of a target plays no part. Controls that share a common control are audited together and
//! take the highest weight among them.
//!
//! # Who audits
//! A role, never a name, and never a role that is accountable for one of the targets: what the
//! internal auditors answer for is an audit of its own, by somebody from outside. Names, days and status
//! are what people state (`said.rs`).

mod said;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Assessed, Inputs,
    risks::Links,
    rollup::{deciding, roll_up},
    shared::homes,
};
use crate::domain::{
    Assessment, Audit, AuditProgramme, AuditSaid, CommonControl, Coverage,
    CoverageReason as Reason, Date, EvidenceKind, ISO27001, ISO42001, Level, Planned, Position,
    RegisteredRisk, RiskBand, TargetId, TargetKind,
};
pub use said::{stated_programme, to_keep};

/// Weight from which on a control is audited every year.
const YEARLY: u32 = 5;
/// Risks of the library that make a common control weigh more: a quarter of the controls has as many.
const RISKY: usize = 3;
/// Days without a Stage 2 date until the day that is assumed for it.
const ASSUMED: i64 = 180;
/// Days between the last audit and Stage 2, for corrections; and for the management review.
const CORRECTIONS: i64 = 49;
const REVIEW: i64 = 28;
/// Days between two audits of a round.
const APART: i64 = 14;
/// Targets that one day of audit takes, by a rule of thumb.
const A_DAY: usize = 15;

const AUDITOR: &str = "Lead internal auditor";
const OUTSIDER: &str = "External auditor, or one of another group company";

/// A part of the programme that is audited as one.
struct Block {
    key: &'static str,
    title: &'static str,
    method: &'static str,
    auditor: &'static str,
    targets: Vec<TargetId>,
}

const CLAUSES: (&str, &str, &str) = (
    "clauses",
    "Management system: clauses 4 to 10",
    "Interviews with top management and process owners; reading of documented information; \
     sampling of records",
);
const FUNCTION: (&str, &str, &str) = (
    "audit-function",
    "Internal audit and its programme",
    "Reading of programme, reports and auditors' independence; interviews with those audited",
);
const THEMES: [(&str, &str, &str, &str); 5] = [
    (
        "Organizational",
        "organisational-controls",
        "Organisational controls",
        "Interviews with control owners; reading of rules; sampling of records and registers",
    ),
    (
        "People",
        "people-controls",
        "Controls on people",
        "Interviews with HR, line managers and staff; sampling of personnel and training records",
    ),
    (
        "Physical",
        "physical-controls",
        "Physical controls",
        "Walk through the sites; observation; sampling of visitor, key and maintenance records",
    ),
    (
        "Technological",
        "technological-controls",
        "Technological controls",
        "Demonstration on systems; sampling of configurations, logs, tickets and test records",
    ),
    (
        "",
        "ai-controls",
        "Controls on AI",
        "Walk through the life cycle of each AI system; interviews with its owner and data \
         scientists; sampling of assessments, tests and logs",
    ),
];

/// A day that Stage 2 is assumed on while nobody names one. A workspace keeps it, so that what is planned
/// does not move from run to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AssumedStage2 {
    pub day: Date,
    /// The day of the assessment that assumed it first.
    pub since: Date,
    /// The day assumed before, which has passed.
    pub passed: Option<Date>,
}

impl AssumedStage2 {
    /// What to assume where nothing was assumed before.
    pub fn first(as_of: Date) -> Self {
        Self { day: as_of.plus_days(ASSUMED), since: as_of, passed: None }
    }

    /// What to assume on a day: this one as long as it is to come, then another one each time that one
    /// has passed. It hangs on nothing else, so that a look ahead changes nothing.
    pub fn on(self, as_of: Date) -> Self {
        let late = as_of.days_since(self.day);
        if late < 0 {
            return self;
        }
        let since = self.day.plus_days(late - late % ASSUMED);
        Self { day: since.plus_days(ASSUMED), since, passed: Some(since) }
    }

    fn note(self) -> String {
        let passed = self
            .passed
            .map_or_else(String::new, |day| format!(" ({day}, assumed before, has passed)"));
        format!(
            "evimap.toml names no Stage 2 day ([audit] stage2_on): {} is assumed since {}{passed}, and \
             kept until the day is written there",
            self.day, self.since
        )
    }
}

/// The programme as of the day of the assessment. `assumed` counts where no Stage 2 day is configured.
pub fn programme(
    assessed: &Assessed,
    inputs: &Inputs<'_>,
    assumed: AssumedStage2,
) -> AuditProgramme {
    let facts = Facts::gather(assessed, inputs);
    let mut programme = AuditProgramme {
        stage2_on: inputs.config.stage2_on,
        excluded: facts.excluded.iter().map(|id| (*id).clone()).collect(),
        ..AuditProgramme::default()
    };
    let notes = &mut programme.notes;
    let as_of = inputs.as_of;
    let day = inputs.config.stage2_on.unwrap_or_else(|| {
        notes.push(assumed.note());
        assumed.day
    });
    for framework in [ISO27001, ISO42001] {
        if inputs.config.scope.get(framework).is_none_or(|s| s.trim().is_empty()) {
            notes.push(format!("{framework} has no scope statement in evimap.toml yet"));
        }
    }
    if facts.reviewed == 0 {
        notes.push(format!(
            "nothing is reviewed yet: no earlier result weighs, and controls are spread by \
                 linked risks and {} only",
            match inputs.register.is_read() {
                true => "the levels of the risk register",
                false => "the general risk library",
            }
        ));
    }
    notes.push(
        "auditors, days and status are stated by people in review/audit-programme.csv".to_owned(),
    );

    let mut audits = Vec::new();
    // The cycle that as_of lies in; years are counted from Stage 2.
    let mut first_year = 0;
    if day > as_of {
        full_round(&facts, inputs, day, &mut audits, notes);
    } else {
        first_year = as_of.days_since(day) / 365;
        notes.push(format!(
            "the Stage 2 day {day} has passed: three years from then on are planned"
        ));
    }
    for year in first_year..first_year + 3 {
        yearly(&facts, inputs, day, year, &mut audits);
    }
    audits.sort_by(|a, b| (a.from, &a.id).cmp(&(b.from, &b.id)));
    programme.audits = audits;
    programme
}

/// What the programme is made of.
struct Facts<'a> {
    homes: BTreeMap<TargetId, &'a CommonControl>,
    rows: BTreeMap<&'a TargetId, Vec<&'a Assessment>>,
    excluded: Vec<&'a TargetId>,
    /// Targets that people reviewed.
    reviewed: usize,
    /// Numbers of library risks by common control.
    risks: BTreeMap<&'a str, usize>,
    /// What the register says; `None` without one.
    register: Option<Links<'a>>,
}

impl<'a> Facts<'a> {
    fn gather(assessed: &'a Assessed, inputs: &Inputs<'a>) -> Self {
        let mut rows: BTreeMap<&TargetId, Vec<&Assessment>> = BTreeMap::new();
        for row in &assessed.assessments {
            rows.entry(&row.target).or_default().push(row);
        }
        let excluded = rows.iter().filter(|(_, rows)| is_excluded(rows)).map(|(id, _)| *id);
        let excluded = excluded.collect();
        let reviewed =
            rows.values().filter(|rows| roll_up(rows).0 != Coverage::NotReviewed).count();
        let mut risks: BTreeMap<&str, usize> = BTreeMap::new();
        for control in inputs.catalog.risks().iter().flat_map(|risk| &risk.common_controls) {
            *risks.entry(control).or_default() += 1;
        }
        let register = inputs.register.is_read().then(|| Links::read(inputs.register));
        Self { homes: homes(inputs.catalog), rows, excluded, reviewed, risks, register }
    }

    fn due(&self) -> impl Iterator<Item = (&'a TargetId, &[&'a Assessment])> {
        self.rows
            .iter()
            .filter(|(id, _)| !self.excluded.contains(*id))
            .map(|(id, rows)| (*id, rows.as_slice()))
    }

    fn role(&self, id: &TargetId) -> &'a str {
        self.homes.get(id).map_or("", |home| home.accountable.as_str())
    }

    /// Whether the internal auditors answer for it.
    fn is_function(&self, id: &TargetId) -> bool {
        self.role(id) == AUDITOR
    }

    /// The audit that a control belongs to: by its theme, or by that of the 27001 control with which
    /// it shares a common control.
    fn theme(&self, id: &TargetId) -> usize {
        let own = |id: &TargetId| {
            let theme = self.rows.get(id).and_then(|rows| rows.first()).map(|row| &row.theme);
            let known = |name: &str| theme.is_some_and(|theme| theme == name);
            THEMES.iter().position(|(name, ..)| !name.is_empty() && known(name))
        };
        let shared = || {
            let home = self.homes.get(id)?;
            let links = home.links.iter().map(|link| &link.target);
            links
                .filter(|other| self.homes.get(*other).is_some_and(|h| h.id == home.id))
                .find_map(own)
        };
        own(id).or_else(shared).unwrap_or(THEMES.len() - 1)
    }

    /// How much a control asks to be audited.
    fn weight(&self, id: &TargetId) -> u32 {
        let rows = self.rows.get(id).map_or(&[][..], Vec::as_slice);
        let rows = deciding(rows);
        let has = |reason: &Reason| rows.iter().any(|r| r.coverage_reasons.contains(reason));
        let result = match roll_up(&rows).0 {
            Coverage::None => 4,
            Coverage::Partial => 3,
            _ if has(&Reason::OverrideAsserted) => 3,
            Coverage::NotReviewed => 2,
            Coverage::Full => 1,
        };
        let shaky = [Reason::Stale, Reason::EvidenceLost, Reason::Reconfirm].iter().any(has);
        result + u32::from(shaky) + u32::from(self.has_risk(id)) + u32::from(self.is_risky(id))
    }

    fn positions(&self, id: &TargetId) -> impl Iterator<Item = &'a Position> {
        let rows = self.rows.get(id).map_or(&[][..], Vec::as_slice);
        rows.iter().filter_map(|row| row.position.as_ref())
    }

    /// Risks of the register that a control treats, closed ones left out.
    fn registered(&self, id: &TargetId) -> Vec<&'a RegisteredRisk> {
        let Some(links) = &self.register else { return Vec::new() };
        let mut all = links.named(self.positions(id));
        all.extend(links.of_control(id));
        all.into_iter().map(|n| links.risk(n)).filter(|risk| !risk.closed).collect()
    }

    fn has_risk(&self, id: &TargetId) -> bool {
        let Some(links) = &self.register else {
            return self.positions(id).any(|p| !p.risk_ids.is_empty());
        };
        // What the register doesn't know may be open.
        let mut names = self.positions(id).flat_map(|p| &p.risk_ids);
        !self.registered(id).is_empty() || names.any(|name| !links.is_known(name))
    }

    fn is_risky(&self, id: &TargetId) -> bool {
        if self.register.is_some() {
            return self.registered(id).iter().any(|r| r.band >= Some(RiskBand::High));
        }
        let general = self.homes.get(id).and_then(|home| self.risks.get(home.id.as_str()));
        general.is_some_and(|n| *n >= RISKY)
    }
}

fn is_excluded(rows: &[&Assessment]) -> bool {
    rows.first().is_some_and(|row| row.kind == TargetKind::Control)
        && deciding(rows).iter().all(|r| r.coverage_reasons.contains(&Reason::NotApplicable))
}

/// Clauses, and what the internal auditors answer for.
fn system_blocks(facts: &Facts<'_>) -> Vec<Block> {
    let clauses = facts.due().filter(|(_, rows)| rows[0].kind == TargetKind::Requirement);
    let clauses = clauses.map(|(id, _)| id.clone()).filter(|id| !facts.is_function(id)).collect();
    let function = facts.due().map(|(id, _)| id.clone()).filter(|id| facts.is_function(id));
    let block =
        |(key, title, method), auditor, targets| Block { key, title, method, auditor, targets };
    vec![block(CLAUSES, AUDITOR, clauses), block(FUNCTION, OUTSIDER, function.collect())]
}

/// Controls by theme.
fn control_blocks<'t>(facts: &Facts<'_>, picked: impl Iterator<Item = &'t TargetId>) -> Vec<Block> {
    let mut blocks: Vec<Block> = THEMES
        .iter()
        .map(|&(_, key, title, method)| Block {
            key,
            title,
            method,
            auditor: AUDITOR,
            targets: Vec::new(),
        })
        .collect();
    for id in picked.filter(|id| !facts.is_function(id)) {
        blocks[facts.theme(id)].targets.push(id.clone());
    }
    for block in &mut blocks {
        block.targets.sort();
    }
    blocks.retain(|block| !block.targets.is_empty());
    blocks
}

/// Everything once before Stage 2.
fn full_round(
    facts: &Facts<'_>,
    inputs: &Inputs<'_>,
    day: Date,
    audits: &mut Vec<Audit>,
    notes: &mut Vec<String>,
) {
    let controls: Vec<&TargetId> = facts
        .due()
        .filter(|(_, rows)| rows[0].kind == TargetKind::Control)
        .map(|(id, _)| id)
        .collect();
    let mut blocks = system_blocks(facts);
    blocks.extend(control_blocks(facts, controls.into_iter()));
    blocks.retain(|block| !block.targets.is_empty());
    let gaps = blocks.len().saturating_sub(1) as i64;
    let as_of = inputs.as_of;
    let mut last = day.plus_days(-CORRECTIONS);
    let mut apart = APART;
    let mut review = day.plus_days(-REVIEW);
    let mut first = last.plus_days(-APART * gaps);
    if first < as_of.plus_days(7) {
        let left = day.days_since(as_of);
        first = as_of.plus_days(left.min(7));
        if last < first.plus_days(gaps) {
            // Too little time for corrections: three quarters of what is left.
            last = as_of.plus_days(left * 3 / 4).max(first);
            review = as_of.plus_days(left * 7 / 8).max(last);
            notes.push(format!(
                "{left} days are left until Stage 2: the audits are pressed together, and little \
                 time remains for corrections"
            ));
        }
        apart = if gaps == 0 { 0 } else { last.days_since(first) / gaps };
    }
    for (n, block) in (0..).zip(blocks) {
        let assumed = match inputs.config.stage2_on {
            Some(_) => "",
            None => " (assumed, none is configured)",
        };
        let results = results(facts, &block.targets);
        let why = format!("full scope before Stage 2 on {day}{assumed}; {results}");
        let from = first.plus_days(apart * n);
        audits.push(audit(facts, inputs, "before-stage-2", "before Stage 2", block, from, why));
    }
    audits.push(management_review(facts, inputs, "before-stage-2", "before Stage 2", review));
}

/// One year after Stage 2.
fn yearly(facts: &Facts<'_>, inputs: &Inputs<'_>, day: Date, year: i64, audits: &mut Vec<Audit>) {
    let start = day.plus_days(365 * year);
    let key = format!("year-{}", year + 1);
    let round = format!("year {}", year + 1);
    let picked = picks(facts, year.rem_euclid(3) as usize);
    let controls = control_blocks(facts, picked.iter().map(|(id, _)| *id));
    for (n, block) in (0..).zip(controls) {
        let every = block.targets.iter().filter(|id| picked.contains(&(*id, true))).count();
        let why = format!(
            "third {} of the controls by weight, {every} of them audited every year; {}",
            year.rem_euclid(3) + 1,
            results(facts, &block.targets)
        );
        let from = start.plus_days(90 + 21 * n);
        audits.push(audit(facts, inputs, &key, &round, block, from, why));
    }
    for (n, block) in (0..).zip(system_blocks(facts)).filter(|(_, b)| !b.targets.is_empty()) {
        let why = format!("every year; {}", results(facts, &block.targets));
        let from = start.plus_days(210 + APART * n);
        audits.push(audit(facts, inputs, &key, &round, block, from, why));
    }
    audits.push(management_review(facts, inputs, &key, &round, start.plus_days(270)));
}

/// The controls of one of three years, each with whether it is audited every year.
fn picks<'a>(facts: &Facts<'a>, third: usize) -> Vec<(&'a TargetId, bool)> {
    let mut units: BTreeMap<&str, (u32, Vec<&'a TargetId>)> = BTreeMap::new();
    let mut all = 0_usize;
    for (id, rows) in facts.due() {
        if rows[0].kind != TargetKind::Control || facts.is_function(id) {
            continue;
        }
        let key = facts.homes.get(id).map_or(id.as_str(), |home| home.id.as_str());
        let unit = units.entry(key).or_default();
        unit.0 = unit.0.max(facts.weight(id));
        unit.1.push(id);
        all += 1;
    }
    let mut units: Vec<(&str, (u32, Vec<&TargetId>))> = units.into_iter().collect();
    units.sort_by_key(|(key, (weight, _))| (std::cmp::Reverse(*weight), *key));
    let (mut before, mut out) = (0_usize, Vec::new());
    for (_, (weight, ids)) in units {
        let every = weight >= YEARLY;
        if every || (before * 3).checked_div(all) == Some(third) {
            out.extend(ids.iter().map(|id| (*id, every)));
        }
        before += ids.len();
    }
    out
}

fn audit(
    facts: &Facts<'_>,
    inputs: &Inputs<'_>,
    key: &str,
    round: &str,
    block: Block,
    from: Date,
    why: String,
) -> Audit {
    let from = working_day(from);
    let to = last_day(from, block.targets.len());
    let systems = systems(facts, inputs, &block.targets);
    let owners = owners(facts, &block.targets);
    // A position may name the auditors as owners of what is not theirs by the catalogue.
    let own = owners.iter().any(|owner| owner.to_lowercase() == block.auditor.to_lowercase());
    Audit {
        id: format!("{key}.{}", block.key),
        kind: Planned::InternalAudit,
        title: block.title.to_owned(),
        round: round.to_owned(),
        scope: scope(inputs, &block.targets, &systems),
        systems,
        method: block.method.to_owned(),
        auditor_role: if own { OUTSIDER } else { block.auditor }.to_owned(),
        owners,
        from,
        to,
        why,
        targets: block.targets,
        said: AuditSaid::default(),
    }
}

fn management_review(
    facts: &Facts<'_>,
    inputs: &Inputs<'_>,
    key: &str,
    round: &str,
    on: Date,
) -> Audit {
    let is_review = |id: &&TargetId| id.local().starts_with("9.3.");
    let targets: Vec<TargetId> = facts.due().map(|(id, _)| id).filter(is_review).cloned().collect();
    let on = working_day(on);
    Audit {
        id: format!("{key}.management-review"),
        kind: Planned::ManagementReview,
        title: "Management review of both management systems".to_owned(),
        round: round.to_owned(),
        scope: scope(inputs, &targets, &[]),
        systems: Vec::new(),
        method: "Meeting of top management on the inputs in management-review.md; decisions with \
                 owner and day are recorded"
            .to_owned(),
        auditor_role: String::new(),
        owners: owners(facts, &targets),
        from: on,
        to: on,
        why: "after the audits of the round, so that their results are an input".to_owned(),
        targets,
        said: AuditSaid::default(),
    }
}

/// Systems that application-level targets among these are audited on.
fn systems(facts: &Facts<'_>, inputs: &Inputs<'_>, targets: &[TargetId]) -> Vec<String> {
    let rows = targets.iter().filter_map(|id| facts.rows.get(id)).flatten();
    let named: BTreeSet<&str> = rows
        .filter(|row| row.level != Level::Organisation)
        .filter_map(|row| row.system.as_deref())
        .collect();
    let declared = inputs.config.systems.iter().map(|s| s.id.as_str());
    declared.filter(|id| named.contains(id)).map(str::to_owned).collect()
}

fn scope(inputs: &Inputs<'_>, targets: &[TargetId], systems: &[String]) -> String {
    let frameworks: BTreeSet<&str> = targets.iter().map(TargetId::framework).collect();
    let said = |framework: &&str| {
        let text = inputs.config.scope.get(*framework).map_or("", |s| s.trim());
        let text = if text.is_empty() { "OPEN: no scope statement" } else { text };
        format!("{framework}: {}", text.trim_end_matches('.'))
    };
    let mut parts: Vec<String> = frameworks.iter().map(said).collect();
    if !systems.is_empty() {
        parts.push(format!("systems: {}", systems.join(", ")));
    }
    parts.join(". ")
}

/// Accountable roles, then people that positions name.
fn owners(facts: &Facts<'_>, targets: &[TargetId]) -> Vec<String> {
    let roles: BTreeSet<&str> =
        targets.iter().map(|id| facts.role(id)).filter(|role| !role.is_empty()).collect();
    let rows = targets.iter().filter_map(|id| facts.rows.get(id)).flatten();
    let named: BTreeSet<&str> = rows
        .filter_map(|row| row.position.as_ref())
        .map(|position| position.owner.trim())
        .filter(|owner| !owner.is_empty() && !roles.contains(owner))
        .collect();
    roles.into_iter().chain(named).map(str::to_owned).collect()
}

/// Earlier results of targets, by what people reviewed.
fn results(facts: &Facts<'_>, targets: &[TargetId]) -> String {
    let mut counts: BTreeMap<Coverage, usize> = BTreeMap::new();
    let mut records = 0;
    for rows in targets.iter().filter_map(|id| facts.rows.get(id)) {
        *counts.entry(roll_up(rows).0).or_default() += 1;
        let evidence = rows.iter().flat_map(|row| &row.evidence);
        records += evidence.filter(|e| e.evidence_kind == EvidenceKind::Operation).count();
    }
    let of = |coverage| counts.get(&coverage).copied().unwrap_or(0);
    let risks = targets.iter().filter(|id| facts.has_risk(id)).count();
    format!(
        "reviewed so far: {} none, {} partial, {} full, {} not reviewed; {risks} with risks that \
         people linked; {records} accepted records",
        of(Coverage::None),
        of(Coverage::Partial),
        of(Coverage::Full),
        of(Coverage::NotReviewed),
    )
}

/// The last day of an audit of so many targets; weekends don't count.
fn last_day(from: Date, targets: usize) -> Date {
    let days = targets.div_ceil(A_DAY);
    (1..days).fold(from, |day, _| working_day(day.plus_days(1)))
}

/// The day itself, or the Monday after a weekend.
fn working_day(day: Date) -> Date {
    // A Monday.
    let Some(monday) = Date::new(2024, 1, 1) else { return day };
    match day.days_since(monday).rem_euclid(7) {
        5 => day.plus_days(2),
        6 => day.plus_days(1),
        _ => day,
    }
}

#[cfg(test)]
mod tests;
