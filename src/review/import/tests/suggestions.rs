//! Rules of `suggestions.csv`.

use super::*;

const SHORT: [&str; 3] = ["proposal_id", "decision", "reviewer"];

fn decided(decision: &str, reviewer: &str) -> Vec<u8> {
    file(&SHORT, &[&[&id(QUOTE), decision, reviewer]])
}

/// A row with one more column.
fn with(column: &str, value: &str) -> Vec<u8> {
    let columns = [&SHORT[..], &[column]].concat();
    file(&columns, &[&[&id(QUOTE), "accept", "Jane Doe", value]])
}

#[test]
fn a_verdict_becomes_a_decision_with_everything_that_was_issued() {
    let import = World::new().import(decided("Akzeptiert", " jane  doe ")).unwrap();
    let issued = issued(TARGET, QUOTE);
    let decision = &import.decisions[0];
    assert_eq!(import.decisions.len(), 1);
    assert_eq!((decision.verdict, decision.origin), (Verdict::Accept, Origin::Proposal));
    assert_eq!(decision.proposal_id, issued.proposal_id);
    assert_eq!((&decision.quote, &decision.points), (&issued.quote, &issued.points));
    assert_eq!(decision.locator, Some(issued.locator));
    assert_eq!(decision.reviewer, "Jane Doe", "as it stands on the list");
    assert_eq!(decision.decided_on, day("2026-11-24"), "today where no day is given");
    assert_eq!((decision.provenance.row, decision.provenance.file.as_str()), (2, "file.csv"));
}

#[test]
fn blank_is_undecided_and_a_strange_word_is_an_error_that_lists_the_words() {
    let world = World::new();
    let import = world.import(decided("", "")).unwrap();
    assert_eq!((import.decisions.len(), import.undecided), (0, 1));
    assert_eq!(codes(&import), ["review-columns"]);
    assert!(codes(&world.import(decided("", "Jane Doe")).unwrap()).contains(&"review-undecided"));
    world.refuses(decided("maybe", "Jane Doe"), "review-decision", 2, "decision");
    let help = world.import(decided("maybe", "Jane Doe")).unwrap_err().pop().unwrap().help.unwrap();
    assert!(help.contains("accept") && help.contains("zurückgestellt"), "{help}");
}

#[test]
fn a_decision_needs_a_name_that_strict_workspaces_know() {
    let mut world = World::new();
    world.refuses(decided("reject", " "), "review-reviewer", 2, "reviewer");
    let import = world.import(decided("reject", "Eve")).unwrap();
    assert_eq!(import.decisions[0].reviewer, "Eve");
    assert!(codes(&import).contains(&"review-reviewer"));
    world.config.strict_reviewers = true;
    world.refuses(decided("reject", "Eve"), "review-reviewer", 2, "reviewer");
    assert!(world.import(decided("reject", "JANE DOE")).is_ok());
}

#[test]
fn days_are_read_as_spreadsheets_write_them_and_never_guessed() {
    let world = World::new();
    let on = |text: &str| world.import(with("decided_on", text)).unwrap().decisions[0].decided_on;
    assert_eq!(on("24.11.2026"), day("2026-11-24"));
    assert_eq!(on("46350"), day("2026-11-24"));
    world.refuses(with("decided_on", "03/12/2026"), "review-date", 2, "decided_on");
    world.refuses(with("decided_on", "yesterday"), "review-date", 2, "decided_on");
    let ahead = world.import(with("decided_on", "2062-01-01")).unwrap();
    assert!(codes(&ahead).contains(&"review-date"));
    // A day that a spreadsheet program rewrote is known from what was exported.
    let import = world.import(with("evidence_date", "3/12/2026")).unwrap();
    assert_eq!(import.decisions[0].evidence_date, Some(day("2026-03-12")));
}

