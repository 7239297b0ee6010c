#!/usr/bin/env python3
"""Write seed inputs for the fuzz targets into corpus/TARGET/.

    python3 fuzz/seeds.py

Most come from fixtures/isms, the rest is written here. Office files become `=== NAME` parts, the
form that src/containers.rs builds a container from. Needs nothing but Python.
"""
import struct
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parent / "fixtures" / "isms"
LARGEST = 24_000  # larger seeds slow every round down

# Parts that no reader looks at, or that are too large to be worth a mutation.
DROPPED = ("docProps/thumbnail", "docProps/app", "word/theme", "xl/theme", "ppt/theme", "customXml",
           "word/styles", "word/settings", "word/webSettings", "word/fontTable", "word/numbering", "ppt/slideMasters",
           "ppt/slideLayouts", "ppt/notesMasters", "ppt/printerSettings", "ppt/presProps", "ppt/viewProps", "ppt/tableStyles")

STYLES = b"""<w:styles xmlns:w="w"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>\
<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style><w:style w:type="paragraph" w:styleId="B"><w:name w:val="b"/>\
<w:basedOn w:val="Heading1"/></w:style></w:styles>"""


def parts(pairs) -> bytes:
    return b"\n".join(b"=== " + name.encode() + b"\n" + content for name, content in pairs)


def unpacked(path: Path):
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        return None
    out = [(i.filename, archive.read(i)) for i in archive.infolist() if not i.filename.startswith(DROPPED)]
    if path.suffix == ".docx":
        out.append(("word/styles.xml", STYLES))
    return out


def wide(text: str) -> bytes:
    return text.encode("utf-16-le")


def rtf():
    yield rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}{\f1\fcharset204 B;}}{\stylesheet{\s1 heading 1;}}" \
          rb"{\info{\title Access}{\author Jane}{\creatim\yr2024\mo3\dy1\hr8}}\pard\s1 Scope\par\pard All \b sites\b0 .\par" \
          rb"\trowd\pard\intbl Owner\cell CISO\cell\row\pard End\par}"
    yield rb"{\rtf1 Pr\'fcfung \u8364? {\uc2\u228ae}x {\f1\'e4\'e0} \u-10179?\u-8704?\line a\_b\~c\{\}}"
    yield rb"{\rtf1 a{\*\generator W;}{\pict 00ff}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}{\deleted gone}{\v hid}" \
          rb"{\bin5 {{{{{}b{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt box}}}"
    yield rb"{\rtf1{\header Internal\par}{\headerl Internal}text{\footnote first {\field{\fldrslt x}}}{\*\atnauthor Ann}" \
          rb"{\*\annotation{\*\atndate 1}why?}\par}"
    yield rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Hello\htmlrtf\par}\htmlrtf0}"


def word2() -> bytes:
    text = b"Policy\r\x13 PAGE \x143\x15 of\x1ethem\rVersion\t2.1\x07Owner\x07CISO\r"
    head = bytearray(0x180)
    head[:2] = b"\xdb\xa5"
    head[0x18:0x1c] = struct.pack("<I", 0x180)
    head[0x34:0x38] = struct.pack("<I", len(text))
    return bytes(head) + text


def word97() -> bytes:
    """One piece of 8-bit text: paragraphs, a row, a field."""
    text = b"1 Scope\rAll sites are in scope. Version 2.1\rOwner\x07CISO\x07\x07\x13 PAGE \x14 3\x15 end\r"
    fib = bytearray(0x400)
    fib[:4] = struct.pack("<HH", 0xA5EC, 0x00C1)
    fib[0x0A:0x0C] = struct.pack("<H", 0x0200)
    fib[0x18:0x20] = struct.pack("<II", 0x400, 0x400 + len(text))
    fib[0x20:0x22] = struct.pack("<H", 14)
    fib[0x3E:0x40] = struct.pack("<H", 22)
    fib[0x4C:0x50] = struct.pack("<I", len(text))
    fib[0x98:0x9A] = struct.pack("<H", 93)
    piece = struct.pack("<HIH", 0, 0x400 * 2 | 0x40000000, 0)
    plc = struct.pack("<II", 0, len(text)) + piece
    clx = b"\x02" + struct.pack("<I", len(plc)) + plc
    fib[0x1A2:0x1AA] = struct.pack("<II", 0, len(clx))
    return parts([("WordDocument", bytes(fib) + text), ("1Table", clx)])


def record(kind: int, content: bytes, container: bool = False, instance: int = 0) -> bytes:
    return struct.pack("<HHI", (15 if container else 0) | instance << 4, kind, len(content)) + content


