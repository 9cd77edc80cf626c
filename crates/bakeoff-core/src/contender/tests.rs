//! Manifests that are wrong, each with exactly what their author then reads.

mod variants;

use super::{Access, Class, CodeFile, Parser, Proxy, Role, Transactions, parse};

const RIGHT: &str = r#"name = "node-express"
title = "Express"
family = "node"
language = "javascript"
framework = { name = "Express", package = "express" }
server = "node:http"
homepage = "https://expressjs.com"
model = { concurrency = "event-loop", style = "async" }

[runtime]
name = "node"
version = ">=20"

[prepare]
tool = "npm"
lock = "package-lock.json"

[start]
command = ["{node}", "server.js", "{port}"]
env = { NODE_ENV = "production" }

[source]
files = ["server.js", "app.js"]
"#;

fn wrong(from: &str, to: &str) -> String {
    assert!(RIGHT.contains(from), "`{from}` stands in the right manifest");
    parse(&RIGHT.replacen(from, to, 1), "c.toml")
        .expect_err("the manifest is wrong")
        .to_string()
}

#[test]
fn the_right_one_is_read() {
    let contender = parse(RIGHT, "c.toml").expect("it is right");
    assert_eq!(
        (contender.name.as_str(), contender.source.files.len()),
        ("node-express", 2)
    );
    assert!(contender.source.not_served.is_empty());
}

#[test]
fn what_an_own_service_says_of_itself_is_read() {
    let own = RIGHT
        .replace("homepage = \"https://expressjs.com\"\n", "")
        .replace(
            "[source]\n",
            "health = \"/api/healthz\"\n\n[source]\nserves = [\"book\"]\n",
        );
    let contender = parse(&own, "c.toml").expect("it is right");
    assert_eq!(contender.homepage, "");
    assert_eq!(contender.start.health.as_deref(), Some("/api/healthz"));
    let source = &contender.source;
    assert!(source.says_what_it_serves && !source.lacks("book") && source.says_no_to("json"));
    let undeclared = parse(RIGHT, "c.toml").expect("it is right");
    assert!(!undeclared.source.says_what_it_serves && !undeclared.source.lacks("json"));
    let path = wrong("env = {", "health = \"healthz\"\nenv = {");
    assert!(path.contains("the path `healthz` must begin with `/`"), "{path}");
    let both = wrong(
        "files = [",
        "serves = [\"book\"]\nnot_served = [\"json\"]\nfiles = [",
    );
    assert!(
        both.contains("[source] says both `serves` and `not_served`"),
        "{both}"
    );
}

/// The shipped manifests: the name of the folder, and the text.
fn shipped() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contenders");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder ships with the program") {
        let path = entry.expect("it can be listed").path();
        if let Ok(text) = std::fs::read_to_string(path.join("contender.toml")) {
            let name = path.file_name().expect("a folder has a name");
            all.push((name.to_string_lossy().into_owned(), text));
        }
    }
    all
}

#[test]
fn every_shipped_contender_is_read() {
    for (name, text) in shipped() {
        if let Err(error) = parse(&text, &format!("contenders/{name}/contender.toml")) {
            panic!("{error}");
        }
    }
}

/// Elsewhere it may be left out; the project's own contenders declare all of it.
#[test]
fn every_shipped_contender_and_variant_declares_its_work() {
    for (name, text) in shipped() {
        let contender = parse(&text, &name).expect("it is read");
        for one in contender.varied().into_iter().chain([contender]) {
            let work = one.work();
            assert!(work.class.is_some(), "{}: no `class`", one.name);
            let data = &work.data;
            assert!(
                data.access.is_some() && data.driver.is_some(),
                "{}: no `data.access` or no `data.driver`",
                one.name
            );
            assert!(
                data.transactions.is_some() && data.prepared.is_some(),
                "{}: no `data.transactions` or no `data.prepared`",
                one.name
            );
            assert!(
                work.http.parser.is_some() && work.http.proxy.is_some(),
                "{}: no `http.parser` or no `http.proxy`",
                one.name
            );
        }
    }
}

/// What is declared is what a reader of the framework would say.
#[test]
fn the_declared_class_is_that_of_the_framework() {
    for (name, text) in shipped() {
        let contender = parse(&text, &name).expect("it is read");
        let is_platform = contender.class == Some(Class::Platform);
        assert_eq!(is_platform, contender.framework.is_none(), "{name}");
    }
}