#[test]
fn ids_of_another_workspace_are_refused_one_by_one_or_as_a_file() {
    let world = World::new();
    let stranger = id("never issued");
    let mixed = file(&SHORT, &[&[&id(QUOTE), "yes", "Jane Doe"], &[&stranger, "", ""]]);
    world.refuses(mixed, "review-unknown-id", 3, "proposal_id");
    let foreign =
        file(&SHORT, &[&[&stranger, "yes", "Jane Doe"], &[&id("nor this"), "no", "Jane Doe"]]);
    world.refuses(foreign, "review-foreign", 0, "");
    world.refuses(file(&SHORT, &[&["p-broken", "yes", "Jane Doe"]]), "review-id", 2, "proposal_id");
}

#[test]
fn rows_shifted_against_their_ids_are_found() {
    let world = World::new();
    let columns = [&SHORT[..], &["quote"]].concat();
    let rows = |one: &str, two: &str| {
        file(
            &columns,
            &[&[&id(QUOTE), "yes", "Jane Doe", one], &[&id(OTHER), "no", "Jane Doe", two]],
        )
    };
    assert_eq!(world.import(rows(QUOTE, OTHER)).unwrap().decisions.len(), 2);
    let shifted = world.errors(rows(OTHER, QUOTE));
    assert_eq!(shifted.len(), 2);
    assert!(shifted.iter().all(|(code, _, column)| code == "review-shifted" && column == "quote"));
    // What a code page or a spreadsheet did to the quote is no shift, nor is a rewording.
    let worn = QUOTE.replace('–', "?").replace("twice", "tw\u{fffd}ce");
    assert!(!codes(&world.import(rows(&worn, OTHER)).unwrap()).contains(&"review-quote"));
    let reworded = world.import(rows("something of my own", OTHER)).unwrap();
    assert!(codes(&reworded).contains(&"review-quote"));
    assert_eq!(reworded.decisions[0].quote, QUOTE);
}

#[test]
fn rows_are_shifted_also_against_ids_that_are_not_in_the_file() {
    let world = World::new();
    let columns = [&SHORT[..], &["target", "quote"]].concat();
    let row = file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", TARGET, OTHER]]);
    world.refuses(row, "review-shifted", 2, "quote");
}

#[test]
fn the_target_of_a_proposal_can_not_be_changed() {
    let world = World::new();
    world.refuses(with("target", "ISO27001:A.5.16"), "review-target", 2, "target");
    assert!(world.import(with("target", "iso27001:a.5.15")).is_ok());
}

#[test]
fn one_person_decides_once() {
    let world = World::new();
    let rows = |one: &str, two: &str| {
        file(&SHORT, &[&[&id(QUOTE), one, "Jane Doe"], &[&id(QUOTE), two, "jane doe"]])
    };
    assert_eq!(world.import(rows("yes", "accept")).unwrap().decisions.len(), 1);
    world.refuses(rows("yes", "no"), "review-duplicate", 3, "decision");
    let columns = [&SHORT[..], &["comment"]].concat();
    let detail = file(
        &columns,
        &[&[&id(QUOTE), "yes", "Jane Doe", "a"], &[&id(QUOTE), "yes", "Jane Doe", "b"]],
    );
    world.refuses(detail, "review-duplicate", 3, "decision");
}

#[test]
fn people_who_differ_are_both_kept() {
    let rows =
        |other: &str| file(&SHORT, &[&[&id(QUOTE), "no", other], &[&id(QUOTE), "yes", "Jane Doe"]]);
    for other in ["Eve", "Lena Lead"] {
        let mut world = World::new();
        let both = world.apply(rows(other));
        let warned = both.notes.iter().find(|d| d.code == "review-conflict").unwrap();
        assert_eq!((warned.severity, warned.line), (Severity::Warning, Some(3)));
        assert!(warned.help.as_ref().unwrap().contains("once a lead decides"));
        assert_eq!(both.decisions.len(), 2);
        assert_eq!(world.apply(rows(other)).decisions, []);
    }
}

/// A question about the proposal on `QUOTE`, accepted by Jane Doe of version 1, now 2.
fn asks(world: &mut World, kind: QuestionKind, text: &str) {
    let decision = world.decisions[0].clone();
    let now = Cited {
        id: decision.proposal_id.clone(),
        document: "moved.md".into(),
        document_hash: "ee".repeat(32),
        document_status: decision.document_status,
        locator: decision.locator.clone(),
        quote: decision.quote.clone(),
    };
    let question = Question { kind, text: text.to_owned(), decision, now, replaces: Vec::new() };
    world.questions = [(question.now.id.clone(), question)].into();
    world.basis = Some(Basis { version: Some("2".into()), ..Basis::default() });
}

