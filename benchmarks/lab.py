"""JupyterLab with a real kernel, on a folder of its own."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request

import nbformat

from benchmarks import ROOT
from tests.ports import free_port


def write_notebook(path, *cells):
    """Write a notebook with these code cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    nbformat.write(notebook, path)


@contextlib.contextmanager
def lab(folder):
    """Start JupyterLab on ``folder / "work"``; gives its address."""
    (folder / "work").mkdir(exist_ok=True)
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}",
               "--IdentityProvider.token=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={folder / 'work'}"]
    own = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
           "PYTHONPATH": str(ROOT)}
    with (folder / "lab.log").open("w") as log:
        with subprocess.Popen(command, env={**os.environ, **own}, stdout=log, stderr=log) as process:
            try:
                _wait_for(f"http://127.0.0.1:{port}", process, folder / "lab.log")
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def open_and_run(page, address, name):
    """Open a notebook and run all its cells."""
    page.goto(f"{address}/lab/tree/{name}?reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook", timeout=120_000)
    # Before the kernel is ready, what is run can be lost.
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=120_000)
    page.locator(".lm-MenuBar-item", has_text="Run").first.click()
    page.locator(".lm-Menu-item:not(.lm-mod-disabled) .lm-Menu-itemLabel").get_by_text("Run All Cells", exact=True).click()


def end_sessions(address):
    """End the kernels of all notebooks, so that none runs beside the next."""
    with urllib.request.urlopen(f"{address}/api/sessions") as answer:
        for session in json.load(answer):
            urllib.request.urlopen(urllib.request.Request(f"{address}/api/sessions/{session['id']}", method="DELETE"))


def _wait_for(address, process, log):
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5)
            return
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}") from None
            time.sleep(0.5)
    raise RuntimeError(f"JupyterLab did not answer:\n{log.read_text()}")
