// Main: views, keys, theme, print, start.
function view(name) {
  for (const one of ["desk", "overview"]) {
    $(one).hidden = one !== name;
    if (one === name) { $("tab-" + one).setAttribute("aria-current", "page"); } else { $("tab-" + one).removeAttribute("aria-current"); }
  }
  document.body.classList.toggle("fixed", name === "desk");
  if (name === "overview") { drawOverview(); } else { layout(); }
}

function showName() {
  $("who").replaceChildren(...(reviewer ? [t("desk-reviewing-as"), " ", bdi(short(reviewer, 40))] : [t("desk-enter-name")]));
}

const THEMES = ["auto", "light", "dark"];
function theme(name) {
  if (name === "auto") { delete document.documentElement.dataset.theme; } else { document.documentElement.dataset.theme = name; }
  $("theme").querySelector("span").textContent = { auto: t("desk-theme-auto"), light: t("desk-theme-light"), dark: t("desk-theme-dark") }[name];
}

let keysOn = true;
const KEYMAP = {
  j: () => { if (!step(1)) { say(t("desk-last")); } },
  k: () => { if (!step(-1)) { say(t("desk-first")); } },
  n: () => { if (!step(1, true)) { say(t("desk-none-below")); } },
  a: () => decide(current, "accept"),
  r: () => decide(current, "reject"),
  d: () => decide(current, "defer"),
  c: () => $("comment")?.focus(),
  u: undo,
  s: save,
  "/": () => $("q").focus(),
  "?": () => $("help-box").showModal(),
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) { return; }
  if (document.querySelector("dialog[open]")) { return; }
  const target = event.target;
  const field = target.closest("input:not([type=checkbox]), textarea, select");
  if (event.key === "Escape" && field && target.id !== "comment") { $("list").focus(); return; }
  if (field || $("desk").hidden && event.key !== "?") { return; }
  if (target === document.body && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
    return;
  }
  if (!keysOn) { return; }
  if (/^[1-9]$/.test(event.key) && current?.target) {
    const point = current.target.points[Number(event.key) - 1];
    if (point) { event.preventDefault(); tickPoint(current, point[0], !pointsOf(current).includes(point[0])); }
    return;
  }
  const action = KEYMAP[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
}

// Paper gets a table of what the filters show, since the list holds only what can be seen.
const PAPER = 3000;
function printTable() {
  if ($("desk").hidden) { return; }
  const paper = $("paper");
  paper.replaceChildren(
    el("h2", {}, t("desk-as-filtered", { n: shown.length }) + (shown.length > PAPER ? "; " + t("desk-first-printed", { most: PAPER }) : "")),
    el("table", {},
      el("thead", {}, el("tr", {}, [t("desk-target"), t("desk-quote"), t("desk-document-place"), t("desk-machine"), t("desk-decision")].map((word) => el("th", { scope: "col" }, word)))),
      el("tbody", {}, shown.slice(0, PAPER).map((row) => {
        const word = verdict(row);
        const who = value(row, "reviewer");
        return el("tr", {},
          el("td", {}, row.cell("target"), el("small", {}, row.cell("title")), row.cell("system") ? el("small", {}, bdi(row.cell("system"))) : null),
          el("td", {}, bdi(short(row.cell("quote").trim(), 1200))),
          el("td", {}, bdi(row.cell("document")), el("small", {}, bdi(place(row.cell("locator"))))),
          el("td", { class: "guess" }, inWords(row.cell("band")), el("small", {}, confidence(row))),
          el("td", {}, done(word),
            who ? el("small", {}, bdi(who), " " + value(row, "decided_on") + (decidedHere(row) ? ", " + t("desk-not-imported") : "")) : null,
            value(row, "comment") ? el("small", {}, bdi(value(row, "comment"))) : null));
      }))));
}

function start() {
  $("title").textContent = plain(data.organisation || t("desk-unnamed"));
  $("basis").textContent = plain(data.particulars.map(([label, text]) => label + ": " + text).join(" · "));
  $("names").replaceChildren(...data.reviewers.map((name) => el("option", { value: name })));
  fillFilters();
  watchFilters();
  watchList();
  watchFiles();
  for (const id of ["who", "save", "load", "help", "theme", "progress", "tabs"]) { $(id).hidden = false; }
  $("who").addEventListener("click", () => askName(null));
  $("help").addEventListener("click", () => $("help-box").showModal());
  $("tab-desk").addEventListener("click", () => view("desk"));
  $("tab-overview").addEventListener("click", () => view("overview"));

  let stored = "auto";
  try {
    stored = localStorage.getItem("evimap-theme") || "auto";
    keysOn = localStorage.getItem(KEYS) !== "off";
  } catch { /* not kept */ }
  const asked = location.hash.slice(1);
  theme(THEMES.includes(asked) ? asked : THEMES.includes(stored) ? stored : "auto");
  $("theme").addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme || "auto") + 1) % THEMES.length];
    theme(next);
    try { localStorage.setItem("evimap-theme", next); } catch { /* not kept */ }
  });
  $("keys-on").checked = keysOn;
  $("keys-on").addEventListener("change", () => {
    keysOn = $("keys-on").checked;
    try { localStorage.setItem(KEYS, keysOn ? "on" : "off"); } catch { /* not kept */ }
  });
  document.addEventListener("keydown", onKey);
  window.addEventListener("beforeprint", printTable);
  window.addEventListener("afterprint", () => $("paper").replaceChildren());

  view(asked === "overview" ? "overview" : "desk");
  if (!rows.some((row) => row.listed)) { $("f-show").value = "all"; }
  filter(false);
  layout();
  drawProgress();
  showName();
  $("list").focus({ preventScroll: true });
  recall().then(() => { showName(); filter(true); drawProgress(); });
  if (data.left_out) {
    notice("left", t("desk-left-out", { n: data.left_out }));
  }
  document.documentElement.dataset.ready = "yes";
}
start();