fn answer(reasons: &str, decision: &str, reviewer: &str) -> Vec<u8> {
    let columns = [&SHORT[..], &["reasons"]].concat();
    file(&columns, &[&[&id(QUOTE), decision, reviewer, reasons]])
}

#[test]
fn saying_it_again_reconfirms_only_in_answer_to_the_question() {
    let mut world = World::new();
    world.basis = Some(Basis { version: Some("1".into()), ..Basis::default() });
    world.apply(answer("new; names the control", "yes", "Jane Doe"));
    assert_eq!(world.decisions[0].basis.as_ref().unwrap().version.as_deref(), Some("1"));
    assert!(!world.decisions[0].reconfirms);
    let text = "reconfirm: the document’s version was 1 and is 2 (Jane Doe accepted on 2026-11-24)";
    asks(&mut world, QuestionKind::Reconfirm, text);

    // The old file once more, and one that asked something else.
    for old in
        ["new; names the control", "reconfirm: the document's status was approved and is draft"]
    {
        let import = world.apply(answer(old, "yes", "Jane Doe"));
        assert_eq!((import.decisions.len(), import.unchanged), (0, 1));
        assert!(codes(&import).contains(&"review-open"), "{:?}", codes(&import));
    }
    // Somebody else's decision on an old file is one on the old state.
    let other = world.import(answer("new", "yes", "Eve")).unwrap();
    assert_eq!(other.decisions[0].basis, world.decisions[0].basis);
    assert!(!other.decisions[0].reconfirms);

    // The answer, through a program that lost the apostrophe; it counts once.
    let mangled = format!("{}; names the control", text.replace('’', "?"));
    let confirmed = world.apply(answer(&mangled, "yes", "Jane Doe"));
    let decision = &confirmed.decisions[0];
    assert_eq!(decision.basis.as_ref().unwrap().version.as_deref(), Some("2"));
    assert!(decision.reconfirms);
    assert_eq!(
        (decision.document.as_str(), &decision.document_hash),
        ("moved.md", &"ee".repeat(32))
    );
    assert_eq!(world.apply(answer(&mangled, "yes", "Jane Doe")).decisions, []);
    world.questions.clear();
    assert_eq!(world.apply(answer(&mangled, "yes", "Jane Doe")).decisions, []);
}

#[test]
fn without_reasons_a_later_day_answers() {
    let mut world = World::new();
    world.apply(decided("yes", "Jane Doe"));
    asks(&mut world, QuestionKind::Reconfirm, "reconfirm: changed");
    world.today = day("2026-12-10");
    let columns = [&SHORT[..], &["decided_on"]].concat();
    let on = |day: &str| file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", day]]);
    assert_eq!(world.apply(on("2026-11-24")).decisions, []);
    assert_eq!(world.apply(decided("yes", "Jane Doe")).decisions, []);
    let answered = world.apply(on("2026-12-09"));
    assert!(answered.decisions[0].reconfirms);
}

#[test]
fn an_answer_on_overdue_evidence_is_noted_once() {
    let mut world = World::new();
    world.apply(decided("yes", "Jane Doe"));
    let text = "stale: next one overdue since 2026-10-01";
    asks(&mut world, QuestionKind::Stale, text);
    world.today = day("2026-12-10");
    let seen = world.apply(answer(text, "yes", "Jane Doe"));
    assert_eq!(seen.decisions[0].decided_on, day("2026-12-10"));
    assert!(!seen.decisions[0].reconfirms);
    assert_eq!(world.apply(answer(text, "yes", "Jane Doe")).decisions, []);
}

