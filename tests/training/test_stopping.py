from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.keras


def test_the_first_request_is_heard_and_the_second_is_not_made_to_wait() -> None:
    from mnistspec.training.stopping import StopRequest

    stop = StopRequest()
    before = signal.getsignal(signal.SIGINT)
    with stop.listening():
        signal.raise_signal(signal.SIGINT)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.skipif(os.name == "nt", reason="there is no such signal on Windows")
def test_signals_that_are_left_to_the_system_or_ignored_stay_so() -> None:
    from mnistspec.training.stopping import StopRequest

    ignored, left = (signal.SIGHUP, signal.SIG_IGN), (signal.SIGTERM, signal.SIG_DFL)
    before = [signal.signal(*ignored), signal.signal(*left)]
    try:
        with StopRequest().listening():
            assert all(signal.getsignal(number) == handler for number, handler in (ignored, left))
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGTERM, before[1])


def test_another_thread_trains_without_signals() -> None:
    from mnistspec.training.stopping import StopRequest

    done: list[bool] = []

    def work() -> None:
        with StopRequest().listening():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_what_was_asked_before_and_lost_is_heard_now(monkeypatch: pytest.MonkeyPatch) -> None:
    from mnistspec import interruption
    from mnistspec.training.stopping import StopRequest

    monkeypatch.setattr(interruption._Told, "waiting", True)
    for asked in (True, False):
        stop = StopRequest()
        with stop.listening():
            assert stop.asked is asked


def test_who_asks_after_the_last_step_is_heard(tiny: ModuleType, tmp_path: Path) -> None:
    import keras

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            keras.callbacks.EarlyStopping, "on_train_end", lambda *given: signal.raise_signal(signal.SIGINT)
        )
        stop = tiny.callback("EarlyStopping", monitor="loss")
        assert tiny.fit(tiny.model(), tmp_path, callbacks=(stop,)).interrupted
