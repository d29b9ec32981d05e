"""Notebooks are executed side by side, as many as there are processors, before Sphinx reads the pages.

myst-nb would execute each when it comes to its page, one after another.  Now it finds all of them in the cache.
"""

import asyncio
import os
import time
from pathlib import Path
from threading import Thread

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import create_nb_reader
from nbclient import NotebookClient
from sphinx.errors import SphinxError
from sphinx.util import logging

from helpers.site.exercises import leave_out

log = logging.getLogger(__name__)


class ExecutionError(SphinxError):
    """A notebook failed: the message is its path, and what it failed of is the cause."""

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
        client = NotebookClient(notebook, timeout=config.execution_timeout, allow_errors=config.execution_allow_errors,
                                record_timing=False,  # the cache knows a notebook by the metadata of its cells too
                                resources={"metadata": {"path": str(path.parent)}})
        kernel = client.create_kernel_manager()
        try:
            await client.async_execute()
        except Exception as error:
            raise ExecutionError(str(path)) from error
        finally:
            if kernel.has_kernel:  # interrupted before it was ready, which nbclient does not end
                await kernel.shutdown_kernel(now=True)
        seconds = time.perf_counter() - started
    cache.cache_notebook_bundle(CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds}),
                                check_validity=False, overwrite=True)
    log.info("%s: Executed notebook in %.2f seconds", docname, seconds)


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
