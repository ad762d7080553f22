//! Reads the arguments of a call along a plan: what fits is noted, and nothing is built.

use bounden_base::Decimal;

use super::cursor::{Clear, Cursor, Opening, Quoted, Unclear};
use super::plan::{Items, Members, Node, NodeId, Plan};
use super::slots::{Kind, Slots};
use crate::schema::{NumberPart, StringPart, Type};

/// Longer texts are read in full; so no bound of the full reading is near.
const MOST_BYTES: usize = 64 << 10;
/// Deepest nesting, as `Json::parse` has it, alternatives counted.
const MOST_DEPTH: u32 = 64;
/// Most values that are looked at, alternatives counted.
const MOST_STEPS: u32 = 20_000;
/// Most members of one object that the plan does not name.
const MOST_OTHERS: usize = 16;

/// What stands at the wanted places of a text that fits the plan.
pub(super) fn read<'t>(plan: &Plan, text: &'t str) -> Clear<Slots<'t>> {
    if text.len() > MOST_BYTES {
        return Err(Unclear);
    }
    let mut reader = Reader {
        plan,
        cursor: Cursor::new(text),
        slots: Slots::new(text),
        depth: MOST_DEPTH,
        steps: MOST_STEPS,
    };
    if reader.cursor.opening()? != Opening::Object {
        return Err(Unclear);
    }
    reader.value(Plan::ROOT)?;
    reader.cursor.finish()?;
    Ok(reader.slots)
}

struct Reader<'p, 't> {
    plan: &'p Plan,
    cursor: Cursor<'t>,
    slots: Slots<'t>,
    depth: u32,
    steps: u32,
}

impl<'p, 't> Reader<'p, 't> {
    fn value(&mut self, id: NodeId) -> Clear<()> {
        self.steps = self.steps.checked_sub(1).ok_or(Unclear)?;
        let node = self.plan.node(id).filter(|node| !node.is_unclear).ok_or(Unclear)?;
        let opening = self.cursor.opening()?;
        let before = self.cursor;
        let (kind, start, end) = match opening {
            Opening::String => self.string(node)?,
            Opening::Number => self.number(node)?,
            Opening::Object => self.nested(node, Self::object)?,
            Opening::Array => self.nested(node, Self::array)?,
            Opening::True => self.word(node, "true", Kind::Bool(true), Type::Boolean)?,
            Opening::False => self.word(node, "false", Kind::Bool(false), Type::Boolean)?,
            Opening::Null => self.word(node, "null", Kind::Absent, Type::Null)?,
        };
        // Only null may stand where members are looked for: there is nothing in it.
        let is_wanted_within = node.members.as_ref().is_some_and(|members| members.is_wanted);
        if is_wanted_within && !matches!(opening, Opening::Object | Opening::Null) {
            return Err(Unclear);
        }
        if let Some(slot) = node.slot {
            self.slots.fill(slot, kind, start, end);
        }
        if node.all_of.is_empty() && node.any_of.is_empty() {
            return Ok(());
        }
        self.combined(node, before)
    }

    /// Reads the same value again for everything else that it has to fit.
    fn combined(&mut self, node: &Node, before: Cursor<'t>) -> Clear<()> {
        let after = self.cursor;
        self.depth = self.depth.checked_sub(1).ok_or(Unclear)?;
        let depth = self.depth;
        for id in &node.all_of {
            self.cursor = before;
            self.value(*id)?;
        }
        let fits = node.any_of.iter().any(|id| {
            (self.cursor, self.depth) = (before, depth);
            self.value(*id).is_ok()
        });
        if !node.any_of.is_empty() && !fits {
            return Err(Unclear);
        }
        (self.cursor, self.depth) = (after, depth + 1);
        Ok(())
    }

    fn word(
        &mut self,
        node: &Node,
        word: &str,
        kind: Kind,
        own: Type,
    ) -> Clear<(Kind, usize, usize)> {
        node.admits(own)?;
        node.is_free()?;
        self.cursor.word(word)?;
        Ok((kind, 0, 0))
    }

    fn number(&mut self, node: &Node) -> Clear<(Kind, usize, usize)> {
        node.is_free()?;
        let start = self.cursor.place();
        let number = self.cursor.number()?;
        let end = self.cursor.place();
        if node.admits(Type::Number).is_err() {
            node.admits(Type::Integer)?;
            let is_whole = number.bytes().all(|byte| byte.is_ascii_digit())
                || number.parse::<Decimal>().is_ok_and(|number| number.parts().1 >= 0);
            if !is_whole {
                return Err(Unclear);
            }
        }
        if let Some(part) = &node.number {
            fits_number(part, number)?;
        }
        Ok((Kind::Number, start, end))
    }

    fn string(&mut self, node: &Node) -> Clear<(Kind, usize, usize)> {
        node.admits(Type::String)?;
        let start = self.cursor.place() + 1;
        let quoted = self.cursor.string()?;
        if let Some(part) = &node.text {
            fits_text(part, quoted)?;
        }
        if let Some(allowed) = &node.one_of
            && !(quoted.is_plain && allowed.iter().any(|text| **text == *quoted.raw))
        {
            return Err(Unclear);
        }
        let kind = if quoted.is_plain { Kind::Plain } else { Kind::Other };
        Ok((kind, start, start + quoted.raw.len()))
    }

