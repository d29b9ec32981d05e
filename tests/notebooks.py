"""The pages as notebooks, with the outputs they should have.

The expected outputs are kept in ``tests/expected``, one file for a page and its twin, since the
code of the two is the same.  ``make expected`` (``python -m tests.notebooks``) refreshes them.
What the helpers say in the language of the page is kept in both: ``{en: …, ko: …}``.
"""

from pathlib import Path

import jupytext
import yaml
from nbclient import NotebookClient
from nbformat.v4 import new_output

ROOT = Path(__file__).parents[1]
CHAPTERS = ROOT / "chapters"
EXPECTED = ROOT / "tests/expected"
LANGUAGES = ("en", "ko")
# A cell whose output is a wall-clock time: it must run, and what it prints is not compared.
TIMED = "nbval-ignore-output"
SECONDS_A_CELL = 120


def pages(language):
    """Return the paths of the notebooks among the pages of one language, in order of name."""
    return [path for path in sorted((CHAPTERS / language).glob("*.md")) if is_notebook(path)]


def is_notebook(path):
    """Tell whether a page is a notebook: whether its header names a kernel."""
    return "\nkernelspec:" in path.read_text(encoding="utf-8").partition("\n---\n")[0]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_timed(cell):
    return TIMED in cell.metadata.get("tags", [])


def expected_path(page):
    return EXPECTED / f"{page.stem}.yml"


def assemble(page):
    """Return the notebook of a page with the expected outputs in it, for nbval to compare.

    Raises
    ------
    ValueError
        If the page has another number of code cells than was recorded.
    """
    notebook = jupytext.read(page)
    cells = code_cells(notebook)
    recorded = yaml.safe_load(expected_path(page).read_text(encoding="utf-8"))
    if len(cells) != len(recorded):
        raise ValueError(
            f"{page.relative_to(ROOT)} has {len(cells)} code cells, {expected_path(page).name} has "
            f"{len(recorded)}: run `make expected` and look at what changed"
        )
    for number, (cell, record) in enumerate(zip(cells, recorded), start=1):
        cell.execution_count = number  # nbval does not compare a cell that was never executed
        cell.outputs = [_output(kind, text, page.parent.name) for part in record["outputs"] for kind, text in part.items()]
    return notebook


def _output(kind, text, language):
    if isinstance(text, dict):
        text = text[language]
    if kind == "stdout":
        return new_output("stream", name="stdout", text=text)
    output_type, mime = kind.split(" ")
    more = {"execution_count": 1} if output_type == "execute_result" else {}
    return new_output(output_type, data={mime: text}, **more)


def record(page):
    """Execute a page and return what its code cells say, as it is kept in ``tests/expected``."""
    notebook = jupytext.read(page)
    NotebookClient(notebook, timeout=SECONDS_A_CELL, resources={"metadata": {"path": str(page.parent)}}).execute()
    return [
        {
            "code": cell.source.strip().splitlines()[0],
            "outputs": [] if is_timed(cell) else _joined([part for output in cell.outputs for part in _texts(output)]),
        }
        for cell in code_cells(notebook)
    ]


def _joined(parts):
    """Put what a cell printed together: on a busy machine it may arrive in several parts."""
    printed = [part["stdout"] for part in parts if "stdout" in part]
    first = next((place for place, part in enumerate(parts) if "stdout" in part), 0)
    others = [part for part in parts if "stdout" not in part]
    return [*others[:first], *([{"stdout": "".join(printed)}] if printed else []), *others[first:]]


def _texts(output):
    """Return the texts of one output.  Pictures are not compared: every machine draws a little differently."""
    if output.output_type == "stream":
        if output.name != "stdout":
            raise ValueError(f"a page may not write to {output.name}: {output.text}")
        return [{"stdout": output.text}]
    return [{f"{output.output_type} {mime}": text} for mime, text in output.data.items() if mime.startswith("text/")]


def merge(records):
    """Return one record of twins from ``{language: record}``: what they say differently is kept in each language.

    Raises
    ------
    ValueError
        If the twins have other cells, or a cell has outputs of another kind.
    """
    merged = []
    for cells in zip(*records.values(), strict=True):
        outputs = []
        for parts in zip(*(cell["outputs"] for cell in cells), strict=True):
            (kind,) = {kind for part in parts for kind in part}
            texts = dict(zip(records, (part[kind] for part in parts)))
            outputs.append({kind: texts if len(set(texts.values())) > 1 else parts[0][kind]})
        merged.append({**cells[0], "outputs": outputs})
    return merged


class _Readable(yaml.SafeDumper):
    """Writes texts of several lines as blocks, so that a diff shows the line that changed."""


_Readable.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)
)


def main():
    EXPECTED.mkdir(exist_ok=True)
    for page in pages(LANGUAGES[0]):
        records = {code: record(CHAPTERS / code / page.name) for code in LANGUAGES}
        text = yaml.dump(merge(records), Dumper=_Readable, sort_keys=False, allow_unicode=True, width=120)
        expected_path(page).write_text(text, encoding="utf-8")
        print(expected_path(page).relative_to(ROOT))


if __name__ == "__main__":
    import os

    os.environ["TQDM_DISABLE"] = "1"
    main()
