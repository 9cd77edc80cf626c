"""Makes `needs_closure.toml`: what installing for each need of `needs.toml` adds to each contender, as packages and bytes.

    python3 crates/bakeoff-lab/data/needs_closure.py > closure.toml && mv closure.toml crates/bakeoff-lab/data/needs_closure.toml

With names of families (`… needs_closure.py java`) it makes those alone and keeps what the file has of the others.

For every contender it lets npm, pip or Maven resolve the packages of its lock and on top of them those of all needs at once, so that any choice of needs has
one version of each package. From the result it reads which packages each need reaches that the lock does not install. The same with no lock below
gives the lists of a family, for contenders that `needs.toml` does not name. A contender's list is left out where it is the family's without what the
lock has: a run makes that one itself.

It needs the network, npm, Maven, and a pip for this Python: start it with the Python, the Node.js and the JDK on which contenders run (`JAVA_HOME`), on
Linux. Nothing is installed or compiled: the size of a package is that of the files in its archive, which is what an install lays down without install
scripts and compiled copies; of a jar it is that of the jar itself. Only wheels count. npm is forced past a conflict between a package of one need and a version that a package of another would merely tolerate
beside itself (an optional peer). Maven gets the contender's own `pom.xml`, whose parent has the versions of what Spring Boot names, with the versions of the
lock on top. What goes into temporary folders is removed. It prints what it does to the standard error.
"""

import datetime
import json
import pathlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as xml
import zipfile

from pip._vendor.packaging.requirements import Requirement  # pip resolves here, and so its own rules count

