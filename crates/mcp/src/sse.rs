//! Server-sent events (WHATWG HTML, section 9.2): the framing of streamed
//! HTTP answers.

use std::collections::VecDeque;

use crate::Message;

/// Cuts events out of the chunks of a stream.
#[derive(Debug)]
pub struct Events {
    limit: usize,
    line: Vec<u8>,
    event: Event,
    has_data: bool,
    after_cr: bool,
    first_line: bool,
    ready: VecDeque<Event>,
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// The type, empty for the default one, `message`.
    pub name: Vec<u8>,
    /// The data; its lines are joined by line feeds.
    pub data: Vec<u8>,
    /// The id, from which a client may resume.
    pub id: Vec<u8>,
}

/// An event does not fit; the stream cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is longer than {0} bytes")]
pub struct EventTooLong(usize);

impl Events {
    /// A reader of events of at most `limit` bytes each.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            event: Event::default(),
            has_data: false,
            after_cr: false,
            first_line: true,
            ready: VecDeque::new(),
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// Where an event is too long.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), EventTooLong> {
        for byte in chunk {
            let after_cr = std::mem::replace(&mut self.after_cr, *byte == b'\r');
            match byte {
                b'\n' if after_cr => {}
                b'\r' | b'\n' => self.end_line(),
                other => self.line.push(*other),
            }
            if self.line.len() + self.event.data.len() > self.limit {
                return Err(EventTooLong(self.limit));
            }
        }
        Ok(())
    }

    /// The next whole event that carries data.
    pub fn pop(&mut self) -> Option<Event> {
        self.ready.pop_front()
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let first = std::mem::take(&mut self.first_line);
        let line = if first { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line) } else { &line };
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            if std::mem::take(&mut self.has_data) {
                self.ready.push_back(event);
            }
            return;
        }
        let (field, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => line.split_at(colon),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b":").unwrap_or(value);
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => self.data(value),
            b"event" => self.event.name = value.to_vec(),
            b"id" => self.event.id = value.to_vec(),
            // Comments, `retry` and whatever comes later.
            _ => {}
        }
    }

    fn data(&mut self, value: &[u8]) {
        if self.has_data {
            self.event.data.push(b'\n');
        }
        self.has_data = true;
        self.event.data.extend_from_slice(value);
    }
}

/// The event that carries `message`.
#[must_use]
pub fn message_event(message: &Message) -> String {
    format!("event: message\ndata: {}\n", message.to_line())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Id;

    fn read(chunks: &[&[u8]]) -> Vec<String> {
        let mut events = Events::new(100);
        for chunk in chunks {
            events.push(chunk).unwrap();
        }
        let text = |event: Event| String::from_utf8(event.data).unwrap();
        std::iter::from_fn(|| events.pop()).map(text).collect()
    }

    #[test]
    fn events_end_at_blank_lines_whatever_the_line_ends() {
        assert_eq!(read(&[b"data: a\n\ndata:b\r\n\r\ndata: c\r\r"]), ["a", "b", "c"]);
    }

    #[test]
    fn data_over_several_lines_is_joined() {
        assert_eq!(read(&[b"\xef\xbb\xbfdata: a\ndata:  b\ndata\n\n"]), ["a\n b\n"]);
    }

    #[test]
    fn comments_unfinished_and_empty_events_are_left_out() {
        assert_eq!(read(&[b": ping\n\nevent: x\n\nretry: 5\ndata: a\n\ndata: b\n"]), ["a"]);
    }

    #[test]
    fn chunks_do_not_matter() {
        let stream = b"event: message\r\nid: 7\r\ndata: {\"a\":1}\r\n\r\n";
        let bytes: Vec<_> = stream.chunks(1).collect();
        assert_eq!(read(&bytes), ["{\"a\":1}"]);
    }

    #[test]
    fn an_event_without_end_is_refused() {
        let mut events = Events::new(10);
        assert_eq!(events.push(b"data: aaaaaaaaaaa"), Err(EventTooLong(10)));
    }

    #[test]
    fn a_message_is_read_back() {
        let ping = Message::request(Id::number(1), "ping", None);
        assert_eq!(read(&[message_event(&ping).as_bytes()]), [ping.text()]);
    }
}
