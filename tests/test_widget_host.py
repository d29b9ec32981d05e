"""Widgets on pages without a kernel (helpers/site/widgets.py, carried.py, stills.py, host.js).

One small book with many anywidgets is built, and its pages are opened in Chromium with everything
off-site refused: served, from a file, without scripts, and under a content security policy.
"""

import functools
import http.server
import json
import math
import re
import struct
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
import yaml
from py_mini_racer import MiniRacer

from helpers.site import carried
from helpers.site.carried import NOTICES, Widgets
from helpers.site.modules import MARK
from helpers.site.terse import terse
from tests.notebooks import LANGUAGES, ROOT
from tests.test_browser import ARRIVED

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
TRICKY = '</script><!--<script>\u2028\u2029 kernelName thebe & &amp; class="lang-ko" \\u003c é 한 \U0001f600'
IMPORTS = "import anywidget\nimport drawdata\nimport traitlets\nfrom ipywidgets import IntSlider, widget_serialization"
# Cells, by name: what a class is made of, then what is displayed.
CELLS = {
    "counter": ('''
class Counter(anywidget.AnyWidget):
    _esm = """
const MARKER = "MARKER-OF-COUNTER";
export default {
  initialize({ model }) {
    model.set("started", model.get("started") + 1);
    return () => { document.body.dataset.ended = `${document.body.dataset.ended ?? ""}model `; };
  },
  render({ model, el }) {
    el.innerHTML = '<button class="counter"></button>';
    const show = () => {
      el.firstChild.textContent = `${model.get("value")}, started ${model.get("started")}`;
      document.body.dataset.shown = Number(document.body.dataset.shown ?? 0) + 1;
    };
    el.firstChild.onclick = () => { model.set("value", model.get("value") + 1); model.save_changes(); };
    model.on("change:value", show);
    show();
    return async () => { document.body.dataset.ended = `${document.body.dataset.ended ?? ""}view `; };
  },
};
"""
    _css = ".counter { color: rgb(1, 2, 3); }"
    value = traitlets.Int(0).tag(sync=True)
    started = traitlets.Int(0).tag(sync=True)
    note = traitlets.Unicode("").tag(sync=True)''', "counter = Counter(value=3)\ncounter", "counter",
                "Counter(value=10)", "hidden = Counter(note='NOT-ON-THE-PAGE')"),
    "parent": ('''
class Parent(anywidget.AnyWidget):
    _esm = """
export default {
  async render({ model, el }) {
    const manager = model.widget_manager;
    const names = model.get("children").map(name => name.slice("IPY_MODEL_".length));
    const children = await Promise.all(names.map(name => manager.get_model(name)));
    const show = () => { el.textContent = children.map(child => child.get("value")).join(" and "); };
    children.forEach(child => child.on("change:value", show));
    show();
    if (typeof model.get("layout").get !== "function") throw new Error("a layout should be a model");
    await manager.get_model("nobody").then(() => { throw new Error("there is nobody"); }, () => {});
  },
};
"""
    children = traitlets.List().tag(sync=True, **widget_serialization)''',
               "Parent(children=[counter, IntSlider(value=7)])"),
    "thrower": ('''
class Thrower(anywidget.AnyWidget):
    _esm = """
export default {
  still: () => "<b>still there</b>",
  render({ el }) { el.textContent = "half done"; throw new Error("on purpose, in render"); },
};"""''', "Thrower()"),
    "initial-thrower": ('''
class InitialThrower(anywidget.AnyWidget):
    _esm = "export default { async initialize() { throw new Error('on purpose, in initialize'); }, render() {} }"''',
                        "InitialThrower()"),
    "module-thrower": ('''
class ModuleThrower(anywidget.AnyWidget):
    _esm = "throw new Error('on purpose, in the module'); export default { render() {} }"''', "ModuleThrower()"),
    "late": ('''
class Late(anywidget.AnyWidget):
    _esm = "export default { render: () => new Promise(() => {}) }"''', "Late()"),
    "factory": ('''
class Factory(anywidget.AnyWidget):
    _esm = """
const hello = await Promise.resolve("hello");
export default async () => {
  let views = 0;
  await new Promise(resolve => setTimeout(resolve, 20));
  return { render({ model, el }) { views += 1; el.textContent = `${hello} ${model.get("name")} ${views}`; } };
};
"""
    name = traitlets.Unicode().tag(sync=True)''', "one = Factory(name='one')\none", "one", "Factory(name='two')"),
    "legacy": ('''
class Legacy(anywidget.AnyWidget):
    _esm = "export function render({ model, el }) { el.textContent = `legacy ${model.get('_value')}`; }"
    _value = traitlets.Int(4).tag(sync=True)''', "Legacy()"),
    "binary": ('''
class Binary(anywidget.AnyWidget):
    _esm = """
const bytes = view => [view.constructor.name, ...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];
export default { render({ model, el }) {
  el.textContent = JSON.stringify([bytes(model.get("data")), bytes(model.get("deep").a[1]), model.get("deep").b]);
} };
"""
    data = traitlets.Bytes(b"\\x00\\x7f\\xff").tag(sync=True)
    deep = traitlets.Dict({"a": [1, b"<"], "b": "x"}).tag(sync=True)''', "Binary()"),
    "slider": ("", "IntSlider()"),
    "importer": ('''
class Importer(anywidget.AnyWidget):
    _esm = "import x from 'https://esm.sh/x'; export default { render() {} }"''', "Importer()"),
    "styled": ('''
class Styled(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    _css = "@import url('https://a.b/c.css');"''', "Styled()"),
    "tricky": (f'''
class Tricky(anywidget.AnyWidget):
    _esm = """
// </script><!--<script>
export default {{ render({{ model, el }}) {{ el.textContent = model.get("text"); }} }}
"""
    text = traitlets.Unicode({ascii(TRICKY)}).tag(sync=True)''', "Tricky()"),
    "still": ('''
class Still(anywidget.AnyWidget):
    _esm = """
const html = (state, language) =>
  `<p class="picture">${language} ${state.language} ${state.value} ${"_esm" in state}</p>`;
export default {
  still: html,
  async render({ model, el }) {
    if (document.readyState !== "complete") await new Promise(resolve => addEventListener("load", resolve, { once: true }));
    await new Promise(resolve => setTimeout(resolve, 1000));
    const width = Math.round(el.getBoundingClientRect().width);
    document.body.dataset.width = width;
    el.innerHTML = html({ language: model.get("language"), value: model.get("value") }, "alive");
  },
};
"""
    _css = ".picture { height: 137px; margin: 0; }"
    language = traitlets.Unicode("fr").tag(sync=True)
    value = traitlets.Int(5).tag(sync=True)''', "Still()"),
    "events": ('''
class Events(anywidget.AnyWidget):
    _esm = """
export default { async render({ model, el, experimental }) {
  const told = [];
  const tell = name => (which, value, options) => told.push([name, which === model, value, typeof options]);
  model.on("change:a change:list", tell("a or list"));
  model.on("change", (which, options) => told.push(["change", typeof options]));
  const b = tell("b");
  model.on("change:b", b);
  model.on("change:a", () => model.set("b", model.get("a") + 1));
  model.on("change:a", () => { throw new Error("on purpose, in a listener"); });
  model.set("a", 1);
  model.set({ a: 1, list: [1, { x: [2] }] }); // nothing new
  model.set({ list: [1, { x: [3] }] });
  model.off("change:b", b);
  model.set("a", 2);
  model.off();
  model.set("a", 3);
  model.send({ kind: "hello" });
  const refused = await experimental.invoke("f").catch(error => error.message);
  el.textContent = JSON.stringify([told, refused]);
} };
"""
    a = traitlets.Int(0).tag(sync=True)
    b = traitlets.Int(0).tag(sync=True)
    list = traitlets.List([1, {"x": [2]}]).tag(sync=True)''', "Events()"),
    "shared": ('''
shared = """
const SHARED = "MARKER-OF-THE-SHARED-PART";
function put(el, text) { el.textContent = text; }
END
"""
class First(anywidget.AnyWidget):
    _esm = shared + "export default { still: () => SHARED, render({ el }) { put(el, 'first'); } }"
class Second(anywidget.AnyWidget):
    _esm = shared + "export default { render({ el }) { put(el, `second ${typeof modules} ${typeof Model}`); } }"
'''.replace("END", MARK), "First()", "Second()"),
    "drawdata": ("", "drawdata.ScatterWidget()"),
}
LIVING = [name for name in CELLS if name not in ("late", "slider", "importer", "styled") and "thrower" not in name]
UNUSED_PAGE = "{}\n# No widgets\n\n```{{code-cell}} python3\nprint(1)\n```\n"