def ppt() -> bytes:
    texts = record(1011, struct.pack("<IIiII", 1, 0, 2, 256, 0))
    texts += record(3999, struct.pack("<I", 0)) + record(4000, wide("Access"))
    texts += record(3999, struct.pack("<I", 1)) + record(4008, b"Rights are reviewed\rtwice a year")
    document = record(1000, record(4080, texts, True), True)
    edit = record(4085, struct.pack("<IIIIIIHH", 256, 0x03000000, 0, len(document) + 36, 1, 1, 1, 0))
    directory = record(6002, struct.pack("<II", 1 << 20 | 1, 0))
    user = record(4086, struct.pack("<IIIHHBBH", 20, 0xE391C05F, len(document), 4, 1012, 3, 0, 0) + b"Jane")
    return parts([("PowerPoint Document", document + edit + directory), ("Current User", user)])


def msg():
    def fixed(header, *entries):
        return bytes(header) + b"".join(struct.pack("<IIQ", tag, 0, value) for tag, value in entries)

    attach, inner = "__attach_version1.0_#00000000", "__attach_version1.0_#00000001"
    inside = inner + "/__substg1.0_3701000D"
    yield parts([
        ("__properties_version1.0", fixed(32, (0x00390040, 133537248000000000), (0x3FFD0003, 1251))),
        ("__substg1.0_0037001F", wide("Access  review")),
        ("__substg1.0_0C1A001E", b"\xC0\xED\xED\xE0"),
        ("__substg1.0_1000001F", wide("Done.\r\n\r\nAll rights checked.")),
        (attach + "/__substg1.0_3707001F", wide("log.csv")),
        (attach + "/__substg1.0_37010102", b"a;b"),
        (inner + "/__substg1.0_3001001F", wide("Earlier")),
        (inside + "/__properties_version1.0", fixed(24)),
        (inside + "/__substg1.0_10130102", b"<p>From <b>before</b></p><table><tr><td>x<td>y</table>"),
    ])
    packed = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900"
                           "20627705b06c647d0a800fa0")
    yield parts([("__properties_version1.0", fixed(32)), ("__substg1.0_0037001E", b"x"),
                 ("__substg1.0_10090102", packed)])


def odf():
    ns = ' xmlns:office="o" xmlns:text="t" xmlns:table="b" xmlns:draw="d" xmlns:presentation="p" xmlns:style="s"'
    kind = "application/vnd.oasis.opendocument."
    text = f"""<office:document-content{ns}><office:automatic-styles><style:style style:name="P1" style:family="paragraph" \
style:parent-style-name="Heading_20_1"/></office:automatic-styles><office:body><office:text>\
<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>\
<text:h text:outline-level="1">Scope</text:h><text:p text:style-name="P1">All<text:s text:c="3"/>sites<text:tab/>x<text:line-break/>y\
<text:note text:note-class="footnote"><text:note-body><text:p>foot</text:p></text:note-body></text:note></text:p>\
<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>Owner</text:p>\
</table:table-cell><table:table-cell table:number-columns-repeated="2"><text:p>CISO</text:p></table:table-cell></table:table-row></table:table>\
<office:annotation><text:p>why?</text:p></office:annotation></office:text></office:body></office:document-content>"""
    slides = f"""<office:document-content{ns}><office:body><office:presentation><draw:page draw:name="a"><draw:frame presentation:class="title">\
<draw:text-box><text:p>Access</text:p></draw:text-box></draw:frame><draw:frame><draw:text-box><text:p>Twice a year</text:p></draw:text-box></draw:frame>\
<presentation:notes><draw:frame><draw:text-box><text:p>note</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>\
</office:presentation></office:body></office:document-content>"""
    cells = f"""<office:document-content{ns}><office:body><office:spreadsheet><table:table table:name="R"><table:table-row \
table:number-rows-repeated="3"><table:table-cell office:value-type="date" office:date-value="2026-01-02"><text:p>02.01.26</text:p></table:table-cell>\
<table:table-cell office:value-type="float" office:value="1.5" table:number-columns-repeated="4"><text:p>1,5</text:p></table:table-cell>\
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
    meta = f"""<office:document-meta{ns} xmlns:dc="c" xmlns:meta="m"><office:meta><dc:title>Access</dc:title>\
