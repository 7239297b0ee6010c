// CSV as the review files have it: BOM, CRLF, quotes where needed, no cell that a spreadsheet runs.
const LEADS = /^[\t\r\n]/;
const RUNS = /^[=+\-@＝＋－＠]/;
// White space as the importer trims it.
const BLANKS = /^[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+/;
const runs = (text) => LEADS.test(text) || RUNS.test(text.replace(BLANKS, ""));
const bare = (text) => text.replace(/^'+/, "");
const escapeCell = (text) => runs(bare(text)) ? "'" + text : text;
const unescapeCell = (text) => text.startsWith("'") && runs(bare(text.slice(1))) ? text.slice(1) : text;

function toCsv(header, table) {
  const cell = (text) => /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  const line = (cells) => cells.map((c) => cell(escapeCell(c))).join(",") + "\r\n";
  return "\uFEFF" + line(header) + table.map(line).join("");
}

// UTF-8, UTF-16 by its mark, else Windows-1252, as programs save it.
function decode(buffer) {
  const bytes = new Uint8Array(buffer);
  if (bytes[0] === 0xFF && bytes[1] === 0xFE) { return new TextDecoder("utf-16le").decode(bytes); }
  if (bytes[0] === 0xFE && bytes[1] === 0xFF) { return new TextDecoder("utf-16be").decode(bytes); }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function records(text, delimiter) {
  const out = [];
  let record = [], cell = "", at = 0, quoted = false;
  const endCell = () => { record.push(cell); cell = ""; };
  const endRecord = () => { endCell(); out.push(record); record = []; };
  while (at < text.length) {
    const c = text[at];
    if (quoted) {
      if (c === '"' && text[at + 1] === '"') { cell += c; at += 1; }
      else if (c === '"') { quoted = false; }
      else { cell += c; }
    } else if (c === '"' && cell === "") { quoted = true; }
    else if (c === delimiter) { endCell(); }
    else if (c === "\r" || c === "\n") {
      if (c === "\r" && text[at + 1] === "\n") { at += 1; }
      endRecord();
    } else { cell += c; }
    at += 1;
  }
  if (cell !== "" || record.length) { endRecord(); }
  if (quoted) { throw new Error(t("desk-open-quote")); }
  return out;
}

// Rows by column name. Throws an Error that a person can read.
function readTable(buffer) {
  let text = decode(buffer).replace(/^\uFEFF/, "");
  if (text.startsWith("PK\u0003\u0004")) {
    throw new Error(t("desk-workbook"));
  }
  const declared = /^"?sep=(.)"?\r?\n/i.exec(text);
  if (declared) { text = text.slice(declared[0].length); }
  const first = text.slice(0, text.search(/[\r\n]|$/));
  const count = (d) => first.split(d).length;
  const delimiter = declared ? declared[1] : [",", ";", "\t"].sort((a, b) => count(b) - count(a))[0];
  const lines = records(text, delimiter).filter((cells) => cells.some((c) => c.trim() !== ""));
  const header = (lines.shift() || []).map((c) => c.trim().toLowerCase().replace(/[ -]/g, "_"));
  for (const needed of ["proposal_id", "decision", "reviewer"]) {
    if (!header.includes(needed)) {
      throw new Error(t("desk-no-column", { column: needed }));
    }
  }
  return lines.map((cells) => new Map(header.map((name, at) => [name, unescapeCell(cells[at] || "")])));
}
