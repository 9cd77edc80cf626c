//! A contender with patches beside the shipped ones, and the changes that ship.

use super::{Domain, Patches};
use std::fs;
use std::path::Path;

const MANIFEST: &str = include_str!("../../../../contenders/node-http/contender.toml");

/// The domain beside a folder with a contender `mine`, which has these files besides its manifest.
fn with(files: &[(&str, &str)]) -> Result<Domain, String> {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("contenders/mine");
    let manifest = MANIFEST.replace("name = \"node-http\"", "name = \"mine\"");
    for (path, text) in [("contender.toml", manifest.as_str())].iter().chain(files) {
        let path = mine.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Domain::open(folder.path()).map_err(|failure| failure.text)
}

#[test]
fn six_changes_ship() {
    let domain = Domain::open(Path::new(".")).unwrap();
    assert_eq!(domain.changes.len(), 6);
    assert!(!domain.scenarios.contains_key("cors"));
    let unknown = domain.changes_of(&["corse".to_owned()]).unwrap_err().text;
    assert!(unknown.contains("did you mean `cors`?"), "{unknown}");
}

#[test]
fn patches_are_no_part_of_the_files() {
    let domain = with(&[("changes/cors.patch", ""), ("app.js", "1")]).unwrap();
    let mine = &domain.contenders["mine"];
    assert_eq!(mine.patches.ids().collect::<Vec<_>>(), ["cors"]);
    assert!(mine.source.get("app.js").is_some());
    assert!(mine.source.below(Patches::FOLDER).files().is_empty());
}

#[test]
fn a_patch_for_a_change_that_nobody_has_is_refused() {
    let refused = with(&[("changes/crs.patch", "")]).unwrap_err();
    assert!(
        refused.contains("changes/crs.patch` is for the unknown change `crs`"),
        "{refused}"
    );
    assert!(refused.contains("did you mean `cors`?"), "{refused}");
}
