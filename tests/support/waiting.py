"""What happens soon, in another process, is waited for; how long is bounded."""

import time


def until(condition, seconds=15, what=""):
    """The first true answer of `condition`."""
    end = time.monotonic() + seconds
    while not (got := condition()):
        assert time.monotonic() < end, f"not within {seconds} s: {what}" if what else f"not within {seconds} s"
        time.sleep(0.05)
    return got
