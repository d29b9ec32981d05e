"""The lock: the versions that the book was last tested with, as constraints for pip.

``make lock`` (``python -m tests.lock``) writes ``requirements-lock.txt`` from what is installed here:
all that the two files of requirements name, and what that needs in turn.
"""

from importlib.metadata import distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.notebooks import ROOT

FILE = ROOT / "requirements-lock.txt"
HEAD = """\
# The versions that the book was last tested with (`make lock`), on Linux and without CUDA.  To install just these:
#     pip install -r requirements.txt -c requirements-lock.txt
# It is a file of constraints: what another system does not need it does not install, and what only that one needs
# comes in the newest version that fits.
"""


def requirements(name):
    """Return what a file of requirements names, without the files that it includes."""
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def named():
    """Return what the files of requirements name, in one list."""
    return [*requirements("requirements.txt"), *requirements("requirements-dev.txt")]


def needs(requirement):
    """Return what an installed package needs itself, on this system and with the extras that are asked for."""
    inner = [Requirement(text) for text in distribution(requirement.name).requires or []]
    return [one for one in inner if one.marker is None
            or any(one.marker.evaluate({"extra": extra}) for extra in ["", *requirement.extras])]


def installed():
    """Return ``{name: version}`` of all that the requirements bring here, without the build (``+cpu``)."""
    found, todo, seen = {}, named(), set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if (name, *sorted(requirement.extras)) not in seen:
            seen.add((name, *sorted(requirement.extras)))
            found[name] = Version(distribution(name).version).public
            todo += needs(requirement)
    return found


def main():
    lines = [f"{name}=={version}\n" for name, version in sorted(installed().items())]
    FILE.write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"{FILE.name}: {len(lines)} packages")


if __name__ == "__main__":
    main()
