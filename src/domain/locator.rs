//! Where a text stands in its source file, in a form that a person can follow and a program check.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::HeadingPath;

/// A place in a document. At least one of the place keys is set: an empty locator can't be built.
///
/// Keys of the JSON form: `page`; `slide`; `sheet` + `cells`; `line_start` + `line_end`;
/// `heading` + `paragraph` (+ `paragraph_end`); `part` for a mail part or an archive member, alone
/// or before any of the others. All numbers count from 1 and ranges include both ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Locator {
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slide: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_start: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_end: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<HeadingPath>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paragraph_end: Option<u32>,
}

#[derive(Deserialize)]
struct Raw {
    part: Option<Box<str>>,
    page: Option<u32>,
    slide: Option<u32>,
    sheet: Option<Box<str>>,
    cells: Option<Box<str>>,
    line_start: Option<u32>,
    line_end: Option<u32>,
    heading: Option<HeadingPath>,
    paragraph: Option<u32>,
    paragraph_end: Option<u32>,
}

/// A locator without a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a locator needs a page, slide, sheet and cells, line range, paragraph or part")]
pub struct LocatorError;

impl TryFrom<Raw> for Locator {
    type Error = LocatorError;
    fn try_from(raw: Raw) -> Result<Self, Self::Error> {
        let Raw {
            part,
            page,
            slide,
            sheet,
            cells,
            line_start,
            line_end,
            heading,
            paragraph,
            paragraph_end,
        } = raw;
        let placed = part.is_some()
            || page.is_some()
            || slide.is_some()
            || sheet.is_some()
            || line_start.is_some()
            || paragraph.is_some();
        if !placed {
            return Err(LocatorError);
        }
        Ok(Self {
            part,
            page,
            slide,
            sheet,
            cells,
            line_start,
            line_end,
            heading,
            paragraph,
            paragraph_end,
        })
    }
}

impl Locator {
    const NOWHERE: Self = Self {
        part: None,
        page: None,
        slide: None,
        sheet: None,
        cells: None,
        line_start: None,
        line_end: None,
        heading: None,
        paragraph: None,
        paragraph_end: None,
    };

    /// A page of a paginated document.
    pub fn page(page: u32) -> Self {
        Self { page: Some(page), ..Self::NOWHERE }
    }

    /// A slide of a presentation.
    pub fn slide(slide: u32) -> Self {
        Self { slide: Some(slide), ..Self::NOWHERE }
    }

    /// A cell range such as `A12:F12` on a sheet.
    pub fn cells(sheet: impl Into<Box<str>>, cells: impl Into<Box<str>>) -> Self {
        Self { sheet: Some(sheet.into()), cells: Some(cells.into()), ..Self::NOWHERE }
    }

    /// A range of lines of a text file.
    pub fn lines(start: u32, end: u32) -> Self {
        Self { line_start: Some(start), line_end: Some(end), ..Self::NOWHERE }
    }

    /// The n-th paragraph of a document (counted over the whole document, table rows included),
    /// with the headings that it stands under.
    pub fn paragraph(heading: impl Into<HeadingPath>, paragraph: u32) -> Self {
        Self { heading: Some(heading.into()), paragraph: Some(paragraph), ..Self::NOWHERE }
    }

    /// A part of a mail or a member of an archive as a whole.
    pub fn part(part: impl Into<Box<str>>) -> Self {
        Self { part: Some(part.into()), ..Self::NOWHERE }
    }

    /// The same place inside a mail part or an archive member. Nested parts are joined by `/`.
    #[must_use]
    pub fn within(mut self, part: &str) -> Self {
        self.part = Some(match self.part {
            Some(inner) => format!("{part}/{inner}").into(),
            None => part.into(),
        });
        self
    }

    /// Takes these headings' text if its own ones say the same.
    pub(super) fn share_heading(&mut self, heading: &HeadingPath) {
        if let Some(own) = &mut self.heading {
            own.share(heading);
        }
    }

    /// The page, if the place is on one.
    pub fn page_number(&self) -> Option<u32> {
        self.page
    }

    /// The sheet and the cell range, if the place is in a workbook.
    pub fn sheet_and_cells(&self) -> Option<(&str, &str)> {
        Some((self.sheet.as_deref()?, self.cells.as_deref()?))
    }

