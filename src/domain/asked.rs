//! Blanks of templates.

use super::ByLanguage;

/// What a blank in brackets asks for, as parts of a pattern: `[company name]`, `<datum>`, `[à compléter]`.
pub const ASKED: ByLanguage<&str> = ByLanguage {
    en: "company|organi[sz]ation|insert|name|date|your|role|title",
    de: "firma|unternehmen|datum|rolle|abteilung|bitte|ausfüllen|eintragen|einfügen",
    fr: r"société|entreprise|nom\b|fonction|votre|insérer|à compléter|à renseigner",
    es: r"empresa|nombre\b|fecha|cargo\b|insertar|su organización|completar|rellenar",
    it: r"azienda|società|nome\b|ruolo|inserire|completare|compilare",
    pt: r"organização|empresa|nome\b|cargo\b|função|inserir|preencher|completar",
    nl: r"bedrijf|organisatie|naam\b|functie|invullen|uw\b|invoegen",
};
