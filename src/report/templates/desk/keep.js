// Keeping drafts in the browser. A page of a workspace is known by its address, a state of it by its
// edition (what it shows), so that decisions outlive a new run and never stray into another workspace.
const KEY = "evimap-desk/1|" + location.pathname + "|";
const NAME = "evimap-desk/name";
const KEYS = "evimap-desk/keys";
let storage = null;
try {
  localStorage.setItem("evimap-desk/try", "1");
  localStorage.removeItem("evimap-desk/try");
  storage = localStorage;
} catch { /* the browser keeps nothing for this page */ }

// What two pages differ by, if they differ: enough to tell editions apart, and quick for long texts.
const edition = (() => {
  const text = data.as_of + JSON.stringify(data.particulars) + rows.map((r) => r.id + r.cell("decision")).join();
  let one = 2166136261, two = 40389;
  for (let at = 0; at < text.length; at += 1) {
    one = Math.imul(one ^ text.charCodeAt(at), 16777619) >>> 0;
    two = Math.imul(two + text.charCodeAt(at), 2654435761) >>> 0;
  }
  return one.toString(16).padStart(8, "0") + two.toString(16).padStart(8, "0");
})();

let timer = 0;
function keepSoon() {
  clearTimeout(timer);
  timer = setTimeout(keep, 250);
}

function keep() {
  clearTimeout(timer);
  if (!storage) { return; }
  try {
    if (drafts.size === 0 && strangers.length === 0) { storage.removeItem(KEY + edition); return; }
    storage.setItem(KEY + edition, JSON.stringify({
      drafts: Object.fromEntries(drafts), unsaved: [...unsaved],
      strangers: strangers.map((row) => Object.fromEntries(row)),
    }));
  } catch {
    storage = null;
    warnStorage();
  }
}

function warnStorage() {
  notice("storage", t("desk-keeps-nothing"));
}

function keepName() {
  try { storage?.setItem(NAME, reviewer); } catch { /* asked again next time */ }
}

// Takes a draft as it was kept; what does not look like one is left out.
function restore(id, kept, fresh) {
  const row = byId.get(id);
  if (!row || typeof kept !== "object" || kept === null) { return false; }
  const draft = {};
  for (const column of [...EDITED, "decision", "reviewer", "decided_on"]) {
    if (typeof kept[column] === "string") { draft[column] = kept[column]; }
  }
  if (!VERDICTS.includes(draft.decision) || !draft.reviewer) {
    for (const column of ["decision", "reviewer", "decided_on"]) { delete draft[column]; }
  }
  // On record by now: it was imported.
  if (draft.decision && draft.decision === row.cell("decision") && draft.reviewer === row.cell("reviewer") &&
      draft.decided_on === row.cell("decided_on")) { return false; }
  if (Object.keys(draft).length === 0) { return false; }
  drafts.set(id, draft);
  if (fresh) { unsaved.add(id); }
  return true;
}

function parse(text) {
  try {
    const kept = JSON.parse(text);
    return kept && typeof kept.drafts === "object" && kept.drafts ? kept : null;
  } catch { return null; }
}

// Called once, when the page is up.
async function recall() {
  if (!storage) { warnStorage(); return; }
  reviewer = storage.getItem(NAME) || "";
  const own = parse(storage.getItem(KEY + edition) || "");
  if (own) {
    const open = new Set(own.unsaved || []);
    for (const [id, draft] of Object.entries(own.drafts)) { restore(id, draft, open.has(id)); }
    strangers = (own.strangers || []).map((row) => new Map(Object.entries(row)));
  }
  const names = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  const old = names.filter((name) => name.startsWith(KEY) && name !== KEY + edition);
  if (own || old.length === 0) { return; }
  let found = 0, open = 0;
  const take = [];
  for (const name of old) {
    const kept = parse(storage.getItem(name) || "");
    for (const [id, draft] of Object.entries(kept ? kept.drafts : {})) {
      found += 1;
      if (restore(id, draft, true)) { open += 1; take.push(id); }
    }
  }
  if (open === 0) { old.forEach((name) => storage.removeItem(name)); return; }
  const gone = found - open;
  const yes = await ask(t("desk-earlier"),
    t("desk-earlier-drafts", { n: open }) + " " +
    (gone ? t("desk-earlier-gone", { n: gone }) + " " : "") +
    t("desk-earlier-question"), t("desk-earlier-yes"), t("desk-earlier-no"));
  if (!yes) { take.forEach((id) => { drafts.delete(id); unsaved.delete(id); }); }
  old.forEach((name) => storage.removeItem(name));
  keep();
}

window.addEventListener("storage", (event) => {
  if (event.key === KEY + edition) {
    notice("tab", t("desk-two-windows"));
  }
});
window.addEventListener("pagehide", keep);
window.addEventListener("beforeunload", (event) => {
  if (!storage && unsaved.size) { event.preventDefault(); }
});
