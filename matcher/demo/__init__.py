"""The demo county: made-up people and firms, marked as such, and the four published experts."""
