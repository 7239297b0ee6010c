//! `audit-programme.ics`: the programme as a calendar (RFC 5545), whole days, one event a row.
//!
//! Written here and not by a crate: those that write calendars bring a date library of their own and
//! read the clock and a random number for what is to stay the same from run to run.

use sha2::{Digest, Sha256};

use super::{
    audit_csv::standards,
    text::{join, plain},
    view::View,
};
use crate::domain::{ActionStatus, Audit, Date, TargetId};

/// Most octets of a line without its end.
const LINE: usize = 75;

pub(super) fn render(view: &View<'_>) -> Result<Vec<u8>, String> {
    let report = view.report;
    let mut calendar = Calendar::default();
    calendar.line("BEGIN", "VCALENDAR");
    calendar.line("VERSION", "2.0");
    calendar.line("PRODID", &format!("-//evimap//evimap {}//EN", text(&report.program_version)));
    calendar.line("CALSCALE", "GREGORIAN");
    calendar.line("METHOD", "PUBLISH");
    // By this the file is known as an output, and is no evidence.
    calendar.line("X-EVIMAP", "evimap:generated");
    let name = match report.organisation.trim() {
        "" => "Audit programme".to_owned(),
        organisation => format!("Audit programme, {organisation}"),
    };
    calendar.line("X-WR-CALNAME", &text(&name));
    let mut about = vec![view.review_state(), view.basis(), super::DISCLAIMER.to_owned()];
    about.extend(report.programme.notes.iter().cloned());
    calendar.line("X-WR-CALDESC", &text(&about.join("\n")));
    for audit in &report.programme.audits {
        event(&mut calendar, view, audit);
    }
    calendar.line("END", "VCALENDAR");
    Ok(calendar.out.into_bytes())
}

fn event(calendar: &mut Calendar, view: &View<'_>, audit: &Audit) {
    let as_of = view.report.as_of;
    calendar.line("BEGIN", "VEVENT");
    calendar.line("UID", &uid(&view.report.organisation, audit));
    calendar.line("DTSTAMP", &format!("{}T000000Z", compact(as_of)));
    // A later run replaces what an earlier one put into the calendar.
    let sequence = Date::new(2020, 1, 1).map_or(0, |start| as_of.days_since(start).max(0));
    calendar.line("SEQUENCE", &sequence.to_string());
    calendar.line("DTSTART;VALUE=DATE", &compact(audit.from));
    // The end is the first day after.
    calendar.line("DTEND;VALUE=DATE", &compact(audit.to.plus_days(1)));
    let summary = format!("{}: {} ({})", audit.kind.as_str(), audit.title, audit.round);
    calendar.line("SUMMARY", &text(&summary));
    calendar.line("DESCRIPTION", &text(&description(view, audit)));
    calendar.line("CATEGORIES", &text(audit.kind.as_str()));
    calendar.line("STATUS", status(audit));
    calendar.line("TRANSP", "TRANSPARENT");
    calendar.line("END", "VEVENT");
}

fn description(view: &View<'_>, audit: &Audit) -> String {
    let mut lines = vec![
        format!("Standards: {}", standards(view, audit)),
        format!("Criteria: {}", join(audit.targets.iter().map(TargetId::as_str), ", ")),
        format!("Scope: {}", audit.scope),
        format!("Method: {}", audit.method),
    ];
    if !audit.auditor_role.is_empty() {
        lines.push(format!("Auditor: {} ({})", audit.auditor_role, auditor(audit)));
        lines.push(format!("Not by: {}", audit.owners.join(", ")));
    }
    let said = &audit.said;
    if said.stated_on.is_some() {
        lines.push(format!("Status: {}", said.status.as_str()));
    }
    for text in [&said.remark, &said.comment].into_iter().filter(|text| !text.is_empty()) {
        lines.push(text.clone());
    }
    lines.push(format!("Why: {}", audit.why));
    lines.push(format!("{}. {}", audit.id, view.basis()));
    lines.join("\n")
}

/// The name of who audits, as people stated it.
pub(super) fn auditor(audit: &Audit) -> &str {
    match audit.said.auditor.trim() {
        "" => "name: OPEN",
        name => name,
    }
}

fn status(audit: &Audit) -> &'static str {
    match audit.said.status {
        ActionStatus::Dropped => "CANCELLED",
        // It will not take place; one that is under way or done is no longer planned and did.
        ActionStatus::Open if audit.said.gone => "CANCELLED",
        ActionStatus::Open if audit.said.starts_on.is_none() => "TENTATIVE",
        // A day that a person set, or one on which it was done.
        _ => "CONFIRMED",
    }
}