#[test]
fn every_shipped_contender_names_scenarios_that_exist() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios");
    let files = std::fs::read_dir(folder).expect("the folder ships with the program");
    let ids: Vec<String> = files
        .filter_map(|entry| {
            let name = entry.ok()?.file_name().into_string().ok()?;
            Some(name.strip_suffix(".toml")?.to_owned())
        })
        .collect();
    let known: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert!(known.contains(&"socket"));
    for (name, text) in shipped() {
        if let Err(error) = super::check_scenarios(&text, &name, &known) {
            panic!("{error}");
        }
    }
}

#[test]
fn what_a_manifest_does_not_declare_is_not_declared() {
    let contender = parse(RIGHT, "c.toml").expect("it is right");
    assert_eq!(contender.work(), super::Work::default());
    assert_eq!((contender.variants.len(), contender.variant_of), (0, None));
}

#[test]
fn declared_work_and_roles_are_read() {
    let text = RIGHT
        .replacen("server = ", "class = \"micro\"\nserver = ", 1)
        .replacen(
            "files = [\"server.js\", \"app.js\"]",
            "files = [\"server.js\", { path = \"sockets.js\", role = \"plumbing\", serves = [\"socket\"] }]",
            1,
        )
        + "[data]\naccess = \"raw\"\ndriver = \"pg\"\ntransactions = \"statement\"\nprepared = true\n\
           [http]\nparser = \"native\"\nproxy = \"recommended\"\n";
    let contender = parse(&text, "c.toml").expect("it is right");
    let work = contender.work();
    assert_eq!(work.class, Some(Class::Micro));
    assert_eq!(
        (
            work.data.access,
            work.data.driver.as_deref(),
            work.data.transactions,
            work.data.prepared
        ),
        (
            Some(Access::Raw),
            Some("pg"),
            Some(Transactions::Statement),
            Some(true)
        )
    );
    assert_eq!(
        (work.http.parser, work.http.proxy),
        (Some(Parser::Native), Some(Proxy::Recommended))
    );
    let file = |path: &str, role, serves: &[&str]| CodeFile {
        path: path.to_owned(),
        role,
        serves: serves.iter().map(|one| (*one).to_owned()).collect(),
    };
    assert_eq!(
        contender.source.files,
        [
            file("server.js", Role::Application, &[]),
            file("sockets.js", Role::Plumbing, &["socket"]),
        ]
    );
}

