//! Reads a scenario from a text and checks what its types cannot express: ranges, variables, templates, cases.

pub(super) mod change;
mod settings;
mod variables;

use super::{Case, Expectation, LoadRequest, Scenario, SocketStep, Step};
use crate::diagnostic::{Diagnostic, nearest};
use crate::toml_document::Step::{At, Key};
use crate::toml_document::{Document, placeholders};
use std::collections::{BTreeMap, BTreeSet};

type Way<'w> = Vec<crate::toml_document::Step<'w>>;
type Checked = Result<(), Diagnostic>;

/// The most sockets that one talk opens.
const MOST_SOCKETS: usize = 8;

/// The most times that one step is sent.
const MOST_TIMES: u32 = 1000;

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Reads the scenario in `text`; `file` is its name in errors.
///
/// # Errors
/// The first thing that is wrong, with its line and column.
pub fn parse(text: &str, file: &str) -> Result<Scenario, Diagnostic> {
    let document = Document::parse(text, file)?;
    let scenario: Scenario = document.decode()?;
    let check = Check { document: &document };
    check.names(&scenario.id, &scenario.title, &scenario.summary)?;
    check.waits(&scenario)?;
    check.plays(&scenario)?;
    check.request(&scenario.request)?;
    let vars: BTreeSet<&str> = scenario.request.vars.keys().map(String::as_str).collect();
    check.answer(&scenario.answer, &vars)?;
    check.cases(&scenario.cases)?;
    Ok(scenario)
}

struct Check<'d> {
    document: &'d Document<'d>,
}

