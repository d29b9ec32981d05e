"""Last changes to a page, after its template has been filled in: Sphinx has no event for them."""


def finish_pages_with(app, change):
    """Let each page go through ``change(html, context) → html``."""
    if hasattr(app.builder, "templates"):
        render = app.builder.templates.render
        app.builder.templates.render = lambda template, context: change(render(template, context), context)
