//! The site that a contender ships to a browser: the page, what runs its module there, and the module. Bundled for
//! JavaScript; Pyodide with wheels and files for Python. It serves nothing.

use super::bodies::RequestBody;
use super::serve::{Files, SiteFile};
use crate::fault::of_lab;
use crate::language::{OnPage, of_runtime};
use crate::prepare::browser::{self, Place, requirements_of, wheels_in};
use crate::prepare::python::OtherPlatform;
use crate::prepare::{ContenderSource, Prepared};
use crate::probe::static_probes::lock;
use crate::runtime::Runtime;
use bakeoff_core::evidence::{Fault, Stage};
use semver::Version;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../data/browser/page.html");
const VISIT: &str = include_str!("../../data/browser/visit.js");
const PYODIDE: &str = include_str!("../../data/browser/pyodide.js");

/// What Pyodide loads of its package, always.
const PYODIDE_FILES: [&str; 5] = [
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
];

/// A contender that is installed here, with what a page of it needs.
#[derive(Clone, Copy)]
pub(super) struct Ingredients<'i> {
    /// The installed contender.
    pub(super) prepared: &'i Prepared,
    /// Its files.
    pub(super) source: &'i ContenderSource,
    /// The module of its manifest.
    pub(super) module: &'i str,
    /// The Node.js that runs the bundler and installs Pyodide.
    pub(super) node: &'i Runtime,
    /// Where installs go.
    pub(super) place: Place<'i>,
}

/// All that a browser loads, except the page itself.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Site {
    /// What runs the module, name and version.
    pub(super) engine: String,
    files: Files,
    settings: Value,
}

impl Site {
    /// Builds the site of a contender, with files of its own below `scratch`.
    ///
    /// # Errors
    /// The contender's module cannot be bundled, a package has no wheel, or this machine lacks something.
    pub(super) fn build(of: Ingredients<'_>, scratch: &Path) -> Result<Site, Fault> {
        let runtime = &of.prepared.contender.runtime.name;
        match of_runtime(runtime).and_then(|language| language.on_page) {
            Some(OnPage::Bundled) => bundled(of, scratch),
            Some(OnPage::Pyodide) => on_pyodide(of),
            None => Err(of_lab(
                Stage::Prepare,
                format!("bakeoff knows nothing that runs a module for `{runtime}` on a page"),
            )),
        }
    }

    /// The files of one visit, which begins with the first of these bodies; if the visit is about answers, the page
    /// answers all of them.
    pub(super) fn visit(&self, bodies: &[RequestBody], is_about_answers: bool) -> Files {
        let body = |one: &RequestBody| json!({ "scenario": one.scenario, "body": one.body });
        let mut settings = self.settings.clone();
        settings["first"] = bodies.first().map_or(Value::Null, body);
        settings["all"] = is_about_answers.into();
        // In a script nothing but this sign can end it.
        let settings = settings.to_string().replace('<', "\\u003c");
        let page = PAGE.replace("{settings}", &settings);
        let all: Vec<Value> = bodies.iter().map(body).collect();
        let mut files = self.files.clone();
        add(&mut files, "/", "page.html", page.as_bytes());
        add(
            &mut files,
            "/cases.json",
            "cases.json",
            Value::from(all).to_string().as_bytes(),
        );
        files
    }
}

fn add(files: &mut Files, path: &str, name: &str, content: &[u8]) {
    files.insert(path.to_owned(), SiteFile::new(name, content));
}

/// Reads a file of the site.
fn add_file(files: &mut Files, path: &str, file: &Path) -> Result<(), Fault> {
    let content = fs::read(file).map_err(|error| unreadable(file, &error))?;
    add(files, path, path, &content);
    Ok(())
}

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    of_lab(Stage::Prepare, format!("`{}`: {error}", path.display()))
}

