//! What Excel, LibreOffice and Google Sheets make of a file changes nothing of what it says; what
//! they destroy is said.

use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

/// How a reviewer's row reads in our own words.
#[derive(Debug, Clone)]
struct Answer {
    verdict: Verdict,
    reviewer: String,
    decided_on: Date,
    comment: String,
}

/// What a program and its user did to the file.
#[derive(Debug, Clone)]
struct Mangling {
    separator: u8,
    encoding: Encoding,
    line_end: &'static str,
    /// Seed of the order of columns.
    order: usize,
    dates: usize,
    words: usize,
    upper_ids: bool,
    shout_header: bool,
    extra_column: bool,
    without_information: bool,
    trailing_rows: usize,
    separator_line: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16,
    Windows,
    Workbook,
}

fn answer() -> impl Strategy<Value = Answer> {
    (0..3_usize, 0..3_usize, 0..600_i64, "[a-zäöß;,\"' =\n–-]{0,12}").prop_map(
        |(v, who, day, comment)| {
            Answer {
                verdict: [Verdict::Accept, Verdict::Reject, Verdict::Defer][v],
                reviewer: ["Jane Doe", "Lena Lead", "Jörg Müller"][who].to_owned(),
                decided_on: self::day("2025-01-01").plus_days(day),
                // Programs trim and break lines as they like; that is no part of what is said.
                comment: crate::domain::squash_whitespace(&comment),
            }
        },
    )
}

fn mangling() -> impl Strategy<Value = Mangling> {
    let encodings = [
        Encoding::Utf8,
        Encoding::Utf8Marked,
        Encoding::Utf16,
        Encoding::Windows,
        Encoding::Workbook,
    ];
    let flags = proptest::collection::vec(any::<bool>(), 5);
    (0..3_usize, 0..5_usize, 0..3_usize, 0..100_usize, 0..7_usize, 0..6_usize, 0..4_usize, flags)
        .prop_map(move |(separator, encoding, end, order, dates, words, trailing_rows, flags)| {
            Mangling {
                separator: [b',', b';', b'\t'][separator],
                encoding: encodings[encoding],
                line_end: ["\r\n", "\n", "\r"][end],
                order,
                dates,
                words,
                upper_ids: flags[0],
                shout_header: flags[1],
                extra_column: flags[2],
                without_information: flags[3],
                trailing_rows,
                separator_line: flags[4],
            }
        })
}

