// Overview: coverage and progress by clause and theme, evidence that both standards share, decisions
// over time. Tables with numbers, so that no colour is needed to read them.

// How dark a cell is: five steps, by the share of the line.
const shade = (count, whole) => (count === 0 ? 0 : Math.max(1, Math.min(5, Math.ceil((count / Math.max(1, whole)) * 5))));

function coverageMap() {
  const lines = new Map();
  const line = (group) => {
    if (!lines.has(group)) { lines.set(group, { rows: 0, states: {}, machine: {}, listed: 0, decided: 0 }); }
    return lines.get(group);
  };
  for (const a of data.assessed) {
    const target = data.targets[a.target];
    if (!target) { continue; }
    const entry = line(target.framework + "|" + target.theme);
    entry.rows += 1;
    entry.states[a.state] = (entry.states[a.state] || 0) + 1;
    entry.machine[a.machine] = (entry.machine[a.machine] || 0) + 1;
  }
  for (const row of rows) {
    const word = verdict(row);
    if (!row.group || (!row.listed && !word)) { continue; }
    const entry = line(row.group);
    entry.listed += 1;
    entry.decided += word ? 1 : 0;
  }
  return data.standards.map((standard) => el("section", { class: "card" },
    el("h3", {}, standard.name, " ", el("small", {}, standard.reviewed)),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("desk-coverage-of", { name: standard.name }) },
      el("table", { class: "map" },
        el("caption", {}, t("desk-map-caption")),
        el("thead", {},
          el("tr", {}, el("td", {}), el("th", { scope: "colgroup", colspan: data.states.length }, t("desk-reviewed")),
            el("th", { scope: "colgroup", colspan: data.machine_views.length, class: "guess" }, t("desk-machine-view")),
            el("th", { scope: "colgroup", colspan: 2 }, t("desk-this-desk"))),
          el("tr", {}, el("th", { scope: "col" }, t("desk-clause-or-theme")),
            data.states.map((w) => el("th", { scope: "col", class: "n" }, w.label)),
            data.machine_views.map((w) => el("th", { scope: "col", class: "n guess" }, w.label)),
            el("th", { scope: "col", class: "n" }, t("desk-decided")), el("th", { scope: "col", class: "n" }, t("desk-of")))),
        el("tbody", {}, standard.groups.map((group) => {
          const entry = line(standard.id + "|" + group);
          return el("tr", {}, el("th", { scope: "row" }, el("button", { type: "button", class: "link",
            onclick: () => goTo({ group: standard.id + "|" + group }) }, group)),
          data.states.map((w) => el("td", { class: "n cell s-" + w.slug + " h" + shade(entry.states[w.slug] || 0, entry.rows) }, entry.states[w.slug] || 0)),
          data.machine_views.map((w) => el("td", { class: "n guess cell g h" + shade(entry.machine[w.slug] || 0, entry.rows) }, entry.machine[w.slug] || 0)),
          el("td", { class: "n" }, entry.decided), el("td", { class: "n" }, entry.listed));
        }))))));
}

function sharedMatrix(title, text, counts, guess) {
  const { lines, columns: across } = data.shared;
  const most = Math.max(1, ...counts.flat());
  const total = counts.flat().reduce((sum, n) => sum + n, 0);
  return el("section", { class: "card" }, el("h3", {}, title),
    el("p", {}, text),
    total === 0 ? el("p", { class: "soft" }, t("desk-none-yet"))
      : el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, el("table", { class: "map" },
        el("caption", { class: "sr" }, title),
        el("thead", {}, el("tr", {}, el("td", {}), across.map((name) => el("th", { scope: "col", class: "n tall" }, el("span", {}, name))))),
        el("tbody", {}, lines.map((name, i) => el("tr", {}, el("th", { scope: "row" }, name),
          counts[i].map((n) => el("td", { class: "n cell " + (guess ? "guess g" : "s-full") + " h" + shade(n, most) }, n || "·"))))))));
}

function daysTable() {
  if (data.days.length === 0) { return el("p", { class: "soft" }, t("desk-no-decisions")); }
  let sum = 0;
  const lines = data.days.map((d) => ({ ...d, all: (sum += d.accepted + d.rejected + d.deferred) }));
  const most = Math.max(...lines.map((d) => d.accepted + d.rejected + d.deferred));
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("desk-by-day") }, el("table", { class: "map" },
    el("caption", { class: "sr" }, t("desk-record-by-day")),
    el("thead", {}, el("tr", {}, [t("desk-the-day"), done("accept"), done("reject"), done("defer"), t("desk-that-day"), t("desk-so-far")].map((word, at) =>
      el("th", { scope: "col", class: at ? "n" : "" }, word)))),
    el("tbody", {}, lines.slice(-60).map((d) => {
      const that = d.accepted + d.rejected + d.deferred;
      return el("tr", {}, el("th", { scope: "row" }, d.day), [d.accepted, d.rejected, d.deferred].map((n) => el("td", { class: "n" }, n)),
        el("td", { class: "n cell s-full h" + shade(that, most) }, that), el("td", { class: "n" }, d.all));
    }))));
}

function drawOverview() {
  const shared = data.shared;
  fill($("overview"),
    el("h2", {}, t("desk-coverage-progress")),
    el("p", { class: "state" + (data.nothing_reviewed ? " nothing" : "") }, data.review_state),
    coverageMap(),
    el("h2", {}, t("desk-both-standards")),
    sharedMatrix(t("desk-accepted-both"), t("desk-accepted-both-text"), shared.accepted, false),
    sharedMatrix(t("desk-proposed-both"), t("desk-proposed-both-text"), shared.proposed, true),
    el("h2", {}, t("desk-over-time")),
    el("section", { class: "card" }, daysTable()),
    el("h2", {}, t("desk-about")),
    facts(data.particulars),
    data.left_out ? el("p", {}, t("desk-left-out", { n: data.left_out })) : null);
}

function goTo(values) {
  view("desk");
  resetTo(values);
  $("list").focus();
}
