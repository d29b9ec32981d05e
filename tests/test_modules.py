"""A widget's ES module as a classic function (helpers/site/modules.py), run in an engine."""

import json

import pytest
from py_mini_racer import MiniRacer

from helpers.site.modules import MARK, Broken, Refused, transform


def exported(text, result="e"):
    """Evaluate a module as a page does, and return what ``result`` says of its exports ``e``."""
    module = transform(text)
    with MiniRacer() as engine:
        engine.eval(f"let e = {{}}, failed; (async () => {{ try {{ {module.shared}\n await ({module.function})(e); }} "
                    "catch (error) { failed = String(error); } })(); undefined")
        failed = engine.eval("failed")
        assert not isinstance(failed, str), failed
        return json.loads(engine.eval(f"JSON.stringify({result})"))


@pytest.mark.parametrize("text", [
    "export default 5",
    "export default 5;",
    "export default (2, 5)",
    "export default await Promise.resolve(5);",
    "const a = 5; export default a\n",
    "const a = 5; export { a as default };",
    "const a = 5, b = 6; export { b, a as default, }",
    "export { a as default }; const a = 5;",
    "let a = 4; export { a as default }; a = 5",
    "export default [5][0]\n;[1].map(x => x)",
    "#!/usr/bin/env node\nexport default 5",
    "\ufeffexport default 5",
    "export /* a */ default /* b */ 5 // c",
    "export default 5 // the end of the text ends the comment",
    "const book_exports = 3, book_default = 2; export default book_exports + book_default",
    "let exports = 4, define = 1; export default exports + define",
])
def test_default(text):
    assert exported(text, "e.default") == 5


@pytest.mark.parametrize("text", [
    "export default function () { return 5 }",
    "export default function f() { return 5 }",
    "export default () => 5",
    "export default () => {return 5}",
    "export default x => x ?? 5;",
    "f.x = 5; export default function f() { return f.x }",
    "export default function () { return 5 }\n(() => 6)()",
    "export default function f() { return 5 }\n(() => 6)()",
    "export default function () { return 5 }\n[1].map(x => x)",
    "export { f as default }; function f() { return 5 }",
])
def test_default_function(text):
    assert exported(text, "e.default()") == 5


@pytest.mark.parametrize("text", [
    "export default async function () { return 5 }",
    "export default async function f() { return 5 }",
    "export default async () => 5",
])
def test_default_function_that_is_asynchronous(text):
    assert exported(text, "[e.default.constructor.name, e.default() instanceof Promise]") == ["AsyncFunction", True]


@pytest.mark.parametrize("text", [
    "export default class { x = 5 }",
    "export default class A { x = 5 }",
    "class A { x = 5 }; export { A as default }",
    "export default class { x = 5 }\n(() => 6)()",
])
def test_default_class(text):
    assert exported(text, "new e.default().x") == 5


@pytest.mark.parametrize("text, names", [
    ("export const a = 1, b = 2;", {"a": 1, "b": 2}),
    ("export let a; a = 1", {"a": 1}),
    ("export var a = 1", {"a": 1}),
    ("const k = 'p', z = 3; export const { [k]: a, q: [b, ...c], d = z, ...f } = { p: 1, q: [2, 3], r: 4 }",
     {"a": 1, "b": 2, "c": [3], "d": 3, "f": {"r": 4}}),
    ("const a = 1; export { a, a as b, a as \"two words\" }", {"a": 1, "b": 1, "two words": 1}),
    ("export const a = 1; export default 2; export { a as c }", {"a": 1, "default": 2, "c": 1}),
    ("export {}", {}),
])
def test_names(text, names):
    assert exported(text) == names


@pytest.mark.parametrize("text", ["export function a() {}", "export async function a() {}", "export function* a() {}",
                                  "export async function* a() {}", "export class a {}"])
def test_named_functions_and_classes(text):
    assert exported(text, "[Object.keys(e), typeof e.a, e.a.name]") == [["a"], "function", "a"]


def test_functions_are_exported_before_the_module_has_run():
    text = "export let n = 0; export const f = () => n; export default () => ++n"
    assert exported(text, "[e.default(), e.n, e.f()]") == [1, 1, 1]


