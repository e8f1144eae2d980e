"""Benchmarks: our work beside a stated floor, measured in the same run on the same machine.

Each module measures one thing and returns a ``Report``; data lie in scratch databases that a second run finds again.
"""
