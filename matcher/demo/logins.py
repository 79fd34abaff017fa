"""The accounts of the demo, printed at its start and shown on the log-in page in demo mode only."""

PASSWORD = "Funing-2026"

#: (role, login, password)
LOGINS = (
    ("阜宁县总工会 派单员", "dispatcher", PASSWORD),
    ("阜宁县总工会 派单员（同事）", "dispatcher2", PASSWORD),
    ("阜宁县总工会 领导", "leader", PASSWORD),
    ("阜宁县总工会 报告员", "writer", PASSWORD),
    ("阜宁县总工会 核实员", "verifier", PASSWORD),
    ("阜宁县总工会 管理员", "admin", PASSWORD),
    ("阜宁县总工会 审计员", "auditor", PASSWORD),
    ("专家（示例）", "expert", PASSWORD),
    ("盐城市总工会 派单员", "city", PASSWORD),
    ("盐城市总工会 领导、报告员（接收各县报告）", "cityleader", PASSWORD),
    ("射阳县总工会 派单员（邻县）", "neighbour", PASSWORD),
)
