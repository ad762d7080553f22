//! Reads the arguments of a call along a plan: what fits is noted, and nothing is built.

use bounden_base::Decimal;
use smallvec::SmallVec;

use super::cursor::{Clear, Cursor, Number, Quoted, Unclear};
use super::plan::{Items, Members, More, Node, NodeId, Plan, Range};
use super::slots::{Kind, MOST_BYTES, Slots};
use crate::schema::{StringPart, Type};

/// Deepest nesting, as `Json::parse` has it, alternatives counted.
const MOST_DEPTH: u32 = 64;
/// Most values that are looked at, alternatives counted.
const MOST_STEPS: u32 = 20_000;
/// Most members of one object that the plan does not name.
const MOST_OTHERS: usize = 16;

/// Notes what stands at the wanted places of a text that fits the plan.
pub(super) fn read(plan: &Plan, slots: &mut Slots<'_>) -> Clear<()> {
    let text = slots.text();
    if text.len() > MOST_BYTES {
        return Err(Unclear);
    }
    let (cursor, depth, steps) = (Cursor::new(text), MOST_DEPTH, MOST_STEPS);
    let mut reader = Reader { plan, cursor, slots, depth, steps, is_exhausted: false };
    if reader.cursor.peek() != Some(b'{') {
        return Err(Unclear);
    }
    reader.value(Plan::ROOT)?;
    reader.cursor.finish()
}

struct Reader<'p, 's, 't> {
    plan: &'p Plan,
    cursor: Cursor<'t>,
    slots: &'s mut Slots<'t>,
    depth: u32,
    steps: u32,
    /// Whether a bound was met: then no alternative helps.
    is_exhausted: bool,
}

impl<'p, 't> Reader<'p, '_, 't> {
    #[inline]
    fn value(&mut self, id: NodeId) -> Clear<()> {
        let Some(steps) = self.steps.checked_sub(1) else { return self.exhausted() };
        self.steps = steps;
        let node = self.plan.node(id).ok_or(Unclear)?;
        if node.takes_any_text && self.cursor.peek() == Some(b'"') {
            return self.cursor.string().map(|_| ());
        }
        self.special(node)
    }

    #[inline(never)]
    fn special(&mut self, node: &'p Node) -> Clear<()> {
        match node {
            Node { is_unclear: true, .. } => Err(Unclear),
            Node { is_combined: true, .. } => self.combined(node),
            _ => self.single(node),
        }
    }

    /// Reads a value for what one node says.
    fn single(&mut self, node: &'p Node) -> Clear<()> {
        let opening = self.cursor.peek().ok_or(Unclear)?;
        let start = self.cursor.place();
        let kind = match opening {
            b'"' => self.string(node)?,
            b'-' | b'0'..=b'9' => self.number(node)?,
            b'{' => self.nested(node, Self::object)?,
            b'[' => self.nested(node, Self::array)?,
            b't' => self.word(node, "true", Kind::Bool(true), Type::Boolean)?,
            b'f' => self.word(node, "false", Kind::Bool(false), Type::Boolean)?,
            b'n' => self.word(node, "null", Kind::Absent, Type::Null)?,
            _ => return Err(Unclear),
        };
        // Only null may stand where members are looked for: there is nothing in it.
        if !matches!(opening, b'{' | b'n') && node.is_wanted_within() {
            return Err(Unclear);
        }
        if let Some(slot) = node.slot {
            let quote = usize::from(opening == b'"');
            self.slots.fill(slot, kind, start + quote, self.cursor.place() - quote);
        }
        Ok(())
    }

    /// Reads a value, and reads it again for everything else that it has to fit.
    fn combined(&mut self, node: &'p Node) -> Clear<()> {
        let before = self.cursor;
        self.single(node)?;
        let after = self.cursor;
        let Some(more) = &node.more else { return Ok(()) };
        self.descend()?;
        let depth = self.depth;
        for id in &more.all_of {
            self.cursor = before;
            self.value(*id)?;
        }
        let fits = more.any_of.iter().any(|id| {
            (self.cursor, self.depth) = (before, depth);
            self.value(*id).is_ok() || self.is_exhausted
        });
        if self.is_exhausted || (!more.any_of.is_empty() && !fits) {
            return Err(Unclear);
        }
        (self.cursor, self.depth) = (after, depth + 1);
        Ok(())
    }

    fn descend(&mut self) -> Clear<()> {
        let Some(depth) = self.depth.checked_sub(1) else { return self.exhausted() };
        self.depth = depth;
        Ok(())
    }

    #[cold]
    fn exhausted(&mut self) -> Clear<()> {
        self.is_exhausted = true;
        Err(Unclear)
    }

    fn word(&mut self, node: &Node, word: &str, kind: Kind, own: Type) -> Clear<Kind> {
        node.admits(own)?;
        node.is_free()?;
        self.cursor.word(word)?;
        Ok(kind)
    }

    fn number(&mut self, node: &Node) -> Clear<Kind> {
        node.is_free()?;
        let number = self.cursor.number()?;
        if node.admits(Type::Number).is_err() {
            node.admits(Type::Integer)?;
            if !number.is_whole() {
                return Err(Unclear);
            }
        }
        match node.more.as_ref().and_then(|more| more.number.as_ref()) {
            Some(range) if !range.holds(number) => Err(Unclear),
            _ => Ok(Kind::Number),
        }
    }

    fn string(&mut self, node: &Node) -> Clear<Kind> {
        node.admits(Type::String)?;
        let quoted = self.cursor.string()?;
        if let Some(more) = &node.more {
            more.fits(quoted)?;
        }
        Ok(if quoted.is_plain { Kind::Plain } else { Kind::Other })
    }

    fn nested(
        &mut self,
        node: &'p Node,
        read: fn(&mut Self, &'p Node) -> Clear<()>,
    ) -> Clear<Kind> {
        node.is_free()?;
        self.descend()?;
        read(self, node)?;
        self.depth += 1;
        Ok(Kind::Other)
    }

    fn array(&mut self, node: &'p Node) -> Clear<()> {
        node.admits(Type::Array)?;
        const FREE: &Items = &Items { node: Plan::ANYTHING, min: 0, max: usize::MAX };
        let items = node.more.as_ref().and_then(|more| more.items.as_deref()).unwrap_or(FREE);
        self.cursor.expect(b'[')?;
        let mut count = 0;
        if !self.cursor.take(b']') {
            loop {
                self.value(items.node)?;
                count += 1;
                if !self.cursor.take(b',') {
                    break;
                }
            }
            self.cursor.expect(b']')?;
        }
        if (items.min..=items.max).contains(&count) { Ok(()) } else { Err(Unclear) }
    }

    fn object(&mut self, node: &'p Node) -> Clear<()> {
        node.admits(Type::Object)?;
        self.cursor.expect(b'{')?;
        let mut seen = Seen { members: node.members(), ..Seen::default() };
        if !self.cursor.take(b'}') {
            loop {
                let id = seen.enter(self.key()?)?;
                self.cursor.expect(b':')?;
                self.value(id)?;
                if !self.cursor.take(b',') {
                    break;
                }
            }
            self.cursor.expect(b'}')?;
        }
        seen.is_complete()
    }

    fn key(&mut self) -> Clear<&'t [u8]> {
        self.cursor.peek();
        let quoted = self.cursor.string()?;
        if quoted.is_plain { Ok(quoted.raw) } else { Err(Unclear) }
    }
}

