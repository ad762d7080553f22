//! Reads cases out of Markdown: a second-level heading each, with fenced blocks.

use std::collections::BTreeMap;

use bounden_base::Json;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};

use super::{
    Block, Case, ConformanceError, ConformanceErrorKind as Wrong, ExpectedDiagnostic, Place, Step,
};

const INTENT: &str = "yaml intent";
const CONTRACTS: &str = "json contracts";
const EVENTS: &str = "jsonl events";
const DECISIONS: &str = "jsonl decisions";
const DIAGNOSTICS: &str = "text diagnostics";
const KINDS: &[&str] = &[INTENT, CONTRACTS, EVENTS, DECISIONS, DIAGNOSTICS];

/// Reads the cases of `text`, naming `file` in every place.
///
/// # Errors
/// Everything that is wrong with the file, in order of line.
pub fn parse(file: &str, text: &str) -> Result<Vec<Case>, Vec<ConformanceError>> {
    let mut reader = Reader { file, sections: vec![Section::default()], errors: Vec::new() };
    reader.markdown(text);
    let cases = reader.cases();
    reader.errors.sort_by(|a, b| a.place.cmp(&b.place));
    if reader.errors.is_empty() { Ok(cases) } else { Err(reader.errors) }
}

struct Reader<'a> {
    file: &'a str,
    /// The part before the first case, then the cases.
    sections: Vec<Section>,
    errors: Vec<ConformanceError>,
}

/// What stands below one heading.
#[derive(Default)]
struct Section {
    title: String,
    line: usize,
    blocks: BTreeMap<&'static str, Block>,
}

impl Reader<'_> {
    fn markdown(&mut self, text: &str) {
        // What the text of the next events belongs to.
        let mut title: Option<String> = None;
        let mut fence: Option<(String, Block)> = None;
        for (event, span) in Parser::new(text).into_offset_iter() {
            let line = text.get(..span.start).unwrap_or(text).matches('\n').count() + 1;
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
                    self.sections.push(Section { line, ..Section::default() });
                    title = Some(String::new());
                }
                Event::End(TagEnd::Heading(HeadingLevel::H2)) => {
                    self.title(title.take().unwrap_or_default());
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                    let block = Block { text: String::new(), place: self.place(line + 1) };
                    fence = Some((info.into_string(), block));
                }
                Event::End(TagEnd::CodeBlock) => {
                    if let Some((info, block)) = fence.take() {
                        self.block(&info, block);
                    }
                }
                Event::Text(part) | Event::Code(part) => {
                    if let Some((_, block)) = &mut fence {
                        block.text.push_str(&part);
                    } else if let Some(title) = &mut title {
                        title.push_str(&part);
                    }
                }
                _ => {}
            }
        }
    }

    fn title(&mut self, title: String) {
        let is_taken = self.sections.iter().skip(1).any(|section| section.title == title);
        let Some(section) = self.sections.last_mut() else { return };
        section.title.clone_from(&title);
        let line = section.line;
        if is_taken {
            self.wrong(line, Wrong::SecondTitle(title));
        }
    }

    fn block(&mut self, info: &str, block: Block) {
        let fence_line = block.place.line.saturating_sub(1);
        let Some(kind) = KINDS.iter().find(|kind| **kind == info) else {
            return self.wrong(fence_line, Wrong::UnknownBlock(info.to_owned()));
        };
        if self.sections.len() == 1 && ![INTENT, CONTRACTS].contains(kind) {
            return self.wrong(fence_line, Wrong::NotShared(kind));
        }
        let Some(section) = self.sections.last_mut() else { return };
        if section.blocks.insert(kind, block).is_some() {
            self.wrong(fence_line, Wrong::SecondBlock(kind));
        }
    }

    fn cases(&mut self) -> Vec<Case> {
        let mut sections = std::mem::take(&mut self.sections).into_iter();
        let shared = sections.next().unwrap_or_default();
        sections.filter_map(|section| self.case(section, &shared)).collect()
    }

    fn case(&mut self, mut section: Section, shared: &Section) -> Option<Case> {
        let line = section.line;
        let mut own_or_shared =
            |kind| section.blocks.remove(kind).or_else(|| shared.blocks.get(kind).cloned());
        let (intent, contracts) = (own_or_shared(INTENT), own_or_shared(CONTRACTS));
        let events = section.blocks.remove(EVENTS);
        let decisions = section.blocks.remove(DECISIONS);
        let diagnostics = section.blocks.remove(DIAGNOSTICS);
        if decisions.is_none() && diagnostics.is_none() {
            self.wrong(line, Wrong::ExpectsNothing);
        }
        let steps = self.steps(line, events.as_ref(), decisions.as_ref());
        let diagnostics = self.diagnostics(diagnostics.as_ref());
        let Some(intent) = intent else {
            self.wrong(line, Wrong::NoIntent);
            return None;
        };
        let place = self.place(line);
        Some(Case { title: section.title, place, intent, contracts, steps, diagnostics })
    }

    fn steps(
        &mut self,
        line: usize,
        events: Option<&Block>,
        decisions: Option<&Block>,
    ) -> Vec<Step> {
        let events: Vec<_> = events.into_iter().flat_map(lines).collect();
        let decisions: Vec<_> = decisions.into_iter().flat_map(lines).collect();
        if events.len() != decisions.len() {
            let (events, decisions) = (events.len(), decisions.len());
            self.wrong(line, Wrong::Unpaired { events, decisions });
        }
        let mut steps = Vec::new();
        for ((_, event), (line, decision)) in events.into_iter().zip(decisions) {
            match Json::parse(decision.as_bytes()) {
                Ok(decision @ Json::Object(_)) => {
                    let (event, place) = (event.to_owned(), self.place(line));
                    steps.push(Step { event, decision, place });
                }
                Ok(_) => self.wrong(line, Wrong::NotAnObject),
                Err(error) => self.wrong(line, Wrong::Json(error)),
            }
        }
        steps
    }

    fn diagnostics(&mut self, block: Option<&Block>) -> Vec<ExpectedDiagnostic> {
        let mut expected = Vec::new();
        for (line, text) in block.into_iter().flat_map(lines) {
            match diagnostic(text, self.place(line)) {
                Some(diagnostic) => expected.push(diagnostic),
                None => self.wrong(line, Wrong::Diagnostic(text.to_owned())),
            }
        }
        expected
    }

    fn place(&self, line: usize) -> Place {
        Place { file: self.file.to_owned(), line }
    }

    fn wrong(&mut self, line: usize, kind: Wrong) {
        let place = self.place(line);
        self.errors.push(ConformanceError { place, kind });
    }
}

/// The lines that are not blank, each with its number in the file.
fn lines(block: &Block) -> impl Iterator<Item = (usize, &str)> {
    let numbered = (block.place.line..).zip(block.text.lines());
    numbered.filter(|(_, line)| !line.trim().is_empty())
}

/// Reads `CODE LINE:COLUMN` and perhaps words of the message.
fn diagnostic(text: &str, place: Place) -> Option<ExpectedDiagnostic> {
    let (code, rest) = text.trim().split_once(' ')?;
    let (position, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let (line, column) = position.split_once(':')?;
    let digits = code.strip_prefix('B')?;
    if digits.len() != 3 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (line, column) = (line.parse().ok()?, column.parse().ok()?);
    Some(ExpectedDiagnostic { code: code.to_owned(), line, column, words: words.to_owned(), place })
}
