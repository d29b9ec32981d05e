"""What the theme brings along and the book does not use: Thebe.

It runs cells on a server elsewhere, and is loaded from there.
"""

from docutils import nodes


def without_thebe_settings(app, doctree, docname):
    """Take out the settings that sphinx-thebe appends to every page."""
    for node in list(doctree.findall(nodes.raw)):
        if "thebe" in node.astext() or "kernelName" in node.astext():
            node.parent.remove(node)


def without_thebe_files(app, pagename, templatename, context, doctree):
    """Take out its script, its style sheet and the script in the page that prepares it."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if "thebe" not in _text(file)]


def _text(file):
    return f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}".lower()


def setup(app):
    app.connect("doctree-resolved", without_thebe_settings, priority=900)
    app.connect("html-page-context", without_thebe_files, priority=900)
