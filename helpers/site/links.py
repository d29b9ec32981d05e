"""Links of a page to its place in the repository: edit it, report a problem, discuss it.

The repository's address stands in ``_config.yml`` alone.  In a fork's continuous integration the
links follow the fork (``GITHUB_REPOSITORY``).
"""

import os
from pathlib import Path
from urllib.parse import urlencode

from helpers.site.languages import language_of

HERE = Path(__file__).parent

WORDS = {
    "en": {
        "nav": "This page in the repository",
        "edit": "Edit this page",
        "report": "Report a problem",
        "discuss": "Discuss",
        "title": "Problem on the page “{page}” ({docname})",
    },
    "ko": {
        "nav": "저장소에 있는 이 페이지",
        "edit": "이 페이지 고치기",
        "report": "문제 알리기",
        "discuss": "토론하기",
        "title": "“{page}” 페이지의 문제 ({docname})",
    },
}


def repository(config):
    """Return the address of the repository: the fork's in its CI, else that of ``_config.yml``."""
    fork = os.environ.get("GITHUB_REPOSITORY")
    if fork:
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{fork}"
    return config.html_theme_options["repository_url"].rstrip("/")


def prepare(app, config):
    """Let the theme's own buttons, Binder's among them, lead to the same repository."""
    config.html_theme_options["repository_url"] = repository(config)
    config.templates_path = [*config.templates_path, str(HERE / "templates")]
    config.html_static_path = [*config.html_static_path, str(HERE / "static")]
    config.html_css_files = [*config.html_css_files, "book.css"]


def page_links(app, pagename, templatename, context, doctree):
    """Give the template ``page-links.html`` its three links and their words."""
    if doctree is None:
        return
    address, branch = repository(app.config), app.config.html_theme_options["repository_branch"]
    words = WORDS[language_of(pagename)]
    source = Path(app.env.doc2path(pagename)).relative_to(app.srcdir).as_posix()
    title = words["title"].format(page=app.env.titles[pagename].astext(), docname=pagename)
    context["page_links"] = {
        "words": words,
        "edit": f"{address}/edit/{branch}/{source}",
        "report": f"{address}/issues/new?{urlencode({'title': title})}",
        "discuss": f"{address}/discussions",
    }


def setup(app):
    app.connect("config-inited", prepare)
    app.connect("html-page-context", page_links)
