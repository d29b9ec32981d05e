"""Serve the site on this machine and rebuild it whenever a file is saved (``make live``)."""

import argparse
import subprocess
import sys
from pathlib import Path

from livereload import Server

from helpers.site.build import SOURCES


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", nargs="?", default=".", type=Path)
    parser.add_argument("--port", default=8000, type=int)
    arguments = parser.parse_args()

    def rebuild():
        # In a process of its own, so that an edit in helpers/ counts at once.
        subprocess.run([sys.executable, "-m", "helpers.site.build", str(arguments.book)], check=False)

    rebuild()
    server = Server()
    for name in SOURCES:
        server.watch(str(arguments.book / name), rebuild)
    server.serve(root=str(arguments.book / "_build/html"), host="127.0.0.1", port=arguments.port)


if __name__ == "__main__":
    main()
