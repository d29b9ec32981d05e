"""What an installation must give: packages by name, helpers from anywhere, Binder's files."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from tests import lock
from tests.lock import requirements
from tests.notebooks import LANGUAGES, ROOT, pages

NEEDED = ("jupyter-book", "jupyterlab", "torch", "matplotlib", "ipywidgets", "nbval")


LOCKED = dict(line.split("==") for line in lock.FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
# What PyTorch brings to Linux only with CUDA, which the book does not use.
FOR_CUDA = ("nvidia-", "cuda-", "triton")


def test_the_six_packages_of_the_book_are_named():
    assert set(NEEDED) <= {requirement.name for requirement in requirements("requirements.txt")}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_has_an_upper_bound_and_is_met_here(name):
    for requirement in requirements(name):
        assert re.search(r"<|~=", str(requirement.specifier)), f"{requirement} has no upper bound"
        assert requirement.specifier.contains(version(requirement.name)), requirement


def test_the_lock_names_versions_and_nothing_else():
    for name, locked in LOCKED.items():
        assert name == canonicalize_name(name) and re.fullmatch(r"[\w.!]+", locked), f"{name}=={locked}"
    assert [*LOCKED] == sorted(LOCKED)


def test_the_lock_is_within_the_ranges():
    for requirement in lock.named():
        locked = LOCKED.get(canonicalize_name(requirement.name))
        assert locked and requirement.specifier.contains(locked), f"{requirement} is locked to {locked}: run `make lock`"


@pytest.mark.skipif(sys.platform != "linux", reason="the lock is made on Linux; elsewhere some packages need others")
def test_the_lock_has_all_that_its_packages_need():
    here = lock.installed()
    for requirement in [*lock.named(), *map(Requirement, here)]:
        name = canonicalize_name(requirement.name)
        if here[name] == LOCKED.get(name):  # another version may need something else
            for needed in lock.needs(requirement):
                inner = canonicalize_name(needed.name)
                fits = inner in LOCKED and needed.specifier.contains(LOCKED[inner])
                assert fits or inner.startswith(FOR_CUDA), f"{name} needs {needed}: run `make lock`"


def test_the_packages_fit_together():
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_helpers_can_be_imported_from_anywhere(tmp_path):
    code = "import sys; sys.path = [p for p in sys.path if p]; import helpers.houses; print(helpers.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(ROOT / "helpers/__init__.py")


def test_readers_code_needs_nothing_of_the_website():
    for path in (ROOT / "helpers").glob("*.py"):
        assert "helpers.site" not in re.sub(r'""".*?"""|#.*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    for page in (page for language in LANGUAGES for page in pages(language)):
        assert "helpers.site" not in page.read_text(encoding="utf-8")


def test_binder_installs_the_same_and_opens_notebooks():
    lines = (ROOT / ".binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "-r ../requirements.txt" in lines
    python = (ROOT / ".binder/runtime.txt").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r"python-3\.1[123]", python)
    overrides = json.loads((ROOT / ".binder/overrides.json").read_text(encoding="utf-8"))
    assert overrides["@jupyterlab/docmanager-extension:plugin"]["defaultViewers"]["markdown"] == "Jupytext Notebook"


def test_binder_would_use_these_files():
    """What repo2docker says it would do, without Docker."""
    code = "from repo2docker.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", code, "--no-build", "--debug", "."], cwd=ROOT, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    said = done.stdout + done.stderr
    assert ".binder/requirements.txt" in said and ".binder/postBuild" in said
    assert "3.11" in said


def test_workflows_are_well_formed():
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert workflow["jobs"] and (workflow.get("on") or workflow.get(True)), path


def test_the_newest_versions_are_tested_weekly_and_those_of_the_lock_at_each_change():
    jobs = {name: yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))["jobs"]["test"]
            for name in ("test", "weekly")}
    assert jobs["test"]["env"]["PIP_CONSTRAINT"] == "requirements-lock.txt" and "PIP_CONSTRAINT" not in jobs["weekly"]["env"]
    allowed = SpecifierSet(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"])
    for job in jobs.values():
        assert job["strategy"]["matrix"]["python"] == [f"3.{minor}" for minor in range(30) if f"3.{minor}" in allowed]
        assert "bash .ci/run" in [step.get("run") for step in job["steps"]]


def test_every_code_cell_is_collected_as_a_test():
    done = subprocess.run([sys.executable, "-m", "pytest", "--collect-only", "-q", "chapters"], cwd=ROOT,
                          capture_output=True, text=True)
    cells = sum(page.read_text(encoding="utf-8").count("\n```{code-cell}")
                for language in LANGUAGES for page in pages(language))
    assert cells > 0 and len(re.findall(r"\.ipynb::Cell \d+$", done.stdout, flags=re.MULTILINE)) == cells
