//! The platforms that are simulated and emulated. What they are like stands in [`super::catalogue`].

use serde::{Deserialize, Serialize};

/// A platform whose instances follow the load.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Platform {
    /// App Engine, standard environment, automatic scaling.
    AppEngine,
    /// Cloud Run, services, billed by request.
    CloudRun,
}

impl Platform {
    /// All, in the order of the documents.
    pub const ALL: [Platform; 2] = [Platform::AppEngine, Platform::CloudRun];

    /// Its word in briefs and documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Platform::AppEngine => "app-engine",
            Platform::CloudRun => "cloud-run",
        }
    }

    /// What a reader calls it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Platform::AppEngine => "App Engine",
            Platform::CloudRun => "Cloud Run",
        }
    }

    /// The platform of that word.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Platform> {
        Platform::ALL.into_iter().find(|platform| platform.id() == id)
    }
}
