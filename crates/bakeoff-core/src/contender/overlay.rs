//! A contender's variants as contenders of their own: the manifest with the variant's keys laid over it. It checks
//! nothing.

use super::Contender;
use super::name::variant_name;
use super::variant::Variant;
use super::{Browser, Prepare, Runtime, Source, Start};

impl Contender {
    /// Its variants in the order of the manifest. Each says of whom it is one, and has no variants itself.
    #[must_use]
    pub fn varied(&self) -> Vec<Contender> {
        self.variants
            .iter()
            .map(|variant| varied(self, variant))
            .collect()
    }
}

fn varied(of: &Contender, by: &Variant) -> Contender {
    Contender {
        name: variant_name(&of.name, &by.name),
        title: by
            .title
            .clone()
            .unwrap_or_else(|| format!("{} ({})", of.title, by.name)),
        language: by.language.clone().unwrap_or_else(|| of.language.clone()),
        server: by.server.clone().unwrap_or_else(|| of.server.clone()),
        model: by.model.clone().unwrap_or_else(|| of.model.clone()),
        class: by.class.or(of.class),
        data: by.data.or(&of.data),
        http: by.http.or(&of.http),
        remarks: by.remarks.clone().unwrap_or_else(|| of.remarks.clone()),
        runtime: runtime(of, by),
        prepare: prepare(of, by),
        start: start(of, by),
        source: source(of, by),
        browser: browser(of, by),
        variants: Vec::new(),
        variant_of: Some(of.name.clone()),
        ..of.clone()
    }
}

fn runtime(of: &Contender, by: &Variant) -> Runtime {
    let version = by.runtime.as_ref().map(|runtime| runtime.version.clone());
    Runtime {
        version: version.unwrap_or_else(|| of.runtime.version.clone()),
        ..of.runtime.clone()
    }
}

fn prepare(of: &Contender, by: &Variant) -> Prepare {
    let own = by.prepare.clone().unwrap_or_default();
    Prepare {
        lock: own.lock.or_else(|| of.prepare.lock.clone()),
        build: own.build.unwrap_or_else(|| of.prepare.build.clone()),
        ..of.prepare.clone()
    }
}

fn start(of: &Contender, by: &Variant) -> Start {
    let mut command = by
        .start
        .command
        .clone()
        .unwrap_or_else(|| of.start.command.clone());
    let runtime = of.runtime.placeholder();
    if let Some(at) = command.iter().position(|argument| *argument == runtime) {
        let behind = at + 1;
        command.splice(behind..behind, by.start.flags.iter().cloned());
    }
    let mut env = of.start.env.clone();
    env.extend(by.start.env.clone());
    Start {
        command,
        env,
        health: of.start.health.clone(),
        port: of.start.port,
        beside: of.start.beside.clone(),
    }
}

fn source(of: &Contender, by: &Variant) -> Source {
    let (files, not_served) = (&by.source.files, &by.source.not_served);
    Source {
        files: files.clone().unwrap_or_else(|| of.source.files.clone()),
        serves: of.source.serves.clone(),
        not_served: not_served.clone().unwrap_or_else(|| of.source.not_served.clone()),
        says_what_it_serves: of.source.says_what_it_serves || not_served.is_some(),
        asked_at_most: None,
    }
}

/// Files that are laid over the contender's may be those that its module imports, so a folder needs a declaration of
/// its own; only the reason why no page can run it holds for every variant.
fn browser(of: &Contender, by: &Variant) -> Option<Browser> {
    let same = |own: &&Browser| by.folder.is_none() || own.cannot.is_some();
    by.browser
        .clone()
        .or_else(|| of.browser.as_ref().filter(same).cloned())
}