impl Check<'_> {
    fn wrong<T>(
        &self,
        way: &[crate::toml_document::Step<'_>],
        message: impl Into<String>,
        hint: Option<String>,
    ) -> Result<T, Diagnostic> {
        Err(self.document.wrong(self.document.span(way), message.into(), hint))
    }

    fn names(&self, id: &str, title: &str, summary: &str) -> Checked {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(fits) {
            return self.wrong(
                &[Key("id")],
                "`id` must be small letters, digits and hyphens",
                None,
            );
        }
        for (key, text) in [("title", title), ("summary", summary)] {
            if text.trim().is_empty() {
                return self.wrong(&[Key(key)], format!("`{key}` is empty"), None);
            }
        }
        Ok(())
    }

    fn request(&self, request: &LoadRequest) -> Checked {
        self.method(&request.method, vec![Key("request"), Key("method")])?;
        self.carries(&request.carried(), &[Key("request")])?;
        if request.message.is_some() {
            self.opens(&request.method, &[Key("request")])?;
        }
        for (name, variable) in &request.vars {
            self.variable(name, variable, request)?;
        }
        let vars: BTreeSet<&str> = request.vars.keys().map(String::as_str).collect();
        self.path(
            &request.path,
            vec![Key("request"), Key("path")],
            &vars,
            "variable",
        )
    }

    /// A request carries one thing.
    fn carries(&self, keys: &[&'static str], way: &[crate::toml_document::Step<'_>]) -> Checked {
        match keys {
            [first, second, ..] => self.wrong(
                &[way, &[Key(second)]].concat(),
                format!("a request has either `{first}` or `{second}`"),
                None,
            ),
            _ => Ok(()),
        }
    }

    /// Only `GET` opens a WebSocket [RFC 6455, 4.1].
    fn opens(&self, method: &str, way: &[crate::toml_document::Step<'_>]) -> Checked {
        if method == "GET" {
            return Ok(());
        }
        let hint = Some("write `method = \"GET\"`".to_owned());
        self.wrong(
            &[way, &[Key("method")]].concat(),
            format!("a WebSocket cannot be opened with `{method}`"),
            hint,
        )
    }

    fn method(&self, method: &str, way: Way<'_>) -> Checked {
        if METHODS.contains(&method) {
            return Ok(());
        }
        let hint = nearest(method, METHODS).map(|near| format!("did you mean `{near}`?"));
        self.wrong(&way, format!("unknown method `{method}`"), hint)
    }

    /// A path begins at the root, and names only what is known in its braces.
    fn path(&self, path: &str, way: Way<'_>, known: &BTreeSet<&str>, kind: &str) -> Checked {
        if !path.starts_with('/') && !path.starts_with('{') {
            return self.wrong(&way, format!("the path `{path}` must begin with `/`"), None);
        }
        match placeholders(path).find(|name| !known.contains(name)) {
            Some(name) => {
                let hint = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                self.wrong(
                    &way,
                    format!("unknown {kind} `{name}` in the path `{path}`"),
                    hint,
                )
            }
            None => Ok(()),
        }
    }

    fn cases(&self, cases: &[Case]) -> Checked {
        for (at, case) in cases.iter().enumerate() {
            let way = [Key("case"), At(at)];
            if cases[..at].iter().any(|earlier| earlier.name == case.name) {
                return self.wrong(
                    &[way[0], way[1], Key("name")],
                    format!("the case `{}` is listed twice", case.name),
                    None,
                );
            }
            if case.steps.is_empty() {
                return self.wrong(&way, format!("the case `{}` has no step", case.name), None);
            }
            let mut captured = BTreeSet::new();
            for (index, step) in case.steps.iter().enumerate() {
                self.step(step, vec![way[0], way[1], Key("step"), At(index)], &captured)?;
                captured.extend(step.capture.keys().map(String::as_str));
            }
        }
        Ok(())
    }

    fn step(&self, step: &Step, way: Way<'_>, captured: &BTreeSet<&str>) -> Checked {
        let to = |key| [way.clone(), vec![Key(key)]].concat();
        self.method(&step.method, to("method"))?;
        self.path(&step.path, to("path"), captured, "captured value")?;
        self.carries(&step.carried(), &way)?;
        if step.chunked && step.body_pattern.is_none() {
            let hint = Some("`chunked` sets how a `body_pattern` is sent".to_owned());
            return self.wrong(&to("chunked"), "there is no stream to be sent in chunks", hint);
        }
        let lock = step.while_locked.as_deref();
        if let Some(sql) = lock.filter(|sql| !sql.starts_with("UPDATE ")) {
            let hint = Some("write for example `UPDATE items SET stock = 0 WHERE id = 77`".to_owned());
            return self.wrong(&to("while_locked"), format!("{} is no UPDATE", short(sql)), hint);
        }
        if let Some(times) = step.times.filter(|times| !(1..=MOST_TIMES).contains(times)) {
            let message = format!("`times` must be from 1 to {MOST_TIMES}, not `{times}`");
            return self.wrong(&to("times"), message, None);
        }
        if !step.talk.is_empty() {
            self.opens(&step.method, &way)?;
            self.talk(&step.talk, &to("talk"))?;
        }
        for (name, from) in &step.capture {
            if !from.starts_with('/') && !from.starts_with("header:") {
                let way = [to("capture"), vec![Key(name)]].concat();
                let hint = Some("write `\"/id\"` or `\"header:location\"`".to_owned());
                return self.wrong(
                    &way,
                    format!("`{from}` is neither a JSON pointer nor a header"),
                    hint,
                );
            }
        }
        self.expectation(&step.expect, &to("expect"), captured)?;
        let known: BTreeSet<&str> = step
            .capture
            .keys()
            .map(String::as_str)
            .chain(captured.iter().copied())
            .collect();
        for sql in step.expect.rows.keys() {
            let way = [to("expect"), vec![Key("rows"), Key(sql)]].concat();
            if let Some(name) = placeholders(sql).find(|name| !known.contains(name)) {
                let hint = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                return self.wrong(
                    &way,
                    format!("unknown captured value `{name}` in {}", short(sql)),
                    hint,
                );
            }
        }
        Ok(())
    }

    fn talk(&self, talk: &[SocketStep], way: &[crate::toml_document::Step<'_>]) -> Checked {
        for (at, step) in talk.iter().enumerate() {
            let to = |keys: &[_]| [way, &[At(at)], keys].concat();
            match step.kinds()[..] {
                [_] => {}
                [] => {
                    let hint =
                        Some("write for example `send = '…'`, `json = '…'` or `closed = 1003`".to_owned());
                    return self.wrong(&to(&[]), "the step neither sends nor awaits anything", hint);
                }
                [first, second, ..] => {
                    let message = format!("a step has either `{first}` or `{second}`");
                    return self.wrong(&to(&[Key(second)]), message, Some("make it two steps".to_owned()));
                }
            }
            if step.on >= MOST_SOCKETS {
                let message = format!("a talk has at most {MOST_SOCKETS} sockets, counted from 0");
                return self.wrong(&to(&[Key("on")]), message, None);
            }
            if let Some(json) = step
                .json
                .as_deref()
                .filter(|json| !is_json(json, &BTreeSet::new()))
            {
                return self.wrong(
                    &to(&[Key("json")]),
                    format!("`json` is not JSON: {}", short(json)),
                    None,
                );
            }
            self.json_at(&step.json_at, &to(&[Key("json_at")]), &BTreeSet::new())?;
        }
        Ok(())
    }

    fn json_at(
        &self,
        values: &BTreeMap<String, String>,
        way: &[crate::toml_document::Step<'_>],
        vars: &BTreeSet<&str>,
    ) -> Checked {
        for (pointer, json) in values {
            let way = [way, &[Key(pointer)]].concat();
            self.pointer(pointer, way.clone())?;
            if !is_json(json, vars) {
                let hint = Some("a text needs its quotes inside the quotes: `'\"tools\"'`".to_owned());
                let message = format!("the value at `{pointer}` is not JSON: {}", short(json));
                return self.wrong(&way, message, hint);
            }
        }
        Ok(())
    }

    /// The load does not look at which headers are there.
    fn answer(&self, answer: &Expectation, vars: &BTreeSet<&str>) -> Checked {
        if answer.is_about_presence() {
            let key = match answer.with_headers.is_empty() {
                true => "without_headers",
                false => "with_headers",
            };
            let hint = Some("move it into the `expect` of a case's step".to_owned());
            return self.wrong(
                &[Key("answer"), Key(key)],
                format!("`{key}` is for cases only"),
                hint,
            );
        }
        self.expectation(answer, &vec![Key("answer")], vars)
    }

    /// A body that is checked as it comes is held to one rule.
    fn streamed(&self, expect: &Expectation, way: &[crate::toml_document::Step<'_>]) -> Checked {
        let rules = expect.body_rules();
        let is_stream = |rule: &&str| matches!(*rule, "pattern" | "events");
        if let (Some(stream), Some(other)) = (
            rules.iter().copied().find(|rule| is_stream(rule)),
            rules.iter().copied().find(|rule| !is_stream(rule)),
        ) {
            let way = [way, &[Key(other)]].concat();
            return self.wrong(
                &way,
                format!("a body with `{stream}` has no other rule, such as `{other}`"),
                None,
            );
        }
        if expect.pattern.is_some() && expect.events.is_some() {
            let way = [way, &[Key("events")]].concat();
            return self.wrong(&way, "a body has either `pattern` or `events`", None);
        }
        if expect.min_spread_ms.is_some() && expect.events.is_none() {
            let way = [way, &[Key("min_spread_ms")]].concat();
            let hint = Some("it is the time from the first to the last of `events`".to_owned());
            return self.wrong(&way, "`min_spread_ms` needs `events`", hint);
        }
        Ok(())
    }

    fn expectation(&self, expect: &Expectation, way: &Way<'_>, vars: &BTreeSet<&str>) -> Checked {
        let to = |keys: &[_]| [way.clone(), keys.to_vec()].concat();
        let statuses = expect.statuses();
        if statuses.is_empty() && !expect.is_about_presence() {
            return self.wrong(
                way,
                "no status is expected",
                Some("write for example `status = 200` or `problem = 404`".to_owned()),
            );
        }
        if let Some(status) = statuses.iter().find(|status| !(100..600).contains(*status)) {
            return self.wrong(
                &to(&[Key("status")]),
                format!("`{status}` is no HTTP status"),
                None,
            );
        }
        if let Some(of) = expect.body_of.filter(|of| !statuses.contains(of)) {
            let hint = Some("name one of the statuses".to_owned());
            return self.wrong(&to(&[Key("body_of")]), format!("`{of}` is not expected"), hint);
        }
        if let Some(sql) = expect.rows.keys().find(|sql| !sql.starts_with("SELECT ")) {
            let hint = Some("write for example `SELECT stock FROM items WHERE id = 77`".to_owned());
            return self.wrong(
                &to(&[Key("rows"), Key(sql)]),
                format!("{} is no SELECT", short(sql)),
                hint,
            );
        }
        if let Some(issued) = &expect.token_at {
            self.pointer(&issued.pointer, to(&[Key("token_at"), Key("pointer")]))?;
        }
        if let Some(json) = expect.json.as_deref().filter(|json| !is_json(json, vars)) {
            return self.wrong(
                &to(&[Key("json")]),
                format!("`json` is not JSON: {}", short(json)),
                None,
            );
        }
        let schema = expect.json_schema.as_deref();
        if let Some(schema) = schema.filter(|schema| !is_json(schema, &BTreeSet::new())) {
            let message = format!("`json_schema` is not JSON: {}", short(schema));
            return self.wrong(&to(&[Key("json_schema")]), message, None);
        }
        self.json_at(&expect.json_at, &to(&[Key("json_at")]), vars)?;
        self.streamed(expect, way)?;
        expect
            .json_len
            .keys()
            .try_for_each(|pointer| self.pointer(pointer, to(&[Key("json_len"), Key(pointer)])))
    }

    fn pointer(&self, pointer: &str, way: Way<'_>) -> Checked {
        if pointer.is_empty() || pointer.starts_with('/') {
            return Ok(());
        }
        self.wrong(
            &way,
            format!("`{pointer}` is no JSON pointer"),
            Some(format!("write `/{pointer}`")),
        )
    }
}

/// Whether a template is JSON once its variables are replaced.
fn is_json(template: &str, vars: &BTreeSet<&str>) -> bool {
    let filled = vars.iter().fold(template.to_owned(), |text, name| {
        text.replace(&format!("{{{name}}}"), "0")
    });
    serde_json::from_str::<serde::de::IgnoredAny>(&filled).is_ok()
}

fn short(text: &str) -> String {
    let one_line: String = text
        .chars()
        .map(|c| if c == '\n' { ' ' } else { c })
        .take(60)
        .collect();
    format!("`{one_line}`")
}
