//! Input that nobody should write and somebody will: nothing of it may look like evidence, end the
//! run, or take for ever.

use super::{DocumentInput, Inputs, Matched, Matcher};
use crate::{
    catalog::Catalog,
    domain::{
        Band, BlockKind, DocumentProfile, DocumentStatus, DocumentType, Locator, MachineView, Part,
        Passage, Talk,
    },
    index::Index,
};

fn profile(title: &str) -> DocumentProfile {
    let bare = DocumentProfile::bare(DocumentType::Other, DocumentStatus::Unstated);
    DocumentProfile { title: title.into(), ..bare }
}

/// A document: path, profile, texts of its passages.
type Made = (String, DocumentProfile, Vec<String>);

fn matched(documents: &[Made]) -> Matched {
    let mut passages = Vec::new();
    let mut ranges = Vec::new();
    for (path, _, texts) in documents {
        let start = passages.len();
        for (n, text) in texts.iter().enumerate() {
            let n = n as u32;
            let part = Part { range: 0..text.len(), locator: Locator::lines(n + 1, n + 1) };
            let kind = BlockKind::Body;
            let passage =
                Passage::new(path.as_str().into(), n, kind, vec![], text.clone(), vec![part]);
            passages.extend(passage);
        }
        ranges.push(start..passages.len());
    }
    let inputs: Vec<DocumentInput<'_>> = documents
        .iter()
        .zip(&ranges)
        .map(|((path, profile, _), passages)| DocumentInput { path, hash: "", profile, passages })
        .collect();
    let index = Index::build(None, &passages).unwrap();
    let inputs = Inputs { documents: &inputs, passages: &passages, index: &index, systems: &[] };
    Matcher::new(Catalog::builtin()).propose(&inputs).unwrap()
}

fn alone(title: &str, texts: Vec<String>) -> Matched {
    matched(&[(format!("{title}.txt"), profile(title), texts)])
}

fn nothing_shown(matched: &Matched, what: &str) {
    if let Some(shown) = matched.proposals.iter().find(|p| p.band != Band::Possible) {
        let quote: String = shown.quote.chars().take(200).collect();
        panic!("{what}: {} {} {:?} {quote}", shown.target, shown.confidence, shown.talk);
    }
    let convinced = matched.views.iter().find(|v| v.machine_view == MachineView::LikelyEvidence);
    assert!(convinced.is_none(), "{what}: {convinced:?}");
}

#[test]
fn texts_without_a_statement_are_no_evidence() {
    let catalog = Catalog::builtin();
    // All the catalogue says, without a full stop: 100,000 words in one passage.
    let all: Vec<String> = catalog
        .targets()
        .flat_map(|t| t.exemplars.iter().map(|text| text.replace(['.', '!', '?'], "")))
        .collect();
    let words: Vec<String> =
        all.iter().flat_map(|text| text.split_whitespace()).map(str::to_owned).collect();
    let long: Vec<&str> = words.iter().cycle().take(100_000).map(String::as_str).collect();
    nothing_shown(&alone("long", vec![long.join(" ")]), "a passage of 100,000 words");
    nothing_shown(&alone("word", vec!["Backup".into()]), "one word");
    let numbers = (0..500).map(|n| format!("{} {}.{} 20{:02}", n, n % 9, n % 7, n % 30));
    let numbers: Vec<String> = numbers.collect();
    nothing_shown(&alone("numbers", vec![numbers.join(" ")]), "numbers only");
    let scripts = "Пароль パスワード 密码 كلمة السر סיסמה रहस्य Zugang अभिलेख 日本語 и доступ κλειδί"
        .to_owned();
    nothing_shown(&alone("scripts", vec![scripts]), "mixed scripts");
}

#[test]
fn a_page_that_repeats_terms_is_no_evidence() {
    let catalog = Catalog::builtin();
    for id in ["ISO27001:A.8.13", "ISO27001:A.5.15", "ISO27001:A.8.5", "ISO42001:A.6.2.4"] {
        let target = catalog.get(&id.parse().unwrap()).unwrap();
        let listed = target.terms.join(", ");
        // Over and over in one passage, cut into passages as `segment` would, in sentences.
        let spam = vec![vec![listed.clone(); 200].join(", ")];
        let cut: Vec<String> = (0..60).map(|_| vec![listed.clone(); 3].join(", ")).collect();
        let chant = vec![format!("{} is done. ", target.terms[0]).repeat(200)];
        for (what, texts) in [("spam", spam), ("cut", cut), ("chant", chant)] {
            let matched = alone("page", texts);
            let what = format!("{id}, {what}");
            let mine = matched.proposals.iter().filter(|p| p.target == target.id);
            for proposal in mine {
                assert_eq!(proposal.band, Band::Possible, "{what} {}", proposal.confidence);
            }
            let view = matched.views.iter().find(|v| v.target == target.id).unwrap();
            assert_ne!(view.machine_view, MachineView::LikelyEvidence, "{what}");
        }
    }
}

