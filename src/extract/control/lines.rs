//! Lines of document control: a label and its value, or several of them in a row.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{
    labels::{self, Label},
    pattern,
    values::{self, Standing},
};
use crate::domain::{BlockKind, ByLanguage, Properties};

/// A label after the start of a line or a separator. Groups: `p` what stands before it, `l` the
/// label, `s` what separates it from its value.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)(?P<p>^|[|•·;\t]|\s{{2,}}|\s[-–—]\s|,\s|\.\s)[\s*_#>-]*(?P<l>{})(?P<s>[\s*_]*[:|=]+|[\s*_]+)[\s*_|:]*",
        labels::alternatives()
    ))
});

/// How a document says that it was approved.
struct Approval {
    /// Without one of these the pattern does not match. It is large: building it takes as long as
    /// reading several files, and most files don't need it.
    words: &'static [&'static str],
    /// `DATE` stands for a date, `WHO` for who approved; a blank for white space.
    pattern: &'static str,
}

const APPROVALS: ByLanguage<Approval> = ByLanguage {
    // "This policy was approved by the board on 1 March 2026".
    en: Approval {
        words: &["approved", "released", "adopted", "authori"],
        pattern: concat!(
            r"this (?:version of (?:this|the) )?(?:document|policy|procedure|standard|plan|guideline|manual|statement|version|process|programme|register)",
            r" (?:was|has been|is) (?:formally )?(?:approved|released|adopted|authori[sz]ed)",
            r" (?:by (?P<who>WHO)\s+(?:on )?(?P<d1>DATE)|on (?P<d2>DATE)(?: by (?P<who2>[^.;\n]{3,80}))?)",
        ),
    },
    // "Diese Richtlinie wurde am 1. März 2026 durch die Geschäftsführung freigegeben".
    de: Approval {
        words: &["freigegeben", "genehmigt", "verabschiedet", "beschlossen"],
        pattern: concat!(
            r"diese[rs]? (?:\p{L}*(?:richtlinie|leitlinie|anweisung|dokument|konzept|handbuch|plan|verfahren|fassung|version)) (?:wurde|ist)",
            r" (?:am (?P<d1>DATE) (?:durch|von|vom) (?P<who>WHO)|(?:durch|von|vom) (?P<who2>WHO) am (?P<d2>DATE))",
            r" (?:freigegeben|genehmigt|verabschiedet|beschlossen)",
        ),
    },
    fr: Approval {
        words: &["approuv", "valid", "adopt"],
        pattern: concat!(
            r"(?:cette?|ce|la présente|le présent) (?:document|politique|procédure|plan|version|charte|directive|manuel|registre) (?:a été|est)",
            r" (?:approuvée?|validée?|adoptée?) (?:par (?P<who>WHO),? (?:le |en date du )(?P<d1>DATE)|le (?P<d2>DATE)(?: par (?P<who2>[^.;\n]{3,80}))?)",
        ),
    },
    es: Approval {
        words: &["aprobad"],
        pattern: concat!(
            r"(?:est[ae]|la presente|el presente) (?:documento|política|procedimiento|plan|versión|manual|registro|norma) (?:ha sido|fue|está)",
            r" aprobad[oa] (?:por (?P<who>WHO),? el (?:día )?(?P<d1>DATE)|el (?:día )?(?P<d2>DATE)(?: por (?P<who2>[^.;\n]{3,80}))?)",
        ),
    },
    it: Approval {
        words: &["approvat"],
        pattern: concat!(
            r"(?:quest[oa]|la presente|il presente) (?:documento|politica|procedura|piano|versione|manuale|registro) è stat[oa]",
            r" approvat[oa] (?:(?:dalla |dal |dall['’]|da )(?P<who>WHO),? (?:il |in data )(?P<d1>DATE)|(?:il |in data )(?P<d2>DATE)(?: (?:dalla |dal |dall['’]|da )(?P<who2>[^.;\n]{3,80}))?)",
        ),
    },
    pt: Approval {
        words: &["aprovad"],
        pattern: concat!(
            r"(?:est[ae]|a presente|o presente) (?:documento|política|procedimento|plano|versão|manual|registo|registro|norma) (?:foi|está)",
            r" aprovad[oa] (?:(?:por|pelo|pela) (?P<who>WHO),? (?:em|a) (?P<d1>DATE)|(?:em|a) (?P<d2>DATE)(?: (?:por|pelo|pela) (?P<who2>[^.;\n]{3,80}))?)",
        ),
    },
    nl: Approval {
        words: &["goedgekeurd", "vastgesteld"],
        pattern: concat!(
            r"(?:dit|deze) (?:\p{L}*beleid|document|procedure|plan|versie|handboek|register|richtlijn|werkinstructie) (?:is|werd)",
            r" (?:op (?P<d1>DATE) door (?P<who>WHO)|door (?P<who2>WHO) op (?P<d2>DATE)) (?:goedgekeurd|vastgesteld)",
        ),
    },
};

