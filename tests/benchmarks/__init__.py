"""Measurements of whole processes, run by `make bench`; nothing here is a test."""
