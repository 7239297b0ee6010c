//! Lets pdf-extract read many pages in one go.
//!
//! pdf-extract makes each font anew for each page, and that is half of its work on a long document.
//! It does keep fonts by their name within a page. So pages whose font names don't contradict each
//! other are drawn as the forms of one page that is made up here, with a mark before each. A page that breaks ends only itself: the pages behind it are
//! bundled again. What is no text is taken out of the instructions before.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{BuildHasher, Hasher, RandomState},
    panic::{AssertUnwindSafe, catch_unwind},
};

use pdf_extract::{
    ColorSpace, Dictionary, Document, MediaBox, Object, OutputDev, OutputError, Path, PathOp,
    Stream, Transform, output_doc_page,
};

use super::{Line, drawing::text_only, glyphs::Collector};

type Id = (u32, u16);

/// Pages in a bundle. Bounds what is unpacked at a time.
const PAGES: usize = 64;

/// Bytes of drawing instructions in a bundle, unless one page has more.
const BYTES: usize = 4 << 20;

/// Bundles that a page is compared with.
const OPEN: usize = 16;

/// Dictionaries of resources looked at for one page.
const RESOURCES: usize = 200;

/// What a page gave.
#[derive(Default)]
pub(super) struct Drawn {
    pub lines: Vec<Line>,
    /// It broke on the way.
    pub broke: bool,
    /// No font is known where it draws, so it can't show text.
    pub fontless: bool,
}

/// Draws the pages and gives them in the same order. The page tree is another one afterwards.
pub(super) fn draw(document: &mut Document, pages: &[Id]) -> Vec<Drawn> {
    let root = document.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference);
    let mut drawn: Vec<Drawn> = pages.iter().map(|_| Drawn::default()).collect();
    for Bundle { places, usual, fontless } in bundles(document, pages) {
        let mut rest = places.as_slice();
        // A page that breaks ends a bundle; where one broke others may, and each try costs the bundle.
        let mut most = rest.len();
        while let Some(first) = rest.first() {
            let only = |drawn: Drawn| vec![drawn];
            let done = match root {
                Ok(root) if !usual => only(alone(document, root, pages[*first])),
                Ok(root) => {
                    let ids: Vec<Id> = rest.iter().take(most).map(|n| pages[*n]).collect();
                    together(document, root, &ids)
                }
                Err(_) => only(Drawn { broke: true, ..Drawn::default() }),
            };
            let broke = done.last().is_some_and(|page| page.broke);
            most = if broke { 1 } else { most.saturating_mul(2) };
            let (now, later) = rest.split_at(done.len().clamp(1, rest.len()));
            for (n, page) in now.iter().zip(done) {
                drawn[*n] = Drawn { fontless, ..page };
            }
            rest = later;
        }
    }
    drawn
}

/// What counts for the question whether two pages may be in one bundle.
struct Facts {
    fonts: BTreeMap<Vec<u8>, Id>,
    media: [u32; 4],
    bytes: usize,
}

/// Pages that can be drawn together.
struct Bundle {
    /// Indices of the pages.
    places: Vec<usize>,
    /// False: a page that has to be drawn alone and as it is.
    usual: bool,
    /// None of them has a font.
    fontless: bool,
}

fn bundles(document: &Document, pages: &[Id]) -> Vec<Bundle> {
    let mut bundles: Vec<Bundle> = Vec::new();
    let mut open: Vec<(usize, Facts)> = Vec::new();
    for (n, id) in pages.iter().enumerate() {
        let Some(facts) = facts(document, *id) else {
            bundles.push(Bundle { places: vec![n], usual: false, fontless: false });
            continue;
        };
        let fits = |(at, other): &&mut (usize, Facts)| {
            let agrees =
                |(name, id): (&Vec<u8>, &Id)| facts.fonts.get(name).is_none_or(|f| f == id);
            other.media == facts.media
                && bundles[*at].places.len() < PAGES
                && facts.fonts.is_empty() == bundles[*at].fontless
                && other.bytes + facts.bytes <= BYTES
                && other.fonts.iter().all(agrees)
        };
        match open.iter_mut().find(fits) {
            Some((at, other)) => {
                bundles[*at].places.push(n);
                other.fonts.extend(facts.fonts);
                other.bytes += facts.bytes;
            }
            None => {
                let fontless = facts.fonts.is_empty();
                bundles.push(Bundle { places: vec![n], usual: true, fontless });
                open.push((bundles.len() - 1, facts));
                if open.len() > OPEN {
                    open.remove(0);
                }
            }
        }
    }
    bundles
}

