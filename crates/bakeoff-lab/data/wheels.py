"""Makes `wheels.toml`: for each pinned package of the locks, the platforms for which its registry has a wheel.

    python3 crates/bakeoff-lab/data/wheels.py crates/bakeoff-lab/data/wheels.toml $(find contenders -name '*.lock')

The locks are those of contenders and of their variants. `bakeoff contender lock` runs it too, for a contender of the user's.

A lock has only hashes, so this asks pip, which tells the name of every file that it considers. Wheels count that fit CPython from 3.11 on (a version's
own, the stable interface, or pure Python). Nothing is installed; what pip downloads goes into a folder that is removed.
"""

import datetime
import re
import subprocess
import sys
import tempfile

OLDEST = (3, 11)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
WHEEL = re.compile(r"([A-Za-z0-9_.]+)-([^-/\s]+)(?:-\d[^-/\s]*)?-([^-/\s]+)-([^-/\s]+)-([^-/\s]+)\.whl")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def considered(pins: set[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Every wheel that pip considers for the pins, on any machine: name, version, and the three tags."""
    found: set[tuple[str, ...]] = set()
    while pins:
        # pip takes one version of a package at a time, and the locks may pin several.
        one_each = dict(sorted(pins))
        pins = pins - set(one_each.items())
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "-vvv", "--no-deps", "--ignore-requires-python", "--dest", folder]
            wanted = [f"{name}=={version}" for name, version in one_each.items()]
            done = subprocess.run(command + wanted, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"pip failed:\n{done.stderr}")
        found |= set(WHEEL.findall(done.stdout + done.stderr))
    return found


def fits(pythons: str, abi: str) -> bool:
    for python in pythons.split("."):
        version = re.fullmatch(r"(cp|py)(\d)(\d*)", python)
        if not version or version[2] != "3":
            continue
        minor = int(version[3] or 0)
        if "abi3" in abi.split(".") or (version[1] == "py" and abi == "none"):
            return True
        if (3, minor) >= OLDEST and not abi.endswith("t"):
            return True
    return False


def main(out: str, locks: list[str]) -> None:
    pins = set()
    for lock in locks:
        with open(lock, encoding="utf-8") as file:
            pins |= {(normal(name), version) for name, version in PIN.findall(file.read())}
    platforms = {pin: set() for pin in pins}
    for name, version, pythons, abi, tags in considered(pins):
        pin = (normal(name), version)
        if pin in pins and fits(pythons, abi):
            platforms[pin].update(tags.split("."))
    lines = [
        "# The platforms for which each pinned package has a wheel that fits CPython 3.11 or later, by the tags in the wheels' file names.",
        "# Made by wheels.py, which says how; do not edit.",
        f'\ndate = "{datetime.date.today()}"\n\n[wheels]',
    ]
    for (name, version), tags in sorted(platforms.items()):
        listed = ", ".join(f'"{tag}"' for tag in sorted(tags))
        lines.append(f'"{name}=={version}" = [{listed}]')
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