#[test]
fn a_statement_with_many_terms_is_still_evidence() {
    let text = "Backups of all servers are taken every night. The operations team restores a \
                random backup each quarter and records the result; failed restores are reported \
                to the information security officer and repeated within a week.";
    let matched = alone("Backup procedure", vec![text.into()]);
    let best = matched.proposals.iter().find(|p| p.target.as_str() == "ISO27001:A.8.13").unwrap();
    assert!(best.talk.is_none() && best.band != Band::Possible, "{best:?}");
}

#[test]
fn a_document_that_cites_every_control_proves_none() {
    let targets: Vec<_> = Catalog::builtin()
        .targets()
        .filter(|t| t.id.as_str().starts_with("ISO27001:A."))
        .map(|t| format!("{} {}", t.id.local(), t.title))
        .collect();
    assert_eq!(targets.len(), 93);
    let each = alone("ISO 27001:2022 overview", targets.clone());
    nothing_shown(&each, "each by itself");
    assert!(each.proposals.iter().any(|p| p.talk == Some(Talk::Soa)));
    let runs = targets.chunks(8).map(|some| some.join("\n")).collect();
    nothing_shown(&alone("ISO 27001:2022 overview", runs), "in runs");
}

#[test]
fn a_manual_that_treats_what_it_cites_is_evidence() {
    let mut texts: Vec<String> = Catalog::builtin()
        .targets()
        .filter(|t| t.id.as_str().starts_with("ISO27001:A."))
        .map(|t| {
            format!(
                "{} {}: our own way of doing this is laid down by the head of the \
                          department in a procedure, which staff can read at any time.",
                t.id.local(),
                t.title
            )
        })
        .collect();
    texts[0].push_str(" The policy was approved by the board.");
    let matched = alone("ISO 27001:2022 manual", texts);
    assert!(matched.proposals.iter().any(|p| p.band == Band::Strong && p.talk.is_none()));
}

#[test]
fn fifty_thousand_copies_are_one_proposal() {
    let text = "Visitors sign the log at reception, wear a badge and are escorted by staff.";
    let documents: Vec<Made> = (0..50_000)
        .map(|n| (format!("{n:05}/visitors.txt"), profile("Visitors"), vec![text.to_owned()]))
        .collect();
    let started = std::time::Instant::now();
    let matched = matched(&documents);
    let seconds = started.elapsed().as_secs();
    assert!(seconds < 120, "{seconds} s");
    let mine: Vec<_> =
        matched.proposals.iter().filter(|p| p.target.as_str() == "ISO27001:A.7.2").collect();
    assert_eq!(mine.len(), 1);
    assert_eq!(mine[0].document, "00000/visitors.txt");
    assert_eq!(mine[0].also_in.len(), 20);
    assert!(mine[0].reasons.iter().any(|r| r.contains("more documents; 20 are named")));
    assert!(matched.proposals.len() < 2000);
}

#[test]
fn the_version_in_force_speaks_for_the_others() {
    let new = "The owner of each system reviews all access rights every quarter and removes those \
               that are no longer needed for the job; the review is recorded in the ticket system.";
    let old = new.replace("quarter", "year");
    let version = |path: &str, number: &str, status, text: &str| {
        let profile = DocumentProfile {
            status,
            version: Some(number.into()),
            ..profile("Access control policy")
        };
        (path.to_owned(), profile, vec![text.to_owned()])
    };
    let matched = matched(&[
        version("a/policy 1.docx", "1.0", DocumentStatus::Superseded, &old),
        version("a/policy 2.docx", "2.0", DocumentStatus::Approved, new),
        version("b/policy 1.9.docx", "1.9", DocumentStatus::Approved, &old),
    ]);
    let mine: Vec<_> =
        matched.proposals.iter().filter(|p| p.target.as_str() == "ISO27001:A.5.18").collect();
    assert_eq!(mine.len(), 1, "{mine:#?}");
    assert_eq!(mine[0].document, "a/policy 2.docx");
    assert_eq!(mine[0].quote, new);
    assert_eq!(mine[0].also_in, ["a/policy 1.docx", "b/policy 1.9.docx"]);
}
