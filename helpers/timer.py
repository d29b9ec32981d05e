"""A stopwatch."""

import time
from itertools import accumulate


class Timer:
    """Measure how long something takes, once or many times.

    Explained in `sec-vectorization` of the chapter on linear regression.

    A timer is started when it is made.  ``stop`` ends a measurement and keeps it, ``start`` begins
    the next one.  All times are in seconds, read from :func:`time.perf_counter`, a clock that
    never runs backwards.

    Attributes
    ----------
    times : list of float
        The measurements so far.

    Examples
    --------
    >>> timer = Timer()
    >>> _ = sum(range(1000))
    >>> timer.stop() > 0
    True
    """

    def __init__(self):
        self.times = []
        self.start()

    def start(self):
        """Begin a measurement; one that was under way is dropped."""
        self._began = time.perf_counter()

    def stop(self):
        """End the measurement, keep it, and return it (seconds).

        Raises
        ------
        RuntimeError
            If no measurement is under way.
        """
        now = time.perf_counter()
        if self._began is None:
            raise RuntimeError("the timer is not running: call start() before stop()")
        self.times.append(now - self._began)
        self._began = None
        return self.times[-1]

    def avg(self):
        """Return the mean of the measurements (seconds); RuntimeError if there are none."""
        return self.sum() / len(self.times)

    def sum(self):
        """Return the sum of the measurements (seconds); RuntimeError if there are none."""
        if not self.times:
            raise RuntimeError("the timer has no measurements yet: call stop() first")
        return sum(self.times)

    def cumsum(self):
        """Return the running totals of the measurements (a list, seconds)."""
        return list(accumulate(self.times))