#[test]
fn a_repeated_word_settles_no_conflict() {
    let mut world = World::new();
    world.apply(decided("yes", "Jane Doe"));
    let text = "conflict: Jane Doe accepted, Eve rejected";
    asks(&mut world, QuestionKind::Conflict, text);
    let same = world.apply(answer(text, "yes", "Jane Doe"));
    assert_eq!((same.decisions.len(), same.unchanged), (0, 1));
}

#[test]
fn new_words_take_the_place_of_the_decided_ones() {
    let mut world = World::new();
    world.apply(decided("yes", "Jane Doe"));
    let old = world.decisions[0].proposal_id.clone();
    let other: ProposalId = id(OTHER).parse().unwrap();
    asks(&mut world, QuestionKind::Reconfirm, "reconfirm: the quote was changed");
    let mut question = world.questions.pop_first().unwrap().1;
    question.replaces = vec![old.clone()];
    question.now.id = other.clone();
    world.questions = [(other, question)].into();
    let columns = [&SHORT[..], &["reasons"]].concat();
    let row = |reasons: &str| file(&columns, &[&[&id(OTHER), "yes", "Jane Doe", reasons]]);
    assert_eq!(world.import(row("new")).unwrap().decisions[0].replaces, []);
    let import = world.import(row("reconfirm: the quote was changed")).unwrap();
    assert_eq!(import.decisions[0].replaces, [old]);
    assert_eq!(import.decisions[0].quote, OTHER);
}

#[test]
fn the_owner_is_told_that_their_accept_is_no_second_pair_of_eyes() {
    let mut world = World::new();
    world.config.four_eyes = vec!["ISO27001:A.5.*".into()];
    let told = |world: &World| {
        codes(&world.import(decided("yes", "Jane Doe")).unwrap()).contains(&"review-four-eyes")
    };
    assert!(!told(&world));
    let position = format!("target,decided_by,owner\n{TARGET},Lena Lead,JANE DOE\n");
    world.apply(position);
    assert!(told(&world));
}

#[test]
fn a_long_block_of_plain_accepts_is_told_and_marked() {
    let columns = [&SHORT[..], &["comment"]].concat();
    let block = |count: usize, remark: usize| {
        let mut world = World::new();
        let mut rows = Vec::new();
        for n in 0..count {
            let quote = format!("Statement number {n} about the access to things.");
            let issued = issued(TARGET, &quote);
            rows.push(vec![
                issued.proposal_id.to_string(),
                "yes".to_owned(),
                "Jane Doe".to_owned(),
                if n == remark { "read".to_owned() } else { String::new() },
            ]);
            world.issued.insert(issued.proposal_id.clone(), issued);
        }
        let rows: Vec<Vec<&str>> =
            rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let import = world.import(file(&columns, &rows)).unwrap();
        let told: Vec<String> = import
            .notes
            .iter()
            .filter(|d| d.code == "review-block")
            .map(|d| d.message.clone())
            .collect();
        (told, import.decisions.iter().map(|d| d.provenance.block).collect::<Vec<_>>())
    };
    let (told, marks) = block(20, 99);
    assert_eq!(
        told,
        ["20 rows accepted by Jane Doe on 2026-11-24 in one block without comment or correction \
          (rows 2 to 21)"]
    );
    assert_eq!(marks, [20; 20]);
    assert_eq!(block(19, 99), (vec![], vec![0; 19]));
    // A remark in the middle breaks it.
    assert_eq!(block(38, 19), (vec![], vec![0; 38]));
    let (told, marks) = block(30, 5);
    assert_eq!((told.len(), &marks[..7]), (1, &[0, 0, 0, 0, 0, 0, 24][..]));
}

#[test]
fn importing_twice_changes_nothing_and_an_old_file_overrules_nobody() {
    let mut world = World::new();
    assert_eq!(world.apply(decided("yes", "Jane Doe")).decisions.len(), 1);
    world.today = day("2026-12-01");
    let again = world.apply(decided("accepted", "Jane Doe"));
    assert_eq!((again.decisions.len(), again.unchanged), (0, 1));

    let overruled = world.apply(decided("no", "Lena Lead"));
    assert!(codes(&overruled).contains(&"review-conflict"));
    let old = world.apply(decided("yes", "Jane Doe"));
    assert_eq!((old.decisions.len(), old.unchanged), (0, 1));
    assert!(codes(&old).contains(&"review-superseded"));

    let mind = world.apply(decided("defer", "Jane Doe"));
    assert_eq!(mind.decisions[0].verdict, Verdict::Defer);
    assert!(!codes(&mind).contains(&"review-conflict"), "a defer is against nobody");
}

