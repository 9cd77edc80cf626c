//! Variants: what each key changes, and what is wrong with some.

use super::{RIGHT, parse};
use crate::contender::{Access, Class, Contender, Parser};

/// The right manifest with this at its end.
fn with(more: &str) -> Result<Contender, String> {
    parse(&format!("{RIGHT}{more}"), "c.toml").map_err(|error| error.to_string())
}

/// The only variant of the right manifest, with these keys.
#[track_caller]
fn variant(keys: &str) -> Contender {
    let contender = with(&format!("[[variant]]\nname = \"x\"\n{keys}\n")).expect("it is right");
    let [variant] = <[Contender; 1]>::try_from(contender.varied()).expect("there is one");
    variant
}

#[track_caller]
fn wrong(more: &str) -> String {
    with(more).expect_err("it is wrong")
}

#[test]
fn a_variant_is_its_contender_with_the_keys_that_it_has() {
    let base = with("").expect("it is right");
    let varied = variant("start.flags = [\"--jitless\"]");
    assert_eq!(varied.name, "node-express@x");
    assert_eq!(varied.title, "Express (x)");
    assert_eq!(varied.variant_of.as_deref(), Some("node-express"));
    assert_eq!(
        (varied.folder_name(), base.folder_name()),
        ("node-express", "node-express")
    );
    assert_eq!(
        varied.start.command,
        ["{node}", "--jitless", "server.js", "{port}"]
    );
    // All else is the contender's.
    let mut same = varied;
    same.name.clone_from(&base.name);
    same.title.clone_from(&base.title);
    same.start.clone_from(&base.start);
    same.variant_of = None;
    assert_eq!(same, base);
}

#[test]
fn each_key_overrides_its_own() {
    type Shown = fn(&Contender) -> String;
    let cases: [(&str, Shown, &str); 14] = [
        ("title = \"Fast\"\nserver = \"s\"", |c| c.title.clone(), "Fast"),
        ("server = \"granian\"", |c| c.server.clone(), "granian"),
        ("language = \"typescript\"", |c| c.language.clone(), "typescript"),
        ("remarks = \"r\"\nserver = \"s\"", |c| c.remarks.clone(), "r"),
        (
            "model = { concurrency = \"threads\", style = \"sync\" }",
            |c| format!("{:?}", c.model.concurrency),
            "Threads",
        ),
        (
            "runtime.version = \">=26, <27\"",
            |c| format!("{} {}", c.runtime.name, c.runtime.version),
            "node >=26, <27",
        ),
        (
            "start.command = [\"{node}\", \"other.js\"]\nstart.flags = [\"--a\", \"--b\"]",
            |c| c.start.command.join(" "),
            "{node} --a --b other.js",
        ),
        (
            "start.env = { MORE = \"1\" }",
            |c| format!("{:?}", c.start.env),
            r#"{"MORE": "1", "NODE_ENV": "production"}"#,
        ),
        (
            "start.env.NODE_ENV = \"test\"",
            |c| format!("{:?}", c.start.env),
            r#"{"NODE_ENV": "test"}"#,
        ),
        (
            "source.files = [\"server.ts\"]\nfolder = \"variants/x\"",
            |c| c.source.paths().join(" "),
            "server.ts",
        ),
        (
            "source.not_served = [\"fan-out\"]",
            |c| c.source.not_served.join(" "),
            "fan-out",
        ),
        (
            "class = \"fullstack\"",
            |c| format!("{:?}", c.class),
            "Some(Fullstack)",
        ),
        (
            "data.access = \"orm\"",
            |c| format!("{:?}", c.data.access),
            "Some(Orm)",
        ),
        (
            "http = { parser = \"interpreted\" }",
            |c| format!("{:?}", c.http.parser),
            "Some(Interpreted)",
        ),
    ];
    for (keys, shown, expected) in cases {
        assert_eq!(shown(&variant(keys)), expected, "{keys}");
    }
}

#[test]
fn what_a_variant_does_not_declare_is_declared_by_its_contender() {
    let contender = with(
        "[data]\naccess = \"raw\"\ndriver = \"pg\"\n[http]\nparser = \"native\"\n\
         [[variant]]\nname = \"orm\"\ndata = { access = \"orm\" }\n",
    )
    .expect("it is right");
    let work = contender.varied()[0].work();
    assert_eq!(work.class, None::<Class>);
    assert_eq!(
        (work.data.access, work.data.driver.as_deref()),
        (Some(Access::Orm), Some("pg"))
    );
    assert_eq!(work.http.parser, Some(Parser::Native));
}

#[test]
fn a_lock_file_of_its_own_is_for_an_installer_that_takes_one() {
    let python = RIGHT
        .replacen(
            "tool = \"npm\"\nlock = \"package-lock.json\"",
            "tool = \"python\"\nlock = \"requirements.lock\"",
            1,
        )
        .replacen("name = \"node\"", "name = \"python\"", 1)
        .replacen("{node}", "{python}", 1);
    let text = format!("{python}[[variant]]\nname = \"gevent\"\nprepare.lock = \"gevent.lock\"\n");
    let contender = parse(&text, "c.toml").expect("it is right");
    let varied = &contender.varied()[0];
    assert_eq!(varied.prepare.lock.as_deref(), Some("gevent.lock"));
    assert_eq!(varied.prepare.tool, contender.prepare.tool);
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"x\"\nprepare.lock = \"other.json\"\n"), @r#"
    error: npm reads `package-lock.json` and no other lock file
       --> c.toml:26:16
       |
    26 | prepare.lock = "other.json"
       |                ^^^^^^^^^^^^
    hint: put the variant's `package.json` and `package-lock.json` into its `folder`
    "#);
}

