"""Tallies: the months of an office, counted beforehand by the definitions, so that a province is quick to add up.

They cannot drift. Triggers mark an office in the very transaction that changes something the figures read (migration
0003); a marked office's tallies are not used, and neither are months that lie only partly in a period, nor any tally
where a part is asked for (a kind, an industry, a town) or the samples. What is not used is counted from its rows.
The job that makes the tallies anew only makes reports fast.
"""

from matcher.services.figures.tallies.keeping import refresh, refresh_stale, stale_offices
from matcher.services.figures.tallies.reading import Tallied, read

__all__ = ["Tallied", "read", "refresh", "refresh_stale", "stale_offices"]
