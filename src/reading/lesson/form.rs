//! A lesson as a text: a line each for what it is of, in words that a person can follow.
//!
//! Lines of a later form of the same version are no concern of this one, and stay in what is stored, for it is the
//! text that is stored.

use super::{Lesson, Listed, Part, Pointing, Step, Taught};
use crate::page::NodeId;

/// The parts' names, in the order in which a person is asked for them.
const PARTS: [(Part, &str); 5] = [
    (Part::Address, "address"),
    (Part::Device, "device"),
    (Part::Time, "time"),
    (Part::Place, "place"),
    (Part::Control, "control"),
];

impl Part {
    /// Its name.
    pub fn name(self) -> &'static str {
        PARTS.iter().find(|(part, _)| *part == self).map_or("", |(_, name)| name)
    }

    fn of(name: &str) -> Option<Self> {
        PARTS.iter().find(|(_, known)| *known == name).map(|(part, _)| *part)
    }
}

impl Listed {
    fn of(name: &str) -> Option<Self> {
        match name {
            "sessions" => Some(Self::Sessions),
            "logins" => Some(Self::Logins),
            _ => None,
        }
    }
}

impl Pointing {
    /// Reads what the page's script says: what the rows are, the row's node, and each part with its node:
    /// `sessions 17 address 20 control 31`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let list = Listed::of(words.next()?)?;
        let node = |words: &mut std::str::Split<'_, char>| words.next()?.parse::<NodeId>().ok();
        let row = node(&mut words)?;
        let mut parts = Vec::new();
        while let Some(name) = words.next() {
            parts.push((Part::of(name)?, node(&mut words)?));
        }
        Some(Self { row, parts, list })
    }
}

impl Lesson {
    /// Its text, as it is stored.
    pub fn text(&self) -> String {
        let list = if self.list == Listed::Sessions { "sessions" } else { "logins" };
        let mut text = ["lesson 1\nlist ", list, "\nheading ", &self.heading, "\nabove"].concat();
        push_way(&mut text, &self.above);
        text.push_str("\nrow ");
        text.push_str(&self.row);
        for Taught { part, way, sure } in &self.parts {
            text.push('\n');
            text.push_str(part.name());
            text.push_str(if *sure { " known" } else { " unknown" });
            push_way(&mut text, way);
        }
        text.push_str("\nwords ");
        text.push_str(&self.words);
        text
    }
}

fn push_way(text: &mut String, steps: &[Step]) {
    for Step(tag, before, after) in steps {
        text.push(' ');
        text.push_str(tag);
        for count in [before, after] {
            text.push(':');
            text.push_str(&count.to_string());
        }
    }
}

impl Lesson {
    /// Reads a lesson; `None` where it is none, or of a later version.
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some("lesson 1") {
            return None;
        }
        let mut lesson = Self::default();
        for line in lines {
            let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
            match name {
                "list" => lesson.list = Listed::of(rest)?,
                "heading" => lesson.heading = rest.to_owned(),
                "above" => lesson.above = steps(rest)?,
                "row" => lesson.row = rest.to_owned(),
                "words" => lesson.words = rest.to_owned(),
                _ => {
                    let Some(part) = Part::of(name) else { continue };
                    let (sure, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                    lesson.parts.push(Taught { part, way: steps(rest)?, sure: sure == "known" });
                }
            }
        }
        Some(lesson)
    }
}

fn steps(text: &str) -> Option<Vec<Step>> {
    text.split(' ')
        .filter(|step| !step.is_empty())
        .map(|step| {
            let (step, after) = step.rsplit_once(':')?;
            let (tag, before) = step.rsplit_once(':')?;
            Some(Step(tag.to_owned(), before.parse().ok()?, after.parse().ok()?))
        })
        .collect()
}
