// Filters: which rows are shown, in which order. A row that is decided stays until filters change, so
// that the list does not jump under the hands.
let shown = [];
// For each row where it stands in `shown`.
let placeOf = new Map();
const BANDS = ["strong", "likely", "possible"];
// Questions that come back although somebody decided: the first word of the reasons.
const AGAIN = /^(conflict|second person|reconfirm|stale)\b/;
const asksAgain = (row) => row.cell("decision") === "" && AGAIN.test(row.cell("reasons"));

const SHOW = [["listed", t("desk-review-list")], ["all", t("desk-all-suggestions")]];
const DECISIONS = [
  ["", t("desk-all")], ["open", done("")], ["decided", t("desk-decided")], ["accept", done("accept")],
  ["reject", done("reject")], ["defer", done("defer")], ["here", t("desk-changed-here")],
  ["record", t("desk-on-record")], ["again", t("desk-asks-again")],
];
const ORDERS = [["catalogue", t("desk-by-catalogue")], ["confidence", t("desk-by-confidence")], ["document", t("desk-by-document")]];

function options(id, pairs) {
  $(id).replaceChildren(...pairs.map(([word, label]) => el("option", { value: word }, label)));
}

function fillFilters() {
  const all = ["", t("desk-all")];
  options("f-show", SHOW);
  options("f-decision", DECISIONS);
  options("f-order", ORDERS);
  options("f-band", [all, ...BANDS.map((band) => [band, inWords(band)])]);
  options("f-standard", [all, ...data.standards.map((s) => [s.id, s.name])]);
  $("f-group").replaceChildren(el("option", { value: "" }, t("desk-all")), ...data.standards.map((s) =>
    el("optgroup", { label: s.name }, s.groups.map((g) => el("option", { value: s.id + "|" + g }, g)))));
  options("f-machine", [all, ...data.machine_views.map((w) => [w.slug, w.label])]);
  options("f-system", [all, ["-", inWords("organisation")],
    ...data.systems.map(([id, name, ai]) => [id, name + (ai ? " (" + t("desk-ai") + ")" : "")])]);
  const documents = new Map();
  for (const row of rows) {
    const name = row.cell("document");
    documents.set(name, (documents.get(name) || 0) + 1);
  }
  options("f-document", [all, ...[...documents].sort((a, b) => (a[0] < b[0] ? -1 : 1))
    .map(([name, count]) => [name, short(name, 90) + " (" + count + ")"])]);
}

function haystack(row) {
  if (row.haystack === null) {
    row.haystack = ["target", "title", "document", "quote", "reasons", "system", "locator"]
      .map(row.cell).join("\n").toLowerCase();
  }
  return row.haystack;
}

const TESTS = {
  show: (row, wanted) => wanted === "all" || row.listed || drafts.has(row.id),
  standard: (row, wanted) => row.framework === wanted,
  group: (row, wanted) => row.group === wanted,
  band: (row, wanted) => row.cell("band") === wanted,
  document: (row, wanted) => row.cell("document") === wanted || row.alsoIn.includes(wanted),
  system: (row, wanted) => (row.cell("system") || "-") === wanted,
  machine: (row, wanted) => assessed(row)?.machine === wanted,
  decision: (row, wanted) => {
    const word = verdict(row);
    switch (wanted) {
      case "open": return word === "";
      case "decided": return word !== "";
      case "here": return drafts.has(row.id);
      case "record": return row.cell("decision") !== "";
      case "again": return asksAgain(row);
      default: return word === wanted;
    }
  },
};

const COMPARE = {
  confidence: (a, b) => Number(b.cell("confidence")) - Number(a.cell("confidence")) || a.index - b.index,
  document: (a, b) => (a.cell("document") < b.cell("document") ? -1 : a.cell("document") > b.cell("document") ? 1 : 0) ||
    a.cell("locator").localeCompare(b.cell("locator"), "en", { numeric: true }) || a.index - b.index,
};

function filter(keep) {
  const wanted = Object.keys(TESTS).map((key) => [TESTS[key], $("f-" + key).value])
    .filter(([, word]) => word !== "");
  const words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
  shown = rows.filter((row) => wanted.every(([test, word]) => test(row, word)) &&
    words.every((word) => haystack(row).includes(word)));
  const compare = COMPARE[$("f-order").value];
  if (compare) { shown.sort(compare); }
  placeOf = new Map(shown.map((row, at) => [row, at]));
  $("shown").textContent = t("desk-shown", { n: shown.length, all: rows.length });
  $("empty").hidden = shown.length > 0;
  const at = keep && current ? placeOf.get(current) : undefined;
  select(at === undefined ? (shown[0] || null) : current, true);
}

// Shows one row whatever the filters say.
function show(row) {
  if (!placeOf.has(row)) {
    $("filters").reset();
    if (!row.listed) { $("f-show").value = "all"; }
    filter(false);
  }
  select(row);
}

function resetTo(values) {
  $("filters").reset();
  for (const [key, word] of Object.entries(values)) { $("f-" + key).value = word; }
  filter(false);
}

let typing = 0;
function watchFilters() {
  const form = $("filters");
  const told = () => { filter(true); say(t("desk-suggestions-shown", { n: shown.length })); };
  form.addEventListener("submit", (event) => { event.preventDefault(); told(); });
  form.addEventListener("change", told);
  form.addEventListener("reset", () => setTimeout(told, 0));
  $("q").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(told, 150); });
}