#[test]
fn an_unknown_way_to_the_data() {
    let text = format!("{RIGHT}[data]\naccess = \"row\"\n");
    let error = parse(&text, "c.toml").expect_err("there is no such access");
    insta::assert_snapshot!(error.to_string(), @r#"
    error: `access` is `raw`, `builder` or `orm`, not `row`
       --> c.toml:25:10
       |
    25 | access = "row"
       |          ^^^^^
    hint: did you mean `raw`?
    "#);
}

#[test]
fn an_unknown_key_of_a_file() {
    insta::assert_snapshot!(wrong("\"app.js\"", "{ path = \"app.js\", rol = \"plumbing\" }"), @r#"
    error: unknown field `rol`, expected one of `path`, `role`, `serves`
       --> c.toml:23:42
       |
    23 | files = ["server.js", { path = "app.js", rol = "plumbing" }]
       |                                          ^^^
    hint: did you mean `role`?
    "#);
}

#[test]
fn a_file_that_is_neither_a_path_nor_a_table() {
    let error = wrong("\"app.js\"", "7");
    assert!(
        error.contains("must be a path, or a table with `path`, `role` and `serves`"),
        "{error}"
    );
    assert!(error.contains("c.toml:23:23"), "{error}");
}

#[test]
fn a_table_of_a_file_outside_its_folder() {
    insta::assert_snapshot!(wrong("\"app.js\"", "{ path = \"/app.js\" }"), @r#"
    error: the path `/app.js` must stay inside the contender's folder
       --> c.toml:23:32
       |
    23 | files = ["server.js", { path = "/app.js" }]
       |                                ^^^^^^^^^
    "#);
}

#[test]
fn a_file_that_serves_a_scenario_which_does_not_exist() {
    let text = RIGHT.replacen(
        "\"app.js\"",
        "{ path = \"app.js\", serves = [\"json\", \"sockt\"] }",
        1,
    );
    let error = super::check_scenarios(&text, "c.toml", &["json", "socket"]).expect_err("there is none");
    insta::assert_snapshot!(error.to_string(), @r#"
    error: unknown scenario `sockt`
       --> c.toml:23:60
       |
    23 | files = ["server.js", { path = "app.js", serves = ["json", "sockt"] }]
       |                                                            ^^^^^^^
    hint: did you mean `socket`? `bakeoff list scenarios` shows all
    "#);
}

#[test]
fn a_missing_key() {
    insta::assert_snapshot!(wrong("server = \"node:http\"\n", ""), @r#"
    error: missing field `server`
      --> c.toml:1:1
      |
    1 | name = "node-express"
      | ^
    "#);
}

#[test]
fn an_unknown_model() {
    insta::assert_snapshot!(wrong("event-loop", "event-lop"), @r#"
    error: `concurrency` is `event-loop`, `threads` or `processes`, not `event-lop`
      --> c.toml:8:25
      |
    8 | model = { concurrency = "event-lop", style = "async" }
      |                         ^^^^^^^^^^^
    hint: did you mean `event-loop`?
    "#);
}

#[test]
fn a_version_that_is_no_comparison() {
    insta::assert_snapshot!(wrong(">=20", "twenty"), @r#"
    error: `version` must be a comparison, not `twenty`
       --> c.toml:12:11
       |
    12 | version = "twenty"
       |           ^^^^^^^^
    hint: write for example `>=20` or `>=3.11, <4`
    "#);
}

#[test]
fn a_tool_without_its_lock() {
    insta::assert_snapshot!(wrong("lock = \"package-lock.json\"\n", ""), @r#"
    error: [prepare] has no `lock`
       --> c.toml:14:1
       |
    14 | [prepare]
       | ^^^^^^^^^
    hint: write `lock = "package-lock.json"`
    "#);
}

#[test]
fn no_way_to_prepare() {
    insta::assert_snapshot!(wrong("tool = \"npm\"\nlock = \"package-lock.json\"", ""), @r#"
    error: [prepare] says neither `tool` nor `commands`
       --> c.toml:14:1
       |
    14 | [prepare]
       | ^^^^^^^^^
    hint: write `tool = "npm"`, `tool = "python"`, `tool = "maven"`, `commands = [["make"]]`, or `commands = []` when there is nothing to install
    "#);
}

#[test]
fn a_build_without_a_tool() {
    let to = "commands = []\nbuild = [[\"{node}\", \"build.js\"]]";
    insta::assert_snapshot!(wrong("tool = \"npm\"\nlock = \"package-lock.json\"", to), @r#"
    error: `build` needs a `tool`: it runs with the packages that one has installed
       --> c.toml:16:9
       |
    16 | build = [["{node}", "build.js"]]
       |         ^^^^^^^^^^^^^^^^^^^^^^^^
    hint: write `tool = "npm"`, or move these commands to the end of `commands`
    "#);
    // Without `commands` the place and the reason are the same.
    let error = wrong(
        "tool = \"npm\"\nlock = \"package-lock.json\"",
        "build = [[\"make\"]]",
    );
    assert!(error.contains("`build` needs a `tool`"), "{error}");
}

#[test]
fn a_build_with_a_tool_that_runs_none() {
    let to = "tool = \"python\"\nlock = \"requirements.lock\"\nbuild = [[\"make\"]]";
    let error = wrong("tool = \"npm\"\nlock = \"package-lock.json\"", to);
    assert!(error.contains("this `tool` runs no `build`"), "{error}");
    assert!(error.contains("c.toml:17:"), "{error}");
}

#[test]
fn an_empty_command_that_builds() {
    let error = wrong(
        "lock = \"package-lock.json\"",
        "lock = \"package-lock.json\"\nbuild = [[\"{node}\"], []]",
    );
    assert!(error.contains("an empty command"), "{error}");
}

#[test]
fn an_unknown_placeholder() {
    insta::assert_snapshot!(wrong("{port}", "{prot}"), @r#"
    error: unknown placeholder `{prot}`
       --> c.toml:19:35
       |
    19 | command = ["{node}", "server.js", "{prot}"]
       |                                   ^^^^^^^^
    hint: did you mean `{port}`? known are `{node}`, `{bin}`, `{host}`, `{port}`, `{workers}`, `{threads}`, `{database_url}`, `{database_host}`, `{database_port}`, `{database_user}`, `{database_password}`, `{database_name}`, `{upstream_url}`
    "#);
}

#[test]
fn a_variable_that_the_lab_sets() {
    insta::assert_snapshot!(wrong("NODE_ENV", "WORKERS"), @r#"
    error: `WORKERS` is set by the lab, by one rule for all
       --> c.toml:20:19
       |
    20 | env = { WORKERS = "production" }
       |                   ^^^^^^^^^^^^
    "#);
}

#[test]
fn a_source_outside_its_folder() {
    insta::assert_snapshot!(wrong("\"app.js\"", "\"../app.js\""), @r#"
    error: the path `../app.js` must stay inside the contender's folder
       --> c.toml:23:23
       |
    23 | files = ["server.js", "../app.js"]
       |                       ^^^^^^^^^^^
    "#);
}

#[test]
fn a_source_twice() {
    insta::assert_snapshot!(wrong("\"app.js\"", "\"server.js\""), @r#"
    error: the file `server.js` is listed twice
       --> c.toml:23:23
       |
    23 | files = ["server.js", "server.js"]
       |                       ^^^^^^^^^^^
    "#);
}

#[test]
fn a_homepage_without_an_address() {
    insta::assert_snapshot!(wrong("https://", ""), @r#"
    error: `homepage` must be an address, not `expressjs.com`
      --> c.toml:7:12
      |
    7 | homepage = "expressjs.com"
      |            ^^^^^^^^^^^^^^^
    hint: leave it out for a service without one
    "#);
}

#[test]
fn a_fixed_port_and_programs_beside_it_are_read() {
    let with = |more: &str| RIGHT.replace("[start]", &format!("[start]\n{more}"));
    let beside = "beside = [{ name = \"worker\", command = [\"{node}\", \"w.js\", \"{worker_port}\"] }]";
    let text = with(&format!("port = 8080\n{beside}"));
    let contender = parse(&text, "contender.toml").unwrap();
    assert_eq!(contender.start.port, Some(8080));
    assert_eq!(contender.start.beside[0].port_placeholder(), "worker_port");
    for (more, words) in [
        ("port = 0", "`port` must be 1 to 65535"),
        (
            "beside = [{ name = \"A\", command = [\"x\"] }]",
            "small letters, digits and hyphens",
        ),
        ("beside = [{ name = \"a\", command = [] }]", "`command` is empty"),
        (
            "beside = [{ name = \"a\", command = [\"{pyhton}\"] }]",
            "unknown placeholder `{pyhton}`",
        ),
        (
            "beside = [{ name = \"a\", command = [\"x\"], env = { PORT = \"1\" } }]",
            "is set by the lab",
        ),
        (
            "beside = [{ name = \"a\", command = [\"x\"] }, { name = \"a\", command = [\"x\"] }]",
            "stands twice",
        ),
    ] {
        let error = parse(&with(more), "contender.toml").unwrap_err().to_string();
        assert!(error.contains(words), "{more}: {error}");
    }
}

#[test]
fn a_browser_has_a_module_or_a_reason() {
    let with = |table: &str| parse(&format!("{RIGHT}[browser]\n{table}\n"), "c.toml");
    let right = with("module = \"browser.js\"").expect("it is right");
    assert_eq!(
        right.browser.and_then(|browser| browser.module).as_deref(),
        Some("browser.js")
    );
    let wrong = |table: &str| with(table).expect_err("it is wrong").to_string();
    for (table, expected) in [
        ("", "[browser] needs `module` or `cannot`"),
        ("module = \"b.js\"\ncannot = \"x\"", "either `module` or `cannot`"),
        ("cannot = \" \"", "`cannot` is empty"),
        (
            "cannot = \"x\"\npackages = [\"p\"]",
            "needs neither `files` nor `packages`",
        ),
        ("module = \"../b.js\"", "must stay inside the contender's folder"),
        (
            "module = \"b.py\"\nfiles = [\"/a.py\"]",
            "must stay inside the contender's folder",
        ),
        ("modul = \"b.js\"", "did you mean `module`?"),
    ] {
        let error = wrong(table);
        assert!(error.contains(expected), "{error}");
    }
}
