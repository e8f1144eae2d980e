"""Factories of test data, one file for each context, with traits named by what sets a row apart."""
