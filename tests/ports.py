"""A port for a server that is to be started."""

import contextlib
import random
import socket

# Below those that systems hand out by themselves: until the server starts, nobody else is given it.
PORTS = range(20_000, 30_000)


def free_port():
    """Return a port of this machine at which nobody listens."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
