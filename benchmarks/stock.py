"""The same chapters as Jupyter Book makes them by itself: a stock configuration, and nothing of ``helpers.site``.

The notebooks are those that our build has executed, with the same outputs.  What the pages load from elsewhere (MathJax,
RequireJS, the manager of ipywidgets, anywidget) comes from npm, by the names and versions that the pages ask for, and
lies beside them: so a visit pays for their bytes, but for no way to another server.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import yaml

from benchmarks import ROOT
from helpers.site import execution
from helpers.site.build import JUPYTER_BOOK, Folders, build

# What one needs to read these pages, and no more.
CONFIG = f"""\
title: From Lines to Layers
author: The authors of From Lines to Layers
only_build_toc_files: true
repository:
  url: {yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]}
launch_buttons:
  notebook_interface: jupyterlab
  binderhub_url: https://mybinder.org
execute:
  execute_notebooks: cache
  cache: executed
  timeout: 120
parse:
  myst_enable_extensions: [colon_fence, deflist, dollarmath, tasklist]
bibtex_bibfiles: [chapters/references.bib]
html:
  use_repository_button: true
sphinx:
  extra_extensions: [sphinx_exercise]
"""
FOLDER = ROOT / "_build/bench/stock"
SOURCES = ("index.md", "_toc.yml", "chapters")
NPM = "https://cdn.jsdelivr.net/npm/"
PACKAGE = re.compile(re.escape(NPM) + r"((?:@[\w-]+/)?[\w-]+@[\w.~^-]+)/")
WIDGETS = re.compile(r'<script type="application/vnd\.jupyter\.widget-state\+json">(.*?)</script>', re.DOTALL)
# RequireJS comes from another place, in a form that npm does not have.
REQUIRE = re.compile(r'(?:crossorigin="\w+" )?(?:integrity="[^"]*" )?src="https://cdnjs\.cloudflare\.com/ajax/libs/'
                     r'require\.js/([\d.]+)/require\.min\.js"')


def site():
    """Return the folder of the stock site; what is there already and as it should be stays.

    Raises
    ------
    SystemExit
        If npm is missing or does not answer, or if Jupyter Book fails.
    """
    build(ROOT)  # executes the notebooks
    executed = Folders(ROOT).aside / "_build" / execution.CACHE / execution.digest()
    wanted = fingerprint()
    stamp = FOLDER / "stock.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        print("The chapters by stock Jupyter Book …", flush=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        copy_sources(ROOT, FOLDER, executed)
        run([sys.executable, "-c", JUPYTER_BOOK, "build", "."])
        for page in (FOLDER / "_build/html/chapters").rglob("*.html"):
            page.write_text(with_files_of_its_own(page.read_text(encoding="utf-8")), encoding="utf-8")
        stamp.write_text(wanted)
    return FOLDER / "_build/html"


def fingerprint():
    """Return a fingerprint of what the stock site is made from."""
    tools = [f"{name}=={version(name)}" for name in execution.TOOLS]
    found = hashlib.sha256(f"{execution.digest()} {tools}".encode() + Path(__file__).read_bytes())
    for name in SOURCES:
        for path in [ROOT / name, *sorted((ROOT / name).rglob("*"))]:
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def copy_sources(book, folder, executed=None):
    """Copy the chapters of a book into a new folder with a stock configuration, and what their cells have said."""
    folder.mkdir(parents=True)
    (folder / "_config.yml").write_text(CONFIG, encoding="utf-8")
    for name in SOURCES:
        copy = shutil.copytree if (book / name).is_dir() else shutil.copy
        copy(book / name, folder / name)
    if executed and executed.exists():  # (else the stock build executes them, with the same outputs)
        shutil.copytree(executed, folder / "executed")


def with_files_of_its_own(page):
    """Return a page that loads from its own server what it would load from elsewhere."""
    names = set(PACKAGE.findall(page))
    for state in WIDGETS.findall(page):
        models = json.loads(state)["state"].values()
        names |= {f"{model['model_module']}@{model['model_module_version']}" for model in models
                  if not model["model_module"].startswith("@jupyter-widgets/")}  # these are in the manager itself
    for name in names:
        package(name)
    page = REQUIRE.sub(lambda found: f'src="/npm/{require(found[1])}"', page)
    return page.replace(NPM, "/npm/")


def package(name):
    """Fetch a package of npm, ``name@version``, unless it is there; return its folder."""
    folder = FOLDER / "_build/html/npm" / name
    if not folder.exists():
        packed = npm("pack", "--silent", "--pack-destination", str(FOLDER), name).split()[-1]
        with tarfile.open(FOLDER / packed) as archive:
            archive.extractall(folder.with_name("unpacked"), filter="data")
        folder.parent.mkdir(parents=True, exist_ok=True)
        (folder.with_name("unpacked") / "package").rename(folder)
    return folder


def require(version):
    """Return where RequireJS lies, made small as on the pages of others; npm has it as it was written."""
    folder = package(f"requirejs@{version}")
    if not (folder / "require.min.js").exists():
        npm("exec", "--yes", "--package=terser@5", "--", "terser", str(folder / "require.js"), "--compress", "--mangle",
            "--output", str(folder / "require.min.js"))
    return f"{folder.name}/require.min.js"


def npm(*arguments):
    """Run npm, and return what it prints."""
    if shutil.which("npm") is None:
        sys.exit("there is no npm on this machine, from which a stock page gets MathJax and others (Debian: apt-get install npm)")
    return run(["npm", *arguments])


def run(command):
    """Run a command in the folder, and return what it prints; if it fails, that is the end."""
    done = subprocess.run([shutil.which(command[0]), *command[1:]], cwd=FOLDER, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\n{' '.join(command)} has failed, see above")
    return done.stdout
