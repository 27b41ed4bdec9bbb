//! What is printed, and what is written down.

use std::fmt::Write;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::machine;
use crate::sample::Samples;

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    parts: Vec<(String, String)>,
}

impl Report {
    /// What each contestant needed for a piece of work; the first is ours.
    pub fn durations(&mut self, work: &str, contestants: &[(String, Samples)]) {
        let ours = contestants.first().map_or(0.0, |(_, samples)| samples.median());
        let mut table = Table::new();
        table.load_preset(ASCII_MARKDOWN).set_header(["", "median", "spread", "beside ours"]);
        for (name, samples) in contestants {
            let (least, most) = samples.spread();
            table.add_row([
                name.clone(),
                format!("{:.1} ms", samples.median()),
                format!("{least:.1} to {most:.1} ms"),
                format!("{:.2} ×", samples.median() / ours.max(f64::MIN_POSITIVE)),
            ]);
        }
        self.add(work, &table.to_string());
    }

    /// Numbers that are no durations.
    pub fn effects(&mut self, work: &str, header: &[&str], rows: &[Vec<String>]) {
        let mut table = Table::new();
        table.load_preset(ASCII_MARKDOWN).set_header(header.iter().copied());
        table.add_rows(rows);
        self.add(work, &table.to_string());
    }

    fn add(&mut self, work: &str, text: &str) {
        println!("\n{work}\n\n{text}");
        self.parts.push((work.to_owned(), text.to_owned()));
    }

    /// The page of the book.
    pub fn markdown(&self) -> String {
        let mut page = String::from(include_str!("head.md"));
        let _ = writeln!(page, "\n{}", machine::description());
        for (work, text) in &self.parts {
            let _ = write!(page, "\n## {work}\n\n{text}\n");
        }
        page.push('\n');
        page.push_str(include_str!("foot.md"));
        page
    }
}
