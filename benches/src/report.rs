//! What is printed, and what is written down.

use std::fmt::Write;

use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use crate::sample::Samples;
use crate::{Result, machine};

/// How the page ends.
const FOOT: &str = include_str!("foot.md");

/// Everything that was measured.
#[derive(Default)]
pub(crate) struct Report {
    parts: Vec<Part>,
    /// The goals that were not reached, in words.
    missed: Vec<String>,
}

/// One section of the page.
struct Part {
    work: String,
    text: String,
    machine: Machine,
}

/// Where the page names the machine on which something was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Machine {
    /// At the beginning of the page.
    OfPage,
    /// In the section, which can therefore be measured again without the others.
    OfSection,
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
        self.add(work, &table.to_string(), Machine::OfPage);
    }

    /// Numbers that are no durations.
    pub fn effects(&mut self, work: &str, header: &[&str], rows: &[Vec<String>]) {
        let mut table = Table::new();
        table.load_preset(ASCII_MARKDOWN).set_header(header.iter().copied());
        table.add_rows(rows);
        self.add(work, &table.to_string(), Machine::OfPage);
    }

    /// A text that says itself on which machine it was measured.
    pub fn on_its_own(&mut self, work: &str, text: &str) {
        self.add(work, text, Machine::OfSection);
    }

    /// A goal that was not reached: the measuring goes on, and fails at its end.
    pub fn missed(&mut self, goal: String) {
        eprintln!("GOAL MISSED: {goal}");
        self.missed.push(goal);
    }

    /// Whether every goal was reached.
    ///
    /// # Errors
    /// The ones that were not.
    pub fn goals(&self) -> Result<()> {
        if self.missed.is_empty() { Ok(()) } else { Err(format!("goals missed:\n  {}", self.missed.join("\n  ")).into()) }
    }

    fn add(&mut self, work: &str, text: &str, machine: Machine) {
        println!("\n{work}\n\n{text}");
        self.parts.push(Part { work: work.to_owned(), text: text.to_owned(), machine });
    }

    /// The page of the book.
    pub fn markdown(&self) -> String {
        let mut page = String::from(include_str!("head.md"));
        let _ = writeln!(page, "\n{}", machine::description());
        for part in &self.parts {
            let _ = write!(page, "\n{}", part.section());
        }
        page.push('\n');
        page.push_str(FOOT);
        page
    }

    /// A page in which the sections that name their own machine are measured again.
    pub fn updated(&self, page: &str) -> String {
        let own = self.parts.iter().filter(|part| part.machine == Machine::OfSection);
        own.fold(page.to_owned(), |page, part| part.replaced(&page))
    }
}

impl Part {
    fn section(&self) -> String {
        format!("## {}\n\n{}\n", self.work, self.text)
    }

    /// The page with this section in the place of the one of that name; before the foot, where there is none.
    fn replaced(&self, page: &str) -> String {
        let heading = format!("## {}\n", self.work);
        let (before, after) = match page.split_once(&heading) {
            Some((before, rest)) => (before, rest.find("\n## ").map_or("", |next| &rest[next + 1..])),
            None => page.split_at(page.find(FOOT).unwrap_or(page.len())),
        };
        format!("{before}{}\n{after}", self.section())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> Part {
        Part { work: "waits".into(), text: text.into(), machine: Machine::OfSection }
    }

    #[test]
    fn a_section_replaces_the_one_of_its_name() {
        let page = "# Page\n\n## waits\n\nold\n\n## other\n\nkept\n";
        assert_eq!(part("new").replaced(page), page.replace("old", "new"));
    }

    #[test]
    fn a_new_section_comes_before_the_foot() {
        let with = part("new").replaced(&format!("# Page\n\n{FOOT}"));
        assert_eq!(with, format!("# Page\n\n## waits\n\nnew\n\n{FOOT}"));
        assert_eq!(part("new").replaced(&with), with);
    }
}