/// `None`: the page has to be drawn alone, because its own names contradict each other or something
/// is not as usual.
fn facts(document: &Document, page: Id) -> Option<Facts> {
    let dictionary = document.get_dictionary(page).ok()?;
    let media = media(document, dictionary)?.map(f32::to_bits);
    let mut fonts = BTreeMap::new();
    let mut todo: Vec<&Dictionary> = Vec::new();
    if let Some(resources) = inherited(document, dictionary, b"Resources") {
        todo.push(document.dereference(resources).ok()?.1.as_dict().ok()?);
    }
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    while let Some(resources) = todo.pop() {
        count += 1;
        if count > RESOURCES {
            return None;
        }
        for (name, font) in inner(document, resources, b"Font").into_iter().flatten() {
            let id = font.as_reference().ok()?;
            if *fonts.entry(name.clone()).or_insert(id) != id {
                return None;
            }
        }
        for (_, form) in inner(document, resources, b"XObject").into_iter().flatten() {
            let id = form.as_reference().ok()?;
            if seen.insert(id)
                && let Ok(stream) = document.get_object(id).and_then(Object::as_stream)
                && let Some(own) = inner(document, &stream.dict, b"Resources")
            {
                todo.push(own);
            }
        }
    }
    let streams = document.get_page_contents(page);
    let stream = |id: &Id| document.get_object(*id).and_then(Object::as_stream).ok();
    let packed: usize = streams.iter().filter_map(stream).map(|s| s.content.len()).sum();
    // Text packs to a fifth or so.
    Some(Facts { fonts, media, bytes: packed.saturating_mul(5) })
}

fn inner<'a>(document: &'a Document, outer: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    document.dereference(outer.get(key).ok()?).ok()?.1.as_dict().ok()
}

/// The value of a page or of the nearest node above it that has one.
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..64 {
        if let Ok(value) = node.get(key) {
            return Some(value);
        }
        let parent = node.get(b"Parent").and_then(Object::as_reference).ok()?;
        node = document.get_dictionary(parent).ok()?;
    }
    None
}

fn media(document: &Document, page: &Dictionary) -> Option<[f32; 4]> {
    let value = document.dereference(inherited(document, page, b"MediaBox")?).ok()?.1;
    let sides = value.as_array().ok()?.get(..4)?;
    let mut media = [0.0; 4];
    for (to, side) in media.iter_mut().zip(sides) {
        *to = document.dereference(side).ok()?.1.as_float().ok()?;
    }
    Some(media)
}

/// Makes `page` the only one of the tree.
fn only(document: &mut Document, root: Id, page: Id) {
    if let Ok(node) = document.get_object_mut(root).and_then(Object::as_dict_mut) {
        node.set("Kids", vec![Object::Reference(page)]);
        node.set("Count", 1);
    }
}

fn alone(document: &mut Document, root: Id, page: Id) -> Drawn {
    only(document, root, page);
    let mut collector = Collector::default();
    let result = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut collector, 1)));
    Drawn { lines: collector.into_lines(), broke: !matches!(result, Ok(Ok(()))), fontless: false }
}

/// Draws the pages up to the first that breaks, and at least one.
fn together(document: &mut Document, root: Id, pages: &[Id]) -> Vec<Drawn> {
    // No file can know this number, so no page can draw the mark.
    let secret = (RandomState::new().build_hasher().finish() >> 16) as i64;
    let Some(sheet) = sheet(document, pages, secret) else {
        return vec![alone(document, root, pages[0])];
    };
    only(document, root, sheet.page);
    let mut collectors = Sheaf { secret: secret as f64, ..Sheaf::default() };
    let result = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut collectors, 1)));
    for id in sheet.added {
        document.objects.remove(&id);
    }
    let all = collectors.pages.into_iter();
    let mut drawn: Vec<Drawn> =
        all.map(|c| Drawn { lines: c.into_lines(), ..Drawn::default() }).collect();
    if !matches!(result, Ok(Ok(())))
        && let Some(last) = drawn.last_mut()
    {
        last.broke = true;
    }
    if drawn.is_empty() { vec![alone(document, root, pages[0])] } else { drawn }
}

/// A page that was made up, and all objects that were added for it.
struct Sheet {
    page: Id,
    added: Vec<Id>,
}

fn sheet(document: &mut Document, pages: &[Id], secret: i64) -> Option<Sheet> {
    let sides = media(document, document.get_dictionary(*pages.first()?).ok()?)?;
    let (mut forms, mut drawing, mut added) = (Dictionary::new(), String::new(), Vec::new());
    for (n, id) in pages.iter().enumerate() {
        let page = document.get_dictionary(*id).ok()?;
        let resources = inherited(document, page, b"Resources").cloned();
        let content = text_only(&document.get_page_content(*id).ok()?);
        let mut form = Dictionary::new();
        form.set("Subtype", "Form");
        form.set("Resources", resources.unwrap_or_else(|| Dictionary::new().into()));
        added.push(document.add_object(Stream::new(form, content)));
        forms.set(format!("P{n}"), Object::Reference(added[n]));
        drawing.push_str(&format!("{secret} {n} m S /P{n} Do\n"));
    }
    let mut resources = Dictionary::new();
    resources.set("XObject", forms);
    let drawing = document.add_object(Stream::new(Dictionary::new(), drawing.into_bytes()));
    let mut page = Dictionary::new();
    page.set("Type", Object::Name(b"Page".to_vec()));
    page.set("MediaBox", sides.map(Object::Real).to_vec());
    page.set("Resources", resources);
    page.set("Contents", Object::Reference(drawing));
    let page = document.add_object(page);
    added.extend([drawing, page]);
    Some(Sheet { page, added })
}

