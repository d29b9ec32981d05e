"""What a page is given at the end: scripts, and changes after its template has been filled in.

Sphinx has no event for these changes.
"""


def finish_pages_with(app, change):
    """Let each page go through ``change(html, context) → html``."""
    if hasattr(app.builder, "templates"):
        render = app.builder.templates.render
        app.builder.templates.render = lambda template, context: change(render(template, context), context)


def load_script(app, name, wanted):
    """Let the pages for which ``wanted(doctree, context)`` load a script, to be run when they are there."""
    def page_script(app, pagename, templatename, context, doctree):
        if wanted(doctree, context):
            app.add_js_file(name, loading_method="defer")

    app.connect("html-page-context", page_script)


def is_read(doctree, context):
    """Tell whether a page is one of the book, or a chapter beside its twin, and not an index or the search."""
    return doctree is not None or "twins" in context
