//! Finds where JSON values begin and end without reading them.
//!
//! It trusts brackets and quotes only, so it is fast and it is no validator:
//! whatever it cuts out is read strictly afterwards.

use memchr::{memchr, memchr2};

/// The text ends before the value does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Truncated;

/// A value within the file, or the rest of the file from where it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice<'a> {
    /// Bytes from the start of the file.
    pub(crate) offset: usize,
    /// The bytes themselves.
    pub(crate) bytes: &'a [u8],
    /// Whether the file ends inside this value.
    pub(crate) truncated: bool,
}

impl<'a> Slice<'a> {
    /// A whole file, without its byte order mark.
    pub(crate) fn file(bytes: &'a [u8]) -> Self {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        Self { offset: bytes.len() - rest.len(), bytes: rest, truncated: false }
    }

    /// Whether there is nothing but white space, or a list of nothing.
    pub(crate) fn is_blank(self) -> bool {
        self.bytes.iter().all(|byte| b" \n\r\t[]".contains(byte))
    }

    /// The value that begins at `start` of this slice, with its exact end.
    fn value(self, start: usize) -> Self {
        let end = value_end(self.bytes, start);
        let bytes = self.bytes.get(start..end.unwrap_or(self.bytes.len())).unwrap_or_default();
        Self { offset: self.offset + start, bytes, truncated: end.is_err() }
    }

    /// The value that begins here, with its end. Where it runs over the end of
    /// its line although the next line begins a record, the line is damaged and
    /// the next one is not.
    pub(crate) fn exact(self) -> Self {
        let start = skip_space(self.bytes, 0);
        let value = self.value(start);
        let line = memchr(b'\n', value.bytes).filter(|line| *line > 1);
        match line.filter(|line| value.bytes.get(line + 1) == Some(&b'{')) {
            Some(line) => {
                let bytes = value.bytes.get(..line).unwrap_or_default();
                Self { bytes, truncated: false, ..value }
            }
            None => value,
        }
    }

    /// The rest of this slice from `start`.
    fn rest(self, start: usize) -> Self {
        let bytes = self.bytes.get(start..).unwrap_or_default();
        Self { offset: self.offset + start, bytes, truncated: self.truncated }
    }

    /// The items of the list that begins here.
    pub(crate) fn items(self) -> Records<'a> {
        let start = skip_space(self.bytes, 0);
        let is_list = self.bytes.get(start) == Some(&b'[');
        let at = if is_list { start + 1 } else { self.bytes.len() };
        Records { file: self, at, in_list: is_list, only_list: true }
    }

    /// The members of the object that begins here: keys as they are written,
    /// values with all that follows them.
    pub(crate) fn members(self) -> Members<'a> {
        let start = skip_space(self.bytes, 0);
        let is_object = self.bytes.get(start) == Some(&b'{');
        Members { object: self, at: is_object.then_some(start + 1), value: None }
    }

    /// The member `key` of the object that begins here, with all that follows it.
    pub(crate) fn member(self, key: &str) -> Option<Self> {
        self.members().find(|(name, _)| *name == key.as_bytes()).map(|(_, value)| value)
    }

    /// The records of a file: the items of lists at the top, lines, or whole documents.
    pub(crate) fn records(self) -> Records<'a> {
        Records { file: self, at: 0, in_list: false, only_list: false }
    }
}

/// See [`Slice::members`].
pub(crate) struct Members<'a> {
    object: Slice<'a>,
    at: Option<usize>,
    value: Option<usize>,
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], Slice<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.object.bytes;
        if let Some(value) = self.value {
            self.at = value_end(bytes, value).ok();
        }
        let mut start = skip_space(bytes, self.at?);
        if bytes.get(start) == Some(&b',') {
            start = skip_space(bytes, start + 1);
        }
        let key_end = match bytes.get(start) {
            Some(b'"') => string_end(bytes, start).ok()?,
            _ => return None,
        };
        let colon = skip_space(bytes, key_end);
        let value = skip_space(bytes, colon + 1);
        if bytes.get(colon) != Some(&b':') || value >= bytes.len() {
            return None;
        }
        self.value = Some(value);
        Some((bytes.get(start + 1..key_end - 1)?, self.object.rest(value)))
    }
}

/// Walks over records; whoever reads one says how long it was. A list that
/// breaks off between two items ends with an empty one, so that the loss is counted.
pub(crate) struct Records<'a> {
    file: Slice<'a>,
    at: usize,
    in_list: bool,
    only_list: bool,
}

impl<'a> Records<'a> {
    /// The next record with all that follows it.
    pub(crate) fn next(&mut self) -> Option<Slice<'a>> {
        loop {
            self.at = skip_space(self.file.bytes, self.at);
            match self.file.bytes.get(self.at) {
                Some(b',') if self.in_list => self.at += 1,
                Some(b']') if self.in_list => {
                    self.in_list = false;
                    self.at = if self.only_list { self.file.bytes.len() } else { self.at + 1 };
                }
                Some(b'[') if !self.in_list => {
                    self.in_list = true;
                    self.at += 1;
                }
                Some(_) => return Some(self.file.rest(self.at)),
                None if self.in_list => {
                    self.in_list = false;
                    return Some(self.file.rest(self.at));
                }
                None => return None,
            }
        }
    }

    /// Goes on after `record`.
    pub(crate) fn after(&mut self, record: Slice<'a>) {
        self.at = record.offset + record.bytes.len() - self.file.offset;
        if !self.in_list && !matches!(record.bytes.first(), None | Some(b'{' | b'[' | b'"')) {
            // Words are no records: a line of them is one loss.
            let rest = self.file.bytes.get(self.at..).unwrap_or_default();
            self.at += memchr(b'\n', rest).unwrap_or(rest.len());
        }
        if record.truncated {
            self.in_list = false;
        }
    }

    /// Every record with its exact end.
    pub(crate) fn exact(mut self) -> impl Iterator<Item = Slice<'a>> {
        std::iter::from_fn(move || {
            let record = self.next()?.exact();
            self.after(record);
            Some(record)
        })
    }
}

/// The position of the first byte at or after `at` that is no JSON white space.
fn skip_space(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    at + space.count()
}

/// The end of the value that begins at `start`.
fn value_end(bytes: &[u8], start: usize) -> Result<usize, Truncated> {
    match bytes.get(start).ok_or(Truncated)? {
        b'"' => string_end(bytes, start),
        b'{' | b'[' => nested_end(bytes, start),
        _ => {
            let rest = bytes.get(start..).unwrap_or_default();
            let word = rest.iter().take_while(|byte| {
                !matches!(byte, b',' | b']' | b'}' | b':' | b' ' | b'\n' | b'\r' | b'\t')
            });
            // A stray bracket is a value of its own, so that every byte is accounted for.
            Ok(start + word.count().max(1))
        }
    }
}

fn string_end(bytes: &[u8], start: usize) -> Result<usize, Truncated> {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..).ok_or(Truncated)?;
        at += memchr2(b'"', b'\\', rest).ok_or(Truncated)?;
        if bytes.get(at) == Some(&b'"') {
            return Ok(at + 1);
        }
        at += 2;
    }
}

fn nested_end(bytes: &[u8], start: usize) -> Result<usize, Truncated> {
    let mut at = start;
    let mut depth = 0_usize;
    loop {
        match bytes.get(at).ok_or(Truncated)? {
            b'"' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests;
