
"use strict";
(function () {
  var root = document.documentElement;
  var $ = function (id) { return document.getElementById(id); };
  var rows = Array.prototype.slice.call(document.querySelectorAll("tbody.t"));
  root.classList.add("js");

  // Theme: #dark or #light in the address, else what was chosen before, else the system's.
  var themes = ["auto", "light", "dark"];
  var button = $("theme");
  function theme(name) {
    if (name === "auto") { delete root.dataset.theme; } else { root.dataset.theme = name; }
    button.querySelector("span").textContent = button.dataset[name];
  }
  var stored = "auto";
  try { stored = localStorage.getItem("evimap-theme") || "auto"; } catch (e) { /* file:// may refuse */ }
  var asked = location.hash.slice(1);
  theme(themes.indexOf(asked) > 0 ? asked : themes.indexOf(stored) > 0 ? stored : "auto");
  button.hidden = false;
  button.addEventListener("click", function () {
    var next = themes[(themes.indexOf(root.dataset.theme || "auto") + 1) % themes.length];
    theme(next);
    try { localStorage.setItem("evimap-theme", next); } catch (e) { /* not kept */ }
  });

  function open(row, yes) {
    row.classList.toggle("opened", yes);
    row.querySelector("button.open").setAttribute("aria-expanded", String(yes));
  }
  rows.forEach(function (row) {
    open(row, false);
    row.querySelector("button.open").addEventListener("click", function () {
      open(row, !row.classList.contains("opened"));
    });
  });

  // Filters
  var form = $("filters");
  var keys = ["framework", "group", "coverage", "machine", "system"];
  var texts = new Map();
  function text(row) {
    var known = texts.get(row);
    if (known === undefined) { known = row.textContent.toLowerCase(); texts.set(row, known); }
    return known;
  }
  function filter() {
    var wanted = keys.map(function (key) { return [key, $("f-" + key).value]; })
      .filter(function (pair) { return pair[1] !== ""; });
    var words = $("q").value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row) {
      var fits = wanted.every(function (pair) { return row.dataset[pair[0]] === pair[1]; }) &&
        words.every(function (word) { return text(row).indexOf(word) >= 0; });
      row.hidden = !fits;
      if (fits) { shown += 1; }
    });
    $("count").textContent = $("count").dataset.text.replace("{shown}", shown).replace("{all}", rows.length);
    $("none-shown").hidden = shown > 0;
  }
  var timer = 0;
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("change", filter);
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  $("q").addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(filter, 120); });
  $("expand").addEventListener("click", function () {
    rows.forEach(function (row) { if (!row.hidden) { open(row, true); } });
  });
  $("collapse").addEventListener("click", function () {
    rows.forEach(function (row) { open(row, false); });
  });
  filter();

  // Links to a target open it; a target with rows per system is found by its beginning.
  function follow() {
    var id = decodeURIComponent(location.hash.slice(1));
    if (!id) { return; }
    var row = rows.filter(function (r) { return r.id === id; })[0] ||
      rows.filter(function (r) { return r.id.indexOf(id + "--") === 0; })[0];
    if (!row) { return; }
    if (row.hidden) { form.reset(); filter(); }
    open(row, true);
    row.scrollIntoView();
  }
  window.addEventListener("hashchange", follow);
  follow();
}());
