"""Notebooks are executed side by side, as many as there are processors, before Sphinx reads the pages.

myst-nb would execute each when it comes to its page, one after another.  Now it finds all of them in the cache.
"""

import asyncio
import atexit
import os
import re
import time
from pathlib import Path
from threading import Thread

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from sphinx.errors import SphinxError
from sphinx.util import logging
from sphinx.util.console import strip_colors

from helpers.site.exercises import leave_out

log = logging.getLogger(__name__)


class ExecutionError(SphinxError):
    """A notebook failed: the message says which, in which cell, and of what."""

    category = "Execution of a notebook failed"


def processors():
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def notebook_of(app, docname):
    """Return the notebook of a page as myst-nb will read it, or ``None`` if the page is none."""
    path = app.env.doc2path(docname)
    source = [Path(path).read_text(encoding="utf-8")]
    leave_out(app, docname, source)
    reader = create_nb_reader(path, app.env.myst_config, app.env.mystnb_config, source[0])
    return reader and reader.read(source[0])


def is_kept(cache, notebook):
    """Tell whether the cache has the outputs of a notebook with this code."""
    try:
        cache.match_cache_notebook(notebook)
    except KeyError:
        return False
    return True


def execute_ahead(app, env, docnames):
    """Execute what myst-nb would have to execute, of the pages that are to be read."""
    config = env.mystnb_config
    if config.execution_mode != "cache":
        return
    cache = get_cache(config.execution_cache_path)
    notebooks = {docname: notebook_of(app, docname) for docname in docnames}
    # A page with settings of its own for its execution is left to myst-nb.
    wanted = {docname: notebook for docname, notebook in notebooks.items()
              if notebook and config.metadata_key not in notebook.metadata and not is_kept(cache, notebook)}
    if wanted:
        _in_a_thread(_execute_all(env, wanted))


async def _execute_all(env, notebooks):
    free = asyncio.Semaphore(processors())
    cache = get_cache(env.mystnb_config.execution_cache_path)  # its database is used by one thread alone
    try:
        async with asyncio.TaskGroup() as group:
            for docname, notebook in notebooks.items():
                group.create_task(_execute(env, docname, notebook, free, cache))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from errors.exceptions[0].__cause__  # the others were ended because of it


async def _execute(env, docname, notebook, free, cache):
    path, config = Path(env.doc2path(docname)), env.mystnb_config
    async with free:
        log.info("%s: Executing notebook", docname)
        started = time.perf_counter()
        running = []
        client = NotebookClient(notebook, timeout=config.execution_timeout, allow_errors=config.execution_allow_errors,
                                record_timing=False,  # the cache knows a notebook by the metadata of its cells too
                                on_cell_execute=lambda cell, cell_index: running.append(cell_index),
                                resources={"metadata": {"path": str(path.parent)}})
        kernel = client.create_kernel_manager()
        try:
            await client.async_execute()
        except Exception as error:
            raise ExecutionError(f"{env.doc2path(docname, False)}{_place(notebook, running, error)}: "
                                 f"{_reason(error, config.execution_timeout)}") from error
        finally:
            # What nbclient would do when Python ends is done here; there it may wait for ever for a kernel that is no more.
            atexit.unregister(client._cleanup_kernel)
            if kernel.has_kernel:  # interrupted before it was ready, which nbclient does not end
                await kernel.shutdown_kernel(now=True)
            if client.kc is not None:  # nor does it close the way to it
                client.kc.stop_channels()
        seconds = time.perf_counter() - started
    cache.cache_notebook_bundle(CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds}),
                                check_validity=False, overwrite=True)
    log.info("%s: Executed notebook in %.2f seconds", docname, seconds)


def _place(notebook, running, error):
    """Say in which code cell, and in which of its lines, a notebook stopped."""
    if not running:
        return ""
    number = sum(cell.cell_type == "code" for cell in notebook.cells[:running[-1] + 1])
    line = re.search(r"Cell In\[\d+\], line (\d+)", strip_colors(getattr(error, "traceback", "")))
    return f", code cell {number}" + (f", line {line[1]}" if line else "")


def _reason(error, timeout):
    """Say in one line what stopped a notebook."""
    if isinstance(error, DeadKernelError):
        return "its kernel died"
    if isinstance(error, CellTimeoutError):
        return f"did not end within {timeout} s: the limit is execute.timeout in _config.yml"
    name, text = type(error).__name__, str(error)
    if isinstance(error, CellExecutionError):
        name, text = error.ename, error.evalue
    return ": ".join([name, *text.splitlines()[:1]])


def _in_a_thread(work):
    """Run a coroutine to its end in a thread of its own, and end it when Ctrl+C ends this one.

    In the main thread nbclient would take Ctrl+C for itself, and end no kernel but the last.
    """
    loop = asyncio.new_event_loop()
    task = loop.create_task(work)
    thread = Thread(target=loop.run_until_complete, args=(asyncio.wait([task]),))
    try:
        thread.start()
        thread.join()
    except BaseException:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()
        raise
    finally:
        loop.close()
    return task.result()


def setup(app):
    app.connect("env-before-read-docs", execute_ahead)