/// [`APPROVALS`] as patterns, each built when a text needs it.
static OWN_APPROVALS: ByLanguage<LazyLock<Regex>> = ByLanguage {
    en: LazyLock::new(|| approval(&APPROVALS.en)),
    de: LazyLock::new(|| approval(&APPROVALS.de)),
    fr: LazyLock::new(|| approval(&APPROVALS.fr)),
    es: LazyLock::new(|| approval(&APPROVALS.es)),
    it: LazyLock::new(|| approval(&APPROVALS.it)),
    pt: LazyLock::new(|| approval(&APPROVALS.pt)),
    nl: LazyLock::new(|| approval(&APPROVALS.nl)),
};

fn approval(of: &Approval) -> Regex {
    let text = of.pattern.replace(' ', r"\s").replace("WHO", "[^.;]{3,80}?");
    pattern(&format!(r"(?i)\b{}", text.replace("DATE", &values::DATE)))
}

/// What a value says about a property: usually one, an approval both who and when.
pub(super) fn values_of(key: &str, raw: &str, own_cell: bool) -> Vec<(String, String)> {
    stated(key, raw, Standing { explicit: own_cell, among_others: own_cell, spaced: false })
}

fn stated(key: &str, raw: &str, standing: Standing) -> Vec<(String, String)> {
    let one = |value: Option<String>| value.map(|v| (key.to_owned(), v)).into_iter().collect();
    let raw = raw.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '"'));
    if matches!(key, "approved_by" | "approved_on") {
        if values::is_unfilled(raw) && (standing.explicit || standing.among_others) {
            return one(Some(raw.to_owned()));
        }
        let (who, date) = values::approval(key, raw);
        if date.is_some() {
            let pairs = [("approved_by", who), ("approved_on", date)];
            return pairs.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))).collect();
        }
    }
    if values::is_typed(key) {
        return one(values::typed(key, raw).map(str::to_owned));
    }
    one(values::free(raw, standing))
}

/// The facts of a line. `among_others`: the block or its neighbours are document control, too.
/// `first`: the line is among a document's first, where control may follow the title.
pub(super) fn facts(
    line: &str,
    kind: BlockKind,
    among_others: bool,
    first: bool,
    properties: &mut Properties,
) {
    if labels::run(line).is_some_and(|labels| labels.len() > 1) {
        return;
    }
    own_approval(line, properties);
    // A comma or full stop before a label is weak: only a line that is control anyway goes on so.
    let weak =
        |c: &Captures<'_>| matches!(c.name("p").map_or("", |m| m.as_str().trim()), "," | ".");
    // "Hugo Vasseur, responsable informatique": what a person is, no label.
    let job = |c: &Captures<'_>| weak(c) && c.name("l").is_some_and(|l| labels::is_job(l.as_str()));
    let found: Vec<Captures<'_>> =
        LABELLED.captures_iter(line).filter(|caught| !job(caught)).collect();
    let leads = found.first().is_some_and(|c| !weak(c));
    let certain = found.iter().enumerate().filter(|(n, c)| is_certain(line, &found, *n, c)).count();
    let control_line = certain >= 1 && found.len() >= 2;
    for (n, caught) in found.iter().enumerate() {
        let Some((label, separator, rest)) = parts(line, &found, n, caught) else { continue };
        let Some(key) = labels::key_of(label) else { continue };
        let explicit = !separator.trim().is_empty();
        let sure = is_certain(line, &found, n, caught);
        if weak(caught) && !((leads && control_line) || (explicit && sure) || (first && sure)) {
            continue;
        }
        let standing = Standing {
            explicit,
            among_others: among_others || control_line,
            // "Information Classification Policy" is a title.
            spaced: label.contains(' ')
                && !weak(caught)
                && kind != BlockKind::Heading
                && (key != "classification" || values::is_class(rest)),
        };
        if kind == BlockKind::Row && n + 1 == found.len() {
            joined_pairs(key, rest, standing, properties);
        } else {
            put(properties, stated(key, rest, standing));
        }
    }
}

