//! What the ids of a file stand for, and whether rows are still the rows of their ids.

use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
};

use super::{
    super::{
        super::sheet::{Sheet, SheetRow},
        Context,
        problems::{Bad, Problems},
        quotes::Returned,
    },
    changes::Ledger,
};
use crate::domain::{Decision, Issued, Origin, ProposalId, TargetId, Verdict, letters_and_digits};

/// What the ids of a file stand for.
pub(super) struct Known {
    entries: BTreeMap<ProposalId, Entry>,
    /// Ids by the letters and digits of their quotes.
    by_letters: HashMap<String, ProposalId>,
    /// How many more quotes with gaps may be compared with all others. Each takes a look at the
    /// whole file; a file of half a million shifted rows would take hours.
    looks: Cell<usize>,
}

/// Enough to name the first shifted rows of a file that went through a code page.
const LOOKS: usize = 200;

struct Entry {
    /// A decision to be filled in.
    template: Decision,
    /// Letters and digits of the quote.
    letters: String,
}

impl Known {
    /// Reads the ids of a file. Those that are none, or that this workspace never issued, are
    /// reported.
    pub(super) fn read(
        sheet: &Sheet,
        context: &Context<'_>,
        ledger: &Ledger<'_>,
        problems: &mut Problems,
    ) -> Self {
        let (mut known, mut strangers, mut read) = (BTreeMap::new(), Vec::new(), 0);
        let mut by_letters = HashMap::new();
        for row in sheet.rows.iter().filter(|row| !row.get("proposal_id").is_empty()) {
            let id: ProposalId = match row.get("proposal_id").parse() {
                Ok(id) => id,
                Err(why) => {
                    let why: String = why;
                    let help = "restore the id from a fresh export; leave it blank only to add evidence by hand";
                    problems.error(row, "proposal_id", "review-id", why, help);
                    continue;
                }
            };
            read += 1;
            match template(&id, context, ledger, sheet, row) {
                Some(template) => {
                    let letters = letters_and_digits(&template.quote);
                    if !letters.is_empty() {
                        by_letters.entry(letters.clone()).or_insert_with(|| id.clone());
                    }
                    known.insert(id, Entry { template, letters });
                }
                None => strangers.push((row, id)),
            }
        }
        if strangers.len() == read && read > 1 {
            problems.file(
                "review-foreign",
                &format!(
                    "none of its {read} ids was issued by this workspace: it comes from another one"
                ),
                "import it with -w into the workspace that exported it",
            );
        } else {
            for (row, id) in strangers {
                let message = format!("{id} was never issued by this workspace");
                let help = "restore the id from a fresh export, or import the row into the workspace that it comes from";
                problems.error(row, "proposal_id", "review-unknown-id", message, help);
            }
        }
        Self { entries: known, by_letters, looks: Cell::new(LOOKS) }
    }

    /// The decision to be filled in for an id.
    pub(super) fn get(&self, id: &ProposalId) -> Option<&Decision> {
        self.entries.get(id).map(|entry| &entry.template)
    }

    /// The id whose quote this is.
    fn whose(&self, returned: &Returned) -> Option<&ProposalId> {
        // Most gaps are question marks that were there before.
        let found = returned.kept().and_then(|kept| self.by_letters.get(&kept));
        if found.is_some() || !returned.is_worn() {
            return found;
        }
        let left = self.looks.get().checked_sub(1)?;
        self.looks.set(left);
        let fits = |e: &&Entry| !e.letters.is_empty() && returned.fits(&e.letters);
        self.entries.values().find(fits).map(|e| &e.template.proposal_id)
    }

    /// The row must still be the row of its id.
    pub(super) fn check(
        &self,
        row: &SheetRow,
        template: &Decision,
        context: &Context<'_>,
        problems: &mut Problems,
    ) -> Result<(), Bad> {
        let returned = Returned::new(row.get("quote"));
        let own = self.entries.get(&template.proposal_id);
        // A quote of punctuation alone, or none, says nothing about its row.
        let strayed = !returned.is_empty()
            && own.is_some_and(|e| !e.letters.is_empty() && !returned.fits(&e.letters));
        if strayed {
            let among = self.whose(&returned).cloned();
            if let Some(other) = among.or_else(|| elsewhere(row, context)) {
                let message = format!(
                    "rows are shifted against their ids: the quote is that of {other}, not of {}",
                    template.proposal_id
                );
                let help = "sort or paste whole rows only; start again from a fresh export";
                problems.error(row, "quote", "review-shifted", message, help);
                return Err(Bad);
            }
            let message =
                format!("the quote was changed; the one issued as {} counts", template.proposal_id);
            let help = "to cite other words, reject the row and add one with a blank proposal_id";
            problems.warning(row, "quote", "review-quote", message, help);
        }
        let target = row.get("target");
        if !target.is_empty() && target.parse::<TargetId>().ok().as_ref() != Some(&template.target)
        {
            problems.error(
                row,
                "target",
                "review-target",
                format!(
                    "{} is a proposal for {}, not for {target}",
                    template.proposal_id, template.target
                ),
                "put the target back; to cite the passage for another target, name it in also_for",
            );
            return Err(Bad);
        }
        Ok(())
    }
}

/// The id that the rest of a row belongs to, if it was issued: the row of that id may have been
/// deleted or filtered away.
fn elsewhere(row: &SheetRow, context: &Context<'_>) -> Option<ProposalId> {
    let target: TargetId = row.get("target").parse().ok()?;
    let system = Some(row.get("system")).filter(|s| !s.is_empty());
    let ids = [system, None].map(|system| ProposalId::derive(&target, system, row.get("quote")));
    ids.into_iter().find(|id| (context.issued)(id).is_some())
}

/// The decision in force, brought up to date, or a fresh one.
fn template(
    id: &ProposalId,
    context: &Context<'_>,
    ledger: &Ledger<'_>,
    sheet: &Sheet,
    row: &SheetRow,
) -> Option<Decision> {
    let provenance = context.provenance(sheet, row.row);
    match (ledger.in_force(id).cloned(), (context.issued)(id)) {
        (None, None) => None,
        (Some(decision), None) => {
            Some(Decision { reconfirms: false, replaces: Vec::new(), provenance, ..decision })
        }
        (Some(decision), Some(issued)) => Some(Decision {
            document: issued.document,
            document_hash: issued.document_hash,
            document_status: issued.document_status,
            locator: Some(issued.locator),
            evidence_type: issued.evidence_type,
            verifiable: true,
            reconfirms: false,
            replaces: Vec::new(),
            provenance,
            ..decision
        }),
        (None, Some(issued)) => {
            let Issued { proposal_id, target, system, quote, points, first_run: _, .. } = issued;
            Some(Decision {
                proposal_id,
                target,
                system,
                verdict: Verdict::Defer,
                origin: Origin::Proposal,
                points,
                document: issued.document,
                document_hash: issued.document_hash,
                document_status: issued.document_status,
                locator: Some(issued.locator),
                quote,
                evidence_kind: issued.evidence_kind,
                evidence_type: issued.evidence_type,
                evidence_date: issued.evidence_date,
                verifiable: true,
                reviewer: String::new(),
                decided_on: context.today,
                comment: String::new(),
                basis: None,
                reconfirms: false,
                replaces: Vec::new(),
                provenance,
            })
        }
    }
}