/// The same for the same audit of the same organisation, also when its day moves.
fn uid(organisation: &str, audit: &Audit) -> String {
    let digest = Sha256::digest(format!("{organisation}|{}", audit.id));
    let text = data_encoding::BASE32_NOPAD.encode(&digest[..10]).to_ascii_lowercase();
    format!("{text}@evimap")
}

fn compact(day: Date) -> String {
    let (year, month, day) = day.ymd();
    format!("{year:04}{month:02}{day:02}")
}

/// A value of type TEXT.
fn text(value: &str) -> String {
    let mut out = String::new();
    for c in plain(value).chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[derive(Default)]
struct Calendar {
    out: String,
}

impl Calendar {
    /// A content line, folded between characters, never within one.
    fn line(&mut self, name: &str, value: &str) {
        let mut used = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if used + c.len_utf8() > LINE {
                self.out.push_str("\r\n ");
                used = 1;
            }
            self.out.push(c);
            used += c.len_utf8();
        }
        self.out.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::{super::fixture, *};

    fn calendar(report: &super::super::Report<'_>) -> String {
        String::from_utf8(render(&View::new(report)).unwrap()).unwrap()
    }

    /// Content lines without folding.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_end_in_crlf() {
        let mut report = fixture::report(true);
        report.programme.audits[0].title = "Prüfung – 監査, Größe; a\\b\nnext\u{7}".to_owned();
        report.programme.audits[0].scope = "ß監".repeat(200);
        let text = calendar(&report);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= LINE));
        let lines = unfolded(&text);
        assert!(lines.iter().any(|l| l.contains("Prüfung – 監査\\, Größe\\; a\\\\b\\nnext (")));
        assert!(lines.iter().any(|l| l.contains(&"ß監".repeat(200))));
        assert!(!text.contains('\u{7}'));
    }

    #[test]
    fn events_keep_their_uid_when_their_day_moves_and_nothing_reads_a_clock() {
        let mut report = fixture::report(true);
        let first = calendar(&report);
        assert_eq!(first, calendar(&report));
        let of = |text: &str, name: &str| -> Vec<String> {
            unfolded(text).into_iter().filter(|l| l.starts_with(name)).collect()
        };
        let uids = of(&first, "UID:");
        let all: std::collections::BTreeSet<_> = uids.iter().collect();
        assert_eq!((uids.len(), all.len()), (report.programme.audits.len(), uids.len()));
        assert!(of(&first, "DTSTAMP:").iter().all(|l| l == "DTSTAMP:20261124T000000Z"));
        for audit in &mut report.programme.audits {
            audit.from = audit.from.plus_days(30);
            audit.to = audit.to.plus_days(30);
        }
        report.as_of = report.as_of.plus_days(1);
        let moved = calendar(&report);
        assert_eq!(of(&moved, "UID:"), uids);
        assert!(of(&moved, "SEQUENCE:") > of(&first, "SEQUENCE:"));
        // The day after the last one ends an event.
        let audit = &report.programme.audits[0];
        let end = format!("DTEND;VALUE=DATE:{}", compact(audit.to.plus_days(1)));
        assert_eq!(of(&moved, "DTEND")[0], end);
    }

    #[test]
    fn what_people_stated_is_in_the_event() {
        let mut report = fixture::report(true);
        assert!(unfolded(&calendar(&report)).contains(&"STATUS:TENTATIVE".to_owned()));
        let said = &mut report.programme.audits[0].said;
        said.auditor = "Alan Turing".to_owned();
        said.starts_on = Some(report.as_of);
        said.stated_on = Some(report.as_of);
        report.programme.audits[1].said.status = ActionStatus::Dropped;
        let gone = Audit {
            said: crate::domain::AuditSaid {
                gone: true,
                starts_on: Some(report.as_of),
                ..Default::default()
            },
            ..report.programme.audits[0].clone()
        };
        report.programme.audits.push(gone);
        let lines = unfolded(&calendar(&report));
        let of = |text: &str| lines.iter().filter(|line| *line == text).count();
        assert_eq!((of("STATUS:CONFIRMED"), of("STATUS:CANCELLED")), (1, 2));
        assert!(lines.iter().any(|l| l.contains("Auditor: Lead internal auditor (Alan Turing)")));
        assert!(lines.iter().any(|l| l.contains("(name: OPEN)")));
    }
}
