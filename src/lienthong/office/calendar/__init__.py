"""The working calendar as a table that an office can change."""
