// Drafts: what was decided here and is not in the ledger yet. Only these rows are saved.
//
// A draft holds only what differs from the row: decision, reviewer, decided_on, comment, points,
// also_for, evidence_kind, evidence_date. A decision never stands without a reviewer.
const drafts = new Map();
// Rows of an opened file that this page does not hold; they are saved with the others.
let strangers = [];
const past = [];
let reviewer = "";
// Decisions that no file holds yet.
const unsaved = new Set();

const VERDICTS = ["accept", "reject", "defer"];
const DONE = { accept: "accepted", reject: "rejected", defer: "deferred" };
// What was decided, or that nothing was, for people.
const done = (word) => inWords(DONE[word] || word || "undecided");
const SIGNS = { accept: "✓", reject: "✕", defer: "…", "": "○" };
const EDITED = ["points", "also_for", "evidence_kind", "evidence_date", "comment"];

// The cell as it will be saved.
function value(row, column) {
  const draft = drafts.get(row.id);
  if (!draft) { return row.cell(column); }
  if (column in draft) { return draft[column]; }
  // What somebody decided before is not decided again by a remark.
  return ["decision", "reviewer", "decided_on"].includes(column) ? "" : row.cell(column);
}

// The verdict that a row shows: of this desk, else the one on record.
function verdict(row) {
  const draft = drafts.get(row.id);
  return draft && draft.decision ? draft.decision : row.cell("decision");
}
const decidedHere = (row) => Boolean(drafts.get(row.id)?.decision);

const list = (text) => text.split(/[;,\s]+/).filter(Boolean);
// Ids as people may shorten them: d1, #d1, ISO27001:A.5.1#d1.
function pointsOf(row) {
  if (!row.target) { return list(value(row, "points")); }
  const named = list(value(row, "points")).map((id) => id.replace(/^.*#/, "").toLowerCase());
  return row.target.points.map((p) => p[0]).filter((id) => named.includes(id.replace(/^.*#/, "").toLowerCase()));
}
const counterpartsOf = (row) => list(value(row, "also_for"));

function put(row, draft) {
  if (draft && Object.keys(draft).length) { drafts.set(row.id, draft); } else { drafts.delete(row.id); }
  unsaved.add(row.id);
  if (!drafts.has(row.id)) { unsaved.delete(row.id); }
  keepSoon();
  changed(row);
}

// One change: kept for undo.
function change(row, edit) {
  const before = drafts.has(row.id) ? { ...drafts.get(row.id) } : null;
  const draft = { ...before };
  edit(draft);
  for (const column of EDITED) {
    if (column in draft && draft[column] === row.cell(column)) { delete draft[column]; }
  }
  if (JSON.stringify(before || {}) === JSON.stringify(draft)) { return false; }
  past.push({ row, before });
  if (past.length > 1000) { past.shift(); }
  put(row, draft);
  return true;
}

function undo() {
  const last = past.pop();
  if (!last) { say(t("desk-nothing-to-undo")); return; }
  put(last.row, last.before);
  show(last.row);
  say(t("desk-undone", { target: last.row.cell("target"), state: done(verdict(last.row)) }));
}

// Whoever changes a decision takes it over.
function sign(draft) {
  if (draft.decision) {
    draft.reviewer = reviewer;
    draft.decided_on = today();
  }
}

// Asks for the name if there is none; without one nothing is decided.
function withName(then) {
  if (reviewer) { then(); } else { askName(then); }
}

function askName(then) {
  const box = $("name-box");
  let given = false;
  $("name").value = reviewer;
  $("name-error").textContent = "";
  $("name-no").onclick = () => box.close();
  box.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    const name = plain($("name").value).replace(/\s+/g, " ").trim();
    if (name === "") {
      $("name-error").textContent = t("desk-name-needed");
      $("name").focus();
      return;
    }
    given = true;
    reviewer = name;
    keepName();
    showName();
    box.close();
    // Not on the event of the closing: it comes later, and another key may be faster.
    if (then) { then(); } else { $("who").focus(); }
  };
  box.onclose = () => { if (!given && then) { say(t("desk-no-name")); } };
  box.showModal();
  $("name").select();
}

function decide(row, word) {
  if (!row) { return; }
  if (word === "accept" && pointsOf(row).length === 0 && list(row.cell("points")).length) {
    notice("points", t("desk-tick-one"));
    return;
  }
  withName(() => {
    change(row, (draft) => {
      draft.decision = word;
      sign(draft);
    });
    const next = step(1, true);
    say(row.cell("target") + " " + done(word) + ". " + progressText() + " " +
      (next ? t("desk-next", { target: next.cell("target") }) : t("desk-last-shown")));
  });
}

function clearDecision(row) {
  change(row, (draft) => {
    for (const column of ["decision", "reviewer", "decided_on"]) { delete draft[column]; }
  });
  const target = row.cell("target");
  say(verdict(row) ? t("desk-is-on-record", { target, state: done(verdict(row)) }) : t("desk-is-undecided", { target }));
}

// A correction. It asks for the name where the row is decided already.
function correct(row, column, text) {
  const apply = () => change(row, (draft) => {
    draft[column] = text;
    sign(draft);
  });
  if (decidedHere(row) && !reviewer) { askName(apply); } else { apply(); }
}

function tickPoint(row, id, on) {
  const points = row.target.points.map((p) => p[0]);
  const now = new Set(pointsOf(row));
  if (on) { now.add(id); } else { now.delete(id); }
  if (now.size === 0 && verdict(row) === "accept") {
    notice("points", t("desk-tick-another"));
    changed(row);
    return;
  }
  correct(row, "points", points.filter((p) => now.has(p)).join("; "));
  say(on ? t("desk-ticked", { id }) : t("desk-unticked", { id }));
}

function tickCounterpart(row, id, on) {
  const now = new Set(counterpartsOf(row));
  if (on) { now.add(id); } else { now.delete(id); }
  correct(row, "also_for", [...now].join("; "));
  say(on ? t("desk-also-for", { id }) : t("desk-not-for", { id }));
}

// The review list and whatever is decided: what was imported is no longer on the list.
function progress() {
  const count = { listed: 0, decided: 0, accept: 0, reject: 0, defer: 0 };
  for (const row of rows) {
    const word = verdict(row);
    if (!row.listed && !word) { continue; }
    count.listed += 1;
    if (word) { count.decided += 1; count[word] = (count[word] || 0) + 1; }
  }
  return count;
}
function progressText() {
  const count = progress();
  return t("desk-progress", { decided: count.decided, listed: count.listed });
}