/// One script with the module and all that it imports.
fn bundled(of: Ingredients<'_>, scratch: &Path) -> Result<Site, Fault> {
    let kit = browser::kit(of.place, of.node)?;
    let module = of.prepared.folder.join(of.module);
    let (entry, out) = (scratch.join("page.js"), scratch.join("bundle.js"));
    let import = format!(
        // First what reports errors, so that it reports those of the module.
        "import {{ visit }} from './visit.js';\nimport {{ check }} from {};\nawait visit(check);\n",
        Value::from(module.display().to_string())
    );
    fs::write(scratch.join("visit.js"), VISIT)
        .and_then(|()| fs::write(&entry, import))
        .map_err(|error| unreadable(scratch, &error))?;
    let name = &of.prepared.contender.name;
    browser::bundle(of.place, name, &kit, of.node, (&entry, &of.prepared.folder, &out))?;
    let mut files = Files::new();
    add_file(&mut files, "/page.js", &out)?;
    Ok(Site {
        engine: format!("bundled by esbuild {}", version_of(&kit.join("esbuild"))?),
        files,
        settings: json!({}),
    })
}

/// Pyodide with the wheels and the files that the manifest lists.
fn on_pyodide(of: Ingredients<'_>) -> Result<Site, Fault> {
    let pyodide = browser::kit(of.place, of.node)?.join("pyodide");
    let contender = &of.prepared.contender;
    let declared = contender.browser.clone().unwrap_or_default();
    let mut files = Files::new();
    add(&mut files, "/page.js", "page.js", PYODIDE.as_bytes());
    add(&mut files, "/visit.js", "visit.js", VISIT.as_bytes());
    for name in PYODIDE_FILES {
        add_file(&mut files, &format!("/pyodide/{name}"), &pyodide.join(name))?;
    }
    let platform = platform_of(&pyodide.join("pyodide-lock.json"))?;
    let python = format!("{}.0", platform.python);
    let python = Version::parse(&python).map_err(|error| unreadable(&pyodide, &error))?;
    let versions = lock::versions(contender, of.source, Some(&python));
    let text = contender
        .prepare
        .lock
        .as_deref()
        .and_then(|lock| of.source.get(lock));
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    let requirements = requirements_of(&text, &declared.packages, |package| {
        versions.get(package).cloned()
    })
    .map_err(|reason| crate::fault::of_contender(Stage::Prepare, reason))?;
    let mut wheels = Vec::new();
    if !declared.packages.is_empty() {
        let runtime = &of.prepared.runtime;
        let folder = browser::wheels(of.place, &contender.name, &requirements, &platform, runtime)?;
        for wheel in wheels_in(&folder).map_err(|error| unreadable(&folder, &error))? {
            let name = wheel
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            add_file(&mut files, &format!("/wheels/{name}"), &wheel)?;
            wheels.push(name);
        }
    }
    let mut sources = declared.files;
    sources.push(of.module.to_owned());
    for path in &sources {
        add_file(
            &mut files,
            &format!("/app/{path}"),
            &of.prepared.folder.join(path),
        )?;
    }
    let module = of
        .module
        .strip_suffix(".py")
        .unwrap_or(of.module)
        .replace('/', ".");
    Ok(Site {
        engine: format!("Pyodide {}", version_of(&pyodide)?),
        files,
        settings: json!({ "wheels": wheels, "files": sources, "module": module }),
    })
}

/// The version in the `package.json` of an installed package.
fn version_of(package: &Path) -> Result<String, Fault> {
    let path = package.join("package.json");
    let read = || -> Option<String> {
        let manifest: Value = serde_json::from_slice(&fs::read(&path).ok()?).ok()?;
        Some(manifest["version"].as_str()?.to_owned())
    };
    read().ok_or_else(|| unreadable(&path, &"no version in it"))
}

/// The platform of Pyodide's Python, as its own lock file names it [PEP 783].
fn platform_of(lock: &Path) -> Result<OtherPlatform, Fault> {
    let read = || -> Option<OtherPlatform> {
        let lock: Value = serde_json::from_slice(&fs::read(lock).ok()?).ok()?;
        let info = &lock["info"];
        let (major, rest) = info["python"].as_str()?.split_once('.')?;
        let minor = rest.split('.').next()?;
        Some(OtherPlatform {
            python: format!("{major}.{minor}"),
            platform: format!(
                "pyemscripten_{}_{}",
                info["abi_version"].as_str()?,
                info["arch"].as_str()?
            ),
        })
    };
    read().ok_or_else(|| unreadable(lock, &"it names no platform"))
}
