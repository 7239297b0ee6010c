//! What a person states about the papers themselves: the SoA's version and approval, which quotes
//! may stand in a report, and its language.

use std::collections::BTreeMap;

use super::section::Section;
use crate::{
    diag::Sink,
    domain::{Date, FrameworkId, ISO27001, ISO42001, Language},
};

/// Which quotes reports show. Document, place and hash stand in any case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Quotes {
    #[default]
    All,
    /// Only of documents that bear no label, or one that says that they are public.
    Unlabelled,
    None,
}

impl std::str::FromStr for Quotes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "all" => Ok(Self::All),
            "unlabelled" => Ok(Self::Unlabelled),
            "none" => Ok(Self::None),
            other => Err(format!("`{other}` is none of all, unlabelled, none")),
        }
    }
}

/// Version and approval of a Statement of Applicability, as a person states them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoaRelease {
    /// Version of the SoA in the making.
    pub version: String,
    /// Who is to approve it.
    pub approver: String,
    /// Version that was approved last.
    pub approved_version: String,
    pub approved_on: Option<Date>,
    /// The ledger head that the approved one printed: 64 lower-case hex digits.
    pub approved_ledger_head: Option<String>,
}

/// `[soa.ISO27001]` and `[soa.ISO42001]`.
pub(super) fn releases(
    root: &mut Section<'_>,
    sink: &mut Sink,
) -> BTreeMap<FrameworkId, SoaRelease> {
    let mut soa = root.table(sink, "soa");
    let mut all = BTreeMap::new();
    for framework in [ISO27001, ISO42001] {
        let mut table = soa.table(sink, framework);
        let mut release = SoaRelease {
            version: table.string(sink, "version").unwrap_or_default(),
            approver: table.string(sink, "approver").unwrap_or_default(),
            approved_version: table.string(sink, "approved_version").unwrap_or_default(),
            ..SoaRelease::default()
        };
        if let Some(text) = table.string(sink, "approved_on") {
            match text.parse() {
                Ok(date) => release.approved_on = Some(date),
                Err(why) => {
                    let line = table.line_of("approved_on");
                    table.fault(sink, line, why, "write it as text, for example \"2026-05-04\"");
                }
            }
        }
        if let Some(text) = table.string(sink, "approved_ledger_head") {
            let head = text.trim().to_ascii_lowercase();
            if head.len() == 64 && head.chars().all(|c| c.is_ascii_hexdigit()) {
                release.approved_ledger_head = Some(head);
            } else if !head.is_empty() {
                let line = table.line_of("approved_ledger_head");
                let help = "copy the ledger head from the cover of the approved SoA";
                let message = format!(
                    "`{}.approved_ledger_head` must have 64 hexadecimal digits",
                    table.name()
                );
                table.fault(sink, line, message, help);
            }
        }
        table.finish(sink);
        all.insert(framework.to_owned(), release);
    }
    soa.finish(sink);
    all
}

/// `[reports] quotes` and `language`.
pub(super) fn reports(root: &mut Section<'_>, sink: &mut Sink) -> (Quotes, Language) {
    let mut reports = root.table(sink, "reports");
    let text = reports.string(sink, "quotes");
    let quotes = text.map_or(Ok(Quotes::All), |text| text.parse()).unwrap_or_else(|why| {
        let line = reports.line_of("quotes");
        let help = "all shows every quote, unlabelled only those of documents without a label, \
                    none shows place and hash only";
        reports.fault(sink, line, format!("`reports.quotes`: {why}"), help);
        Quotes::All
    });
    let code = reports.string(sink, "language");
    let known = |code: &str| Language::from_code(code).filter(|l| Language::WRITTEN.contains(l));
    let language = code.map_or(Some(Language::En), |code| known(&code)).unwrap_or_else(|| {
        let line = reports.line_of("language");
        let written = Language::WRITTEN.map(Language::as_str).join(", ");
        let message = format!("`reports.language` must be one of {written}");
        reports.fault(sink, line, message, "other languages can be read, but not written");
        Language::En
    });
    reports.finish(sink);
    (quotes, language)
}

#[cfg(test)]
mod tests {
    use super::{super::Config, *};

    #[test]
    fn a_person_states_version_and_approval() {
        let head = "AB".repeat(32);
        let text = format!(
            "[organisation]\nclassification = \"Internal\"\n[reports]\nquotes = \"unlabelled\"\nlanguage = \"de\"\n\
             [soa.ISO27001]\nversion = \"2.0\"\napprover = \"CEO\"\napproved_version = \"1.0\"\n\
             approved_on = \"2026-05-04\"\napproved_ledger_head = \"{head}\"\n"
        );
        let config = Config::parse("evimap.toml", &text).unwrap();
        assert_eq!(
            (config.classification.as_str(), config.quotes, config.language),
            ("Internal", Quotes::Unlabelled, Language::De)
        );
        let release = &config.soa[ISO27001];
        assert_eq!((release.version.as_str(), release.approver.as_str()), ("2.0", "CEO"));
        assert_eq!(release.approved_on, Some("2026-05-04".parse().unwrap()));
        assert_eq!(release.approved_ledger_head, Some(head.to_lowercase()));
        assert_eq!(config.soa[ISO42001], SoaRelease::default());
    }

    #[test]
    fn each_fault_has_its_line() {
        let text = "[reports]\nquotes = \"some\"\nlanguage = \"es\"\n[soa.ISO42001]\napproved_on = \"May\"\n\
                    approved_ledger_head = \"3f1c…\"\nsigned = true\n";
        let lines: Vec<_> = Config::parse("evimap.toml", text)
            .unwrap_err()
            .into_iter()
            .filter_map(|d| d.line)
            .collect();
        assert_eq!(lines.len(), 5, "{lines:?}");
        for line in [2, 3, 5, 6, 7] {
            assert!(lines.contains(&line), "{line} in {lines:?}");
        }
    }
}