    /// First and last line, if the place is a line range.
    pub fn line_range(&self) -> Option<(u32, u32)> {
        Some((self.line_start?, self.line_end?))
    }

    /// First and last paragraph, if the place is counted in paragraphs.
    pub fn paragraph_range(&self) -> Option<(u32, u32)> {
        let first = self.paragraph?;
        Some((first, self.paragraph_end.unwrap_or(first)))
    }

    /// The smallest place that covers both, or `None` where no single locator does (two pages, two
    /// sheets, two rows, two parts).
    pub fn join(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(self.clone());
        }
        let same_container = self.part == other.part
            && self.page == other.page
            && self.slide == other.slide
            && self.sheet == other.sheet
            && self.cells == other.cells;
        if !same_container {
            return None;
        }
        if let (Some((a, b)), Some((c, d))) = (self.line_range(), other.line_range()) {
            let mut joined = self.clone();
            joined.line_start = Some(a.min(c));
            joined.line_end = Some(b.max(d));
            return Some(joined);
        }
        if let (Some((a, b)), Some((c, d))) = (self.paragraph_range(), other.paragraph_range()) {
            if self.heading != other.heading {
                return None;
            }
            let mut joined = self.clone();
            joined.paragraph = Some(a.min(c));
            joined.paragraph_end = Some(b.max(d));
            return Some(joined);
        }
        None
    }
}

impl fmt::Display for Locator {
    /// For people: `page 4`, `Register!A12:F12`, `lines 10–14`, `3 Access › 3.2 Review, paragraph 18`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(|word| word))
    }
}

impl Locator {
    /// The same with other words for `page`, `slide`, `line`, `lines`, `paragraph` and `paragraphs`.
    pub fn told<'w>(&self, word: impl Fn(&'static str) -> &'w str) -> String {
        let mut pieces = Vec::new();
        if let Some(part) = &self.part {
            pieces.push(part.to_string());
        }
        if let Some(page) = self.page {
            pieces.push(format!("{} {page}", word("page")));
        }
        if let Some(slide) = self.slide {
            pieces.push(format!("{} {slide}", word("slide")));
        }
        if let Some(sheet) = &self.sheet {
            pieces.push(match &self.cells {
                Some(cells) => format!("{sheet}!{cells}"),
                None => sheet.to_string(),
            });
        }
        if let Some((start, end)) = self.line_range() {
            pieces.push(if start == end {
                format!("{} {start}", word("line"))
            } else {
                format!("{} {start}–{end}", word("lines"))
            });
        }
        if let Some((start, end)) = self.paragraph_range() {
            if let Some(heading) = self.heading.as_ref().filter(|h| !h.is_empty()) {
                pieces.push(heading.join(" › "));
            }
            pieces.push(if start == end {
                format!("{} {start}", word("paragraph"))
            } else {
                format!("{} {start}–{end}", word("paragraphs"))
            });
        }
        pieces.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locator_without_a_place_can_not_be_read() {
        assert!(serde_json::from_str::<Locator>("{}").is_err());
        assert!(serde_json::from_str::<Locator>(r#"{"heading":["A"]}"#).is_err());
        let page: Locator = serde_json::from_str(r#"{"page":4}"#).unwrap();
        assert_eq!(page, Locator::page(4));
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"page":4}"#);
    }

    #[test]
    fn neighbours_join_and_strangers_do_not() {
        let joined = Locator::lines(3, 4).join(&Locator::lines(6, 9)).unwrap();
        assert_eq!(joined, Locator::lines(3, 9));
        assert_eq!(Locator::page(1).join(&Locator::page(2)), None);
        assert_eq!(Locator::cells("S", "A1:B1").join(&Locator::cells("S", "A2:B2")), None);
        let under = |n| Locator::paragraph(vec!["Scope".into()], n);
        assert_eq!(under(4).join(&under(5)).unwrap().to_string(), "Scope, paragraphs 4–5");
    }

    #[test]
    fn parts_nest() {
        let inner = Locator::page(2).within("report.pdf").within("message");
        assert_eq!(inner.to_string(), "message/report.pdf, page 2");
    }
}
