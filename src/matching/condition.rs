//! Conditions: "if the approval is missing, the change is rejected" is a rule and states no absence.

use std::{borrow::Cow, sync::LazyLock};

use regex::{Captures, Regex};

use super::talk_words::ABSENT;
use crate::domain::ByLanguage;

/// What a condition begins with.
const IF: ByLanguage<&str> = ByLanguage {
    en: "if|in case|in the event that|as long as|unless|whether|provided that",
    de: "wenn|falls|sofern|sobald|solange|soweit|ob",
    fr: "si|s['’]ils?|au cas où|dans le cas où|dès lors que|tant qu[e'’]|dès qu[e'’]|à moins qu[e'’]",
    es: "si|en caso de que|en el caso de que|siempre que|mientras|a menos que",
    it: "se|qualora|nel caso in cui|nel caso|laddove|finché|a meno che|ove",
    pt: "se|caso|no caso de|sempre que|enquanto|a menos que",
    nl: "als|indien|zodra|zolang|mocht(?:en)?|tenzij|in(?:dien)? het geval dat",
};

/// The same where it may be a time in a report: "when we asked, the list was missing".
const WHEN: ByLanguage<&str> = ByLanguage {
    en: "when|whenever|where",
    de: "",
    fr: "lorsqu[e'’]|quand",
    es: "cuando|donde",
    it: "quando",
    pt: "quando",
    nl: "wanneer",
};

/// … which a past tense says.
const PAST: ByLanguage<&str> = ByLanguage {
    en: r"was|were|had|did|\w+ed (?:it|the|that|this)",
    de: "",
    fr: "était|étaient|avait|avaient|avons|ai|a été|ont été",
    es: r"\w+ó|\w+aron|\w+ieron|\w+imos|estaba|estaban|era|eran|había|habían",
    it: "era|erano|aveva|avevano|abbiamo|ho|è stat[oa]|sono stat[ie]",
    pt: r"era|eram|estava|estavam|havia|foi|foram|\w+aram|\w+ámos|\w+amos",
    nl: "was|waren|had|hadden|werd|werden|wij|we",
};

/// A verb that stands first makes a condition if a comma ends the clause: "Liegt keine Freigabe vor, so …".
const VERB_FIRST: ByLanguage<&str> = ByLanguage {
    en: "Should|Were|Had",
    de: "Fehl(?:t|en)|Liegt|Liegen|Existier(?:t|en)|Besteht|Bestehen|Gibt|Ist|Sind|Wird|Werden|Wurden?|Hat|Haben|Kann|Können|Sollten?|War|Waren",
    fr: "",
    es: "",
    it: "",
    pt: "",
    nl: "Ontbreekt|Ontbreken|Is|Zijn|Wordt|Worden|Werd|Werden|Heeft|Hebben|Kan|Kunnen|Bestaat|Bestaan|Ligt|Mocht(?:en)?",
};

/// What begins alike and is no condition: it concedes ("even if"), or the word is another one.
const NO_CONDITION: ByLanguage<&str> = ByLanguage {
    en: "even if|even when|where possible|where applicable",
    de: "auch wenn|selbst wenn|wenn auch|wenngleich|wenn überhaupt",
    fr: "même si|même lorsque|si bien que|si besoin",
    es: "si bien|aun si|incluso si|aun cuando|incluso cuando|si procede",
    it: "anche se|se bene|anche quando|se del caso",
    pt: r"mesmo se|mesmo quando|ainda se|se (?:encontr|ach|verific|constat|observ|identific|detet|detect|confirm|regist|apur)\w*|caso de",
    nl: "ook als|zelfs als|als (?:gevolg|onderdeel|organisatie|eerste|tweede|enige|zodanig|bijlage|voorbeeld)|als volgt",
};

/// What ends a clause; a full stop in `A.5.15` or `9.2` does not.
const CLAUSE: &str = r"(?:[^,;:!?\n.]|\.\S)*";

struct Words {
    absent: Regex,
    condition: Regex,
    past: Option<Regex>,
}

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let pattern = |text: &str| Regex::new(text).expect("constant");
    let all = ABSENT.all().into_iter().enumerate();
    all.map(|(n, (_, absent))| {
        let own = |table: &ByLanguage<&'static str>| *table.all()[n].1;
        let when = match own(&WHEN) {
            "" => String::new(),
            words => format!(r"|(?P<when>(?:{words})\b{CLAUSE})"),
        };
        let verb = match own(&VERB_FIRST) {
            "" => String::new(),
            words => format!(r"|(?:^|[.!?;:]\s+|\n)(?-i:{words})\s{CLAUSE},"),
        };
        let but = own(&NO_CONDITION);
        let condition = pattern(&format!(
            r#"(?i)(?:^|[\s("“«–—/])(?:(?P<but>{but})\b|(?:{own_if})\b{CLAUSE}{when}){verb}"#,
            own_if = own(&IF),
        ));
        let past = own(&PAST);
        Words {
            absent: pattern(&format!(r"(?i)\b(?:{absent})(?:\b|$)")),
            condition,
            past: (!past.is_empty()).then(|| pattern(&format!(r"(?i)\b(?:{past})\b"))),
        }
    })
    .collect()
});

