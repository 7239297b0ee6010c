//! The files of messages against each other and against the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;

use super::*;

const FILES: [(Language, &str); 3] = [(Language::En, EN), (Language::De, DE), (Language::Fr, FR)];

/// Every message of one file alone, without what English lends it.
fn own(text: &str) -> BTreeMap<String, Forms> {
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(read, _)| read);
    let form = |pattern: &Pattern<&str>, plural| {
        let mut out = String::new();
        expand(pattern, plural, &mut out);
        out
    };
    messages(&resource)
        .map(|(id, p)| (id.to_owned(), Forms { one: form(p, "one"), other: form(p, "other") }))
        .collect()
}

fn sources(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
        let test = path.file_stem().is_some_and(|stem| stem.to_string_lossy().starts_with("tests"));
        if path.is_dir() && !test {
            sources(&path, out);
        } else if matches!(ending, "rs" | "html" | "js") && !test {
            out.push(path);
        }
    }
}

/// All text literals of the code, and where they stand.
fn literals() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let quoted = Regex::new(r#""([a-z][a-z0-9-]*)""#).unwrap();
    let mut out = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        // What people and documents say in test reports is no message.
        if name.contains("/fixture") {
            continue;
        }
        for found in quoted.captures_iter(&text) {
            out.push((found[1].to_owned(), name.clone()));
        }
    }
    out
}

#[test]
fn every_file_is_sound_and_names_an_id_once() {
    for (language, text) in FILES {
        if let Err((_, errors)) = FluentResource::try_new(text.to_owned()) {
            panic!("{language}.ftl: {errors:?}");
        }
        let mut seen = BTreeSet::new();
        let ids = text.lines().filter_map(|l| l.split_once(" =")).map(|(id, _)| id);
        let ids = ids.filter(|id| id.starts_with(|c: char| c.is_ascii_lowercase()));
        let twice: Vec<&str> = ids.filter(|id| !seen.insert(*id)).collect();
        assert!(twice.is_empty(), "{language}.ftl names twice: {twice:?}");
    }
}

