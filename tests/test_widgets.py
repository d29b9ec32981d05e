"""What all widgets of the book have in common: their words, their descriptions, their checks."""

import importlib
import inspect
import json
import re

import pytest
import torch
from torch import nn

import helpers
from helpers.widgets import base
from tests.javascript import Script
from tests.notebooks import ROOT, pages

FOLDER = base.FOLDER
NAMES = sorted(path.stem for path in FOLDER.glob("*.js"))
PICTURES = [name for name in NAMES if name != "self_check"]  # those that are described to shared/kit.js
TABLE = json.loads((FOLDER / "words.json").read_text(encoding="utf-8"))
HOUSES = torch.tensor([[1.0], [2.0], [4.0], [3.0]]), torch.tensor([1.0, 3.0, 2.0, 2.0])
READERS = nn.Linear(64, 10), nn.Sequential(nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 10))


def widget_class(name):
    """The class of a widget, found in the module of its name."""
    module = importlib.import_module(f"helpers.widgets.{name}")
    return next(found for _, found in inspect.getmembers(module, inspect.isclass)
                if issubclass(found, base.Widget) and found.__module__ == module.__name__)


def made(name):
    """A widget with as few arguments as it takes."""
    return widget_class(name)(*arguments_of(name))


def arguments_of(name):
    needed = [p.name for p in inspect.signature(widget_class(name)).parameters.values() if p.default is p.empty]
    return {(): (), ("X", "y"): HOUSES, ("linear", "mlp"): READERS, ("name",): ("sec-loss",)}[tuple(needed)]


def state_of(widget):
    return {key: value for key, value in widget.get_state().items()
            if not key.startswith("_") and key not in ("layout", "tooltip", "tabbable")}


def test_there_are_widgets():
    assert len(NAMES) >= 6  # or what follows would test little


@pytest.mark.parametrize("name", NAMES)
def test_a_widget_is_a_module_a_script_and_a_test(name):
    assert (FOLDER / f"{name}.py").exists() and (ROOT / f"tests/test_{name}.py").exists()


@pytest.mark.parametrize("section", TABLE)
def test_every_string_stands_in_both_languages(section):
    for key, entry in TABLE[section].items():
        assert set(entry) == set(helpers.LANGUAGES), f"{section}.{key}"
        assert all(entry.values()), f"{section}.{key} is empty"
        places = [set(re.findall(r"\{(\w+)\}", text)) for text in entry.values()]
        assert places[0] == places[1], f"{section}.{key}: {places}"
        assert re.search("[가-힣]", entry["ko"]) or not re.search("[a-z]{3}", entry["en"]), f"{section}.{key} is not translated"
        assert not re.search("[가-힣]", entry["en"]), f"{section}.{key}"


@pytest.mark.parametrize("section", TABLE)
def test_no_korean_particle_follows_an_inserted_value(section):
    # A particle depends on the sound before it, which is not known here.
    for key, entry in TABLE[section].items():
        assert not re.search(r"\}(?:은|는|이|가|을|를|와|과|로|으로|이다|입니다|\()", entry["ko"]), f"{section}.{key}"


@pytest.mark.parametrize("section", TABLE)
def test_every_string_is_used(section):
    files = NAMES if section == "common" else [section]
    code = "\n".join((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in files)
    code += "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / "shared").glob("*.js"))
    assert [key for key in TABLE[section] if not re.search(rf'["`.]{key}["`]|\b{key}:', code)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_string_that_is_asked_for_is_there(name):
    code = "\n".join(path.read_text(encoding="utf-8") for path in [FOLDER / f"{name}.js", *(FOLDER / "shared").glob("*.js")])
    asked = set(re.findall(r'\bt\("(\w+)"', code))
    assert asked - set(base.words(name)) == set()


@pytest.mark.parametrize("name", PICTURES)
def test_description_fits_the_class(name):
    widget, script = made(name), Script.of(name)
    spec = script("""() => ({
        name: widget.spec.name, traits: widget.spec.traits, panels: widget.spec.panels.map(p => p.name),
        draw: Object.keys(widget.spec.draw), alt: Object.keys(widget.spec.alt),
        controls: widget.spec.controls.map(c => [c.kind, c.name]), actions: Object.keys(widget.spec.actions ?? {}) })""")
    assert spec["name"] == name
    assert sorted(spec["traits"] + ["language"]) == sorted(state_of(widget))
    assert spec["panels"] == spec["draw"] == spec["alt"]
    assert sorted(spec["actions"]) == sorted(control for kind, control in spec["controls"] if kind == "button")
    names = [control for _, control in spec["controls"]]
    assert len(names) == len(set(names)) and set(names) <= set(base.words(name))


@pytest.mark.parametrize("language", helpers.LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_still_picture_is_whole_in_both_languages(name, language):
    html = Script.of(name)("(state, language) => widget.still(state, language)", state_of(made(name)), language)
    assert ("<svg" in html) == (name in PICTURES) and f'lang="{language}"' in html
    assert not re.search(r"NaN|Infinity|undefined|null|\[object", html)
    words = re.sub("<[^>]*>", " ", html)
    assert bool(re.search("[가-힣]", words)) == (language == "ko")


@pytest.mark.parametrize("name", NAMES)
def test_a_widget_speaks_the_language_of_its_page(name):
    try:
        helpers.use_language("ko")
        assert made(name).language == "ko"
    finally:
        helpers.use_language("en")
    assert made(name).language == "en"


@pytest.mark.parametrize("name", NAMES)
def test_two_widgets_alike_print_alike_in_both_languages(name):
    # Their output is compared with what was recorded in another run, and in the twin.
    try:
        helpers.use_language("ko")
        korean = repr(made(name))
    finally:
        helpers.use_language("en")
    assert repr(made(name)) == korean
    assert re.fullmatch(rf"{widget_class(name).__name__}\(\w+=.*\)", korean) and " at 0x" not in korean


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_argument_is_refused(name):
    with pytest.raises(TypeError, match="colour"):
        widget_class(name)(*arguments_of(name), colour="red")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_in_each_language_shows_the_widget(name):
    for language in helpers.LANGUAGES:
        text = "\n".join(page.read_text(encoding="utf-8") for page in pages(language))
        assert f"from helpers.widgets.{name} import {widget_class(name).__name__}\n" in text
        assert text.count(f"{widget_class(name).__name__}(") >= 1


def test_words_cannot_end_the_script_they_stand_in():
    for name in NAMES:
        assert "</script" not in base.source(name) and "<!--" not in base.source(name)
