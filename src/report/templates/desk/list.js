// The list: only what can be seen is in the page, however many suggestions there are.
let current = null;
let lineHeight = 84;
// First and last place that is drawn.
let drawn = [0, -1];

function option(row, at) {
  const word = verdict(row);
  const here = drafts.has(row.id);
  const band = inWords(row.cell("band")) || t("desk-by-hand");
  const state = done(word);
  const origin = here ? (word && decidedHere(row) ? "" : t("desk-noted")) : word ? t("desk-on-record") : asksAgain(row) ? t("desk-asks-again") : "";
  return el("div", {
    role: "option", id: "o-" + at, class: "option v-" + (word || "open") + (row === current ? " current" : ""),
    "aria-selected": String(row === current), "aria-setsize": shown.length, "aria-posinset": at + 1,
    onclick: () => { select(row, true); $("list").focus({ preventScroll: true }); },
  },
  el("div", { class: "line" },
    el("span", { class: "mark", "aria-hidden": "true" }, SIGNS[word] || "?"),
    el("span", { class: "id" }, row.cell("target")),
    row.cell("system") ? bdi(row.cell("system"), "sys") : null,
    el("span", { class: "state" }, state, origin ? el("small", {}, " " + origin) : null)),
  el("div", { class: "quote" }, bdi(short(row.cell("quote").trim(), 140))),
  el("div", { class: "from" }, bdi(short(row.cell("document"), 80)), el("span", {}, band)));
}

function layout() {
  const box = $("list");
  const probe = box.querySelector(".option");
  if (probe) { lineHeight = Math.max(40, probe.offsetHeight) || lineHeight; }
  draw(true);
}

function draw(anew) {
  const box = $("list"), spacer = $("spacer");
  const fit = Math.ceil((box.clientHeight || 600) / lineHeight);
  const top = Math.floor(box.scrollTop / lineHeight);
  const from = Math.max(0, top - 6);
  const to = Math.min(shown.length - 1, top + fit + 6);
  if (!anew && drawn[0] === from && drawn[1] === to) { return; }
  drawn = [from, to];
  spacer.style.height = shown.length * lineHeight + "px";
  const nodes = [];
  for (let at = from; at <= to; at += 1) {
    const node = option(shown[at], at);
    node.style.top = at * lineHeight + "px";
    nodes.push(node);
  }
  spacer.replaceChildren(...nodes);
  const place = placeOf.get(current);
  if (place !== undefined && place >= from && place <= to) {
    box.setAttribute("aria-activedescendant", "o-" + place);
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

function reveal(at) {
  const box = $("list");
  const top = at * lineHeight, height = box.clientHeight;
  if (top < box.scrollTop) { box.scrollTop = top; }
  else if (top + lineHeight > box.scrollTop + height) { box.scrollTop = top + lineHeight - height; }
}

function select(row, quiet) {
  current = row;
  if (row) { reveal(placeOf.get(row)); }
  draw(true);
  drawDetail(quiet);
}

// Moves on in the list; with `open` to the next undecided one. Gives the row, or null at the end.
function step(by, open) {
  let at = placeOf.get(current);
  if (at === undefined) { at = by > 0 ? -1 : shown.length; }
  for (at += by; at >= 0 && at < shown.length; at += by) {
    if (!open || verdict(shown[at]) === "") {
      select(shown[at]);
      return shown[at];
    }
  }
  draw(true);
  drawDetail();
  return null;
}

function jump(at) {
  if (shown.length) { select(shown[Math.min(Math.max(at, 0), shown.length - 1)]); }
}

// A row has changed: whatever shows it is drawn again.
function changed(row) {
  const at = placeOf.get(row);
  if (at !== undefined && at >= drawn[0] && at <= drawn[1]) { draw(true); }
  if (row === current) { drawDetail(); }
  drawProgress();
}

function drawProgress() {
  const count = progress();
  $("bar").max = Math.max(1, count.listed);
  $("bar").value = count.decided;
  const open = unsaved.size;
  $("counts").textContent = t("desk-counts", { ...count }) +
    (open ? "; " + t("desk-unsaved", { n: open }) : "");
  $("save").disabled = drafts.size === 0;
}

function watchList() {
  const box = $("list");
  let waiting = false;
  box.addEventListener("scroll", () => {
    if (waiting) { return; }
    waiting = true;
    requestAnimationFrame(() => { waiting = false; draw(false); });
  }, { passive: true });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    const page = Math.max(1, Math.floor(box.clientHeight / lineHeight) - 1);
    const at = placeOf.get(current) || 0;
    const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      jump(moves[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      $("detail").focus();
    }
  });
  window.addEventListener("resize", layout);
}
