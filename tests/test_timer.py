"""The stopwatch, on a clock that the test sets (helpers/timer.py)."""

from types import SimpleNamespace

import pytest

from helpers import timer as module
from helpers.timer import Timer


@pytest.fixture
def clock(monkeypatch):
    """The timer's clock; not that of ``time`` itself, which pytest looks at too."""
    clock = SimpleNamespace(now=100.0)
    clock.perf_counter = lambda: clock.now
    monkeypatch.setattr(module, "time", clock)
    return clock


def measured(clock, *durations):
    timer = Timer()
    for duration in durations:
        timer.start()
        clock.now += duration
        timer.stop()
        clock.now += 50  # a pause, which is nobody's time
    return timer


def test_it_runs_from_the_moment_it_is_made(clock):
    timer = Timer()
    clock.now += 1.5
    assert timer.stop() == 1.5
    assert timer.times == [1.5]


def test_statistics(clock):
    timer = measured(clock, 1.0, 2.0, 4.5)
    assert timer.times == [1.0, 2.0, 4.5]
    assert timer.sum() == 7.5
    assert timer.avg() == 2.5
    assert timer.cumsum() == [1.0, 3.0, 7.5]


def test_start_drops_a_measurement_under_way(clock):
    timer = Timer()
    clock.now += 10
    timer.start()
    clock.now += 1
    assert timer.stop() == 1
    assert timer.times == [1]


def test_two_timers_keep_apart(clock):
    assert measured(clock, 1.0).times == [1.0]
    assert measured(clock, 2.0).times == [2.0]


def test_stop_twice_is_refused_and_adds_nothing(clock):
    timer = measured(clock, 3.0)
    with pytest.raises(RuntimeError, match=r"the timer is not running: call start\(\) before stop\(\)"):
        timer.stop()
    assert timer.times == [3.0]


@pytest.mark.parametrize("statistic", ["sum", "avg"])
def test_statistic_of_nothing_is_refused(statistic):
    with pytest.raises(RuntimeError, match=r"no measurements yet: call stop\(\) first"):
        getattr(Timer(), statistic)()


def test_running_totals_of_nothing_are_none():
    assert Timer().cumsum() == []


def test_the_real_clock_goes_forward():
    timer = Timer()
    assert timer.stop() >= 0
