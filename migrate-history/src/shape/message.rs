//! What the compiler says of a history.

/// A text made while the compiler runs.
#[derive(Clone, Copy)]
pub struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?}", self.text())
    }
}

impl Message {
    /// No text.
    #[expect(clippy::new_without_default, reason = "a default is no constant")]
    pub const fn new() -> Message {
        Message { bytes: [0; 512], length: 0 }
    }

    /// Appends text, as far as there is room for all of it.
    pub const fn add(mut self, text: &str) -> Message {
        let text = text.as_bytes();
        let mut place = 0;
        while place < text.len() && self.length + text.len() - place <= self.bytes.len() {
            self.bytes[self.length] = text[place];
            self.length += 1;
            place += 1;
        }
        self
    }

    /// The text.
    pub const fn text(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "a name in this history is too long to be shown",
        }
    }
}
