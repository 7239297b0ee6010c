// Files: the CSV out, and a CSV in to go on where it ended.
function csvText() {
  const touched = rows.filter((row) => drafts.has(row.id))
    .map((row) => data.columns.map((column) => value(row, column)));
  const others = strangers.map((row) => data.columns.map((column) => row.get(column) || ""));
  return toCsv(data.columns, [...touched, ...others]);
}

function save() {
  if (drafts.size === 0) { say(t("desk-nothing-to-save")); return; }
  keep();
  const blob = new Blob([csvText()], { type: "text/csv;charset=utf-8" });
  const address = URL.createObjectURL(blob);
  const name = "decisions-" + today() + ".csv";
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  const open = [...drafts.values()].filter((draft) => !draft.decision).length;
  unsaved.clear();
  keep();
  drawProgress();
  notice("file", t("desk-written", { n: drafts.size, file: name, command: "evimap review import " + name + " -w WORKSPACE" }) +
    (open ? " " + t("desk-written-open", { n: open }) : ""), true);
}

// A word of a file as one of ours; other languages are for the importer.
function verdictOf(text) {
  const word = text.trim().toLowerCase();
  return VERDICTS.find((ours) => ours === word || DONE[ours] === word || done(ours) === word) || (word === "" ? "" : null);
}

function draftOf(row, line) {
  const draft = {};
  const word = verdictOf(line.get("decision") || "");
  const name = (line.get("reviewer") || "").trim();
  if (word && name) {
    draft.decision = word;
    draft.reviewer = name;
    draft.decided_on = (line.get("decided_on") || "").trim() || today();
  }
  for (const column of EDITED) {
    if (line.has(column)) {
      const text = line.get(column).trim();
      const same = column === "points" || column === "also_for"
        ? list(text).join() === list(row.cell(column)).join() : text === row.cell(column).trim();
      if (!same) { draft[column] = text; }
    }
  }
  const recorded = ["decision", "reviewer", "decided_on"].every((c) => (draft[c] || "") === row.cell(c));
  return recorded && draft.decision && !("comment" in draft) ? {} : draft;
}

async function take(name, buffer) {
  let lines;
  try {
    lines = readTable(buffer);
  } catch (error) {
    notice("file", t("desk-unreadable", { file: name, why: error.message }));
    return;
  }
  const fresh = [], differ = [], alien = [];
  let unreadable = 0, nameless = 0;
  for (const line of lines) {
    const id = (line.get("proposal_id") || "").trim();
    const row = byId.get(id);
    const decision = line.get("decision") || "";
    if (!row) {
      if (decision.trim() !== "") { alien.push(line); }
      continue;
    }
    if (verdictOf(decision) === null) { unreadable += 1; alien.push(line); continue; }
    if (decision.trim() !== "" && !(line.get("reviewer") || "").trim()) { nameless += 1; continue; }
    const draft = draftOf(row, line);
    if (Object.keys(draft).length === 0) { continue; }
    const own = drafts.get(id);
    if (!own) { fresh.push([row, draft]); }
    else if (JSON.stringify(Object.entries(own).sort()) !== JSON.stringify(Object.entries(draft).sort())) { differ.push([row, draft]); }
  }
  let chosen = fresh;
  if (differ.length) {
    const yes = await ask(t("desk-differ"),
      t("desk-differ-rows", { n: differ.length, file: name }),
      t("desk-differ-file"), t("desk-differ-page"));
    if (yes) { chosen = [...fresh, ...differ]; }
  }
  for (const [row, draft] of chosen) {
    past.push({ row, before: drafts.has(row.id) ? { ...drafts.get(row.id) } : null });
    drafts.set(row.id, draft);
    unsaved.delete(row.id);
  }
  const known = new Set(alien.map((line) => line.get("proposal_id")));
  strangers = [...strangers.filter((line) => !known.has(line.get("proposal_id"))), ...alien];
  keep();
  filter(true);
  drawProgress();
  const parts = [t("desk-taken", { n: chosen.length, file: name })];
  if (differ.length && chosen === fresh) { parts.push(t("desk-left", { n: differ.length })); }
  if (unreadable) { parts.push(t("desk-importer-only", { n: unreadable })); }
  if (nameless) { parts.push(t("desk-nameless", { n: nameless })); }
  if (alien.length - unreadable > 0) { parts.push(t("desk-strangers", { n: alien.length - unreadable })); }
  notice("file", parts.join("; ") + ".", parts.length === 1);
}

function watchFiles() {
  $("save").addEventListener("click", save);
  $("load").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", async () => {
    const file = $("file").files[0];
    if (file) { await take(file.name, await file.arrayBuffer()); }
    $("file").value = "";
  });
}
