"""tallies of an office's months, and triggers that mark an office's work when it changes

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-27 00:58:04.318822+00:00
"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

#: What stands for every month of an office.
EVERY = "'*'"
_CASE = 'JOIN cases c ON c.id = {}.case_id JOIN problems p ON p.id = c.problem_id'


def _moments(office: str, source: str, *columns: str) -> list[str]:
    return [f'SELECT {office} AS office_id, moment({column}) AS month FROM {source}' for column in columns]


def _days(office: str, source: str, *columns: str) -> list[str]:
    return [f'SELECT {office} AS office_id, day({column}) AS month FROM {source}' for column in columns]


_ALL = ('insert', 'update', 'delete')

#: Table that figures read -> queries over its changed rows `r`, as they were and as they are: whose work it is, and in
#: which month it counts. A problem's work is its owner's; an activity is its office's, and visits may be a part of it.
#: An answer about a benefit replaces others of its case. Nothing can belong to a menu or an enterprise just added.
MONTHS = {
    'problems': _moments('r.owner_office_id', 'r', 'r.submitted_at', 'r.accepted_at', 'r.ended_at'),
    'menus': [],
    'cases': [
        *_moments('p.owner_office_id', 'r JOIN problems p ON p.id = r.problem_id',
                  'r.closed_at', 'r.released_typical_at', 'p.ended_at'),
        *_days('p.owner_office_id', 'r JOIN problems p ON p.id = r.problem_id', 'r.trained_on'),
    ],
    'clocks': _moments('p.owner_office_id', 'r JOIN problems p ON p.id = r.problem_id', 'r.ended_at'),
    'visits': _days('p.owner_office_id', f'r {_CASE.format("r")}', 'r.held_on'),
    'visitors': _days('p.owner_office_id', f'r JOIN visits v ON v.id = r.visit_id {_CASE.format("v")}', 'v.held_on'),
    'benefits': [
        *_days('p.owner_office_id', f'r {_CASE.format("r")}', 'r.entered_on'),
        *_days('p.owner_office_id', f'r JOIN benefits b ON b.case_id = r.case_id {_CASE.format("r")}', 'b.entered_on'),
    ],
    'leads': _moments('p.owner_office_id', f'r {_CASE.format("r")}', 'r.found_at', 'r.drafted_at', 'r.submitted_at'),
    'activities': [
        *_days('r.office_id', 'r', 'r.held_on'),
        *_days('p.owner_office_id', f'r JOIN visits v ON v.activity_id = r.id {_CASE.format("v")}', 'v.held_on'),
    ],
    'activity_experts': _days('a.office_id', 'r JOIN activities a ON a.id = r.activity_id', 'a.held_on'),
    'activity_enterprises': _days('a.office_id', 'r JOIN activities a ON a.id = r.activity_id', 'a.held_on'),
    'enterprises': _days(
        'a.office_id',
        'r JOIN activity_enterprises e ON e.enterprise_id = r.id JOIN activities a ON a.id = e.activity_id',
        'a.held_on',
    ),
    'enterprise_tiers': [
        f'SELECT p.owner_office_id AS office_id, {EVERY} AS month FROM r '
        'JOIN menus m ON m.enterprise_id = r.enterprise_id JOIN problems p ON p.menu_id = m.id',
        f'SELECT a.office_id AS office_id, {EVERY} AS month FROM r '
        'JOIN activity_enterprises e ON e.enterprise_id = r.enterprise_id JOIN activities a ON a.id = e.activity_id',
    ],
}
#: Columns by whose change everything that hangs on a row counts elsewhere -> the offices that are meant, of each such row.
MOVED = {
    'problems': (
        ['owner_office_id', 'duplicate_of_id', 'is_sample', 'menu_id'],
        f'SELECT r.owner_office_id AS office_id, {EVERY} AS month FROM r',
    ),
    'menus': (
        ['enterprise_id', 'town'],
        f'SELECT p.owner_office_id AS office_id, {EVERY} AS month FROM r JOIN problems p ON p.menu_id = r.id',
    ),
    'cases': (
        ['problem_id'],
        f'SELECT p.owner_office_id AS office_id, {EVERY} AS month FROM r JOIN problems p ON p.id = r.problem_id',
    ),
}
#: The moves after which to look.
MOVES = {table: ('update',) if table in ('menus', 'enterprises') else _ALL for table in MONTHS}
#: The rows that a move leaves behind it, and those it takes away: after an update both are somebody's work.
ROWS = {'insert': ('new',), 'update': ('old', 'new'), 'delete': ('old',)}


def _watch_sqlite() -> None:
    """One mark for each month; whoever tallies takes it away first, and with it the right to write."""
    for table, queries in MONTHS.items():
        for move in MOVES[table]:
            marks = [_over(query, row) for row in ROWS[move] for query in queries]
            if move == 'update' and table in MOVED:
                columns, query = MOVED[table]
                changed = ' OR '.join(f'old.{column} IS NOT new.{column}' for column in columns)
                marks += [_over(query, row, f' WHERE {changed}') for row in ROWS[move]]
            statements = ' '.join(
                f"INSERT INTO tally_marks (office_id, month, doing) SELECT DISTINCT w.office_id, w.month, '' FROM ({mark}) w "
                'WHERE w.month IS NOT NULL AND NOT EXISTS '
                '(SELECT 1 FROM tally_marks m WHERE m.office_id = w.office_id AND m.month = w.month);'
                for mark in marks
            )
            op.execute(f'CREATE TRIGGER mark_{table}_{move} AFTER {move.upper()} ON {table} BEGIN {statements} END')


def _over(query: str, row: str, where: str = '') -> str:
    """The query over the one row that changed."""
    columns = sorted(set(re.findall(r'\br\.(\w+)', query)))
    changed = ', '.join(f'{row}.{column} AS {column}' for column in columns)
    query = re.sub(r'\bFROM r\b', f'FROM (SELECT {changed}{where}) r', query)
    query = re.sub(r'\bmoment\((.+?)\)', r"substr(date(\1, '+8 hours'), 1, 7)", query)
    return re.sub(r'\bday\((.+?)\)', r'substr(\1, 1, 7)', query)


def _watch_postgresql() -> None:
    """One mark for each month and transaction, however many rows it changes. A transaction is known by its number and
    its time, for a database that was brought back from a copy counts anew."""
    for table, queries in MONTHS.items():
        old, new = (_marks([_among(query, f'{row}_rows') for query in queries]) for row in ('old', 'new'))
        moved = ''
        if table in MOVED:
            columns, query = MOVED[table]
            old_values, new_values = (', '.join(f'{row}.{column}' for column in columns) for row in ('o', 'n'))
            pairs = 'FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE '
            pairs += f'({old_values}) IS DISTINCT FROM ({new_values})' if len(columns) > 1 else f'{old_values} IS DISTINCT FROM {new_values}'
            moved = _marks([_among(query, f'(SELECT {row}.* {pairs})') for row in ('o', 'n')])
        op.execute(
            f'CREATE FUNCTION mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"IF TG_OP <> 'INSERT' THEN {old} NULL; END IF; "
            f"IF TG_OP <> 'DELETE' THEN {new} NULL; END IF; "
            f"IF TG_OP = 'UPDATE' THEN {moved} NULL; END IF; "
            'RETURN NULL; END $$'
        )
        for move in MOVES[table]:
            rows = ' '.join(f'{row.upper()} TABLE AS {row}_rows' for row in ROWS[move])
            op.execute(
                f'CREATE TRIGGER mark_{table}_{move} AFTER {move.upper()} ON {table} REFERENCING {rows} '
                f'FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()'
            )
    op.execute(
        'CREATE FUNCTION mark_everything() RETURNS trigger LANGUAGE plpgsql AS '
        '$$ BEGIN DELETE FROM tallied; RETURN NULL; END $$'
    )
    for table in MONTHS:
        op.execute(
            f'CREATE TRIGGER mark_{table}_truncate AFTER TRUNCATE ON {table} '
            'FOR EACH STATEMENT EXECUTE FUNCTION mark_everything()'
        )


def _among(query: str, rows: str) -> str:
    """The query over all rows that changed."""
    query = re.sub(r'\bFROM r\b', f'FROM {rows} r', query)
    query = re.sub(r'\bmoment\((.+?)\)', r"to_char(\1 AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')", query)
    return re.sub(r'\bday\((.+?)\)', r"to_char(\1, 'YYYY-MM')", query)


def _marks(queries: list[str]) -> str:
    doing = "pg_current_xact_id()::text || ' ' || extract(epoch FROM transaction_timestamp())::text"
    return (
        f'INSERT INTO tally_marks (office_id, month, doing) SELECT DISTINCT w.office_id, w.month, {doing} '
        f'FROM ({" UNION ALL ".join(queries)}) w WHERE w.month IS NOT NULL ON CONFLICT DO NOTHING;'
    ) if queries else ''


def upgrade() -> None:
    op.create_table('tallied',
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_tallied_office_id_offices'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('office_id', name=op.f('pk_tallied'))
    )
    op.create_table('tallies',
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('numbers', sa.JSON(), nullable=False),
    sa.Column('arrays', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_tallies_office_id_offices'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('office_id', 'month', name=op.f('pk_tallies'))
    )
    op.create_table('tally_marks',
    sa.Column('office_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('month', sa.Text(), nullable=False),
    sa.Column('doing', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('office_id', 'month', 'doing', name=op.f('pk_tally_marks'))
    )
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visits_activity_id'), ['activity_id'], unique=False)

    if op.get_bind().dialect.name == 'postgresql':
        # Digests and sorted numbers do not get smaller; trying costs time.
        op.execute('ALTER TABLE tallies ALTER COLUMN arrays SET STORAGE EXTERNAL')
        _watch_postgresql()
    else:
        _watch_sqlite()


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == 'postgresql'
    for table, moves in MOVES.items():
        for move in (*moves, 'truncate') if on_postgresql else moves:
            op.execute(f'DROP TRIGGER mark_{table}_{move}' + (f' ON {table}' if on_postgresql else ''))
        if on_postgresql:
            op.execute(f'DROP FUNCTION mark_{table}')
    if on_postgresql:
        op.execute('DROP FUNCTION mark_everything')
    with op.batch_alter_table('visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visits_activity_id'))

    op.drop_table('tally_marks')
    op.drop_table('tallies')
    op.drop_table('tallied')