def chapter(language):
    parts = [HEADER, f"# Widgets · {language}\n"]
    for i, (name, (made, *shown)) in enumerate(CELLS.items()):
        made = "\n".join(filter(None, [IMPORTS if i == 0 else "", made.strip()])) or "# nothing to be made"
        parts += [f"## {name}\n", *(f"```{{code-cell}} python3\n{code}\n```\n" for code in (made, *shown))]
    return "\n".join([*parts, f"The last words in {language}."])


def write_book(folder):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    chapters = [{"file": f"chapters/{language}/widgets"} for language in LANGUAGES]
    files = {"_config.yml": yaml.safe_dump(config), "index.md": UNUSED_PAGE.format(HEADER),
             "chapters/references.bib": "",
             "_toc.yml": yaml.safe_dump({"format": "jb-book", "root": "index", "chapters": chapters})}
    files |= {f"chapters/{language}/widgets.md": chapter(language) for language in LANGUAGES}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def build(folder):
    done = subprocess.run([sys.executable, "-m", "helpers.site.build", str(folder)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def trial(tmp_path_factory):
    """The folder of the trial book, built."""
    folder = tmp_path_factory.mktemp("trial")
    write_book(folder)
    build(folder)
    return folder


@pytest.fixture(scope="session")
def html(trial):
    return {language: (trial / f"_build/html/chapters/{language}/widgets.html").read_text(encoding="utf-8")
            for language in LANGUAGES}


@pytest.fixture(scope="session")
def script(trial, html):
    name = re.search(r"book-widgets-\w+\.js", html["en"])[0]
    return (trial / "_build/html/_static" / name).read_text(encoding="utf-8")


class _Strict(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        if self.path.endswith("?strict"):
            self.send_header("Content-Security-Policy", "script-src 'self'")
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def server(trial):
    handler = functools.partial(_Strict, directory=str(trial / "_build/html"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture
def open_page(browser, trial, server):
    """Open a page of the trial book; ``elsewhere``, ``crashes`` and ``errors`` tell what happened."""
    contexts = []

    def open_it(language="en", how="served", scripts=True, wait=True, clock=False, name="widgets"):
        context = browser.new_context(viewport={"width": 1000, "height": 800}, java_script_enabled=scripts)
        contexts.append(context)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.elsewhere, page.crashes, page.errors = [], [], []
        page.route("**/*", lambda route: route.continue_() if route.request.url.startswith((server, "file:", "data:"))
                   else (page.elsewhere.append(route.request.url), route.abort()))
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.crashes.append(str(error)))
        path = f"chapters/{language}/{name}.html" if name == "widgets" else f"{name}.html"
        page.goto((trial / "_build/html" / path).as_uri() if how == "file"
                  else f"{server}/{path}{'?strict' if how == 'strict' else ''}", wait_until="load")
        if scripts and wait:
            page.wait_for_function(ARRIVED)
        if scripts and wait and name == "widgets":
            page.wait_for_function("""names => names.every(name =>
                [...document.querySelectorAll(`section#${name} .book-widget-place`)].every(place =>
                    place.querySelector(".book-widget-alive:not(.book-widget-unseen)")))""", arg=LIVING)
        return page

    yield open_it
    for context in contexts:
        context.close()


def places(page, name):
    return page.locator(f"section#{name} .book-widget-place")


def texts(page, name):
    return [text.strip() for text in places(page, name).all_inner_texts()]


@pytest.mark.parametrize("how", ["served", "file", "strict"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_widgets_live_that_can(open_page, language, how):
    page = open_page(language, how)
    assert texts(page, "counter") == ["3, started 1", "3, started 1", "10, started 1"]
    places(page, "counter").nth(1).locator("button").click()
    assert texts(page, "counter") == ["4, started 1", "4, started 1", "10, started 1"]
    assert texts(page, "parent") == ["4 and 7"]
    one, again, two = texts(page, "factory")
    assert {one, again} == {"hello one 1", "hello one 2"} and two == "hello two 1"
    assert texts(page, "legacy") == ["legacy 4"]
    assert texts(page, "shared") == ["first", "second undefined undefined"]
    assert page.evaluate("getComputedStyle(document.querySelector('.counter')).color") == "rgb(1, 2, 3)"
    assert places(page, "drawdata").locator("svg").count() > 0
    assert page.elsewhere == []
    if how != "strict":  # (which the theme's own scripts do not bear)
        assert page.crashes == []
        # drawdata itself asks for an <svg> of a height of "auto", wherever it runs.
        assert [error for error in page.errors if "on purpose" not in error and 'length, "auto"' not in error] == []


@pytest.mark.parametrize("how", ["served", "file"])
def test_a_widget_from_elsewhere_answers(open_page, how):
    page = open_page(how=how)
    drawing = places(page, "drawdata").locator("svg[aria-label^='Scatter plot']")
    drawing.scroll_into_view_if_needed()
    before = drawing.locator("circle").count()
    box = drawing.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    for step in range(10):
        page.mouse.move(box["x"] + 200 + 10 * step, box["y"] + 150)
        page.wait_for_timeout(20)
    page.mouse.up()
    assert drawing.locator("circle").count() > before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_widget_that_fails_says_so_and_keeps_its_picture(open_page, language):
    page = open_page(language)
    for name, picture in {"thrower": "still there", "initial-thrower": "", "module-thrower": ""}.items():
        notice = places(page, name).locator("p.book-widget-notice[role=note]")
        notice.wait_for()
        assert notice.inner_text() == NOTICES[language]["failed"]
        assert page.locator(f"section#{name} .book-widget-alive").count() == 0
        still = places(page, name).locator(".book-widget-still")
        assert still.is_visible() and still.inner_text() == picture
    assert sum("on purpose" in error for error in page.errors) == 5  # two are those of a listener


def test_a_widget_that_never_comes_counts_as_failed(open_page):
    page = open_page(clock=True, wait=False)
    page.clock.fast_forward(9000)
    assert places(page, "late").locator(".book-widget-notice").count() == 0
    page.clock.fast_forward(2000)
    places(page, "late").locator(".book-widget-notice").wait_for()
    assert any("not there after 10 s" in error for error in page.errors)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_needs_a_kernel_or_another_site_says_so(open_page, language, scripts):
    page = open_page(language, scripts=scripts)
    for name in ("slider", "importer", "styled"):
        assert texts(page, name) == [NOTICES[language]["needs-lab"]]
    assert page.elsewhere == []


def test_listeners_and_clean_ups_of_a_view_that_goes(open_page):
    page = open_page()
    # A place that is only moved has not gone.
    page.evaluate("(place => place.parentNode.append(place))(document.querySelector('.book-widget-place'))")
    page.evaluate("new Promise(requestAnimationFrame)")
    assert page.evaluate("document.body.dataset.ended") is None
    for left in (1, 0):
        page.evaluate("document.querySelector('section#counter .book-widget-place').parentElement.remove()")
        page.wait_for_function(f"document.body.dataset.ended?.split('view').length === {3 - left}")
        before = page.evaluate("Number(document.body.dataset.shown)")
        if left:
            places(page, "counter").first.locator("button").click()
            assert page.evaluate("Number(document.body.dataset.shown)") == before + 1
    # The first model lives on: another widget refers to it.  The second one ends with its only view.
    assert page.evaluate("document.body.dataset.ended") == "view view "
    page.evaluate("document.querySelector('section#counter').remove()")
    page.wait_for_function("document.body.dataset.ended.includes('model')")
    assert sorted(page.evaluate("document.body.dataset.ended").split()) == ["model", "view", "view", "view"]


def test_a_widget_that_comes_back_lives_again(open_page):
    page = open_page()
    page.evaluate("""async () => {
        const place = document.querySelectorAll("section#counter .book-widget-place")[2], parent = place.parentNode;
        place.remove();
        await new Promise(resolve => setTimeout(resolve, 100));
        parent.append(place);
    }""")
    button = places(page, "counter").nth(2).locator("button.counter")
    button.click()
    assert button.text_content() == "11, started 2"  # it had ended, and has begun again


def test_events_come_as_in_backbone(open_page):
    told, refused = json.loads(texts(open_page(), "events")[0])
    assert told == [
        ["a or list", True, 1, "object"], ["b", True, 2, "object"], ["change", "object"],
        ["a or list", True, [1, {"x": [3]}], "object"], ["change", "object"],
        ["a or list", True, 2, "object"], ["change", "object"],
    ]
    assert "no kernel" in refused


def test_binary_traits(open_page):
    assert json.loads(texts(open_page(), "binary")[0]) == [["DataView", 0, 127, 255], ["DataView", 60], "x"]


@pytest.mark.parametrize("how", ["served", "file"])
def test_no_text_in_a_state_breaks_the_page(open_page, html, how):
    page = open_page(how=how)
    assert places(page, "tricky").locator(".book-widget-alive").evaluate("el => el.textContent") == TRICKY
    assert page.locator("text=The last words in en.").count() == 1
    assert page.locator("footer").count() > 0
    states = re.findall(r'class="book-widget-state">(.*?)</script>', html["en"])
    assert states and not any("<" in state for state in states)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_still_picture_speaks_the_language_of_the_page_and_is_as_large(open_page, language):
    without = open_page(language, scripts=False)
    assert texts(without, "still") == [f"{language} {language} 5 false"]
    still = places(without, "still").bounding_box()
    page = open_page(language, wait=False)
    assert places(page, "still").locator(".book-widget-still").all_text_contents() == [f"{language} {language} 5 false"]
    page.wait_for_selector("section#still .book-widget-alive:not(.book-widget-unseen)")
    assert texts(page, "still") == [f"alive {language} 5 false"]
    box = places(page, "still").bounding_box()
    assert (box["width"], box["height"]) == (still["width"], still["height"])
    assert page.evaluate("Number(document.body.dataset.width)") == round(box["width"])


def test_nothing_of_it_is_global(open_page):
    names = "Object.getOwnPropertyNames(window).sort()"
    there, elsewhere = open_page().evaluate(names), open_page(name="index").evaluate(names)
    # (drawdata leaves nothing either.)
    assert set(there) - set(elsewhere) == set()


def test_what_a_page_carries(trial, html, script):
    assert script.count("MARKER-OF-COUNTER") == 1 and script.count("MARKER-OF-THE-SHARED-PART") == 1
    for language in LANGUAGES:
        shown = re.sub(r'<div class="highlight.*?</div>', "", html[language], flags=re.DOTALL)  # without the code
        refused = r"MARKER-OF-COUNTER|NOT-ON-THE-PAGE|jupyter.widget-|\b[0-9a-f]{32}\b|Counter object"
        assert not re.findall(refused, shown)
        files = [re.findall(pattern, html[language]) for pattern in (r"book-widgets-\w+\.js", r"book-\w{12}\.css")]
        assert [len(found) for found in files] == [1, 1]
        assert all(html["en"].count(found[0]) == 1 for found in files)  # the twins share them
        assert ".book-widget-place" in (trial / "_build/html/_static" / files[1][0]).read_text(encoding="utf-8")
    assert "NOT-ON-THE-PAGE" not in script and "esm.sh" not in script
    index = (trial / "_build/html/index.html").read_text(encoding="utf-8")
    assert "book-widget" not in index
    assert len(list((trial / "_build/html/_static").glob("book-widgets-*"))) == 1


def test_scripts_do_without_evaluation(script):
    host = (ROOT / "helpers/site/host.js").read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|\bFunction\(|\bblob\b|import\(|innerHTML", host, re.IGNORECASE)
    assert terse(host).strip() in script


def test_long_lists_of_numbers_are_carried_to_the_last_bit():
    random = Random(5)
    numbers = [struct.unpack("<d", random.randbytes(8))[0] for _ in range(500)]
    numbers = [number for number in numbers if math.isfinite(number)] + [0.1, -0.0, 5e-324, 1.7976931348623157e308]
    given = {"W": [numbers, numbers[::-1]], "short": [0.5, 0.25], "whole": list(range(100)), "mixed": [0.1, None], "empty": []}
    carried_as = json.dumps(carried.packed(given))
    assert carried_as.count("book-doubles") == 2
    host = (ROOT / "helpers/site/host.js").read_text(encoding="utf-8")
    # (The engine has no atob, which every browser has.)
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    atob = f"""const atob = text => text.replace(/=+$/, "").replace(/..?.?.?/g, part => {{
        const bits = [...part].reduce((all, digit) => all * 64 + "{digits}".indexOf(digit), 0) * 64 ** (4 - part.length);
        return String.fromCharCode(bits >> 16, bits >> 8 & 255, bits & 255).slice(0, part.length - 1);
    }});"""
    with MiniRacer() as engine:
        text = engine.eval(f"{atob}\n{host}\nJSON.stringify(JSON.parse({json.dumps(carried_as)}, unpacked), "
                           "(key, value) => Object.is(value, -0) ? '-0' : value)")
    found = json.loads(text.replace('"-0"', "-0.0"), parse_int=float)
    assert found == given and list(map(str, found["W"][0])) == list(map(str, numbers))


def test_building_again_gives_the_same_bytes(trial, html, tmp_path):
    def site(folder):
        root = folder / "_build/html"
        paths = [*root.glob("chapters/*/*.html"), *root.glob("_static/book-widgets-*")]
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}

    write_book(tmp_path)
    build(tmp_path)
    assert site(tmp_path) == site(trial)


def model(esm, name="helpers.widgets.a.A", **state):
    return {"model_name": "AnyModel", "model_module": "anywidget",
            "state": {"_esm": esm, "_anywidget_id": name, "language": "en", **state}}


def placed(docname, saved):
    """Return what stands in the place of the widgets on a page, as a build would have it.

    In a thread of its own, as Playwright keeps an event loop running in this one, and the JavaScript
    engine would wait for itself there.  The engine wants to be started by the main thread, though.
    """
    MiniRacer().close()

    def place():
        widgets = Widgets(docname, saved)
        return [widgets.place(identifier) for identifier in saved]

    with ThreadPoolExecutor() as threads:
        return threads.submit(place).result(timeout=60)


@pytest.fixture
def warnings(monkeypatch):
    """What is warned of: a warning ends the build."""
    told = []
    monkeypatch.setattr(carried.logger, "warning",
                        lambda text, *args, location: told.append(f"{location}: {text % args}"))
    return told


@pytest.mark.parametrize("still, problem", [
    ("() => { throw new Error('no picture') }", "still picture failed: .*no picture"),
    ("() => 5", "still picture failed: .*returned 5"),
    ("state => state.nothing.at(0)", "still picture failed: .*undefined"),
    ("async () => 'text'", "still picture failed: .*no text"),
])
def test_a_still_that_fails_is_a_warning(warnings, still, problem):
    esm = f"export default {{ still: {still} }}"
    html = placed("chapters/ko/a", {"i": model(esm), "j": model(esm)})
    assert [f'data-model="w{i}"' in place for i, place in enumerate(html, start=1)] == [True, True]
    expected = f"chapters/ko/a: the widget helpers.widgets.a.A: its {problem}"
    assert len(warnings) == 1 and re.search(expected, warnings[0]), warnings


@pytest.mark.parametrize("esm, name, problem", [
    ("export default {", "helpers.widgets.a.A", "does not parse"),
    ("const a = 1; const a = 2; export default {}", "helpers.widgets.a.A", "does not parse .*declared"),
    ("export default {", "__main__.A", "does not parse"),
    (f"const a = 1;\n{MARK}\nexport default {{ x: }}", "elsewhere.A", "does not parse"),
    ("import a from 'b'; export default {}", "helpers.widgets.a.A", "imports"),
    ("export default { still: () => '', x: document.body }", "helpers.widgets.a.A", "without a document"),
])
def test_a_broken_module_of_ours_is_a_warning(warnings, esm, name, problem):
    html = placed("chapters/en/a", {"i": model(esm, name)})
    notice = f'<p class="book-widget-notice" role="note">{NOTICES["en"]["needs-lab"]}</p>'
    assert html == [f'<div class="book-widget-place">{notice}</div>']
    assert len(warnings) == 1 and re.search(f"chapters/en/a: the widget {name}: .*{problem}", warnings[0]), warnings


@pytest.mark.parametrize("esm", ["export default {", "import a from 'b'; export default {}"])
def test_a_module_from_elsewhere_that_cannot_live_here_is_none(warnings, esm):
    assert "JupyterLab" in placed("chapters/en/a", {"i": model(esm, "elsewhere.A")})[0]
    assert warnings == []


def test_a_module_that_needs_a_document_at_once_has_no_still(warnings):
    html = placed("chapters/en/a", {"i": model("document.body; export default { still: () => 'x' }", "elsewhere.A")})
    assert len(html) == 1 and html[0].startswith('<div class="book-widget-place" data-model="w1"><div class="book-widget-still"></div><script ')
    assert warnings == []


def test_a_view_whose_state_was_not_saved_says_so(warnings):
    assert "JupyterLab" in Widgets("chapters/en/a", {}).place("i")
