"""Widgets that stay alive on a page without a kernel.

An anywidget is an ES module and a state.  Each page with widgets gets one script with their modules
and the code that mounts them (``host.js``), and one style sheet.  Where a widget is shown, its still picture stands
until it is alive, and its state as data, which nothing in it can break out of.
Nothing on the page is executed but that one script from a file of the site.
"""

import hashlib
import json
import re
import zlib
from pathlib import Path

from docutils import nodes
from myst_nb.core.render import WIDGET_STATE_MIMETYPE, WIDGET_VIEW_MIMETYPE
from myst_nb.sphinx_ import NbMetadataCollector

from helpers.site.carried import Widgets

VIEW = re.compile(rf'<script type="{re.escape(WIDGET_VIEW_MIMETYPE)}">(.*)</script>', re.DOTALL)


def noted(env, docname):
    """Return what MyST-NB has noted of the widgets of a page, with their state as its ``body``; it may be nothing."""
    _, attributes = NbMetadataCollector.get_js_files(env, docname).get("ipywidgets_state", ("", {}))
    return attributes


def pack(app, doctree):
    """Keep what the widgets of a page know packed: a megabyte a page, most of it their source."""
    state = noted(app.env, app.env.docname)
    if state:
        state["body"] = zlib.compress(state["body"].encode())


def place_widgets(app, doctree, docname):
    """Put each widget of a page in its place, and write the files that the page needs for them."""
    views = [(node, VIEW.fullmatch(node.astext())) for node in doctree.findall(nodes.raw)]
    views = [(node, json.loads(match[1])["model_id"]) for node, match in views if match]
    if app.builder.format != "html" or not views:
        return
    state = noted(app.env, docname)
    widgets = Widgets(docname, json.loads(zlib.decompress(state["body"]))["state"] if state else {})
    for node, identifier in views:
        node.replace_self(nodes.raw("", widgets.place(identifier), format="html"))
    widgets.engine.close()
    if any("module" in model for model in widgets.models.values()):
        files = {"js": widgets.script(), "css": "\n".join(filter(None, widgets.styles))}
        doctree["book_widgets"] = {kind: _written(app, text, kind) for kind, text in files.items() if text}


def _written(app, text, kind):
    """Write a file of the site that is named by what is in it, so that twins share it."""
    data = text.encode("utf-8", "replace")
    name = f"book-widgets-{hashlib.sha256(data).hexdigest()[:12]}.{kind}"
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    return name


def page_files(app, pagename, templatename, context, doctree):
    """Load the files of the page's widgets, and leave out what MyST-NB says of them in the page."""
    files = doctree.get("book_widgets", {}) if doctree is not None else {}
    if "js" in files:
        app.add_js_file(files["js"], loading_method="defer")
    if "css" in files:
        app.add_css_file(files["css"])
    context["script_files"] = [file for file in context["script_files"]
                               if getattr(file, "attributes", {}).get("type") != WIDGET_STATE_MIMETYPE]


def setup(app):
    app.connect("doctree-read", pack)
    # After the theme's settings of Thebe have been taken out by what they say: a widget may say it too.
    app.connect("doctree-resolved", place_widgets, priority=950)
    # After MyST-NB, which adds to the lists, and before those who replace the lists.
    app.connect("html-page-context", page_files, priority=800)