impl Mangling {
    fn word(&self, verdict: Verdict) -> &'static str {
        let forms = match verdict {
            Verdict::Accept => ["accept", "WAHR", " Ja ", "accepté", "sì", "geaccepteerd"],
            Verdict::Reject => ["reject", "FALSCH", "Nein", "rejeté", "rifiutato", "afgewezen"],
            Verdict::Defer => {
                ["defer", "Später", "zurückgestellt", "différé", "más tarde", "uitgesteld"]
            }
        };
        forms[self.words]
    }

    fn date(&self, date: Date) -> String {
        let (year, month, day) = date.ymd();
        let serial = day_number(date);
        // Where day and month can't be told apart, a program's form is refused; see the other test.
        let slashed = |text: String| if day > 12 || day == month { text } else { date.to_string() };
        match self.dates {
            0 => date.to_string(),
            1 => format!("{day:02}.{month:02}.{year}"),
            2 => format!("{day}.{month}.{:02}", year % 100),
            3 => serial.to_string(),
            4 => slashed(format!("{month}/{day}/{year}")),
            5 => slashed(format!("{day:02}/{month:02}/{:02}", year % 100)),
            _ => format!("{date} 00:00:00"),
        }
    }

    fn table(&self, answers: &[Answer]) -> (Vec<String>, Vec<Vec<String>>) {
        let quotes = [QUOTE, OTHER];
        let mut columns: Vec<(String, Vec<String>)> = vec![
            (
                "proposal_id".into(),
                quotes.map(|q| if self.upper_ids { id(q).to_uppercase() } else { id(q) }).into(),
            ),
            ("decision".into(), answers.iter().map(|a| self.word(a.verdict).to_owned()).collect()),
            ("reviewer".into(), answers.iter().map(|a| a.reviewer.clone()).collect()),
            ("decided_on".into(), answers.iter().map(|a| self.date(a.decided_on)).collect()),
            (
                "comment".into(),
                answers.iter().map(|a| super::super::super::cell::escape(&a.comment)).collect(),
            ),
        ];
        if !self.without_information {
            columns.push(("quote".into(), quotes.map(str::to_owned).into()));
            columns.push(("target".into(), vec![TARGET.to_lowercase(); 2]));
        }
        if self.extra_column {
            columns.push(("My notes".into(), vec!["a;b,c".into(), String::new()]));
        }
        let turn = self.order % columns.len();
        columns.rotate_left(turn);
        if self.order % 2 == 1 {
            columns.reverse();
        }
        let header = columns
            .iter()
            .map(|(name, _)| if self.shout_header { name.to_uppercase() } else { name.clone() });
        let header = header.collect();
        let mut rows: Vec<Vec<String>> =
            (0..2).map(|n| columns.iter().map(|(_, cells)| cells[n].clone()).collect()).collect();
        rows.extend(vec![vec![String::new(); columns.len()]; self.trailing_rows]);
        (header, rows)
    }

    fn bytes(&self, answers: &[Answer]) -> Vec<u8> {
        let (header, rows) = self.table(answers);
        if self.encoding == Encoding::Workbook {
            return self.workbook(&header, &rows, answers);
        }
        let mut writer =
            csv::WriterBuilder::new().delimiter(self.separator).from_writer(Vec::new());
        writer.write_record(&header).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        // Comments hold no line breaks, so all of them end rows.
        let mut text = text.replace('\n', self.line_end);
        if self.separator_line {
            let line = format!("sep={}{}", char::from(self.separator), self.line_end);
            text.insert_str(0, &line);
        }
        match self.encoding {
            Encoding::Utf8 | Encoding::Workbook => text.into_bytes(),
            Encoding::Utf8Marked => format!("\u{feff}{text}").into_bytes(),
            Encoding::Utf16 => {
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            }
            Encoding::Windows => encoding_rs::WINDOWS_1252.encode(&text).0.into_owned(),
        }
    }

    /// As a program saves it: days as days, wherever it took them for some.
    fn workbook(&self, header: &[String], rows: &[Vec<String>], answers: &[Answer]) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let format = Format::new().set_num_format("dd/mm/yyyy");
        for (at, name) in (0_u16..).zip(header) {
            sheet.write_string(0, at, name).unwrap();
            for (row, cells) in (1_u32..).zip(rows) {
                let cell = &cells[usize::from(at)];
                let answer = answers.get(row as usize - 1);
                if let Some(answer) = answer.filter(|_| name.eq_ignore_ascii_case("decided_on")) {
                    let (year, month, day) = answer.decided_on.ymd();
                    let date = ExcelDateTime::from_ymd(year as u16, month, day).unwrap();
                    sheet.write_datetime_with_format(row, at, &date, &format).unwrap();
                } else if cell == "WAHR" || cell == "FALSCH" {
                    sheet.write_boolean(row, at, cell == "WAHR").unwrap();
                } else {
                    sheet.write_string(row, at, cell).unwrap();
                }
            }
        }
        workbook.save_to_buffer().unwrap()
    }
}

/// The number that spreadsheet programs keep a day as.
fn day_number(date: Date) -> i64 {
    (20_000..80_000).find(|n| day("1899-12-30").plus_days(*n) == date).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 64,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_124),
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_mangled_file_says_what_the_reviewer_said(
        answers in proptest::collection::vec(answer(), 2),
        mangling in mangling(),
    ) {
        let world = World { today: day("2027-01-01"), ..World::new() };
        let import = world.import(mangling.bytes(&answers)).map_err(|problems| {
            TestCaseError::fail(format!("{problems:#?}"))
        })?;
        prop_assert_eq!(import.decisions.len(), 2);
        for (answer, quote) in answers.iter().zip([QUOTE, OTHER]) {
            let found = import.decisions.iter().find(|d| d.quote == quote).unwrap();
            prop_assert_eq!(found.verdict, answer.verdict);
            prop_assert_eq!(&found.reviewer, &answer.reviewer);
            prop_assert_eq!(found.decided_on, answer.decided_on);
            prop_assert_eq!(&found.comment, &answer.comment);
        }
    }
}

/// Columns that a whole file has.
const COLUMNS: [&str; 6] =
    ["proposal_id", "quote", "decision", "reviewer", "decided_on", "comment"];

