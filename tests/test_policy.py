"""The content security policy of the pages: what is not the book's does not run, and the book does."""

import re

import pytest

from helpers.site.policy import policy, with_policy
from tests.test_browser import PAGES, open_page  # noqa: F401 (a fixture)


def test_every_page_has_a_policy_that_lets_only_its_own_scripts_run(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        text = page.read_text(encoding="utf-8")
        found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        assert len(found) == 1, page
        rules = dict(rule.split(" ", 1) for rule in found[0].replace("&#x27;", "'").split("; "))
        assert rules["default-src"] == "'none'" and rules["base-uri"] == "'none'"
        assert re.fullmatch(r"'self'( 'sha256-[\w+/=]{44}')*", rules["script-src"])
        assert not re.search(r"https?:|\*", found[0])
        # It stands before all that it speaks of, and no script is in an attribute.
        assert text.index("Content-Security-Policy") < min(text.find(tag) for tag in ("<script", "<link", "<style") if tag in text)
        assert not re.search(r"""<[^>"']*\son\w+=|href=["']javascript:""", text)


def test_data_is_no_script_and_a_changed_script_is_another_one():
    data = '<script type="application/json">{"a": 1}</script><script src="x.js"></script>'
    assert policy(data) == policy("")
    assert policy("<script>a()</script>") != policy("<script>b()</script>") != policy("")
    assert with_policy('<meta charset="utf-8"><button onclick="window.print()">').endswith('<button data-book-does="print">')


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("name", PAGES)
def test_what_is_put_into_a_page_does_not_run(open_page, name, file):  # noqa: F811
    page = open_page(name, file=file)
    assert page.errors == []
    refused = page.evaluate("""async () => {
        const refused = [];
        addEventListener("securitypolicyviolation", event => refused.push(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "globalThis.intruder = 1";
        document.body.append(script);
        const button = document.createElement("button");
        button.setAttribute("onclick", "globalThis.intruder = 2");
        document.body.append(button);
        button.click();
        const elsewhere = document.createElement("script");
        elsewhere.src = "https://example.org/x.js";
        document.body.append(elsewhere);
        await new Promise(done => setTimeout(done, 200));
        return [refused.sort(), typeof intruder];
    }""")
    assert refused == [["script-src-attr", "script-src-elem", "script-src-elem"], "undefined"]
    assert page.elsewhere == []


def test_text_cannot_become_a_script_by_eval(open_page):  # noqa: F811
    page = open_page("chapters/en/linear-regression")
    # (Playwright's own evaluate is not bound by the policy; a script of the page is.)
    tried = page.evaluate("""() => new Promise(done => {
        addEventListener("securitypolicyviolation", event => done(event.blockedURI), { once: true });
        setTimeout("globalThis.intruder = 3", 0);
        setTimeout(() => done("nothing was refused"), 500);
    })""")
    assert tried == "eval" and page.evaluate("typeof intruder") == "undefined"


@pytest.mark.parametrize("code", ["en", "ko"])
def test_the_buttons_of_the_theme_still_do_what_they_say(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression")
    page.evaluate("() => { window.print = () => { window.printed = true; }; }")
    page.locator(".dropdown-download-buttons > summary").click()
    page.locator('[data-book-does="print"]').click()
    assert page.evaluate("window.printed") is True
    page.locator('[data-book-does="fullscreen"]').click()
    page.wait_for_function("document.fullscreenElement !== null")
    page.locator('[data-book-does="fullscreen"]').click()
    page.wait_for_function("document.fullscreenElement === null")
    assert page.errors == []
