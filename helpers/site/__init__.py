"""What turns the chapters into the website: one small Sphinx extension.

``_config.yml`` names ``helpers.site`` as an extension.  Each module here is one concern, and has a
``setup`` of its own.  Nothing in this package imports PyTorch or is imported by a chapter.
"""

from importlib import import_module

from helpers import __version__

# In the order in which they connect to Sphinx.
MODULES = (
    "languages", "interface",
    "memory", "execution", "kernels", "figures", "widgets", "mathml", "citations", "fonts", "icons",
    "links", "addresses", "twins", "glossary", "exercises",
    "search", "side_by_side", "downloads", "quickly",
    "theme", "menus", "accessible", "arriving", "policy", "styles", "joined",
)


def setup(app):
    """Called by Sphinx when it loads the extension."""
    # Here, so that helpers.site.build can tell in an instant that nothing has changed.
    for name in MODULES:
        import_module(f"helpers.site.{name}").setup(app)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": False}
