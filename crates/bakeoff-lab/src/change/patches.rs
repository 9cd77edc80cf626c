//! The patches in a contender's folder, one file for each standard change: what `git diff --relative` prints. They are
//! no part of the contender: they do not count when it is installed or measured.

use crate::prepare::ContenderSource;

/// What the name of a patch ends with.
const ENDING: &str = ".patch";

/// The patches of a contender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patches {
    /// The folder as a reader finds it.
    folder: String,
    files: ContenderSource,
}

impl Patches {
    /// The folder below the contender's.
    pub const FOLDER: &str = "changes";

    /// Those in a contender's folder, which a reader finds at `shown`.
    #[must_use]
    pub fn among(source: &ContenderSource, shown: &str) -> Patches {
        Patches {
            folder: format!("{shown}/{}", Patches::FOLDER),
            files: source.below(Patches::FOLDER),
        }
    }

    /// The ids of the changes for which there is one, in their order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let files = self.files.files().iter();
        files.filter_map(|file| file.path.strip_suffix(ENDING))
    }

    /// The file of a change as a reader finds it, whether it is there or not.
    #[must_use]
    pub fn file_of(&self, change: &str) -> String {
        format!("{}/{change}{ENDING}", self.folder)
    }

    /// The text of a change's patch, if there is one.
    pub(super) fn text(&self, change: &str) -> Option<String> {
        let bytes = self.files.get(&format!("{change}{ENDING}"))?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }
}
