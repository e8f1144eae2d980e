"""A stopwatch with laps."""

import time


class Stopwatch:
    """Starts when it is made; each lap is a step."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._processor_began = time.process_time()
        self.steps: dict[str, float] = {}
        self.seconds = self.cpu_seconds = 0.0

    def lap(self, step: str) -> None:
        """Note what has passed since the last lap as one step; the total ends here."""
        now = time.perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + now - self._last
        self._last, self.seconds = now, now - self._began
        self.cpu_seconds = time.process_time() - self._processor_began
