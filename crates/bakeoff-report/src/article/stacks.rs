//! What each stack is: a paragraph for a runtime, a line for a contender. Facts about runtimes have their source beside
//! them; facts about contenders come from the run's records.

use super::story::{Story, paragraph};
use crate::adr::markdown::inline;
use bakeoff_core::contender::family_title;
use bakeoff_core::words::work;

/// What a reader who does not know the field must know of a runtime, with the page that says so.
const RUNTIMES: [(&str, &str); 3] = [
    (
        "node",
        "Node.js runs JavaScript on V8, an engine that compiles what runs often to machine code while it runs \
         (<https://v8.dev/blog/maglev>). One thread of a process, the event loop, answers all of its requests: while one \
         waits for the database, the others go on. Computing belongs into a thread beside it \
         (<https://nodejs.org/en/learn/asynchronous-work/dont-block-the-event-loop>). More processors need more processes.",
    ),
    (
        "python",
        "Python is a language; what runs here is CPython, which interprets bytecode. Its web frameworks come in two kinds: \
         WSGI applications give each request a thread, and ASGI applications share an event loop as Node.js does \
         (<https://asgi.readthedocs.io/en/latest/introduction.html>). One thread of a usual CPython computes at a time \
         (<https://docs.python.org/3/glossary.html#term-global-interpreter-lock>). More processors need more processes.",
    ),
    (
        "java",
        "Java is compiled to bytecode before it runs, and to machine code while it runs, by the two compilers of the JVM \
         (<https://docs.oracle.com/en/java/javase/21/vm/java-hotspot-virtual-machine-performance-enhancements.html>). \
         Threads of one process compute at the same time on all processors.",
    ),
];

/// The section.
pub(super) fn stacks(story: &Story<'_, '_>) -> String {
    let families = story.families();
    if families.is_empty() {
        return String::new();
    }
    let mut text = "## What each stack is\n\n".to_owned();
    for family in families {
        text.push_str(&format!("### {}\n\n", family_title(family)));
        let about = RUNTIMES.iter().find(|(id, _)| *id == family);
        text.push_str(&paragraph(about.map_or("", |(_, about)| about)));
        let members = story.measured().filter(|row| row.family() == family);
        for row in members {
            let Some(record) = row.record else { continue };
            let parts = [
                record.framework.clone(),
                record.runtime.clone(),
                record.server.clone(),
                record.model.clone(),
                work::summary(&record.work),
            ];
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            let role = if row.is_reference() {
                " A reference: it shows what the runtime does by itself, and is no candidate."
            } else {
                ""
            };
            let remarks = match record.remarks.trim_end_matches('.') {
                "" => String::new(),
                remarks => format!(" {}.", inline(&super::story::capital(remarks))),
            };
            text.push_str(&format!(
                "- **{}** ({}).{remarks}{role}\n",
                inline(&row.title),
                inline(&parts.join("; "))
            ));
        }
        text.push('\n');
    }
    text
}