/// The label, its separator and what follows up to the next label.
fn parts<'a>(
    line: &'a str,
    found: &[Captures<'a>],
    n: usize,
    caught: &Captures<'a>,
) -> Option<(&'a str, &'a str, &'a str)> {
    let (whole, label, separator) = (caught.get(0)?, caught.name("l")?, caught.name("s")?);
    let end = found.get(n + 1).and_then(|next| next.get(0)).map_or(line.len(), |m| m.start());
    let rest = line.get(whole.end()..end).unwrap_or_default();
    let rest = rest.split(['|', '\t', '•', '·']).next().unwrap_or_default();
    Some((label.as_str(), separator.as_str(), rest))
}

/// True if a label is followed by a value of its own form, which prose hardly does by chance.
fn is_certain(line: &str, found: &[Captures<'_>], n: usize, caught: &Captures<'_>) -> bool {
    parts(line, found, n, caught).is_some_and(|(label, _, rest)| {
        let Some(key) = labels::key_of(label) else { return false };
        match key {
            "approved_by" | "approved_on" => values::approval(key, rest.trim()).1.is_some(),
            _ => values::typed(key, rest.trim()).is_some(),
        }
    })
}

/// `Version 2.1 Status Approved Owner CISO`: pairs whose cells have lost their bounds. A pair ends
/// where a value of known form ends before a label, or where a label stands before such a value.
fn joined_pairs(key: &'static str, raw: &str, standing: Standing, properties: &mut Properties) {
    let (mut key, mut rest) = (key, raw.trim());
    loop {
        if let Some(value) = values::typed(key, rest) {
            let after = rest.get(value.len()..).unwrap_or_default();
            match labels::at_start(after.trim_start()) {
                Some((Label::Key(next), tail)) if !tail.is_empty() => {
                    put(properties, vec![(key.to_owned(), value.to_owned())]);
                    (key, rest) = (next, tail);
                    continue;
                }
                _ => return put(properties, stated(key, rest, standing)),
            }
        }
        let next = rest.match_indices(' ').find_map(|(at, _)| {
            let tail = rest.get(at + 1..)?;
            if !tail.starts_with(char::is_uppercase) {
                return None;
            }
            let (Label::Key(next), after) = labels::at_start(tail)? else { return None };
            values::typed(next, after)?;
            Some((at, next, after))
        });
        let Some((at, next, after)) = next else {
            return put(properties, stated(key, rest, standing));
        };
        put(properties, stated(key, rest.get(..at).unwrap_or_default(), standing));
        (key, rest) = (next, after);
    }
}

fn own_approval(line: &str, properties: &mut Properties) {
    for ((_, approval), (_, pattern)) in APPROVALS.all().into_iter().zip(OWN_APPROVALS.all()) {
        if !approval.words.iter().any(|word| holds(line, word)) {
            continue;
        }
        let Some(caught) = pattern.captures(line) else { continue };
        let either = |a: &str, b: &str| caught.name(a).or(caught.name(b)).map(|m| m.as_str());
        let who = either("who", "who2").and_then(values::cleaned);
        let date = either("d1", "d2").map(str::to_owned);
        let pairs = [("approved_by", who), ("approved_on", date)];
        put(properties, pairs.into_iter().filter_map(|(k, v)| Some((k.to_owned(), v?))).collect());
    }
}

/// Whether a text holds an ASCII word in lower, upper or mixed case.
fn holds(text: &str, word: &str) -> bool {
    text.len() >= word.len()
        && text
            .as_bytes()
            .windows(word.len())
            .any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

fn put(properties: &mut Properties, pairs: Vec<(String, String)>) {
    for (key, value) in pairs {
        properties.entry(key).or_insert(value);
    }
}
