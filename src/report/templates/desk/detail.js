// One suggestion: the quote in its context, what the machine says, and what a person makes of it.
function facts(pairs) {
  return el("dl", { class: "facts" }, pairs.filter(([, text]) => text !== "" && text !== null)
    .map(([label, text]) => el("div", {}, el("dt", {}, label), el("dd", {}, text instanceof Node ? text : bdi(text)))));
}

function context(row) {
  const quote = row.cell("quote").trim();
  const ellipsis = row.before || row.after ? "" : el("p", { class: "soft" }, t("desk-no-context"));
  return el("figure", { class: "passage" },
    el("blockquote", { tabindex: "0", role: "region", "aria-label": t("desk-quote-in-context") },
      row.before ? el("bdi", { class: "around" }, row.before) : null,
      el("mark", {}, el("span", { class: "sr" }, t("desk-quote-begins") + " "), bdi(quote), el("span", { class: "sr" }, " " + t("desk-quote-ends") + " ")),
      row.after ? el("bdi", { class: "around" }, row.after) : null),
    quote ? ellipsis : el("p", { class: "soft" }, t("desk-no-quote")),
    el("figcaption", {}, bdi(row.cell("document"), "doc"), " ", bdi(place(row.cell("locator")) || t("desk-external"))));
}

function points(row) {
  if (!row.target) { return el("p", { class: "soft" }, t("desk-no-target")); }
  const ticked = new Set(pointsOf(row));
  const proposed = new Set(list(row.cell("points")));
  return el("fieldset", { class: "points" }, el("legend", {}, t("desk-points")),
    row.target.points.map(([id, kind, sub, text], at) => el("label", { class: "tick" },
      el("input", { type: "checkbox", checked: ticked.has(id), "data-point": id,
        onchange: (event) => tickPoint(row, id, event.target.checked) }),
      el("span", {},
        el("span", { class: "pid" }, (at < 9 ? at + 1 + " · " : "") + id.replace(/^.*#/, "") + " · " + inWords(kind) + (sub ? " · " + sub : "") +
          (proposed.has(id) && !ticked.has(id) ? " · " + t("desk-taken-away") : !proposed.has(id) && ticked.has(id) ? " · " + t("desk-added") : "")),
        text))));
}

// Counterparts are never ticked by the machine.
function counterparts(row) {
  const paired = row.target ? row.target.counterparts : [];
  const own = counterpartsOf(row);
  const ids = [...new Set([...row.alsoFor, ...paired, ...own])].filter((id) => id !== row.cell("target"));
  if (ids.length === 0) { return null; }
  const ticked = new Set(own);
  return el("fieldset", { class: "points" }, el("legend", {}, t("desk-also-question")),
    ids.map((id) => {
      const target = data.targets[id];
      const homeless = target && target.level === "application" && row.cell("system") === "";
      const why = [row.alsoFor.includes(id) ? t("desk-machine-proposes") : "", paired.includes(id) ? t("desk-crosswalk") : "",
        homeless ? t("desk-needs-system") : ""].filter(Boolean).join(", ");
      return el("label", { class: "tick" },
        el("input", { type: "checkbox", checked: ticked.has(id), disabled: homeless && !ticked.has(id), "data-also": id,
          onchange: (event) => tickCounterpart(row, id, event.target.checked) }),
        el("span", {}, el("span", { class: "pid" }, id + (why ? " · " + why : "")), target ? target.title : t("desk-not-in-catalogue")));
    }));
}

function corrections(row) {
  const kind = el("select", { onchange: (event) => correct(row, "evidence_kind", event.target.value) },
    ["design", "operation"].map((word) => el("option", { value: word, selected: value(row, "evidence_kind") === word }, inWords(word))));
  const date = el("input", { type: "date", max: "2199-12-31", value: value(row, "evidence_date"),
    onchange: (event) => correct(row, "evidence_date", event.target.value) });
  return el("div", { class: "corrections" },
    el("label", {}, t("desk-kind"), " ", kind), el("label", {}, t("desk-date"), " ", date));
}

function comment(row) {
  const field = el("textarea", { id: "comment", rows: "2", maxlength: "8000",
    onchange: (event) => correct(row, "comment", event.target.value.trim()),
    onkeydown: (event) => {
      if (event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        event.target.blur();
        $("list").focus();
      }
    } });
  field.value = value(row, "comment");
  return el("label", { class: "comment" }, t("desk-comment"), field);
}

function decisionBar(row) {
  const word = verdict(row);
  const button = (name, label, key) => el("button", { type: "button", class: "decide d-" + name, id: "do-" + name,
    "aria-pressed": String(word === name), onclick: () => decide(row, name) },
  el("span", { "aria-hidden": "true" }, SIGNS[name] + " "), label, " ", el("kbd", { "aria-hidden": "true" }, key));
  const draft = drafts.get(row.id);
  const said = draft?.decision
    ? t("desk-said-here", { state: done(draft.decision), who: draft.reviewer, day: draft.decided_on })
    : draft ? t("desk-said-noted")
      : word ? t("desk-said-record", { state: done(word), who: row.cell("reviewer"), day: row.cell("decided_on") })
        : t("desk-said-nobody");
  return el("div", { class: "decision" },
    el("div", { class: "buttons" }, button("accept", t("desk-accept"), "a"), button("reject", t("desk-reject"), "r"), button("defer", t("desk-defer"), "d"),
      draft?.decision ? el("button", { type: "button", id: "clear", onclick: () => clearDecision(row) }, t("desk-take-back")) : null),
    el("p", { class: "said" }, bdi(said)));
}

function drawDetail(quiet) {
  const box = $("detail");
  if (!current) { box.replaceChildren(el("p", { class: "soft" }, t("desk-nothing-selected"))); return; }
  const row = current;
  // What has the focus is drawn anew; the focus stays where it was.
  const active = document.activeElement;
  const within = box.contains(active) && active !== box;
  const key = within ? (active.id ? "#" + CSS.escape(active.id) : active.dataset.point ? "[data-point=" + CSS.escape(active.dataset.point) + "]"
    : active.dataset.also ? "[data-also=" + CSS.escape(active.dataset.also) + "]" : "") : "";
  const same = box.dataset.row === row.id;
  const view = assessed(row);
  const reasons = row.reasons.split(/;\s+/).filter(Boolean);
  const title = row.target ? row.target.title : row.cell("title");
  const group = row.target ? row.target.theme : "";
  fill(box,
    el("p", { class: "where" }, el("span", { class: "id" }, row.cell("target")), " ", group, " · ", inWords(row.cell("level")),
      row.cell("system") ? [" · ", bdi(row.cell("system"))] : null),
    el("h2", {}, title),
    decisionBar(row),
    context(row),
    points(row),
    comment(row),
    counterparts(row),
    el("div", { class: "opinion" }, el("h3", {}, t("desk-machine-says"), " ", el("small", {}, t("desk-a-proposal"))),
      facts([
        [t("desk-confidence"), confidence(row) + (row.cell("band") ? ", " + t("desk-in-band", { band: inWords(row.cell("band")) }) : "")],
        [t("desk-kind-and-type"), inWords(row.cell("evidence_kind")) + ", " + inWords(row.cell("evidence_type"))],
        [t("desk-view-of-target"), view ? labelOf.get(view.machine) : ""],
        [t("desk-second-opinion"), row.cell("judge")],
      ]),
      reasons.length ? el("ul", { class: "reasons" }, reasons.map((text) => el("li", {}, bdi(text)))) : null),
    el("div", { class: "source" }, el("h3", {}, t("desk-source")),
      facts([
        [t("desk-document"), row.cell("document")],
        [t("desk-status"), inWords(row.cell("document_status"))],
        [t("desk-place"), place(row.cell("locator"))],
        [t("desk-heading"), row.heading],
        [t("desk-day"), row.cell("evidence_date") || t("desk-undated")],
        [t("desk-hash"), row.hash ? el("code", {}, row.hash) : ""],
        [t("desk-proposal"), el("code", {}, row.id)],
        [t("desk-coverage"), view ? labelOf.get(view.state) : ""],
      ]),
      row.alsoIn.length ? el("div", {}, el("h4", {}, t("desk-same-text")), el("ul", {}, row.alsoIn.map((name) => el("li", {}, bdi(name))))) : null,
      corrections(row)));
  box.dataset.row = row.id;
  if (!same) { box.scrollTop = 0; }
  // The quote is in sight, with a little of what stands before it.
  const passage = box.querySelector("blockquote");
  passage.scrollTop = passage.querySelector("mark").offsetTop - 72;
  if (key && same) { box.querySelector(key)?.focus({ preventScroll: true }); }
  else if (within) { $("list").focus({ preventScroll: true }); }
  if (!quiet && document.activeElement !== $("list")) {
    say(row.cell("target") + ", " + done(verdict(row)) + ". " + short(row.cell("quote"), 200));
  }
}
