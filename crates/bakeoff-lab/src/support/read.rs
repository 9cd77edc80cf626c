//! Reads the table of release lines from a text, and checks what its types cannot express: days that exist, lines and
//! days in their order, sources that are addresses. It opens no file.

use super::table::{Line, Subject, SupportTable};
use bakeoff_core::diagnostic::{Diagnostic, Place, nearest};
use jiff::civil::Date;
use semver::Version;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    date: Spanned<String>,
    runtime: Vec<WrittenSubject>,
    framework: Vec<WrittenSubject>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSubject {
    id: Spanned<String>,
    title: String,
    wanted: Option<Spanned<String>>,
    #[serde(default)]
    provides: Vec<Spanned<String>>,
    line: Vec<WrittenLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLine {
    name: Spanned<String>,
    released: Option<Spanned<String>>,
    active_until: Option<Spanned<String>>,
    ends: Option<Spanned<String>>,
    source: Spanned<String>,
}

/// Reads the table in `text`; `file` is its name in errors.
///
/// # Errors
/// The first thing that is wrong, with its line and column.
pub(super) fn parse(text: &str, file: &str) -> Result<SupportTable, Diagnostic> {
    let reader = Reader { text, file };
    let written: Written = toml::from_str(text).map_err(|error| {
        let message = error.message().lines().collect::<Vec<_>>().join("; ");
        reader.wrong(error.span().unwrap_or(0..0), message, None)
    })?;
    Ok(SupportTable {
        date: reader.date(&written.date)?,
        runtimes: reader.subjects(written.runtime)?,
        frameworks: reader.subjects(written.framework)?,
    })
}

struct Reader<'t> {
    text: &'t str,
    file: &'t str,
}

impl Reader<'_> {
    fn wrong(&self, span: Range<usize>, message: String, hint: Option<String>) -> Diagnostic {
        Diagnostic {
            message,
            file: self.file.to_owned(),
            place: Some(Place::of(self.text, span.start, span.end)),
            hint,
        }
    }

    fn subjects(&self, written: Vec<WrittenSubject>) -> Result<Vec<Subject>, Diagnostic> {
        let mut subjects: Vec<Subject> = Vec::new();
        for one in written {
            let id = one.id.get_ref();
            if subjects.iter().any(|known| known.id == *id) {
                return Err(self.wrong(one.id.span(), format!("`{id}` stands twice"), None));
            }
            subjects.push(self.subject(one)?);
        }
        Ok(subjects)
    }

    fn subject(&self, written: WrittenSubject) -> Result<Subject, Diagnostic> {
        let mut lines: Vec<Line> = Vec::new();
        for one in &written.line {
            let line = self.line(one)?;
            if let Some(before) = lines.last() {
                self.in_order(before, &line, one)?;
            }
            lines.push(line);
        }
        let names = || lines.iter().map(|line| line.name.as_str());
        for provided in &written.provides {
            let name = provided.get_ref();
            if !names().any(|known| known == name) {
                let hint = nearest(name, names()).map(|near| format!("did you mean `{near}`?"));
                return Err(self.wrong(provided.span(), format!("no line has the name `{name}`"), hint));
            }
        }
        Ok(Subject {
            id: written.id.into_inner(),
            title: written.title,
            wanted: written.wanted.map(|wanted| self.wanted(&wanted)).transpose()?,
            provides: written.provides.into_iter().map(Spanned::into_inner).collect(),
            lines,
        })
    }

    fn line(&self, written: &WrittenLine) -> Result<Line, Diagnostic> {
        self.numbers(&written.name)?;
        let source = &written.source;
        if !source.get_ref().starts_with("https://") {
            let message = format!("`source` must be an address, not `{}`", source.get_ref());
            return Err(self.wrong(source.span(), message, None));
        }
        let days = [&written.released, &written.active_until, &written.ends];
        let read = |day: &Option<Spanned<String>>| day.as_ref().map(|day| self.date(day)).transpose();
        let dates: Vec<Option<Date>> = days.into_iter().map(read).collect::<Result<_, _>>()?;
        let known: Vec<(Date, &Spanned<String>)> = dates
            .iter()
            .zip(days)
            .filter_map(|(date, day)| Some(((*date)?, day.as_ref()?)))
            .collect();
        if let Some(pair) = known.windows(2).find(|pair| pair[1].0 < pair[0].0) {
            let (later, earlier) = (pair[1].1, pair[0].1.get_ref());
            let message = format!("`{}` is before `{earlier}`, which comes first", later.get_ref());
            let hint = "a line is released, then its active support ends, then its life".to_owned();
            return Err(self.wrong(later.span(), message, Some(hint)));
        }
        Ok(Line {
            name: written.name.get_ref().clone(),
            released: dates[0],
            active_until: dates[1],
            ends: dates[2],
            source: source.get_ref().clone(),
        })
    }

    /// Lines stand from the oldest to the newest, by their names and by their days.
    fn in_order(&self, before: &Line, line: &Line, written: &WrittenLine) -> Result<(), Diagnostic> {
        let newer = version_numbers(&before.name) < version_numbers(&line.name);
        let later = match (before.released, line.released) {
            (Some(before), Some(released)) => before <= released,
            _ => true,
        };
        if newer && later {
            return Ok(());
        }
        let message = format!("the line `{}` stands after `{}`", line.name, before.name);
        let hint = "lines stand in the order of their releases, the oldest first".to_owned();
        Err(self.wrong(written.name.span(), message, Some(hint)))
    }

    fn date(&self, written: &Spanned<String>) -> Result<Date, Diagnostic> {
        let text = written.get_ref();
        let date = text.parse::<Date>().ok();
        // A day has one form here, so that days sort as their texts do.
        date.filter(|date| date.to_string() == *text).ok_or_else(|| {
            let hint = "write a day of the calendar as `2026-11-28`".to_owned();
            self.wrong(written.span(), format!("`{text}` is no day"), Some(hint))
        })
    }

    fn wanted(&self, written: &Spanned<String>) -> Result<(String, Version), Diagnostic> {
        let numbers = self.numbers(written)?;
        let number = |place: usize| numbers.get(place).copied().unwrap_or(0);
        let version = Version::new(number(0), number(1), number(2));
        Ok((written.get_ref().clone(), version))
    }

    fn numbers(&self, written: &Spanned<String>) -> Result<Vec<u64>, Diagnostic> {
        version_numbers(written.get_ref()).ok_or_else(|| {
            let message = format!("`{}` is no version", written.get_ref());
            let hint = "write numbers with dots, as `22` or `3.12`".to_owned();
            self.wrong(written.span(), message, Some(hint))
        })
    }
}

