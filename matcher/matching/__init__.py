"""The engine: plain data in, plain data out; no database, no web. Same input, same answer.

>>> from matcher.matching import Index, Need, Profile, propose, shipped_lexicon, shipped_weights
>>> roster = [Profile("1", trade="维修电工"), Profile("2", trade="茶叶栽培")]
>>> index = Index.build(roster, shipped_lexicon(), shipped_weights())
>>> propose(Need("n", "配电柜里电缆头温度偏高"), index, limit=1).matches[0].expert_id
'1'
"""

from matcher.matching.classifying import Classification, classify
from matcher.matching.index import Index, open_index
from matcher.matching.lexicon import TERM_FIELDS, Competence, Lexicon, LexiconError, read_lexicon, shipped_lexicon
from matcher.matching.ranking import propose, rank
from matcher.matching.splitting import split
from matcher.matching.types import Basis, Circumstances, Match, Need, Part, Profile, Proposals, SkillText, Span
from matcher.matching.weights import Weights, shipped_weights, weights_from

__all__ = [
    "TERM_FIELDS",
    "Basis",
    "Circumstances",
    "Classification",
    "Competence",
    "Index",
    "Lexicon",
    "LexiconError",
    "Match",
    "Need",
    "Part",
    "Profile",
    "Proposals",
    "SkillText",
    "Span",
    "Weights",
    "classify",
    "open_index",
    "propose",
    "rank",
    "read_lexicon",
    "shipped_lexicon",
    "shipped_weights",
    "split",
    "weights_from",
]