impl Words {
    /// The text without its conditions.
    fn stated<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.condition.replace_all(text, |caught: &Captures<'_>| {
            let told = |when: &str| self.past.as_ref().is_some_and(|past| past.is_match(when));
            let keep = caught.name("but").is_some()
                || caught.name("when").is_some_and(|when| told(when.as_str()));
            if keep { caught[0].to_owned() } else { " … ".to_owned() }
        })
    }
}

/// True if a text that says somewhere that something is not there says so outside a condition.
pub(super) fn states_absence(text: &str) -> bool {
    WORDS
        .iter()
        .any(|words| words.absent.is_match(text) && words.absent.is_match(&words.stated(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_no_absence() {
        for text in [
            "If the approval is missing, the change is rejected.",
            "The change is rejected if the approval is missing.",
            "Should the approval be missing, the change does not start.",
            "When evidence is missing, the owner is asked for it.",
            "An observation is recorded if evidence is not available.",
            "In case no process exists, the CISO decides.",
            "Wenn die Freigabe fehlt, wird die Änderung abgelehnt.",
            "Die Änderung wird abgelehnt, wenn die Freigabe fehlt.",
            "Falls keine Freigabe vorliegt, entscheidet der ISB.",
            "Sofern nach A.5.1 die Freigabe fehlt, entscheidet der ISB.",
            "Liegt keine Freigabe vor, wird die Änderung abgelehnt.",
            "Wurde die Prüfung nicht durchgeführt, ist der Zugang zu sperren.",
            "Eine Abweichung liegt vor, wenn kein Nachweis besteht.",
            "Der Eigentümer prüft, ob Angaben fehlen.",
            "Si l'approbation manque, le changement est rejeté.",
            "Si le plan n'est pas documenté, le RSSI décide.",
            "Le changement est rejeté s'il n'existe pas d'approbation.",
            "Lorsque la preuve fait défaut, le propriétaire est saisi.",
            "Si falta la aprobación, se rechaza el cambio.",
            "El cambio se rechaza si no existe aprobación.",
            "Cuando no hay evidencia, se informa al responsable.",
            "Se manca l'approvazione, la modifica è respinta.",
            "La modifica è respinta se l'analisi non è stata eseguita.",
            "Qualora risultino mancanti le prove, decide il responsabile.",
            "Se faltar a aprovação, a alteração é rejeitada.",
            "Se a aprovação estiver em falta, a alteração é rejeitada.",
            "A alteração é rejeitada caso não exista aprovação.",
            "Als de goedkeuring ontbreekt, wordt de wijziging afgewezen.",
            "De wijziging wordt afgewezen als de goedkeuring ontbreekt.",
            "Indien de test niet uitgevoerd is, blijft het systeem gesloten.",
            "Ontbreekt de goedkeuring, dan wordt de wijziging afgewezen.",
        ] {
            assert!(!states_absence(text), "{text}");
        }
    }

    #[test]
    fn what_the_main_clause_states_is_absence() {
        for text in [
            "The approval is missing if you look at the second page.",
            "If you ask for a list, it does not exist.",
            "Even if the work began, the plan is missing.",
            "When the list was requested it was missing.",
            "Finding: no list exists if not asked for.",
            "Es fehlt, wenn man genau hinsieht, die Freigabe.",
            "Wenn man genau hinsieht, fehlt die Freigabe.",
            "Auch wenn die Freigabe fehlt, wurde begonnen.",
            "Der Auditor stellte fest, dass die Freigabe fehlt.",
            "Da die Freigabe fehlt, ruht das Vorhaben.",
            "Si l'on regarde de près, la procédure n'existe pas.",
            "Même si le registre n'existe pas encore, les travaux avancent.",
            "Lorsque nous avons demandé la liste elle était manquante.",
            "Si bien no existe un inventario, hay una lista.",
            "Si se revisa el expediente, no existe la aprobación.",
            "Si rileva che manca l'elenco.",
            "Anche se manca l'elenco, il lavoro prosegue.",
            "Se si guarda bene, manca l'elenco.",
            "O registo encontra-se em falta.",
            "O registo se encontra em falta.",
            "Se procurarmos bem, o plano não existe.",
            "Als gevolg hiervan ontbreekt een overzicht.",
            "Als men goed kijkt, ontbreekt het overzicht.",
            "Ook als de lijst ontbreekt, gaat het werk door.",
            "Het overzicht ontbreekt als men goed kijkt.",
        ] {
            assert!(states_absence(text), "{text}");
        }
    }
}
