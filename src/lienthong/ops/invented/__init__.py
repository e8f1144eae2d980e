"""An invented province whose registers are dirty in ways that are known: its people, its registers, and the truth.

For the benchmarks, the demo and the tests of verification. Nobody in it exists. The same seed and sizes give the same files.
What may be wrong with a record, and how often, stands in ``dirt.yaml``; ``province.py`` is the way in.
"""