/// The members of one object that were read so far: none may come twice.
#[derive(Default)]
struct Seen<'p, 't> {
    members: Option<&'p Members>,
    named: u64,
    others: SmallVec<[&'t [u8]; MOST_OTHERS]>,
}

impl<'t> Seen<'_, 't> {
    /// What the value of this member has to be.
    fn enter(&mut self, key: &'t [u8]) -> Clear<NodeId> {
        let number = self.members.and_then(|members| members.names.find(key));
        let Some(number) = number else { return self.other(key) };
        let bit = 1_u64.checked_shl(u32::try_from(number).map_err(|_| Unclear)?).ok_or(Unclear)?;
        if self.named & bit != 0 {
            return Err(Unclear);
        }
        self.named |= bit;
        self.members.and_then(|members| members.nodes.get(number)).copied().ok_or(Unclear)
    }

    fn other(&mut self, key: &'t [u8]) -> Clear<NodeId> {
        let node = self.members.map_or(Some(Plan::ANYTHING), |members| members.others);
        if self.others.len() == MOST_OTHERS || self.others.contains(&key) {
            return Err(Unclear);
        }
        self.others.push(key);
        node.ok_or(Unclear)
    }

    fn is_complete(&self) -> Clear<()> {
        let Some(members) = self.members else { return Ok(()) };
        let count = self.named.count_ones() as usize + self.others.len();
        let complete = self.named & members.required == members.required
            && (members.min..=members.max).contains(&count);
        if complete { Ok(()) } else { Err(Unclear) }
    }
}

impl Node {
    fn admits(&self, own: Type) -> Clear<()> {
        if self.types.is_none_or(|types| types.contains(own)) { Ok(()) } else { Err(Unclear) }
    }

    fn is_wanted_within(&self) -> bool {
        self.members().is_some_and(|members| members.is_wanted)
    }

    fn members(&self) -> Option<&Members> {
        self.more.as_ref()?.members.as_deref()
    }

    /// Where texts are listed, nothing else is allowed.
    fn is_free(&self) -> Clear<()> {
        let is_listed = self.more.as_ref().is_some_and(|more| more.one_of.is_some());
        if is_listed { Err(Unclear) } else { Ok(()) }
    }
}

impl More {
    /// Whether a string is as it should be, and among those that are listed.
    fn fits(&self, quoted: Quoted<'_>) -> Clear<()> {
        if let Some(part) = &self.text {
            fits_text(part, quoted)?;
        }
        let is_listed = |allowed: &[Box<str>]| {
            quoted.is_plain && allowed.iter().any(|text| text.as_bytes() == quoted.raw)
        };
        if self.one_of.as_deref().is_none_or(is_listed) { Ok(()) } else { Err(Unclear) }
    }
}

impl Range {
    fn holds(&self, number: Number<'_>) -> bool {
        match (number, self.integers) {
            (Number::Integer(number), Some((min, max))) => (min..=max).contains(&number),
            (Number::Integer(number), None) => self.part.fits(number.into()),
            (Number::Other(number), _) => number.parse().is_ok_and(|number| self.part.fits(number)),
        }
    }
}

impl Number<'_> {
    fn is_whole(self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Other(text) => text.parse().is_ok_and(|number: Decimal| number.parts().1 >= 0),
        }
    }
}

fn fits_text(part: &StringPart, quoted: Quoted<'_>) -> Clear<()> {
    let Quoted { raw, is_plain } = quoted;
    // A character takes one to four bytes, and an escape at most twelve.
    let surely_short = part.max_length.is_none_or(|max| raw.len() <= max);
    let surely_long = part.min_length.is_none_or(|min| raw.len() >= min.saturating_mul(12));
    let fits_at_sight = surely_short && surely_long && part.pattern.is_none();
    let fits = || str::from_utf8(raw).is_ok_and(|text| part.fits(text));
    if fits_at_sight || (is_plain && fits()) { Ok(()) } else { Err(Unclear) }
}