<meta:creation-date>2026-01-02T03:04:05</meta:creation-date></office:meta></office:document-meta>"""
    for number, (name, content) in enumerate((("text", text), ("presentation", slides), ("spreadsheet", cells))):
        yield bytes([number]) + parts([("mimetype", (kind + name).encode()), ("content.xml", content.encode()),
                                       ("meta.xml", meta.encode())])


def pptx() -> bytes:
    ns = 'xmlns:p="p" xmlns:a="a" xmlns:r="r"'
    relations = '<Relationships>%s</Relationships>'
    relation = '<Relationship Id="rId%d" Type="x/%s" Target="%s"/>'
    shape = '<p:sp><p:nvSpPr><p:nvPr><p:ph type="%s"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>%s</a:t></a:r></a:p></p:txBody></p:sp>'
    table = '<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>Owner</a:t></a:r></a:p></a:txBody></a:tc>' \
            '<a:tc><a:txBody><a:p><a:r><a:t>CISO</a:t></a:r><a:br/></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>'
    pairs = [
        ("ppt/presentation.xml", f'<p:presentation {ns}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>'),
        ("ppt/_rels/presentation.xml.rels", relations % (relation % (1, "slide", "slides/slide1.xml"))),
        ("ppt/slides/slide1.xml", f'<p:sld {ns}><p:cSld><p:spTree>{shape % ("title", "Access")}{shape % ("body", "Twice a year")}{table}'
                                  f'</p:spTree></p:cSld></p:sld>'),
        ("ppt/slides/_rels/slide1.xml.rels", relations % (relation % (1, "notesSlide", "../notesSlides/notesSlide1.xml")
                                                          + relation % (2, "comments", "../comments/comment1.xml"))),
        ("ppt/notesSlides/notesSlide1.xml", f'<p:notes {ns}><p:cSld><p:spTree>{shape % ("body", "say it")}</p:spTree></p:cSld></p:notes>'),
        ("ppt/comments/comment1.xml", f'<p:cmLst {ns}><p:cm authorId="0"><p:text>why?</p:text></p:cm></p:cmLst>'),
        ("ppt/commentAuthors.xml", f'<p:cmAuthorLst {ns}><p:cmAuthor id="0" name="Ann"/></p:cmAuthorLst>'),
    ]
    return parts([(name, content.encode()) for name, content in pairs])


CONTROL = [
    "# Access policy\n| Version | 2.1\n| Owner | CISO | Status | approved |\n| Approved by | Jane Doe (CEO) on 2026-01-02\n"
    " Access is granted by role.\n_ Internal - Version 2.1 - Page 1 of 3\n^ Linnhafen | Confidential",
    " Version 2.0 · approved by J. Doe on 1 March 2026 · next review 2027-03\n This policy was approved by the board on 1 March 2026.\n"
    " Diese Richtlinie wurde am 1. März 2026 durch die Geschäftsführung freigegeben.",
    "| Version Date Author Status\n| 0.9 2025-12-01 Jane Doe draft\n| 1.0 2026-01-02 Jane Doe approved\n| 1.1 02.03.2026 Max approved",
    " Owner: CISO\n+Version: 1.0\n+Freigabe: ausstehend\n+Nächste Überprüfung: Q3 2026\n? really?\n! note",
]

SENTENCES = [
    "Keys, e.g. AES keys, are rotated. Logs are kept.\n3. Review yearly.\n- first\n- second\nVisitors sign in\nBadges are worn",
    "on 2026-03-01 am 1.3.2026, 1. März 2026; 1st March 2026, March 1, 2026. 25/12/2025 03/04/2026 2026-03-01T08:30:00Z 12-Mar-2026",
    "2026-Q1 Q4/2025 3. Quartal 2026 H1 2026 02/2024 June 2026 Stand: Dezember 2025",
]

REVIEW = [
    "proposal_id,target,decision,reviewer,decided_on,comment\r\np-0123456789abcdef,ISO27001:A.5.15,accept,Jane Doe,2026-03-25,\"a, b\"\r\n",
    "sep=;\r\ntarget;title;level;system;applicability;inclusion_reasons;justification;risk_ids;implementation_status;provided_by;owner;due;conclusion;"
    "decided_by;decided_on;comment\r\nISO27001:A.5.15;Access control;organisation;;applicable;baseline;we need it;;implemented;own;Jane;25.03.2026;"
    "evidence sufficient;Jane Doe;46106;'=x\r\nISO27001:9.2.1;;;;;;;;;;;;\"looked, nothing found\";Jane Doe;3/25/26;\r\n",
    "proposal_id\ttarget\tpoints\tdocument\tquote\tevidence_kind\tevidence_date\talso_for\tdecision\treviewer\tdecided_on\tcomment\r\n"
    "\tISO27001:A.5.15\td1\tpolicies/access.md\tAccess rights are granted by role\tdesign\t2026-01-02\tISO42001:A.3.2\taccept\tJane Doe\t2026-01-03\tok\r\n",
]

HTML = [
    b"<html><head><title>Access</title><meta name=author content=Ann><style>x{}</style></head><body><h1>Access</h1><p>One <b>two</b><br>three"
    b"<ul><li>a<ul><li>b</ul></ul><table><tr><th>Control<th>Owner<tr><td>A.5.15<td><p>Ann</table><pre>x\n  y</pre><script>'<p>'</script>",
    b"plain &amp; simple &#0; &nbsp;&shy;",
    b"<meta charset=utf-16><svg><title>x</title></svg><template><p>t</template><select><option>a<option>b</select><textarea>\n x",
]

MAIL = [
    b"From: Ann <ann@example.org>\r\nTo: bob@example.org\r\nDate: Mon, 5 Jan 2026 10:00:00 +0100\r\nSubject: =?utf-8?q?Pr=C3=BCfung?=\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nFirst.\r\n\r\nSecond.\r\n--b\r\nContent-Type: text/csv; name=\"r.csv\"\r\n"
    b"Content-Disposition: attachment; filename=\"r.csv\"\r\n\r\na,b\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: c@d.e\r\nSubject: inner\r\n\r\ntext\r\n--b--\r\n",
    b"From: a@b.c\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<h1>Report</h1><p>All =E4 good.</p>",
]

MARKDOWN = [
    b"---\ntitle: \"Access policy\"\nversion: 2.1\n---\n# Access **policy**\n\nIntro with a [link][1].\n\nScope\n-----\n\n- first item\n- second item\n  - nested\n\n"
    b"1. loose\n\n   more\n\n| control | owner |\n|---|---|\n| A.5.15 | Ann |\n\n```sh\nsudo id\n```\n\nNote[^1].\n\n[^1]: Foot text.\n\n[1]: http://example.org/x\n",
    b"> quote\n> - item\n>   > deep\n\n* [ ] task\n\n<!-- comment -->\n<div>html</div>\n\n    code\n***\n+++\na = 1\n+++\n",
]


def pdf() -> bytes:
    """Glyph steps: text, x, y high, y low, size, turn, width, mode."""
    out = b""
    for page in range(3):
        for line, text in enumerate(("Access policy", "1 Purpose", "Rights are reviewed", "twice a year.", "Page 1 of 3")):
            size, y = (14 if line == 1 else 10), (195, 170, 160, 157, 5)[line]
            for n, c in enumerate(text):
                mode = 2 if n == 0 else 0
                if page and not line and not n:
                    mode |= 0x80
                out += bytes([ord(c), 20 + 2 * n, y, 0, size, 0, 16, mode])
    return out


def main():
    seeds = {name: [] for name in ("docx pptx sheets csv html markdown text mail archive sniff control segment review "
                                   "rtf doc ppt msg odf pdf").split()}
    by_suffix = {".docx": "docx", ".pptx": "pptx", ".xlsx": "sheets", ".csv": "csv", ".html": "html", ".md": "markdown", ".eml": "mail"}
    for path in sorted(SAMPLE.rglob("*")):
        target = by_suffix.get(path.suffix)
        if not target or not path.is_file():
            continue
        if path.suffix in (".docx", ".pptx", ".xlsx"):
            pairs = unpacked(path)
            if pairs:
                seeds[target].append(parts(pairs))
        else:
            seeds[target].append(path.read_bytes())
    seeds["rtf"] += rtf()
    seeds["doc"] += [word2(), word97()]
    seeds["ppt"].append(ppt())
    seeds["pptx"].append(pptx())
    seeds["msg"] += msg()
    seeds["odf"] += odf()
    seeds["pdf"].append(pdf())
    seeds["html"] += HTML
    seeds["mail"] += MAIL
    seeds["markdown"] += MARKDOWN
    seeds["csv"] += [b"sep=;\na;b\n1;\"x\ny\"\n", b"a\tb\n\n1\t2\r\n", "Prüfung,Müller\n".encode("cp1252"), wide("a,b\nc,d\n")]
    seeds["text"] += [b"\none\ntwo\n\n  \nthree", wide("Prüfung; x\n\ny"), b"\xfe\xff" + "Prüfung".encode("utf-16-be"), "Löschung €".encode("cp1252")]
    seeds["control"] += [text.encode() for text in CONTROL]
    seeds["segment"] += [text.encode() for text in SENTENCES]
    seeds["review"] += [text.encode() for text in REVIEW]
    members = [("a/policy.md", MARKDOWN[0]), ("b.html", HTML[0]), ("c.eml", MAIL[0]), ("d.csv", b"a;b\n1;2\n"), (".hidden", b"x"), ("e.rtf", next(rtf()))]
    seeds["archive"].append(parts(members))
    seeds["sniff"] += [bytes([n]) + content for n, (_, content) in enumerate(members)]
    seeds["sniff"] += [b"\x05\x09\x08\x10\x00\x00\x06\x05\x00", b"\x00" + word2(), b"\x06\x89PNG\r\n\x1a\n", b"\x06From x\nFrom: y"]
    for target, contents in seeds.items():
        folder = HERE / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        small = [content for content in contents if len(content) <= LARGEST]
        for number, content in enumerate(small):
            (folder / f"seed-{number:02}").write_bytes(content)
        print(f"{target}: {len(small)} seeds")


if __name__ == "__main__":
    main()