FILE = pathlib.Path(__file__).with_name("needs_closure.toml")
ROOT = pathlib.Path(__file__).resolve().parents[3]
PIN = re.compile(r"^[A-Za-z0-9][^\\\n]*==[^\\\n]*", re.MULTILINE)
NPM = ["npm", "install", "--package-lock-only", "--force", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
PACK = ["npm", "pack", "--dry-run", "--json", "--ignore-scripts", "--no-update-notifier", "--loglevel=error"]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
POM = "http://maven.apache.org/POM/4.0.0"
CLASS_PATH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath"
MVN = ["mvn", "--batch-mode", "--quiet", "--no-transfer-progress", CLASS_PATH, "-DincludeScope=runtime", "-Dmdep.outputFile=class-path"]
MACHINE = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
HERE = {"os": sys.platform, "cpu": MACHINE, "libc": "glibc" if platform.libc_ver()[0] else "musl"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(command: list[str], folder: str) -> str:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=sys.stderr, text=True)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return done.stdout


class Tree:
    """The packages of a lock and those of needs on top of them."""

    def lists(self, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
        """By need the packages that it adds."""
        return {need: sorted(self.reached(packages)) for need, packages in wanted.items()}


class Npm(Tree):
    """A tree of packages, as npm would lay it down."""

    def __init__(self, contender: pathlib.Path | None, packages: list[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            here = pathlib.Path(folder)
            if contender:
                for name in ["package.json", "package-lock.json"]:
                    shutil.copy(contender / name, here)
            else:
                (here / "package.json").write_text('{ "private": true }')
            base = self.places(here)
            wanted = [package for package in packages if f"node_modules/{bare(package)}" not in base]
            run(NPM + wanted, folder)
            self.all = self.places(here)
        moved = [place for place, entry in base.items() if self.all.get(place, {}).get("version") != entry["version"]]
        if moved:
            sys.exit(f"the packages of needs move packages of the lock: {moved}")
        self.locked = {name_of(place) for place in base}
        added = {place: entry for place, entry in self.all.items() if place not in base and runs_here(entry)}
        self.added = {place: f"{name_of(place)} {entry['version']}" for place, entry in added.items()}
        if len(set(self.added.values())) < len(self.added):
            say(f"  at several places, counted once: {sorted(twice(self.added.values()))}")

    @staticmethod
    def sizes(packages: list[str]) -> dict[str, int]:
        """The bytes of packages, as `name version`."""
        with tempfile.TemporaryDirectory() as folder:
            packed = json.loads(run(PACK + [package.replace(" ", "@") for package in packages], folder))
        return {f"{one['name']} {one['version']}": one["unpackedSize"] for one in packed}

    @staticmethod
    def places(folder: pathlib.Path) -> dict[str, dict]:
        lock = folder / "package-lock.json"
        entries = json.loads(lock.read_text())["packages"] if lock.exists() else {}
        return {place: entry for place, entry in entries.items() if place and not entry.get("dev") and not entry.get("link")}

    def place_of(self, name: str, user: str) -> str | None:
        """Where a package at `user` finds the package `name`: the nearest folder upwards."""
        while True:
            place = f"{user}/node_modules/{name}" if user else f"node_modules/{name}"
            if place in self.all:
                return place
            if not user:
                return None
            user = user.rpartition("node_modules/")[0].rstrip("/")

    def reached(self, packages: list[str]) -> set[str]:
        seen: set[str] = set()
        due = [self.place_of(bare(package), "") for package in packages]
        while due:
            place = due.pop()
            if place is None or place in seen:
                continue
            seen.add(place)
            entry = self.all[place]
            may_lack = {name for name, facts in entry.get("peerDependenciesMeta", {}).items() if facts.get("optional")}
            names = [name for kind in ["dependencies", "optionalDependencies"] for name in entry.get(kind, {})]
            names += [name for name in entry.get("peerDependencies", {}) if name not in may_lack]
            due += [self.place_of(name, place) for name in names]
        return {self.added[place] for place in seen if place in self.added}


class Pip(Tree):
    """A set of distributions, as pip would install it."""

    def __init__(self, contender: pathlib.Path | None, packages: list[str]) -> None:
        pins = [pin.strip() for pin in PIN.findall((contender / "requirements.lock").read_text())] if contender else []
        here = [requirement for requirement in map(Requirement, pins) if not requirement.marker or requirement.marker.evaluate()]
        self.locked = {normal(requirement.name) for requirement in here}
        wanted = [package for package in packages if normal(Requirement(package).name) not in self.locked]
        options = ["install", "--dry-run", "--ignore-installed", "--only-binary=:all:", "--report=-"]
        with tempfile.TemporaryDirectory() as folder:
            report = json.loads(run(PIP + options + [*map(str, here), *wanted], folder))
        found = {normal(one["metadata"]["name"]): one["metadata"] for one in report["install"]}
        self.all = {name: [Requirement(text) for text in metadata.get("requires_dist", [])] for name, metadata in found.items()}
        self.added = {name: f"{name} {metadata['version']}" for name, metadata in found.items() if name not in self.locked}

    @staticmethod
    def sizes(packages: list[str]) -> dict[str, int]:
        """The bytes of packages, as `name version`."""
        with tempfile.TemporaryDirectory() as folder:
            pins = [package.replace(" ", "==") for package in packages]
            run(PIP + ["download", "--no-deps", "--only-binary=:all:", f"--dest={folder}", *pins], folder)
            return dict(map(Pip.in_wheel, pathlib.Path(folder).glob("*.whl")))

    @staticmethod
    def in_wheel(wheel: pathlib.Path) -> tuple[str, int]:
        name, version = wheel.name.split("-")[:2]
        files = zipfile.ZipFile(wheel).infolist()
        # Programs go beside the packages, not among them.
        return f"{normal(name)} {version}", sum(file.file_size for file in files if ".data/scripts/" not in file.filename)

    def reached(self, packages: list[str]) -> set[str]:
        seen: set[tuple[str, str]] = set()
        due = [(normal(wanted.name), extra) for wanted in map(Requirement, packages) for extra in ["", *wanted.extras]]
        while due:
            name, extra = due.pop()
            if (name, extra) in seen or name not in self.all:
                continue
            seen.add((name, extra))
            for requirement in self.all[name]:
                if not requirement.marker or requirement.marker.evaluate({"extra": extra}):
                    due += [(normal(requirement.name), extra) for extra in ["", *requirement.extras]]
        return {self.added[name] for name, _ in seen if name in self.added}


class Maven(Tree):
    """Jars, as Maven would resolve them: projects of one build, whose class paths it writes."""

    bytes: dict[str, int] = {}

    def __init__(self, contender: pathlib.Path | None, packages: list[str]) -> None:
        self.pom = (contender / "pom.xml").read_text() if contender else f'<project xmlns="{POM}"><modelVersion>4.0.0</modelVersion><dependencies/></project>'
        base = self.class_paths({"base": ([], {})})["base"]
        lock = [line.split() for line in (contender / "maven.lock").read_text().splitlines() if line[:1] not in ("", "#")] if contender else []
        locked = {tuple(jar.split(":")[:3]) for jar, scope, _ in lock if scope == "runtime"}
        if locked != {(*name.split(":"), version) for name, version in base.items()}:
            sys.exit(f"{contender}: Maven resolves other jars than the lock has; `bakeoff contender lock` writes it anew")
        self.locked = set(base)
        wanted = [package for package in packages if group_and_name(package) not in base]
        together = self.class_paths({"all": (wanted, base)})["all"]
        self.added = {name: f"{name} {version}" for name, version in together.items() if name not in base}
        self.versions = {**together, **base}
        self.pins = {group_and_name(package): package for package in packages}

    def lists(self, wanted: dict[str, list[str]]) -> dict[str, list[str]]:
        """Each need in a project of its own, with the versions that all needs have together."""
        projects = {need: [self.pins[package] for package in packages if package not in self.locked] for need, packages in wanted.items()}
        paths = self.class_paths({need: (packages, self.versions) for need, packages in projects.items()})
        return {need: sorted(self.added[name] for name in path if name in self.added) for need, path in paths.items()}

    def class_paths(self, projects: dict[str, tuple[list[str], dict[str, str]]]) -> dict[str, dict[str, str]]:
        """By project the jars that a service with these packages on top has at run time: names with versions."""
        with tempfile.TemporaryDirectory() as folder:
            here = pathlib.Path(folder)
            for name, (packages, versions) in projects.items():
                (here / name).mkdir()
                (here / name / "pom.xml").write_text(self.project(name, packages, versions))
            modules = "".join(f"<module>{name}</module>" for name in projects)
            about = "<groupId>bakeoff</groupId><artifactId>needs</artifactId><version>1</version><packaging>pom</packaging>"
            (here / "pom.xml").write_text(f'<project xmlns="{POM}"><modelVersion>4.0.0</modelVersion>{about}<modules>{modules}</modules></project>')
            run(MVN, folder)
            return {name: dict(map(self.jar, self.written(here / name))) for name in projects}

    def project(self, name: str, packages: list[str], versions: dict[str, str]) -> str:
        """The contender's project under that name, with further packages, and with these versions of jars."""
        root = xml.fromstring(self.pom)
        for tag, text in [("groupId", "bakeoff.needs"), ("artifactId", name), ("version", "1")]:
            of = root.find(f"{{{POM}}}{tag}")
            (xml.SubElement(root, f"{{{POM}}}{tag}") if of is None else of).text = text
        managed = xml.SubElement(xml.SubElement(root, f"{{{POM}}}dependencyManagement"), f"{{{POM}}}dependencies")
        for package, version in versions.items():
            depend(managed, f"{package}:{version}")
        for package in packages:
            depend(root.find(f"{{{POM}}}dependencies"), package)
        return xml.tostring(root, encoding="unicode", default_namespace=POM)

    @staticmethod
    def written(folder: pathlib.Path) -> list[pathlib.Path]:
        path = folder / "class-path"
        return [pathlib.Path(jar) for jar in path.read_text().split(":") if jar] if path.exists() else []

    @classmethod
    def jar(cls, path: pathlib.Path) -> tuple[str, str]:
        """The name and the version of a jar in Maven's repository: `…/repository/org/postgresql/postgresql/42.7.14/….jar`."""
        parts = path.parts[path.parts.index("repository") + 1 :]
        *group, artifact, version, _ = parts
        name = f"{'.'.join(group)}:{artifact}"
        cls.bytes[f"{name} {version}"] = path.stat().st_size
        return name, version

    @classmethod
    def sizes(cls, packages: list[str]) -> dict[str, int]:
        """The bytes of packages, as `name version`."""
        return {package: cls.bytes[package] for package in packages}


def depend(on: xml.Element, package: str) -> None:
    """Adds `group:name` or `group:name:version` to a list of dependencies."""
    dependency = xml.SubElement(on, f"{{{POM}}}dependency")
    for tag, text in zip(["groupId", "artifactId", "version"], package.split(":")):
        xml.SubElement(dependency, f"{{{POM}}}{tag}").text = text


def group_and_name(package: str) -> str:
    return ":".join(package.split(":")[:2])


def bare(package: str) -> str:
    """The name of `name@version`, where the name may begin with `@`."""
    return package[: package.rindex("@")] if "@" in package[1:] else package


def name_of(place: str) -> str:
    return place.rpartition("node_modules/")[2]


def runs_here(entry: dict) -> bool:
    """npm's rule for `os`, `cpu` and `libc`: an empty list allows all, `!x` forbids x."""
    for key, word in HERE.items():
        listed = entry.get(key, [])
        if f"!{word}" in listed or (word not in listed and any(not other.startswith("!") for other in listed)):
            return False
    return True


def twice(texts) -> set[str]:
    seen: set[str] = set()
    return {text for text in texts if text in seen or seen.add(text)}


def packages_of(line: dict) -> list[str]:
    return [line[key] for key in ["package"] if key in line] + line.get("with", [])


def contenders() -> dict[str, dict]:
    manifests = sorted(ROOT.glob("contenders/*/contender.toml"))
    return {path.parent.name: tomllib.loads(path.read_text()) for path in manifests}


TREES = {"node": Npm, "python": Pip, "java": Maven}
SIGNS = {"node": "@", "python": "==", "java": ":"}


class Needs:
    """The lines of needs.toml."""

    def __init__(self) -> None:
        snapshot = tomllib.loads((ROOT / "crates/bakeoff-lab/data/needs.toml").read_text())
        self.needs = {need["id"]: need for need in snapshot["need"]}

    def wanted(self, name: str, family: str) -> dict[str, list[str]]:
        """By need the packages of the contender's line, else of its family's; each with the version that the snapshot has."""
        lines = {need: fields.get(name, fields[family]) for need, fields in self.needs.items()}
        return {need: packages_of(line) for need, line in lines.items() if packages_of(line)}

    def is_own(self, need: str, name: str) -> bool:
        return name in self.needs[need]

    def pinned(self, package: str, family: str) -> str:
        fields = [need.get(key) for need in self.needs.values() for key in need if key.startswith(family)]
        versions = [line["version"] for line in fields if line.get("package") == package]
        return f"{package}{SIGNS[family]}{versions[0]}" if versions else package


def lists_of(needs: Needs, name: str, family: str, contender: pathlib.Path | None) -> tuple[dict[str, list[str]], set[str]]:
    """By need what it adds; and which packages the lock has."""
    wanted = needs.wanted(name, family)
    packages = sorted({package for packages in wanted.values() for package in packages})
    say(f"{name}: {len(packages)} packages for {len(wanted)} needs")
    tree = TREES[family](contender, [needs.pinned(package, family) for package in packages])
    return tree.lists(wanted), tree.locked


def written(needs: Needs, name: str, lists: dict, locked: set[str], of_family: dict) -> dict[str, list[str]]:
    """The lists that a run cannot make from the family's."""
    kept = {}
    for need, packages in lists.items():
        wanted = packages_of(needs.needs[need].get(name, {})) or None
        if wanted and all(package in locked for package in wanted):
            continue
        rest = [package for package in of_family.get(need, []) if package.split(" ")[0] not in locked]
        if needs.is_own(need, name) or packages != rest:
            kept[need] = packages
    return kept


def table(name: str, rows: dict[str, str], about: str = "") -> None:
    if rows:
        print(f"\n[{name}]{about}")
    for key, value in sorted(rows.items()):
        print(f"{key} = {value}")


def sections(family: str) -> list[str]:
    """The tables that the file has of a family, as they are."""
    parts = FILE.read_text().rstrip("\n").split("\n\n[")[1:]
    families = {f"added.{name}": manifest["family"] for name, manifest in contenders().items()}
    heads = {f"bytes.{family}", f"added.{family}", *(name for name, of in families.items() if of == family)}
    return [part for part in parts if part.partition("]")[0] in heads]


def made_with(family: str) -> str:
    """What resolved, for a reader of the tables."""
    if family == "node":
        return f"Node.js {run(['node', '--version'], str(ROOT)).strip().removeprefix('v')}"
    if family == "python":
        return f"CPython {platform.python_version()}"
    return run(["mvn", "-Dstyle.color=never", "--version"], str(ROOT)).splitlines()[0].partition(" (")[0]


def make(needs: Needs, family: str) -> None:
    """Makes and prints the tables of a family."""
    of_family, _ = lists_of(needs, family, family, None)
    found = {family: of_family}
    for name, manifest in contenders().items():
        if manifest["family"] == family:
            lists, locked = lists_of(needs, name, family, ROOT / "contenders" / name)
            found[name] = written(needs, name, lists, locked, of_family)
    listed = sorted({package for lists in found.values() for packages in lists.values() for package in packages})
    say(f"{family}: the size of {len(listed)} packages")
    sizes = TREES[family].sizes(listed)
    about = f"  # {datetime.date.today()}, with {made_with(family)}"
    table(f"bytes.{family}", {f'"{package}"': str(sizes[package]) for package in listed}, about)
    for name, lists in found.items():
        table(f"added.{name}", {need: json.dumps(packages) for need, packages in lists.items()})


def main() -> None:
    families = sys.argv[1:] or list(TREES)
    of_others = {family: sections(family) for family in TREES if family not in families}
    date = tomllib.loads(FILE.read_text())["date"] if of_others else datetime.date.today()
    print("# What installing for each need of needs.toml adds to each contender: `added` has by contender, or by family, and by need the packages that")
    print("# come on top of those of the lock; a family's has all of them. `bytes` has their installed size. Made by needs_closure.py, which says how; do")
    print("# not edit. `date` is the day of the oldest family.")
    print(f'\ndate = "{date}"\nplatform = "{HERE["os"]}-{HERE["cpu"]}"')
    needs = Needs()
    for family in TREES:
        if family in families:
            make(needs, family)
        else:
            print("".join(f"\n[{section}\n" for section in of_others[family]), end="")


if __name__ == "__main__":
    main()
