//! A contender with patches beside the shipped ones, and the changes that ship.

use super::Domain;
use bakeoff_core::brief;
use bakeoff_lab::Patches;
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

const BOOK: &str = "id = \"book\"\ntitle = \"Book\"\nsummary = \"Books a room.\"\nstatements = 1\n[request]\nmethod = \"POST\"\npath = \"/book\"\n[answer]\nstatus = 201\n";

/// The own contender and a shipped one beside a folder with the scenarios `book`, `other` and `light`, which plays
/// `json`, for a brief of `book`; `source` is what the manifest says of what it serves.
fn asked(source: &str) -> (Domain, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = MANIFEST.replace("name = \"node-http\"", "name = \"mine\"");
    assert!(manifest.contains("not_served = []"));
    let files = [
        (
            "contenders/mine/contender.toml",
            manifest.replace("not_served = []", source),
        ),
        ("scenarios/book.toml", BOOK.to_owned()),
        ("scenarios/other.toml", BOOK.replace("\"book\"", "\"other\"")),
        (
            "scenarios/light.toml",
            BOOK.replace("id = \"book\"", "id = \"light\"\nplays = \"json\""),
        ),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut domain = Domain::open(folder.path())
        .map_err(|failure| failure.text)
        .unwrap();
    let text = "name = \"x\"\n[load]\npeak_rps = 1\nslo = { p99_ms = 50 }\n[[traffic]]\nscenario = \"book\"\nshare = 1\n";
    let brief = brief::parse(text, "x.toml", &domain.vocabulary()).unwrap();
    domain.ask_at_most(&brief);
    let served = |name: &str| -> Vec<String> {
        let source = &domain.contenders[name].contender.source;
        domain
            .scenarios
            .keys()
            .filter(|id| !source.lacks(id))
            .cloned()
            .collect()
    };
    let (mine, shipped) = (served("mine"), served("node-http"));
    assert!(shipped.contains(&"json".to_owned()) && !shipped.contains(&"book".to_owned()));
    (domain, mine)
}

#[test]
fn an_own_contender_is_asked_for_what_the_brief_asks_for() {
    assert_eq!(asked("").1, ["book", "light"]);
    assert_eq!(asked("serves = [\"book\", \"json\"]").1, ["book", "json"]);
    let (domain, claims) = asked("not_served = [\"socket\"]");
    assert!(!claims.contains(&"other".to_owned()) && !claims.contains(&"socket".to_owned()));
    assert_eq!(claims.len(), domain.scenarios.len() - 2);
}
