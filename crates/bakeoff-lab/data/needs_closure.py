"""Makes `needs_closure.toml`: what installing for each need of `needs.toml` adds to each contender, as packages and bytes.

    python3 crates/bakeoff-lab/data/needs_closure.py > closure.toml && mv closure.toml crates/bakeoff-lab/data/needs_closure.toml

For every contender it lets npm or pip resolve the packages of its lock and on top of them those of all needs at once, so that any choice of needs has
one version of each package. From the result it reads which packages each need reaches that the lock does not install. The same with no lock below
gives the lists of a family, for contenders that `needs.toml` does not name. A contender's list is left out where it is the family's without what the
lock has: a run makes that one itself.

It needs the network, npm, and a pip for this Python: start it with the Python and the Node.js on which contenders run, on Linux. Nothing is installed
or compiled: the size of a package is that of the files in its archive, which is what an install lays down without install scripts and compiled
copies. Only wheels count. npm is forced past a conflict between a package of one need and a version that a package of another would merely tolerate
beside itself (an optional peer). What goes into temporary folders is removed. It prints what it does to the standard error.
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
import zipfile

from pip._vendor.packaging.requirements import Requirement  # pip resolves here, and so its own rules count

ROOT = pathlib.Path(__file__).resolve().parents[3]
PIN = re.compile(r"^[A-Za-z0-9][^\\\n]*==[^\\\n]*", re.MULTILINE)
NPM = ["npm", "install", "--package-lock-only", "--force", "--omit=dev", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
PACK = ["npm", "pack", "--dry-run", "--json", "--ignore-scripts", "--no-update-notifier", "--loglevel=error"]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
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


class Npm:
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


class Pip:
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


TREES = {"node": Npm, "python": Pip}


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
        sign = "@" if family == "node" else "=="
        fields = [need.get(key) for need in self.needs.values() for key in need if key.startswith(family)]
        versions = [line["version"] for line in fields if line.get("package") == package]
        return f"{package}{sign}{versions[0]}" if versions else package


def lists_of(needs: Needs, name: str, family: str, contender: pathlib.Path | None) -> tuple[dict[str, list[str]], set[str]]:
    """By need what it adds; and which packages the lock has."""
    wanted = needs.wanted(name, family)
    packages = sorted({package for packages in wanted.values() for package in packages})
    say(f"{name}: {len(packages)} packages for {len(wanted)} needs")
    tree = TREES[family](contender, [needs.pinned(package, family) for package in packages])
    return {need: sorted(tree.reached(packages)) for need, packages in wanted.items()}, tree.locked


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


def table(name: str, rows: dict[str, str]) -> None:
    if rows:
        print(f"\n[{name}]")
    for key, value in sorted(rows.items()):
        print(f"{key} = {value}")


def main() -> None:
    needs = Needs()
    of_family = {family: lists_of(needs, family, family, None)[0] for family in TREES}
    found = {family: {family: of_family[family]} for family in TREES}
    for name, manifest in contenders().items():
        family = manifest["family"]
        lists, locked = lists_of(needs, name, family, ROOT / "contenders" / name)
        found[family][name] = written(needs, name, lists, locked, of_family[family])
    node = run(["node", "--version"], str(ROOT)).strip()
    print("# What installing for each need of needs.toml adds to each contender: `added` has by contender, or by family, and by need the packages that")
    print("# come on top of those of the lock; a family's has all of them. `bytes` has their installed size. Made by needs_closure.py, which says how; do")
    print(f"# not edit. With Node.js {node.removeprefix('v')} and CPython {platform.python_version()}.")
    print(f'\ndate = "{datetime.date.today()}"\nplatform = "{HERE["os"]}-{HERE["cpu"]}"')
    for family, tree in TREES.items():
        listed = sorted({package for lists in found[family].values() for packages in lists.values() for package in packages})
        say(f"{family}: the size of {len(listed)} packages")
        sizes = tree.sizes(listed)
        table(f"bytes.{family}", {f'"{package}"': str(sizes[package]) for package in listed})
    for of in found.values():
        for name, lists in of.items():
            table(f"added.{name}", {need: json.dumps(packages) for need, packages in lists.items()})


if __name__ == "__main__":
    main()
