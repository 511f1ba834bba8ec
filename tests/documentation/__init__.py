"""Proof that what the documents show is what the commands give."""
