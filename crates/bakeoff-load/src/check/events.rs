//! A reader of server-sent events from pieces of any size: the stream format of the HTML standard, "Server-sent
//! events", 9.2.6. The events are compared with their rule in [`crate::check::stream`].

/// The longest line, and the most data of one event, bytes.
const MAX_EVENT: usize = 64 * 1024;

/// One event.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Its `id`, empty if it has none.
    pub(crate) id: String,
    /// Its `event`, empty if it has none.
    pub(crate) name: String,
    /// Its `data`, lines joined by line feeds.
    pub(crate) data: String,
}

/// Reads the events of one stream.
#[derive(Debug, Default)]
pub(crate) struct EventReader {
    line: Vec<u8>,
    after: After,
    event: Event,
    has_data: HasData,
    lines: u64,
}

/// The byte before the next one, as far as it matters.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum After {
    #[default]
    Other,
    /// A carriage return; a line feed after it belongs to the same line end.
    Return,
}

/// Whether the event has a `data` field, which may be empty.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum HasData {
    #[default]
    No,
    Yes,
}

impl EventReader {
    /// Reads the next bytes, and passes each complete event to `take`.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(Event) -> Result<(), String>,
    ) -> Result<(), String> {
        for &byte in bytes {
            let after = std::mem::replace(&mut self.after, After::Other);
            match byte {
                b'\n' if after == After::Return => {}
                b'\n' | b'\r' => {
                    if byte == b'\r' {
                        self.after = After::Return;
                    }
                    // The line is put back after use, so that its buffer is reused for the next one.
                    let line = std::mem::take(&mut self.line);
                    let ended = self.line_ends(&line);
                    self.line = line;
                    self.line.clear();
                    if let Some(event) = ended? {
                        take(event)?;
                    }
                }
                _ if self.line.len() == MAX_EVENT => {
                    return Err(format!(
                        "a line of the event stream is longer than {MAX_EVENT} bytes"
                    ));
                }
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    /// Whether the stream ends between events and not within one.
    pub(crate) fn is_between(&self) -> bool {
        self.line.is_empty() && self.event == Event::default() && self.has_data == HasData::No
    }

    fn line_ends(&mut self, line: &[u8]) -> Result<Option<Event>, String> {
        let line = std::str::from_utf8(line).map_err(|_| {
            format!(
                "a line of the event stream is not UTF-8: `{}`",
                line.escape_ascii()
            )
        })?;
        // A byte order mark may stand at the very beginning.
        let line = match self.lines {
            0 => line.strip_prefix('\u{feff}').unwrap_or(line),
            _ => line,
        };
        self.lines += 1;
        if line.is_empty() {
            let event = std::mem::take(&mut self.event);
            let had_data = std::mem::take(&mut self.has_data);
            return Ok((had_data == HasData::Yes).then_some(event));
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.event.id = value.to_owned(),
            "event" => self.event.name = value.to_owned(),
            "data" => self.add_data(value)?,
            // A comment, `retry`, or a field of the future.
            _ => {}
        }
        Ok(None)
    }

    fn add_data(&mut self, value: &str) -> Result<(), String> {
        if self.has_data == HasData::Yes {
            self.event.data.push('\n');
        }
        self.has_data = HasData::Yes;
        if self.event.data.len() + value.len() > MAX_EVENT {
            return Err(format!("the data of an event is longer than {MAX_EVENT} bytes"));
        }
        self.event.data.push_str(value);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, EventReader};

    fn read(text: &str, piece: usize) -> Result<(Vec<Event>, bool), String> {
        let mut reader = EventReader::default();
        let mut events = Vec::new();
        for bytes in text.as_bytes().chunks(piece) {
            reader.read(bytes, |event| {
                events.push(event);
                Ok(())
            })?;
        }
        Ok((events, reader.is_between()))
    }

    fn check(text: &str, expected: &[(&str, &str, &str)], between: bool) {
        let expected: Vec<Event> = expected
            .iter()
            .map(|(id, name, data)| Event {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
                data: (*data).to_owned(),
            })
            .collect();
        for piece in [1, 2, 7, 1_000] {
            assert_eq!(
                read(text, piece),
                Ok((expected.clone(), between)),
                "{text:?} in pieces of {piece}"
            );
        }
    }

    #[test]
    fn events_are_read_as_the_standard_defines() {
        check("", &[], true);
        check(
            "id: 1\nevent: tick\ndata: {\"n\":1}\n\n",
            &[("1", "tick", "{\"n\":1}")],
            true,
        );
        check(
            "data: a\r\n\r\ndata: b\r\rdata:c\n\n",
            &[("", "", "a"), ("", "", "b"), ("", "", "c")],
            true,
        );
        check(
            ": hello\nretry: 100\n\ndata: a\ndata:  b\n\n",
            &[("", "", "a\n b")],
            true,
        );
        check("\u{feff}data: a\n\n", &[("", "", "a")], true);
        check("data\n\n", &[("", "", "")], true);
        check("id: 1\n\n", &[], true);
        check("data: a\n", &[], false);
        check("data: a\n\nda", &[("", "", "a")], false);
    }

    #[test]
    fn endless_lines_and_events_are_errors() {
        let long = format!("data: {}", "x".repeat(70_000));
        assert_eq!(
            read(&long, 4_096),
            Err("a line of the event stream is longer than 65536 bytes".into())
        );
        let many = "data: xxxxxxxxxxxxxxxx\n".repeat(5_000);
        assert_eq!(
            read(&many, 4_096),
            Err("the data of an event is longer than 65536 bytes".into())
        );
    }
}