#[test]
fn what_a_program_destroyed_is_said() {
    let world = World::new();
    let with = |column: &str, value: &str| {
        let mut row = [
            id(QUOTE),
            QUOTE.into(),
            "accept".into(),
            "Jane Doe".into(),
            String::new(),
            String::new(),
        ];
        row[COLUMNS.iter().position(|c| *c == column).unwrap()] = value.to_owned();
        let row: Vec<&str> = row.iter().map(String::as_str).collect();
        file(&COLUMNS, &[&row])
    };
    for (column, value, code) in [
        ("decided_on", "12/1/2025", "review-date"),
        ("decided_on", "4.6E+04", "review-date"),
        ("decided_on", "########", "review-date"),
        ("decided_on", "=TODAY()", "review-cell"),
        ("reviewer", "=B2", "review-cell"),
        ("comment", "#NAME?", "review-cell"),
        ("proposal_id", "#N/A", "review-cell"),
        ("proposal_id", &id(QUOTE)[..9], "review-id"),
        ("decision", "acc", "review-decision"),
    ] {
        let found = world.errors(with(column, value));
        assert!(
            found.contains(&(code.to_owned(), 2, column.to_owned())),
            "{column} {value}: {found:?}"
        );
    }
    assert_eq!(
        world.import(with("decided_on", "45,992")).unwrap().decisions[0].decided_on,
        day("2025-12-01")
    );
}

#[test]
fn a_file_that_was_cut_short_is_refused_wherever_it_was_cut() {
    let mut world = World::new();
    let row = |quote: &str, word: &str| {
        format!("{},\"{quote}\",\"{word}\",\"Jane Doe\",2026-11-24,\"my, words\"\r\n", id(quote))
    };
    let whole =
        format!("{}\r\n{}{}", COLUMNS.join(","), row(QUOTE, "accept"), row(OTHER, "reject"));
    assert_eq!(world.apply(&whole).decisions.len(), 2);
    // Overwritten in place by something shorter, or by nothing yet.
    let last = whole.find(&id(OTHER)).unwrap();
    let mut zeros = whole.clone().into_bytes();
    zeros[last + 40..].fill(0);
    world.refuses(zeros, "review-file", 0, "");
    for cut in last + 1..whole.len() - 3 {
        let Some(part) = whole.get(..cut) else { continue };
        // What is left is refused, or says nothing of the row or the same as the whole.
        if let Ok(import) = world.import(part) {
            let wrong =
                import.decisions.iter().any(|d| d.verdict != Verdict::Reject || d.quote != OTHER);
            assert!(!wrong, "{part}");
            assert!(import.decisions.iter().all(|d| d.comment.is_empty()), "{part}");
        }
    }
}

#[test]
fn a_comment_that_no_cell_can_hold_is_refused() {
    let world = World::new();
    let columns = ["proposal_id", "decision", "reviewer", "comment"];
    let long = "x".repeat(32_001);
    world.refuses(
        file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", &long]]),
        "review-long",
        2,
        "comment",
    );
    assert!(world.import(file(&columns, &[&[&id(QUOTE), "yes", "Jane Doe", &long[1..]]])).is_ok());
}

#[test]
fn a_quote_that_a_full_cell_cut_is_still_its_quote() {
    let mut world = World::new();
    let long = "Access rights are granted by role. ".repeat(1_000);
    let entry = issued(TARGET, &long);
    let key = entry.proposal_id.to_string();
    world.issued.insert(entry.proposal_id.clone(), entry);
    let columns = ["proposal_id", "decision", "reviewer", "quote"];
    let note = super::super::super::export::CUT;
    let room = 32_767 - note.chars().count();
    for cell in [format!("{}{note}", &long[..room]), long[..32_767].to_owned()] {
        let import = world.import(file(&columns, &[&[&key, "yes", "Jane Doe", &cell]])).unwrap();
        assert!(!codes(&import).contains(&"review-quote"));
        let other = cell.replacen("role", "rank", 1);
        let import = world.import(file(&columns, &[&[&key, "yes", "Jane Doe", &other]])).unwrap();
        assert!(codes(&import).contains(&"review-quote"));
    }
}

#[test]
fn shifted_rows_are_not_compared_each_with_each() {
    let mut world = World::new();
    let rows = 20_000;
    let quotes: Vec<String> =
        (0..rows).map(|n| format!("Rule {n} is followed by all of us?")).collect();
    let ids: Vec<String> = quotes
        .iter()
        .map(|quote| {
            let entry = issued(TARGET, quote);
            let key = entry.proposal_id.clone();
            world.issued.insert(key.clone(), entry);
            key.to_string()
        })
        .collect();
    let mut text = "proposal_id,quote,decision,reviewer\n".to_owned();
    for n in 0..rows {
        // With gaps a quote can't be looked up, only compared with all the others.
        let quote = quotes[(n + 1) % rows].replace("is followed", "is f?llowed");
        text.push_str(&format!("{},{quote},yes,Jane Doe\n", ids[n]));
    }
    let start = std::time::Instant::now();
    let problems = world.import(&text).unwrap_err();
    assert!(problems.iter().any(|d| d.code == "review-shifted"));
    assert!(start.elapsed().as_secs() < 60, "not each row against each: {:?}", start.elapsed());
}
