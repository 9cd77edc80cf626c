//! `[database]`: the service's own tables and rows, as files of SQL beside the brief. Nobody opens them here.

use super::reader::{Reader, Section};
use crate::brief::OwnDatabase;
use toml::Spanned;

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Option<OwnDatabase> {
    let section = reader.section(root, "database")?;
    reader.keys(&section, &["schema", "seed"]);
    reader.require(&section, "schema", "schema = [\"schema.sql\"]");
    let mut scripts = reader.words(&section, "schema");
    scripts.extend(reader.words(&section, "seed"));
    reader.distinct("script", &scripts);
    for script in scripts.iter().filter(|script| script.get_ref().is_empty()) {
        reader.wrong(
            script.span(),
            "the name of a script is empty",
            "write for example `schema = [\"schema.sql\"]`".to_owned(),
        );
    }
    Some(OwnDatabase {
        scripts: scripts.into_iter().map(Spanned::into_inner).collect(),
    })
}