#[test]
fn a_moved_document_is_no_new_decision_but_a_changed_status_is() {
    let mut world = World::new();
    world.apply(decided("yes", "Jane Doe"));
    let key: ProposalId = id(QUOTE).parse().unwrap();
    world.issued.get_mut(&key).unwrap().document = "elsewhere.md".to_owned();
    world.issued.get_mut(&key).unwrap().document_hash = "ff".repeat(32);
    assert_eq!(world.apply(decided("yes", "Jane Doe")).decisions, []);
    world.issued.get_mut(&key).unwrap().document_status = DocumentStatus::Draft;
    // The old file says what its reader saw, a fresh one what is there now.
    assert_eq!(world.apply(with("document_status", "approved")).decisions, []);
    let confirmed = world.apply(with("document_status", "draft"));
    assert_eq!(confirmed.decisions[0].document_status, DocumentStatus::Draft);
    assert_eq!(confirmed.decisions[0].document, "elsewhere.md");
}

#[test]
fn corrections_are_taken_over_and_checked() {
    let mut world = World::new();
    let columns =
        [&SHORT[..], &["points", "system", "evidence_date", "evidence_kind", "comment"]].concat();
    let row = |points: &str, system: &str, date: &str, kind: &str| {
        file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", points, system, date, kind, "corrected"]])
    };
    let import = world.apply(row("O1, d2;#D1", "Triage", "", "Operation"));
    let decision = &import.decisions[0];
    let points: Vec<&str> = decision.points.iter().map(|p| p.short()).collect();
    assert_eq!(points, ["d1", "d2", "o1"], "in the order of the catalogue");
    assert_eq!(decision.system.as_deref(), Some("triage"));
    assert_eq!((decision.evidence_date, decision.evidence_kind), (None, EvidenceKind::Operation));
    assert_eq!(decision.comment, "corrected");
    assert_eq!(decision.proposal_id.as_str(), id(QUOTE), "the id stays that of the proposal");

    world.refuses(row("d99", "", "", ""), "review-points", 2, "points");
    world.refuses(row("ISO27001:A.5.16#d1", "", "", ""), "review-points", 2, "points");
    world.refuses(row("", "", "", ""), "review-points", 2, "points");
    world.refuses(row("d1", "mars", "", ""), "review-system", 2, "system");
    world.refuses(row("d1", "", "soon", ""), "review-date", 2, "evidence_date");
    world.refuses(row("d1", "", "", "maybe"), "review-evidence-kind", 2, "evidence_kind");
    // Columns that are left out keep what was corrected before.
    assert_eq!(world.apply(with("comment", "corrected")).decisions, []);
}

#[test]
fn a_rejected_row_needs_no_sound_corrections() {
    let world = World::new();
    let columns = [&SHORT[..], &["points"]].concat();
    let import = world.import(file(&columns, &[&[&id(QUOTE), "no", "Jane Doe", ""]])).unwrap();
    assert_eq!(import.decisions[0].verdict, Verdict::Reject);
}