/// The numbers of `3.12`; none for a text of another form.
fn version_numbers(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    const RIGHT: &str = r#"date = "2026-11-28"
[[runtime]]
id = "node"
title = "Node.js"
wanted = "22"
provides = ["24"]
[[runtime.line]]
name = "20"
released = "2023-04-18"
active_until = "2024-10-22"
ends = "2026-04-30"
source = "https://github.com/nodejs/Release"
[[runtime.line]]
name = "24"
released = "2025-05-06"
source = "https://github.com/nodejs/Release"
[[framework]]
id = "express"
title = "Express"
[[framework.line]]
name = "5"
source = "https://expressjs.com/en/support"
"#;

    #[track_caller]
    fn check(from: &str, to: &str, message: &str, place: &str) {
        assert!(RIGHT.contains(from), "`{from}` stands in the right table");
        let wrong = parse(&RIGHT.replacen(from, to, 1), "s.toml")
            .unwrap_err()
            .to_string();
        assert!(wrong.contains(message), "no `{message}` in:\n{wrong}");
        assert!(wrong.contains(place), "no `{place}` in:\n{wrong}");
    }

    #[test]
    fn the_right_table_is_read() {
        let table = parse(RIGHT, "s.toml").unwrap();
        assert!(table.runtime("node").is_some() && table.framework("express").is_some());
        assert!(table.runtime("express").is_none());
    }

    #[test]
    fn days_must_exist() {
        check(
            "2026-04-30",
            "2026-04-31",
            "`2026-04-31` is no day",
            "--> s.toml:11:8",
        );
        check(
            "2026-11-28",
            "28.11.2026",
            "`28.11.2026` is no day",
            "--> s.toml:1:8",
        );
        check("2026-04-30", "20260430", "`20260430` is no day", "write a day");
    }

    #[test]
    fn days_and_lines_stand_in_their_order() {
        check(
            "ends = \"2026-04-30\"",
            "ends = \"2024-04-30\"",
            "`2024-04-30` is before `2024-10-22`",
            "--> s.toml:11:8",
        );
        check(
            "[\"24\"]",
            "[\"26\"]",
            "no line has the name `26`",
            "--> s.toml:6:13",
        );
        check(
            "provides = [\"24\"]\n[[runtime.line]]\nname = \"20\"",
            "provides = [\"24\"]\n[[runtime.line]]\nname = \"26\"",
            "the line `24` stands after `26`",
            "the oldest first",
        );
        check(
            "2025-05-06",
            "2022-05-06",
            "the line `24` stands after `20`",
            "s.toml:14",
        );
    }

    #[test]
    fn words_of_the_wrong_form_have_their_place() {
        check(
            "https://expressjs.com",
            "expressjs.com",
            "must be an address",
            "--> s.toml:22",
        );
        check(
            "wanted = \"22\"",
            "wanted = \">=22\"",
            "`>=22` is no version",
            "--> s.toml:5",
        );
        check(
            "title = \"Express\"",
            "titel = \"Express\"",
            "unknown field `titel`",
            "s.toml:19",
        );
        check("id = \"express\"\n", "", "missing field `id`", "s.toml:");
    }
}
