"""Rosters and menus from the files unions keep: read, looked at in a dry run, then loaded as a whole or not."""
