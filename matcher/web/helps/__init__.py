"""In-place help: "这一页怎么用" on every page where somebody has to do or understand something, and all of it on 帮助.

The sentences stand in the modules beside this one, one per audience; `python -m tests.texts` keeps their English.
"""

from matcher.web.helps.administrators import ADMINISTRATORS
from matcher.web.helps.dispatchers import DISPATCHERS
from matcher.web.helps.enterprises import ENTERPRISES
from matcher.web.helps.experts import EXPERTS
from matcher.web.helps.numbers import NUMBERS
from matcher.web.helps.told import Help

#: Who asks -> their pages, in the order of the page 帮助.
AUDIENCES: tuple[tuple[str, str, tuple[Help, ...]], ...] = (
    ("enterprises", "企业", ENTERPRISES),
    ("experts", "专家", EXPERTS),
    ("dispatchers", "派单员", DISPATCHERS),
    ("numbers", "报告员、核实员和领导", NUMBERS),
    ("administrators", "管理员和审计员", ADMINISTRATORS),
)

HELPS: dict[str, Help] = {one.key: one for _code, _name, pages in AUDIENCES for one in pages}

__all__ = ["AUDIENCES", "HELPS", "Help"]