    fn nested(
        &mut self,
        node: &'p Node,
        read: fn(&mut Self, &'p Node) -> Clear<()>,
    ) -> Clear<(Kind, usize, usize)> {
        node.is_free()?;
        self.depth = self.depth.checked_sub(1).ok_or(Unclear)?;
        read(self, node)?;
        self.depth += 1;
        Ok((Kind::Other, 0, 0))
    }

    fn array(&mut self, node: &'p Node) -> Clear<()> {
        node.admits(Type::Array)?;
        const FREE: &Items = &Items { node: Plan::ANYTHING, min: 0, max: usize::MAX };
        let items = node.items.as_deref().unwrap_or(FREE);
        self.cursor.expect(b'[')?;
        let mut count = 0;
        if !self.cursor.take(b']') {
            loop {
                self.value(items.node)?;
                count += 1;
                if self.cursor.take(b']') {
                    break;
                }
                self.cursor.expect(b',')?;
            }
        }
        if (items.min..=items.max).contains(&count) { Ok(()) } else { Err(Unclear) }
    }

    fn object(&mut self, node: &'p Node) -> Clear<()> {
        node.admits(Type::Object)?;
        self.cursor.expect(b'{')?;
        let mut seen = Seen { members: node.members.as_deref(), ..Seen::default() };
        if !self.cursor.take(b'}') {
            loop {
                let id = self.key().and_then(|key| seen.enter(key))?;
                self.cursor.expect(b':')?;
                self.value(id)?;
                if self.cursor.take(b'}') {
                    break;
                }
                self.cursor.expect(b',')?;
            }
        }
        seen.is_complete()
    }

    fn key(&mut self) -> Clear<&'t str> {
        if self.cursor.opening()? != Opening::String {
            return Err(Unclear);
        }
        let quoted = self.cursor.string()?;
        if quoted.is_plain { Ok(quoted.raw) } else { Err(Unclear) }
    }
}

/// The members of one object that were read so far: none may come twice.
#[derive(Default)]
struct Seen<'p, 't> {
    members: Option<&'p Members>,
    named: u64,
    others: [&'t str; MOST_OTHERS],
    others_count: usize,
}

impl<'t> Seen<'_, 't> {
    /// What the value of this member has to be.
    fn enter(&mut self, key: &'t str) -> Clear<NodeId> {
        let number = self.members.and_then(|members| members.names.find(key));
        let Some(number) = number else { return self.other(key) };
        let bit = 1_u64.checked_shl(u32::try_from(number).map_err(|_| Unclear)?).ok_or(Unclear)?;
        if self.named & bit != 0 {
            return Err(Unclear);
        }
        self.named |= bit;
        self.members.and_then(|members| members.nodes.get(number)).copied().ok_or(Unclear)
    }

    fn other(&mut self, key: &'t str) -> Clear<NodeId> {
        let node = self.members.map_or(Some(Plan::ANYTHING), |members| members.others);
        let known = self.others.get(..self.others_count).ok_or(Unclear)?;
        if known.contains(&key) {
            return Err(Unclear);
        }
        *self.others.get_mut(self.others_count).ok_or(Unclear)? = key;
        self.others_count += 1;
        node.ok_or(Unclear)
    }

    fn is_complete(&self) -> Clear<()> {
        let Some(members) = self.members else { return Ok(()) };
        let count = self.named.count_ones() as usize + self.others_count;
        let complete = self.named & members.required == members.required
            && (members.min..=members.max).contains(&count);
        if complete { Ok(()) } else { Err(Unclear) }
    }
}

impl Node {
    fn admits(&self, own: Type) -> Clear<()> {
        if self.types.is_none_or(|types| types.contains(own)) { Ok(()) } else { Err(Unclear) }
    }

    /// Where texts are listed, nothing else is allowed.
    fn is_free(&self) -> Clear<()> {
        if self.one_of.is_none() { Ok(()) } else { Err(Unclear) }
    }
}

fn fits_number(part: &NumberPart, number: &str) -> Clear<()> {
    let number: Decimal = number.parse().map_err(|_| Unclear)?;
    if part.fits(number) { Ok(()) } else { Err(Unclear) }
}

fn fits_text(part: &StringPart, quoted: Quoted<'_>) -> Clear<()> {
    let Quoted { raw, is_plain } = quoted;
    // A character takes one to four bytes, and an escape at most twelve.
    let surely_short = part.max_length.is_none_or(|max| raw.len() <= max);
    let surely_long = part.min_length.is_none_or(|min| raw.len() >= min.saturating_mul(12));
    let fits_at_sight = surely_short && surely_long && part.pattern.is_none();
    if fits_at_sight || (is_plain && part.fits(raw)) { Ok(()) } else { Err(Unclear) }
}
