// Base: the data, making elements, saying things. Document text reaches the page by text nodes only.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

// The page's own words by id; `n` chooses between one and several.
const plural = new Intl.PluralRules(document.documentElement.lang);
function t(id, put) {
  const forms = data.words[id] || id;
  const text = Array.isArray(forms) ? forms[plural.select(put.n) === "one" ? 0 : 1] : forms;
  return put ? text.replace(/\{(\w+)\}/g, (all, name) => (name in put ? String(put[name]) : all)) : text;
}
// A word of the review files in the reader's language; the files keep the English one.
const inWords = (english) => data.vocabulary[english] || english;
// A place as people say it.
const place = (locator) => locator.replace(/(^|, )(page|slide|lines?|paragraphs?)(?= \d)/g, (all, before, what) => before + inWords(what));

// What reorders text is made visible, what can't be seen is dropped: as in the other reports.
const REORDERS = /[\u202A-\u202E\u2066-\u2069]/g;
const DROPPED = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\uFFFE\uFFFF]/g;
function plain(text) {
  return text.replace(/\r\n?/g, "\n").replace(DROPPED, "")
    .replace(REORDERS, (c) => "⟨U+" + c.codePointAt(0).toString(16).toUpperCase() + "⟩");
}

// An element: el("p", {class: "x"}, "text", child, …). Event handlers are functions under "on…".
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) { continue; }
    if (name.startsWith("on")) { node.addEventListener(name.slice(2), value); }
    else { node.setAttribute(name, value === true ? "" : plain(String(value))); }
  }
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === "") { continue; }
    node.append(child instanceof Node ? child : document.createTextNode(plain(String(child))));
  }
  return node;
}

// What stands in a node, anew. Unlike replaceChildren, it takes lists and leaves out what is empty.
function fill(node, ...children) {
  node.replaceChildren(...el("div", {}, ...children).childNodes);
}

// Foreign text: isolated, so that its direction does not touch what stands beside it.
const bdi = (text, name) => el("bdi", { class: name }, text);

// Cuts for a list, never in the middle of a character.
function short(text, length) {
  if (text.length <= length) { return text; }
  const end = /[\uD800-\uDBFF]/.test(text[length - 1]) ? length - 1 : length;
  return text.slice(0, end) + "…";
}

// Screen readers hear it; said twice in a row it is heard twice.
let said = 0;
function say(text) {
  said += 1;
  $("live").textContent = plain(text) + (said % 2 ? "" : "\u00A0");
}

// A message that stays until it is closed. One with the same key takes its place. `told` says that
// it is no warning.
function notice(key, text, told) {
  const old = document.getElementById("notice-" + key);
  const close = el("button", { type: "button", "aria-label": t("desk-close"),
    onclick: () => { box.remove(); layout(); } }, "×");
  const box = el("div", { class: "notice" + (told ? " told" : ""), id: "notice-" + key, role: "alert" },
    el("span", {}, text), close);
  if (old) { old.replaceWith(box); } else { $("notices").append(box); }
  layout();
}

// A question with two answers; resolves to true for yes.
function ask(title, text, yes, no) {
  const box = $("ask-box");
  $("ask-title").textContent = plain(title);
  $("ask-text").textContent = plain(text);
  $("ask-yes").textContent = yes;
  $("ask-no").textContent = no;
  return new Promise((resolve) => {
    let answer = false;
    $("ask-yes").onclick = () => { answer = true; box.close(); };
    $("ask-no").onclick = () => box.close();
    box.onclose = () => resolve(answer);
    box.showModal();
  });
}

// The day of the reader's clock, as a date of the review files.
function today() {
  const now = new Date();
  const two = (n) => String(n).padStart(2, "0");
  return now.getFullYear() + "-" + two(now.getMonth() + 1) + "-" + two(now.getDate());
}

// Rows: cells by name, and what was worked out once.
const columns = new Map(data.columns.map((name, at) => [name, at]));
const rows = data.rows.map((row, index) => {
  const cell = (name) => columns.has(name) ? data.strings[row.c[columns.get(name)]] : "";
  const id = cell("proposal_id");
  const target = data.targets[cell("target")] || null;
  return {
    index, id, cell, target, listed: row.l,
    cells: row.c, reasons: data.strings[row.r], before: data.strings[row.before], after: data.strings[row.after],
    hash: data.strings[row.hash], heading: data.strings[row.heading],
    alsoIn: row.n.map((n) => data.strings[n]), alsoFor: row.f.map((n) => data.strings[n]),
    framework: target ? target.framework : cell("target").split(":")[0],
    group: target ? target.framework + "|" + target.theme : "",
    haystack: null,
  };
});
const byId = new Map(rows.map((row) => [row.id, row]));
const viewOf = new Map(data.assessed.map((a) => [a.target + "|" + (a.system || ""), a]));
const labelOf = new Map([...data.machine_views, ...data.states].map((w) => [w.slug, w.label]));
// Where a suggestion has no row of its own, the target's stands in.
function assessed(row) {
  const target = row.cell("target");
  return viewOf.get(target + "|" + row.cell("system")) || viewOf.get(target + "|");
}

// A calibrated probability in words; the number stands beside it.
function confidence(row) {
  const value = Number(row.cell("confidence"));
  if (row.cell("confidence") === "" || Number.isNaN(value)) { return t("desk-no-confidence"); }
  const words = value >= 0.9 ? t("desk-very-likely") : value >= 0.7 ? inWords("likely-evidence")
    : value >= 0.4 ? t("desk-as-likely") : value >= 0.15 ? t("desk-unlikely") : t("desk-very-unlikely");
  return words + " (" + value.toFixed(2) + ")";
}
