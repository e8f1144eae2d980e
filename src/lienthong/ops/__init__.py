"""Running the house: commands, demo province, benchmarks, health."""