#[test]
fn every_language_says_everything_and_puts_the_same_things_in() {
    let english = own(EN);
    let mut faults = Vec::new();
    for (language, text) in FILES.into_iter().skip(1) {
        let all = own(text);
        faults.extend(
            english
                .keys()
                .filter(|id| !all.contains_key(*id))
                .map(|id| format!("{language}.ftl lacks {id} = {}", english[id].other)),
        );
        for (id, forms) in &all {
            let Some(model) = english.get(id) else {
                faults.push(format!("{language}.ftl: {id} is not in en.ftl"));
                continue;
            };
            for form in [&forms.one, &forms.other] {
                if placeholders(form) != placeholders(&model.other) {
                    faults.push(format!("{language}.ftl: {id} puts in {:?}", placeholders(form)));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

/// An id that the code names and no file has would show itself to people; one that no code names is
/// a translation that nobody reads.
#[test]
fn the_code_and_the_messages_name_the_same_ids() {
    let english = own(EN);
    let literals = literals();
    let named: BTreeSet<&str> = literals.iter().map(|(text, _)| text.as_str()).collect();
    let is_word = |id: &str| id.starts_with(WORD) || id.starts_with("said-");
    let unused: Vec<&String> =
        english.keys().filter(|id| !is_word(id) && !named.contains(id.as_str())).collect();
    assert!(unused.is_empty(), "no code says {unused:?}");

    let families = [
        "col-", "band-", "sheet-", "html-", "page-", "desk-", "fact-", "meaning-", "caveat-",
        "cut-", "read-", "soa-", "gap-", "pack-", "sign-", "count-", "lacks-", "weight-", "check-",
        "guide-", "reuse-",
    ];
    let told = Regex::new(r#"\b(?:text|with|t)\(\s*"([a-z][a-z0-9-]*)""#).unwrap();
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for (text, file) in &literals {
        let ours = file.starts_with("src/report/") || file.starts_with("src/review/export");
        let style = ["band-m", "band-r", "desk-"].contains(&text.as_str());
        if ours
            && !style
            && families.iter().any(|f| text.starts_with(f))
            && !english.contains_key(text)
        {
            missing.insert(format!("{file}: {text}"));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src/report"), &mut files);
    // The test report has functions of its own.
    for file in files.into_iter().filter(|file| !file.to_string_lossy().contains("fixture")) {
        for found in told.captures_iter(&fs::read_to_string(&file).unwrap()) {
            if !english.contains_key(&found[1]) {
                missing.insert(format!("{}: {}", file.display(), &found[1]));
            }
        }
    }
    assert!(missing.is_empty(), "no message for {missing:#?}");
}

/// `word-…` is found by the English word, so that word must be somewhere in the code or the seeds.
#[test]
fn every_word_of_the_vocabulary_is_found_by_the_english_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for dir in ["src/domain", "src/assess", "src/report", "src/catalog"] {
        sources(&root.join(dir), &mut files);
    }
    let mut text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    for (_, seeds) in crate::catalog::TARGET_FILES {
        text.push_str(seeds);
    }
    let mut strange = Vec::new();
    for (id, forms) in own(EN).iter().filter(|(id, _)| id.starts_with(WORD)) {
        let word = &forms.other;
        if word_id(word) != *id {
            strange.push(format!("{id} can't be found by `{word}`"));
        }
        let quoted = [format!("\"{word}\""), format!("\"{}\"", word.replace(' ', "-"))];
        if !quoted.iter().any(|quoted| text.contains(quoted)) {
            strange.push(format!("nothing says `{word}`"));
        }
    }
    assert!(strange.is_empty(), "{strange:#?}");
}

/// Messages whose longest piece a stage puts together, and the longest piece that it has whole.
const SPLIT: [(&str, &str); 15] = [
    ("said-like-accepted", "like a quote that {who} {verb} for this {kind} on "),
    ("said-like-rejected", "like a quote that {who} {verb} for this {kind} on "),
    ("said-undecided-first", "} undecided first)"),
    ("said-undecided-first-one", "} undecided first)"),
    ("said-change-evidence", "} {word} on suggestions or own evidence"),
    ("said-risk-several-missing", "is included because of risk, but {but}"),
    ("said-risk-unnamed", "no risk of the register names it"),
    ("said-phrase-excluded", "{row} is {what} with a phrase: "),
    ("said-phrase-justified", "{row} is {what} with a phrase: "),
    ("said-organisation-records", "} of operation without a system counts for all {"),
    ("said-organisation-record", "} of operation without a system counts for all {"),
    ("said-reads-rule", "reads as {} in a {}"),
    ("said-reads-record", "reads as {} in a {}"),
    (
        "said-audit-nothing-levels",
        "no earlier result weighs, and controls are spread by linked risks and {} only",
    ),
    (
        "said-audit-nothing",
        "no earlier result weighs, and controls are spread by linked risks and {} only",
    ),
];

/// A sentence that an earlier stage words anew would silently stay English.
#[test]
fn every_sentence_is_one_that_a_stage_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for dir in ["src/domain", "src/assess", "src/matching", "src/review"] {
        sources(&root.join(dir), &mut files);
    }
    let text: String = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    // A literal may go over several lines.
    let text = Regex::new(r"\\\n\s*").unwrap().replace_all(&text, "").replace("\\\"", "\"");
    let mut unknown = Vec::new();
    for (id, forms) in own(EN).iter().filter(|(id, _)| id.starts_with("said-")) {
        let pieces = forms.other.split(['{', '}']);
        let longest = pieces.step_by(2).flat_map(|p| p.split([':', '(', ')'])).map(str::trim);
        let longest = longest.max_by_key(|piece| piece.len()).unwrap();
        // Some stages put words in where the message has them.
        let split = SPLIT.iter().find(|(split, _)| id == split);
        let longest = split.map_or(longest, |(_, piece)| *piece);
        if !text.contains(longest) {
            unknown.push(format!("{id}: nobody says `{longest}`"));
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

#[test]
fn what_earlier_stages_said_is_told_and_what_people_said_is_not() {
    let german = Words::of(Language::De);
    for (english, told) in [
        ("review 3 suggestions", "3 Vorschläge prüfen"),
        (
            "no evidence accepted for d1, o2; 2 deferred",
            "kein Nachweis angenommen für d1, o2; 2 zurückgestellt",
        ),
        (
            "not evidence by itself: a table of contents; cites A.5.1",
            "für sich kein Nachweis: ein Inhaltsverzeichnis; nennt A.5.1",
        ),
        (
            "design: P.docx, 3 Page 4, paragraph 18; T.xlsx, S!A1",
            "Festlegung: P.docx, 3 Page 4, Absatz 18; T.xlsx, S!A1",
        ),
        ("implementation status: planned → implemented", "Umsetzungsstatus: geplant → umgesetzt"),
        ("owner: open → Jane", "Verantwortlich: open → Jane"),
        (
            "ISO27001:A.5.1 (triage) is planned, but for no date",
            "ISO27001:A.5.1 (triage) ist geplant, aber ohne Datum",
        ),
        (
            "We keep logs because the hospital asks for them.",
            "We keep logs because the hospital asks for them.",
        ),
    ] {
        assert_eq!(german.said(english), told);
        assert_eq!(Words::english().said(english), english);
    }
}

/// Nothing after the colon is ours, whatever it looks like.
#[test]
fn a_comment_inside_a_sentence_stays_as_it_was_written() {
    let german = Words::of(Language::De);
    let own = "1 deferred; new; the gap is still open";
    let english = format!("2 deferred; ISO27001:A.5.1: the evidence was found insufficient: {own}");
    let told = german.said(&english);
    assert!(told.starts_with("2 zurückgestellt; ") && told.ends_with(own), "{told}");
    assert!(told.contains("als unzureichend beurteilt"), "{told}");
    let bare = "the evidence was found insufficient: find or produce what is missing";
    assert!(!german.said(bare).contains("missing"));
}

#[test]
fn where_it_is_implemented_is_told_and_names_of_documents_are_not() {
    assert_eq!(
        Words::of(Language::De).how(
            "design: page 3.docx, page 4; new; design.md, line 2; and 2 more; operation: None, x"
        ),
        "Festlegung: page 3.docx, Seite 4; new; design.md, Zeile 2; und 2 weitere; \
         Umsetzung: None, x"
    );
}

#[test]
fn the_state_of_each_system_is_told() {
    let french = Words::of(Language::Fr);
    let told = french.said("weakest: my chat (not reviewed); the full thing partial, s2 full");
    assert_eq!(
        told,
        "le plus faible\u{a0}: my chat (non examiné); the full thing partielle, s2 complète"
    );
    let told = french.said("applicability differs: s1 applicable, s2 not decided");
    assert_eq!(told, "l'applicabilité diffère\u{a0}: s1 applicable, s2 non décidé");
}

/// A sentence of ours with something else in the place of a word, and a lone word, may be a person's.
#[test]
fn what_only_looks_like_a_sentence_of_ours_is_left_alone() {
    for language in [Language::De, Language::Fr] {
        let words = Words::of(language);
        for text in [
            "Accepted in Q3",
            "full in scope",
            "partial in Minutes 2026.docx",
            "ok",
            "None",
            "the document is on the shelf",
            "weakest: the back door (wooden)",
            "applicability: as agreed → see mail",
        ] {
            assert_eq!(words.said(text), text, "{language}");
        }
    }
    let german = Words::of(Language::De);
    assert_eq!(german.said("reasons: risk, legal → –"), "Gründe: Risiko, gesetzlich → –");
    assert_eq!(
        german.said("provided by: own → shared (Hosting, none)"),
        "erbracht durch: selbst → geteilt (Hosting, none)"
    );
}

/// What is never said of an organisation, in any language. Only what a message denies or quotes of
/// the standards may hold such a word, and none does.
#[test]
fn no_message_gives_a_verdict() {
    let never = Regex::new(
        r"(?ix)
          \b(non-?)?complian(t|ce)\b | \b(non-?)?conform(ing|ant|ity|ities|s)?\b | \bcertified\b
        | audit-?ready | \bnonconformit
        | \b(nicht)?konform | zertifiziert | nichtkonformit | auditbereit | auditreif | normgerecht
        | \b(non-?\ ?)?conform(e|es|ité|ités)\b | certifi(é|e)e?s?\b | pr(ê|e)te?s?\ pour\ l.audit",
    )
    .unwrap();
    let mut found = Vec::new();
    for (language, text) in FILES {
        for (id, forms) in own(text) {
            for form in [&forms.one, &forms.other] {
                if never.is_match(form) {
                    found.push(format!("{language}.ftl: {id} = {form}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    for verdict in ["ist konform mit", "Nichtkonformität", "est conforme", "certifié", "compliant"]
    {
        assert!(never.is_match(verdict), "{verdict}");
    }
}

#[test]
fn a_number_chooses_its_form_and_english_stands_in() {
    let count =
        |language, n: usize| Words::of(language).with("status-contradictions", &[("n", n.into())]);
    assert_eq!(count(Language::En, 1), "1 contradiction");
    assert_eq!(count(Language::De, 2), "2 Widersprüche");
    // French says none in the singular.
    assert_eq!(count(Language::Fr, 0), "0 contradiction");
    assert_eq!(Words::of(Language::Es).text("open"), "OPEN");
    assert_eq!(Words::of(Language::De).text("no-such-id"), "no-such-id");
    assert_eq!(Words::of(Language::De).word("something of a person"), "something of a person");
    assert_eq!(Words::english().word("likely-evidence"), "likely evidence");
    assert_eq!(Words::of(Language::De).words("risk; legal"), "Risiko; gesetzlich");
}
