"""Verbs: one function per thing that somebody does. No request, no current user, and nobody commits here."""
