"""A server on this machine that compresses, as those do on which a book is published."""

import contextlib
import functools
import gzip
import http.server
import threading
from pathlib import Path

TEXTS = {".html", ".css", ".js", ".json", ".svg", ".txt", ".xml"}
LEVEL = 6  # of gzip, which is what most servers use


class Compressing(http.server.SimpleHTTPRequestHandler):
    """Serves a folder: texts in gzip, all else as it is, and connections stay open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        is_text = path.suffix in TEXTS
        data = compressed(path, path.stat().st_mtime_ns) if is_text else path.read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(data)))
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


@functools.cache
def compressed(path, changed):
    """Return a file in gzip; once, so that no reader waits for it."""
    return gzip.compress(path.read_bytes(), LEVEL)


@contextlib.contextmanager
def served(folder):
    """Serve a folder on this machine; gives the address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Compressing, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
