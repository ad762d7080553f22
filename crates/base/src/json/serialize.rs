//! The canonical bytes of a typed document, written in one pass: members are put
//! in order as soon as their object is complete.

use std::cell::RefCell;
use std::io::{self, Write};
use std::ops::Range;

use serde::Serialize;
use serde_json::ser::Formatter;

use super::{Json, Limits};

/// Writes `value`, or `None` where only the way through [`Json`] can: it has
/// numbers that are no machine words, or is no JSON.
pub(super) fn write(value: &impl Serialize) -> Option<String> {
    let out = Out::default();
    let limits = Limits::default();
    let canonical =
        Canonical { out: &out, depth_left: limits.depth, open: vec![], members: vec![] };
    value.serialize(&mut serde_json::Serializer::with_formatter(&out, canonical)).ok()?;
    let text = String::from_utf8(out.0.into_inner()).ok()?;
    (text.len() <= limits.bytes).then_some(text)
}

/// What is written so far, where both the serializer and the formatter reach it.
#[derive(Default)]
struct Out(RefCell<Vec<u8>>);

struct Canonical<'o> {
    out: &'o Out,
    depth_left: usize,
    /// For each object that is not complete, the index of its first member.
    open: Vec<usize>,
    members: Vec<Member>,
}

/// Where a member stands in the text.
struct Member {
    /// The key with its quotes.
    key: Range<usize>,
    /// The end of its value.
    end: usize,
}

impl Write for &Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What ends the fast way.
fn other_way<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Canonical<'_> {
    fn length(&self) -> usize {
        self.out.0.borrow().len()
    }

    fn enter(&mut self) -> io::Result<()> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(io::ErrorKind::Unsupported)?;
        Ok(())
    }

    /// Puts the members from the `first` on in the order of RFC 8785.
    fn order(&mut self, first: usize) -> io::Result<()> {
        let Some(members) = self.members.get(first..) else { return other_way() };
        let mut text = self.out.0.borrow_mut();
        let key = |member: &Member| text.get(member.key.clone()).unwrap_or_default();
        let mut before = None;
        let is_next = |member: &Member| {
            let name = plain(key(member));
            name.is_some() && std::mem::replace(&mut before, name) < name
        };
        if members.iter().all(is_next) {
            return Ok(());
        }
        let plain: Option<Vec<_>> = members.iter().map(|member| plain(key(member))).collect();
        let sorted = match plain {
            Some(names) => sorted(names, members)?,
            None => {
                let names = members.iter().map(|member| serde_json::from_slice(key(member)));
                let names = names.collect::<Result<Vec<String>, _>>()?;
                sorted(names.iter().map(|name| name.encode_utf16().collect::<Vec<_>>()), members)?
            }
        };
        let start = members.first().map_or(text.len(), |member| member.key.start);
        let mut ordered = Vec::with_capacity(text.len() - start);
        for (index, member) in sorted.into_iter().enumerate() {
            if index > 0 {
                ordered.push(b',');
            }
            ordered.extend_from_slice(text.get(member.key.start..member.end).unwrap_or_default());
        }
        text.truncate(start);
        text.extend_from_slice(&ordered);
        Ok(())
    }
}

/// The members in the order of their names, if these are all different.
fn sorted<N: Ord>(
    names: impl IntoIterator<Item = N>,
    members: &[Member],
) -> io::Result<Vec<&Member>> {
    let mut named: Vec<(N, &Member)> = names.into_iter().zip(members).collect();
    named.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    if !named.is_sorted_by(|(a, _), (b, _)| a < b) {
        return other_way();
    }
    Ok(named.into_iter().map(|(_, member)| member).collect())
}

/// A key without its quotes, if its bytes are in the order of its UTF-16 units.
fn plain(key: &[u8]) -> Option<&[u8]> {
    let name = key.get(1..key.len().checked_sub(1)?)?;
    name.iter().all(|byte| byte.is_ascii() && *byte != b'\\').then_some(name)
}

impl Formatter for Canonical<'_> {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter()?;
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth_left += 1;
        writer.write_all(b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.enter()?;
        self.open.push(self.members.len());
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if !first {
            to.write_all(b",")?;
        }
        let start = self.length();
        self.members.push(Member { key: start..start, end: start });
        Ok(())
    }

    fn end_object_key<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.length();
        if let Some(member) = self.members.last_mut() {
            member.key.end = end;
        }
        Ok(())
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        let end = self.length();
        if let Some(member) = self.members.last_mut() {
            member.end = end;
        }
        Ok(())
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth_left += 1;
        let first = self.open.pop().unwrap_or_default();
        self.order(first)?;
        self.members.truncate(first);
        writer.write_all(b"}")
    }

    /// Exact numbers that are no machine words come this way.
    fn write_raw_fragment<W: ?Sized + Write>(&mut self, to: &mut W, raw: &str) -> io::Result<()> {
        let limits = Limits { depth: self.depth_left, ..Limits::default() };
        let value = Json::parse_within(raw.as_bytes(), limits);
        value.map_or_else(|_| other_way(), |value| to.write_all(value.canonical().as_bytes()))
    }

    fn write_f32<W: ?Sized + Write>(&mut self, _: &mut W, _: f32) -> io::Result<()> {
        other_way()
    }

    fn write_f64<W: ?Sized + Write>(&mut self, _: &mut W, _: f64) -> io::Result<()> {
        other_way()
    }

    fn write_i128<W: ?Sized + Write>(&mut self, _: &mut W, _: i128) -> io::Result<()> {
        other_way()
    }

    fn write_u128<W: ?Sized + Write>(&mut self, _: &mut W, _: u128) -> io::Result<()> {
        other_way()
    }

    fn write_number_str<W: ?Sized + Write>(&mut self, _: &mut W, _: &str) -> io::Result<()> {
        other_way()
    }
}
