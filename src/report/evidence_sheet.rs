//! The sheet of accepted evidence that rows of other sheets lead to, quotes in full.

use std::collections::BTreeMap;

use super::{
    evidence_index::origin,
    sheet::{Band, Cell, Column, HEADER_ROWS, Table},
    text::{self, join},
    view::View,
};
use crate::{
    domain::{Evidence, PointId, TargetId},
    words::Words,
};

/// Message id of its name.
pub(super) const NAME: &str = "sheet-evidence";

/// A piece of evidence and the target that it serves.
pub(super) struct Piece<'a> {
    pub(super) target: &'a TargetId,
    pub(super) title: &'a str,
    pub(super) system: Option<&'a str>,
    pub(super) evidence: &'a Evidence,
}

type Key<'a> = (&'a TargetId, Option<&'a str>);

/// The row on which the evidence of a target (and system) begins.
pub(super) type Anchors<'a> = BTreeMap<Key<'a>, u32>;

const TARGET: Band = Band::Subject("band-target");
const COLUMNS: [Column; 19] = [
    ("col-target", 15.0, TARGET),
    ("col-title", 24.0, TARGET),
    ("col-system", 11.0, TARGET),
    ("col-points", 9.0, Band::Reviewed),
    ("col-quote", 64.0, Band::Reviewed),
    ("col-document", 32.0, Band::Reviewed),
    ("col-place", 24.0, Band::Reviewed),
    ("col-classification", 13.0, Band::Reviewed),
    ("col-kind", 10.0, Band::Reviewed),
    ("col-type", 12.0, Band::Reviewed),
    ("col-date", 10.5, Band::Reviewed),
    ("col-fresh-until", 10.5, Band::Reviewed),
    ("col-mind", 20.0, Band::Reviewed),
    ("col-decided-by", 13.0, Band::Reviewed),
    ("col-decided-on", 10.5, Band::Reviewed),
    ("col-origin", 10.0, Band::Reviewed),
    ("col-comment", 24.0, Band::Reviewed),
    ("col-proposal-id", 19.0, Band::Reviewed),
    ("col-document-hash", 19.0, Band::Reviewed),
];

/// Pieces must come in the order in which [`table`] gets them.
pub(super) fn anchors<'a>(pieces: &[Piece<'a>]) -> Anchors<'a> {
    let mut anchors = Anchors::new();
    for (row, piece) in (HEADER_ROWS..).zip(pieces) {
        anchors.entry((piece.target, piece.system)).or_insert(row);
    }
    anchors
}

/// How many pieces there are, leading to the first.
pub(super) fn link(w: &Words, anchors: &Anchors<'_>, key: Key<'_>, count: usize) -> Cell {
    match anchors.get(&key) {
        Some(row) => Cell::Link(w.with("count-show", &[("n", count.into())]), NAME, *row),
        None => Cell::Count(count),
    }
}

pub(super) fn table(view: &View<'_>, pieces: &[Piece<'_>]) -> Table<'static> {
    let w = view.words;
    let row = |piece: &Piece<'_>| {
        let e = piece.evidence;
        vec![
            piece.target.as_str().into(),
            piece.title.into(),
            piece.system.unwrap_or_default().into(),
            join(e.points.iter().map(PointId::short), "; ").into(),
            e.quote.as_str().into(),
            e.document.as_str().into(),
            text::place(w, e.locator.as_ref()).into(),
            view.label_of(&e.document).into(),
            w.word(e.evidence_kind.as_str()).into(),
            w.word(e.evidence_type.as_str()).into(),
            Cell::Day(e.date),
            Cell::Day(e.fresh_until),
            text::caveats(w, e).join("; ").into(),
            e.decided_by.as_str().into(),
            Cell::Day(Some(e.decided_on)),
            w.word(origin(e.origin)).into(),
            e.comment.as_str().into(),
            e.proposal_id.as_str().into(),
            e.document_hash.as_str().into(),
        ]
    };
    Table {
        sheet: NAME,
        title: w.text("evidence-table").to_owned(),
        columns: &COLUMNS,
        rows: pieces.iter().map(row).collect(),
        frozen: 1,
    }
}