#[test]
fn a_variant_twice() {
    let one = "[[variant]]\nname = \"jitless\"\nstart.flags = [\"--jitless\"]\n\n";
    insta::assert_snapshot!(wrong(&one.repeat(2)), @r#"
    error: the variant `jitless` is listed twice
       --> c.toml:29:8
       |
    29 | name = "jitless"
       |        ^^^^^^^^^
    "#);
}

#[test]
fn a_variant_that_changes_nothing() {
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"x\"\ntitle = \"X\"\n"), @r"
    error: the variant `x` changes nothing
       --> c.toml:24:1
       |
    24 | [[variant]]
       | ^^^^^^^^^^^
    hint: it may have `runtime`, `start`, `prepare`, `source`, `folder`, `server`, `model`, `language`, `class`, `data`, `http`, `browser`
    ");
}

#[test]
fn a_variant_whose_name_holds_the_mark_of_variants() {
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"node@26\"\nserver = \"s\"\n"), @r#"
    error: `name` must be small letters, digits and hyphens
       --> c.toml:25:8
       |
    25 | name = "node@26"
       |        ^^^^^^^^^
    "#);
}

#[test]
fn flags_without_a_runtime_to_stand_behind() {
    let more = "[[variant]]\nname = \"x\"\nstart.command = [\"{bin}/app\"]\nstart.flags = [\"--jitless\"]\n";
    insta::assert_snapshot!(wrong(more), @r#"
    error: the start command has no `{node}` for flags to stand behind
       --> c.toml:27:15
       |
    27 | start.flags = ["--jitless"]
       |               ^^^^^^^^^^^^^
    hint: write the whole `start.command`, or set the flags by `start.env`
    "#);
}

#[test]
fn a_variant_is_held_to_the_rules_of_a_contender() {
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"x\"\nruntime.version = \"latest\"\n"), @r#"
    error: `version` must be a comparison, not `latest`
       --> c.toml:26:19
       |
    26 | runtime.version = "latest"
       |                   ^^^^^^^^
    hint: write for example `>=20` or `>=3.11, <4`
    "#);
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"x\"\nstart.env.WORKERS = \"2\"\n"), @r#"
    error: `WORKERS` is set by the lab, by one rule for all
       --> c.toml:26:21
       |
    26 | start.env.WORKERS = "2"
       |                     ^^^
    "#);
    insta::assert_snapshot!(wrong("[[variant]]\nname = \"x\"\nfolder = \"../other\"\n"), @r#"
    error: the path `../other` must stay inside the contender's folder
       --> c.toml:26:10
       |
    26 | folder = "../other"
       |          ^^^^^^^^^^
    "#);
    let error = wrong("[[variant]]\nname = \"x\"\nstart.command = [\"{nod}\", \"a.js\"]\n");
    assert!(
        error.contains("unknown placeholder `{nod}`") && error.contains("c.toml:26:18"),
        "{error}"
    );
}

#[test]
fn a_manifest_says_of_nobody_that_it_is_a_variant() {
    let text = RIGHT.replacen("server = ", "variant_of = \"node-http\"\nserver = ", 1);
    let error = parse(&text, "c.toml").expect_err("the lab sets it").to_string();
    assert!(error.starts_with("error: unknown field `variant_of`"), "{error}");
}

#[test]
fn the_shipped_variants_leave_out_what_their_setting_takes_away() {
    let shipped = super::shipped();
    let (_, text) = shipped
        .iter()
        .find(|(name, _)| name == "node-fastify")
        .expect("it ships");
    let contender = parse(text, "c.toml").expect("it is read");
    let all = contender.varied();
    let one = |name: &str| all.iter().find(|variant| variant.name == name).expect("it ships");
    let jitless = one("node-fastify@jitless");
    assert_eq!(jitless.start.command[..2], ["{node}", "--jitless"]);
    assert!(jitless.source.not_served.contains(&"fan-out".to_owned()));
    assert_eq!(jitless.prepare, contender.prepare);
    assert_eq!(jitless.runtime, contender.runtime);
    let newer = one("node-fastify@node26");
    assert_eq!(newer.runtime.version, ">=26, <27");
    assert_eq!(newer.start, contender.start);
}

/// Where a page can run a contender, a variant with files of its own may validate otherwise.
#[test]
fn a_variant_with_a_folder_declares_its_own_browser_module() {
    let browser = |keys: &str| {
        let manifest = format!("[browser]\nmodule = \"browser.js\"\n[[variant]]\nname = \"x\"\n{keys}\n");
        let varied = with(&manifest).expect("it is right").varied().remove(0);
        varied.browser.and_then(|browser| browser.module)
    };
    assert_eq!(
        browser("start.flags = [\"--jitless\"]").as_deref(),
        Some("browser.js")
    );
    assert_eq!(browser("folder = \"variants/x\""), None);
    assert_eq!(
        browser("folder = \"variants/x\"\nbrowser = { module = \"own.js\" }").as_deref(),
        Some("own.js")
    );
    let reason =
        "[browser]\ncannot = \"nobody compiles it\"\n[[variant]]\nname = \"x\"\nfolder = \"variants/x\"\n";
    let varied = with(reason).expect("it is right").varied().remove(0);
    assert!(varied.browser.is_some_and(|browser| browser.cannot.is_some()));
}
