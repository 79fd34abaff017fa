"""Benches: what is fast is measured here, never in a test."""
