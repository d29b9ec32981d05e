"""Run the measures, print their tables, and keep all figures in ``_build/bench.json``.

    python -m benchmarks [measure ...]

Each measure is kept with when and where it was taken; one that is taken alone leaves the others as they were.
"""

import argparse
import datetime
import importlib
import json
import os
import platform
import sys
from importlib.metadata import version

from benchmarks import MEASURES, ROOT

KEPT = ROOT / "_build/bench.json"
PACKAGES = ("playwright", "jupyter-book", "jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy", "torch")


def circumstances():
    """Return when and on what machine this is measured."""
    return {"date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), "system": platform.platform(),
            "cpus": os.cpu_count(), "load": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
            "python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", nargs="*", help=f"which of {', '.join(MEASURES)}; all if left out")
    chosen = parser.parse_args().measure or MEASURES
    if unknown := set(chosen) - set(MEASURES):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(MEASURES)}")
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for name in chosen:
        module = importlib.import_module(f"benchmarks.{name}")
        where = circumstances()
        found = module.measure()
        print("", *module.table(found), "", sep="\n")
        kept[name] = {**where, "found": found}
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"All figures: {KEPT}")


if __name__ == "__main__":
    sys.exit(main())
