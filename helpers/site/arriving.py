"""What is seen of a page comes first: what is below the window is laid out when all else is done."""


def page_script(app, pagename, templatename, context, doctree):
    if doctree is not None or "twins" in context:
        app.add_js_file("arriving.js", loading_method="defer")


def setup(app):
    app.connect("html-page-context", page_script)