#[test]
fn counterparts_that_a_person_names_become_decisions_of_their_own() {
    let mut world = World::new();
    let import = world.apply(with("also_for", "iso42001:a.2.2; ISO27001:A.5.18 ISO42001:A.2.2"));
    let reuse = &import.decisions[1..];
    assert_eq!(reuse.len(), 2);
    assert!(reuse.iter().all(|d| d.origin == Origin::Reuse && d.quote == QUOTE));
    assert_eq!(reuse[0].target.as_str(), "ISO42001:A.2.2");
    let id = ProposalId::derive(&reuse[0].target, None, QUOTE);
    assert_eq!(reuse[0].proposal_id, id);
    let kinds = reuse[0].points.iter().map(|p| p.short().starts_with('d'));
    assert!(!reuse[0].points.is_empty() && kinds.clone().all(|design| design));
    assert_eq!(world.apply(with("also_for", "ISO42001:A.2.2, ISO27001:A.5.18")).decisions, []);

    // A counterpart has an id that can be decided on, and goes when the whole is rejected.
    let columns = [&SHORT[..], &["also_for"]].concat();
    let reject = file(&columns, &[&[&super::id(QUOTE), "no", "Jane Doe", "ISO42001:A.2.2"]]);
    let withdrawn = world.import(&reject).unwrap().decisions;
    assert_eq!(withdrawn.len(), 2);
    assert!(withdrawn.iter().all(|d| d.verdict == Verdict::Reject));
    let alone = world.apply(file(&SHORT, &[&[id.as_str(), "no", "Jane Doe"]]));
    assert_eq!(alone.decisions[0].origin, Origin::Reuse);
    assert_eq!(world.apply(&reject).decisions.len(), 1, "nothing is left to withdraw");

    world.refuses(with("also_for", "ISO42001:A.99"), "review-target", 2, "also_for");
    world.refuses(with("also_for", "7.2"), "review-target", 2, "also_for");
    world.refuses(with("also_for", TARGET), "review-also-for", 2, "also_for");
}

#[test]
fn a_counterpart_keeps_the_system_only_where_it_is_assessed_by_system() {
    let columns = [&SHORT[..], &["system", "also_for"]].concat();
    let both = "ISO42001:A.2.2 ISO42001:A.4.2";
    let rows = file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", "triage", both]]);
    let import = World::new().import(rows).unwrap();
    let systems: Vec<_> = import.decisions.iter().map(|d| d.system.as_deref()).collect();
    assert_eq!(systems, [Some("triage"), None, Some("triage")]);
}

#[test]
fn a_row_and_a_counterpart_that_contradict_each_other_are_refused() {
    let mut world = World::new();
    let own = issued("ISO42001:A.2.2", QUOTE);
    let other = own.proposal_id.to_string();
    world.issued.insert(own.proposal_id.clone(), own);
    let columns = [&SHORT[..], &["also_for"]].concat();
    let rows = |verdict: &str| {
        file(
            &columns,
            &[
                &[&id(QUOTE), "yes", "Jane Doe", "ISO42001:A.2.2"],
                &[&other, verdict, "Jane Doe", ""],
            ],
        )
    };
    world.refuses(rows("no"), "review-duplicate", 3, "decision");
    let agreed = world.import(rows("yes")).unwrap().decisions;
    assert_eq!(agreed.len(), 2);
    assert_eq!(agreed[1].origin, Origin::Proposal, "a row of its own says more");
}

const MANUAL: [&str; 8] = [
    "proposal_id",
    "target",
    "points",
    "document",
    "quote",
    "evidence_kind",
    "decision",
    "reviewer",
];

fn by_hand(target: &str, points: &str, document: &str, quote: &str, kind: &str) -> Vec<u8> {
    file(&MANUAL, &[&["", target, points, document, quote, kind, "accept", "Jane Doe"]])
}

#[test]
fn evidence_added_by_hand_is_looked_up_in_its_document() {
    let mut world = World::new();
    let row =
        by_hand(TARGET, "o1", "policies\\Access.md", "leavers lose access on their LAST day", "");
    let import = world.apply(&row);
    let decision = &import.decisions[0];
    assert_eq!((decision.origin, decision.verifiable), (Origin::Manual, true));
    assert_eq!(decision.locator, Some(Locator::lines(3, 3)));
    assert_eq!(decision.evidence_kind, EvidenceKind::Operation, "from its point");
    assert_eq!(decision.document, "policies/access.md");
    assert_eq!(decision.document_hash, "d0".repeat(32));
    assert_eq!(decision.evidence_type, DocumentType::Policy);
    assert_eq!(decision.evidence_date, Some(day("2026-05-05")));
    assert_eq!(world.apply(&row).decisions, []);
    // It can be taken back by its id, although no run ever issued that.
    let back = file(&SHORT, &[&[decision.proposal_id.as_str(), "reject", "Jane Doe"]]);
    assert_eq!(world.apply(back).decisions[0].origin, Origin::Manual);
}

