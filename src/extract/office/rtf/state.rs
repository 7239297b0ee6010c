//! What a group of RTF is for, and what holds inside it.

/// Where the text of a group goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Text,
    /// Not text at all.
    Skip,
    Fonts,
    Styles,
    /// A property of the document.
    Info(&'static str),
    /// A date among the properties, as `\yr`, `\mo` and so on.
    Date(&'static str),
    Header,
    Footer,
    Note,
    Comment,
    /// The name of who wrote the next comment.
    Author,
}

/// Group state: saved at `{`, restored at `}`.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub(super) target: Target,
    /// Code page of the current font, if it differs from the document's.
    pub(super) font_page: Option<i32>,
    /// Characters that stand for one `\u` in old programs.
    pub(super) fallback: usize,
    pub(super) hidden: bool,
    pub(super) deleted: bool,
    /// Inside `\htmlrtf`: RTF that only mirrors encapsulated HTML.
    pub(super) mirrored: bool,
}

impl State {
    pub(super) const START: Self = Self {
        target: Target::Text,
        font_page: None,
        fallback: 1,
        hidden: false,
        deleted: false,
        mirrored: false,
    };
}

/// The target that a control word opens, if it opens one.
pub(super) fn target_of(word: &str) -> Option<Target> {
    Some(match word {
        "fonttbl" => Target::Fonts,
        "stylesheet" => Target::Styles,
        "header" | "headerl" | "headerr" | "headerf" => Target::Header,
        "footer" | "footerl" | "footerr" | "footerf" => Target::Footer,
        "footnote" => Target::Note,
        "annotation" => Target::Comment,
        "atnauthor" => Target::Author,
        "title" => Target::Info("title"),
        "subject" => Target::Info("subject"),
        "author" => Target::Info("author"),
        "operator" => Target::Info("last_modified_by"),
        "keywords" => Target::Info("keywords"),
        "doccomm" => Target::Info("description"),
        "company" => Target::Info("company"),
        "manager" => Target::Info("manager"),
        "creatim" => Target::Date("created"),
        "revtim" => Target::Date("modified"),
        // Text of shapes inside of a destination that is skipped.
        "shptxt" | "fldrslt" | "result" => Target::Text,
        "info" | "colortbl" | "pict" | "fldinst" | "listtext" | "pntext" | "nonshppict"
        | "nonesttables" | "objdata" | "themedata" | "colorschememapping" | "latentstyles"
        | "datastore" | "xmlnstbl" | "listtable" | "listoverridetable" | "filetbl" | "revtbl"
        | "rsidtbl" | "generator" | "template" | "atnid" | "atndate" | "atnref" | "atnparent"
        | "bkmkstart" | "bkmkend" | "sp" | "mmathPr" | "userprops" | "private" | "ftnsep"
        | "ftnsepc" | "ftncn" | "aftnsep" | "aftnsepc" | "aftncn" | "tc" | "xe" | "printim"
        | "buptim" | "wgrffmtfilter" | "docvar" | "passwordhash" => Target::Skip,
        _ => return None,
    })
}
