"""What is seen of a page comes first: what is below the window is laid out when all else is done."""

from helpers.site.finish import is_read, load_script


def setup(app):
    load_script(app, "arriving.js", is_read)
