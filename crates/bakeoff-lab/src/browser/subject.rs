//! A contender whose validation runs in a browser, and the key of what is known of it.

use super::chromium::Chromium;
use crate::cores;
use crate::prepare::ContenderSource;
use crate::prepare::browser::kit_source;
use crate::procfs::machine;
use crate::runtime::Runtime;
use bakeoff_core::contender::Contender;
use bakeoff_core::scenario::Scenario;
use std::collections::BTreeMap;

/// A contender whose validation runs in a browser.
#[derive(Debug, Clone, Copy)]
pub struct BrowserSubject<'c> {
    /// Its manifest.
    pub contender: &'c Contender,
    /// Its files.
    pub source: &'c ContenderSource,
    /// What runs its server.
    pub runtime: &'c Runtime,
    /// The browser of this machine, or why there is none.
    pub browser: &'c Result<Chromium, String>,
}

impl BrowserSubject<'_> {
    /// The module of its manifest.
    ///
    /// # Errors
    /// Why no page can run it on any machine, in words.
    pub(super) fn module(&self) -> Result<&str, String> {
        let Some(browser) = &self.contender.browser else {
            return Err(match &self.contender.variant_of {
                Some(of) => format!(
                    "its files are laid over those of `{of}`, and it declares no [browser] of its own, so nobody \
                     knows which validation a page would run"
                ),
                None => {
                    "its manifest has no [browser], which names the module with its validation".to_owned()
                }
            });
        };
        match (&browser.module, &browser.cannot) {
            (Some(module), _) => Ok(module),
            (None, Some(reason)) => Err(reason.clone()),
            (None, None) => Err("its manifest names no module".to_owned()),
        }
    }

    /// The scenarios that it serves, and is asked for.
    pub(super) fn served<'s>(
        &self,
        scenarios: &'s BTreeMap<String, Scenario>,
    ) -> impl Iterator<Item = &'s Scenario> {
        let source = &self.contender.source;
        scenarios
            .values()
            .filter(move |scenario| !source.lacks(&scenario.id))
    }

    /// A key from everything that the outcome depends on: the contender's files and manifest, the contract, the
    /// runtime, the browser, bundler and Pyodide, this machine, and this version of bakeoff.
    pub(super) fn key(&self, scenarios: &BTreeMap<String, Scenario>) -> String {
        let browser = self.browser.as_ref().map(|browser| browser.version.clone());
        // What a brief asks of it counts as far as it decides which scenarios are asked.
        let mut contender = self.contender.clone();
        contender.source.asked_at_most = None;
        let served: Vec<&Scenario> = self.served(scenarios).collect();
        let circumstances = [
            format!("{contender:?}"),
            format!("{} {}", self.runtime.name, self.runtime.version),
            env!("CARGO_PKG_VERSION").to_owned(),
            format!("{served:?}"),
            format!("{browser:?}"),
            kit_source().key(""),
            machine::processor_model(),
            format!(
                "{} processors, {} MB",
                cores::available().len(),
                machine::memory_mb()
            ),
        ];
        self.source.key(&circumstances.join("\n"))
    }
}