@pytest.mark.parametrize("code, value", [
    ("`export default 1; import 'x'; ${`export const a = ${2}`}`", "export default 1; import 'x'; export const a = 2"),
    ("/export default [`'\"]/.source", "export default [`'\"]"),
    ("'import(\"x\") import.meta </script><!--<script>'", 'import("x") import.meta </script><!--<script>'),
    ("/* export default 1; import x from 'x' */ 1 // export default 2", 1),
    ("{ import: 1, export: 2, default: 3 }.export", 2),
    ("((x) => x.import + x.default)({ import: 1, default: 2 })", 3),
    ("'\\u2028\\n\\\\' + '\u2028 \u00e9 \U0001f600'", "\u2028\n\\\u2028 \u00e9 \U0001f600"),
    ("[...'ab'].map(x => x / 1 / 2).length / 2", 1),
    ("((a, b) => a<!--b)(0, 3)", False),  # in a module no comment, but 0 < !2
    ("((a, b) => a<!--b)(0, 1)", True),
    ("`<!-- ${1} -->`", "<!-- 1 -->"),
    ("/<!--/.test('<!--')", True),
])
def test_text_that_looks_like_something_else(code, value):
    code = f"({code.removesuffix('.export')}).export" if code.endswith(".export") else code
    assert exported(f"const value = {code};\nexport default value;", "e.default") == value


def test_modules_are_strict():
    text = "export const self = this, called = (function () { return this === undefined })();"
    assert exported(text, "[e.self === undefined, e.called]") == [True, True]
    text = "let threw = false; try { undeclared = 1 } catch { threw = true } export { threw }"
    assert exported(text) == {"threw": True}


def test_a_module_that_waits_is_an_asynchronous_function():
    for text in ("export default async () => { await 1; for await (const x of []) {} }",
                 "class A { async f() { await 1 } } export default A"):
        assert transform(text).function.startswith("function"), text
    for text in ("await 1", "if (1) { await 1 }", "for await (const x of []) {}", "export const a = await 1"):
        assert transform(text).function.startswith("async function"), text


@pytest.mark.parametrize("text, reason", [
    ("import x from 'y'", "imports another module, in its line 1"),
    ("\nimport 'https://a.b/c.js'", "imports another module, in its line 2"),
    ("import * as d3 from 'https://esm.sh/d3'; export default {}", "imports"),
    ("import { a } from './a.js'", "imports"),
    ("const x = () => import('y')", "imports"),
    ("export { a } from 'y'", "exports what another module has, in its line 1"),
    ("export * from 'y'", "exports what another module has"),
    ("export * as a from 'y'", "exports what another module has"),
    ("export { default } from 'y'", "exports what another module has"),
    ("const a = import.meta.url", "import.meta"),
    ("https://esm.sh/widget@1", "another site"),
    ("<!-- a\nexport default 1", "comment as in HTML"),
    ("if (1) return 5", "returns outside"),
    (f"{MARK}\n{MARK}", "more than once"),
    (f"export const a = 1;\n{MARK}\nexport default a", "shared part exports"),
    (f"await 1;\n{MARK}\nexport default 1", "shared part exports or waits"),
])
def test_refused(text, reason):
    with pytest.raises(Refused, match=reason) as refused:
        transform(text)
    assert refused.type is Refused


@pytest.mark.parametrize("text", ["export default {", "a b c", "const = 5", "export default 5 }", "}; (() => {", "`"])
def test_broken(text):
    with pytest.raises(Broken, match="does not parse .near its line 1"):
        transform(text)


def test_new_target_is_no_import():
    assert exported("export default (function () { return new.target === undefined })()") == {"default": True}


def test_the_shared_part_stands_apart():
    text = f"const three = 3;\nfunction twice(x) {{ return 2 * x }}\n  {MARK}\nexport default twice(three)"
    module = transform(text)
    assert "three = 3" in module.shared and "three = 3" not in module.function
    assert exported(text) == {"default": 6}


def test_a_real_module_of_half_a_megabyte():
    drawdata = pytest.importorskip("drawdata")
    found = exported(str(drawdata.ScatterWidget._esm), "[Object.keys(e), typeof e.default.render]")
    assert found == [["default"], "function"]