#[test]
fn evidence_added_by_hand_must_be_whole() {
    let world = World::new();
    let doc = "policies/access.md";
    world.refuses(by_hand("", "", doc, QUOTE, "design"), "review-manual", 2, "target");
    world.refuses(by_hand("A.5.15", "", doc, QUOTE, "design"), "review-target", 2, "target");
    world.refuses(by_hand(TARGET, "", "", QUOTE, "design"), "review-manual", 2, "document");
    world.refuses(by_hand(TARGET, "", doc, "", "design"), "review-manual", 2, "quote");
    world.refuses(by_hand(TARGET, "", doc, QUOTE, ""), "review-evidence-kind", 2, "evidence_kind");
    world.refuses(
        by_hand(TARGET, "d1 o1", doc, QUOTE, ""),
        "review-evidence-kind",
        2,
        "evidence_kind",
    );
    world.refuses(by_hand(TARGET, "z9", doc, QUOTE, "design"), "review-points", 2, "points");
    let unsigned = file(&MANUAL, &[&["", TARGET, "d1", doc, QUOTE, "", "yes", ""]]);
    world.refuses(unsigned, "review-reviewer", 2, "reviewer");
    let rejected = file(&MANUAL, &[&["", TARGET, "d1", doc, QUOTE, "", "no", "Jane Doe"]]);
    world.refuses(rejected, "review-decision", 2, "decision");
    let pointless = world.import(by_hand(TARGET, "", doc, QUOTE, "design")).unwrap();
    assert!(codes(&pointless).contains(&"review-points"));
    let undecided = file(&MANUAL, &[&["", TARGET, "d1", doc, QUOTE, "", "", ""]]);
    assert!(codes(&world.import(undecided).unwrap()).contains(&"review-undecided"));
}

#[test]
fn a_quote_that_does_not_stand_there_is_refused_with_the_nearest_words() {
    let world = World::new();
    let row =
        by_hand(TARGET, "d1", "policies/access.md", "Access rights are reviewed once a year.", "");
    world.refuses(&row, "review-quote", 2, "quote");
    let help = world.import(&row).unwrap_err().pop().unwrap().help.unwrap();
    assert!(help.contains("line 2") && help.contains("reviewed twice a year"), "{help}");
}

#[test]
fn what_nobody_can_open_is_marked_not_verifiable() {
    let mut world = World::new();
    let row = by_hand(TARGET, "d1", "https://wiki.example/access", "", "");
    let import = world.apply(&row);
    let decision = &import.decisions[0];
    assert!(!decision.verifiable && decision.locator.is_none());
    assert_eq!(decision.document_hash, "");
    assert!(codes(&import).contains(&"review-not-verifiable"));
    assert_eq!(world.apply(&row).decisions, []);
    let scan = world.apply(by_hand(TARGET, "d1", "scans/contract.pdf", "signed by both", ""));
    assert!(!scan.decisions[0].verifiable);
    // A slip in the path must not turn a document into an external reference.
    world.refuses(by_hand(TARGET, "d1", "access.md", QUOTE, ""), "review-document", 2, "document");
}

#[test]
fn all_problems_of_a_file_come_at_once_and_nothing_is_applied() {
    let world = World::new();
    let columns = [&SHORT[..], &["decided_on", "system"]].concat();
    let rows = file(
        &columns,
        &[
            &[&id(QUOTE), "accept", "", "soon", "mars"],
            &[&id(OTHER), "perhaps", "Jane Doe", "", ""],
            &["", "accept", "", "", "mars"],
        ],
    );
    let found = world.errors(rows);
    let places: Vec<(u32, &str)> = found.iter().map(|(_, row, col)| (*row, col.as_str())).collect();
    let expected = [
        (2, "reviewer"),
        (2, "decided_on"),
        (2, "system"),
        (3, "decision"),
        (4, "target"),
        (4, "document"),
        (4, "system"),
        (4, "reviewer"),
    ];
    assert_eq!(places, expected);
}