/// A collector for each page of a bundle; the last one is at work.
#[derive(Default)]
struct Sheaf {
    secret: f64,
    media: Option<MediaBox>,
    pages: Vec<Collector>,
}

impl Sheaf {
    fn current(&mut self) -> Result<&mut Collector, OutputError> {
        if self.pages.is_empty() {
            self.pages.push(Collector::default());
        }
        self.pages.last_mut().ok_or(OutputError::FormatError(std::fmt::Error))
    }
}

impl OutputDev for Sheaf {
    fn begin_page(
        &mut self,
        _: u32,
        media: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.media = Some(*media);
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        matrix: &Transform,
        width: f64,
        spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.current()?.output_character(matrix, width, spacing, font_size, text)
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.current()?.begin_word()
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn stroke(
        &mut self,
        _: &Transform,
        _: &ColorSpace,
        _: &[f64],
        path: &Path,
    ) -> Result<(), OutputError> {
        if let [PathOp::MoveTo(x, _)] = path.ops.as_slice()
            && *x == self.secret
        {
            let mut collector = Collector::default();
            if let Some(media) = &self.media {
                collector.begin_page(1, media, None)?;
            }
            self.pages.push(collector);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document with a page for each list of fonts (name, object, instructions).
    fn document(pages: &[(&str, u32, &str)]) -> (Document, Vec<Id>) {
        let mut document = Document::new();
        let fonts: Vec<Id> = ["WinAnsiEncoding", "MacRomanEncoding"]
            .map(|encoding| {
                let mut font = Dictionary::new();
                font.set("Subtype", "Type1");
                font.set("BaseFont", "Helvetica");
                font.set("Encoding", encoding);
                document.add_object(font)
            })
            .to_vec();
        let root = document.add_object(Dictionary::new());
        let mut kids = Vec::new();
        for (name, font, content) in pages {
            let content = Stream::new(Dictionary::new(), content.as_bytes().to_vec());
            let content = document.add_object(content);
            let (mut names, mut resources) = (Dictionary::new(), Dictionary::new());
            names.set(*name, Object::Reference(fonts[*font as usize]));
            resources.set("Font", names);
            let mut page = Dictionary::new();
            page.set("Type", "Page");
            page.set("Parent", Object::Reference(root));
            page.set("Resources", resources);
            page.set("Contents", Object::Reference(content));
            kids.push(document.add_object(page));
        }
        let mut node = Dictionary::new();
        node.set("Type", "Pages");
        node.set("MediaBox", [0, 0, 595, 842].map(Object::from).to_vec());
        node.set("Kids", kids.iter().map(|id| Object::Reference(*id)).collect::<Vec<_>>());
        document.set_object(root, node);
        let mut catalog = Dictionary::new();
        catalog.set("Type", "Catalog");
        catalog.set("Pages", Object::Reference(root));
        let catalog = document.add_object(catalog);
        document.trailer.set("Root", Object::Reference(catalog));
        (document, kids)
    }

    fn texts(pages: &[(&str, u32, &str)]) -> Vec<(String, bool)> {
        let (mut document, ids) = document(pages);
        let before = document.objects.len();
        let drawn = draw(&mut document, &ids);
        assert_eq!(document.objects.len(), before, "what was made up is gone again");
        let text = |lines: &[Line]| {
            lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("/")
        };
        drawn.iter().map(|page| (text(&page.lines), page.broke)).collect()
    }

    #[test]
    fn each_page_has_its_own_text() {
        let got = texts(&[
            ("F1", 0, "BT /F1 12 Tf 72 700 Td (one) Tj ET 5 5 m S"),
            ("F1", 0, ""),
            ("F1", 0, "BT /F1 12 Tf 72 700 Td (three) Tj ET"),
        ]);
        let want = [("one", false), ("", false), ("three", false)];
        assert_eq!(got, want.map(|(text, broke)| (text.to_owned(), broke)));
    }

    #[test]
    fn one_name_for_two_fonts_keeps_pages_apart() {
        // The same byte is another letter in the two encodings.
        let show = "BT /F1 12 Tf 72 700 Td (\\344) Tj ET";
        let pages = [("F1", 0, show), ("F1", 1, show), ("F1", 0, show)];
        let (document, ids) = document(&pages);
        let places: Vec<_> = bundles(&document, &ids).into_iter().map(|b| b.places).collect();
        assert_eq!(places, [vec![0, 2], vec![1]]);
        let got: Vec<String> = texts(&pages).into_iter().map(|(text, _)| text).collect();
        assert_eq!(got, ["ä", "‰", "ä"]);
    }

    #[test]
    fn a_page_that_breaks_costs_no_other() {
        let good = "BT /F1 12 Tf 72 700 Td (good) Tj ET";
        let bad = "BT /F1 12 Tf 72 700 Td (half) Tj /None 12 Tf (lost) Tj ET";
        let got = texts(&[("F1", 0, good), ("F1", 0, bad), ("F1", 0, good)]);
        let want = [("good", false), ("half", true), ("good", false)];
        assert_eq!(got, want.map(|(text, broke)| (text.to_owned(), broke)));
    }
}
