"""tallies of an office's months, and triggers that mark an office's work when it changes

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-27 00:58:04.318822+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

_OF_CASE = 'JOIN cases c ON c.id = {}.case_id JOIN problems p ON p.id = c.problem_id'

#: Table that figures read -> (the columns of a changed row that lead to an office, whose work it is: queries over the
#: changed rows `r`, the moves after which to look). A problem's work is its owner's; an activity is its office's, and
#: visits may be a part of it. Nothing can belong to a menu or an enterprise that was just added.
ALL = ('insert', 'update', 'delete')
WATCHED = {
    'problems': (['owner_office_id'], ['SELECT r.owner_office_id AS office_id FROM r'], ALL),
    'menus': (['id'], ['SELECT p.owner_office_id AS office_id FROM r JOIN problems p ON p.menu_id = r.id'], ['update']),
    'cases': (
        ['problem_id'],
        ['SELECT p.owner_office_id AS office_id FROM r JOIN problems p ON p.id = r.problem_id'],
        ALL,
    ),
    'clocks': (
        ['problem_id'],
        ['SELECT p.owner_office_id AS office_id FROM r JOIN problems p ON p.id = r.problem_id'],
        ALL,
    ),
    'visits': (['case_id'], [f'SELECT p.owner_office_id AS office_id FROM r {_OF_CASE.format("r")}'], ALL),
    'visitors': (
        ['visit_id'],
        [f'SELECT p.owner_office_id AS office_id FROM r JOIN visits v ON v.id = r.visit_id {_OF_CASE.format("v")}'],
        ALL,
    ),
    'benefits': (['case_id'], [f'SELECT p.owner_office_id AS office_id FROM r {_OF_CASE.format("r")}'], ALL),
    'leads': (['case_id'], [f'SELECT p.owner_office_id AS office_id FROM r {_OF_CASE.format("r")}'], ALL),
    'activities': (
        ['id', 'office_id'],
        [
            'SELECT r.office_id AS office_id FROM r',
            f'SELECT p.owner_office_id AS office_id FROM r JOIN visits v ON v.activity_id = r.id {_OF_CASE.format("v")}',
        ],
        ALL,
    ),
    'activity_experts': (
        ['activity_id'],
        ['SELECT a.office_id AS office_id FROM r JOIN activities a ON a.id = r.activity_id'],
        ALL,
    ),
    'activity_enterprises': (
        ['activity_id'],
        ['SELECT a.office_id AS office_id FROM r JOIN activities a ON a.id = r.activity_id'],
        ALL,
    ),
    'enterprises': (
        ['id'],
        [
            'SELECT a.office_id AS office_id FROM r JOIN activity_enterprises e ON e.enterprise_id = r.id '
            'JOIN activities a ON a.id = e.activity_id'
        ],
        ['update'],
    ),
    'enterprise_tiers': (
        ['enterprise_id'],
        [
            'SELECT p.owner_office_id AS office_id FROM r JOIN menus m ON m.enterprise_id = r.enterprise_id '
            'JOIN problems p ON p.menu_id = m.id',
            'SELECT a.office_id AS office_id FROM r JOIN activity_enterprises e ON e.enterprise_id = r.enterprise_id '
            'JOIN activities a ON a.id = e.activity_id',
        ],
        ALL,
    ),
}
#: The rows that a move leaves behind it, and those it takes away: after an update both are somebody's work.
ROWS = {'insert': ['new'], 'update': ['old', 'new'], 'delete': ['old']}


def _watch_sqlite() -> None:
    """One mark for each office; whoever tallies takes it away first, and with it the right to write."""
    for table, (columns, queries, moves) in WATCHED.items():
        for move in moves:
            marks = [
                'INSERT INTO tally_marks (office_id, doing) SELECT DISTINCT w.office_id, \'\' FROM ('
                f'{_over(query, row, columns)}) w WHERE w.office_id NOT IN (SELECT office_id FROM tally_marks);'
                for row in ROWS[move]
                for query in queries
            ]
            op.execute(f'CREATE TRIGGER mark_{table}_{move} AFTER {move.upper()} ON {table} BEGIN {" ".join(marks)} END')


def _over(query: str, row: str, columns: list[str]) -> str:
    """The query over the one row that changed."""
    changed = ', '.join(f'{row}.{column} AS {column}' for column in columns)
    return query.replace('FROM r', f'FROM (SELECT {changed}) r')


def _watch_postgresql() -> None:
    """One mark for each office and transaction, however many rows it changes. A transaction is known by its number and
    its time, for a database that was brought back from a copy counts anew."""
    doing = "pg_current_xact_id()::text || ' ' || extract(epoch FROM transaction_timestamp())::text"
    for table, (_columns, queries, moves) in WATCHED.items():
        marks = {
            row: 'INSERT INTO tally_marks (office_id, doing) SELECT DISTINCT w.office_id, '
            f'{doing} FROM ({" UNION ALL ".join(queries).replace("FROM r", f"FROM {row}_rows r")}) w '
            'ON CONFLICT DO NOTHING;'
            for row in ('old', 'new')
        }
        op.execute(
            f'CREATE FUNCTION mark_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"IF TG_OP <> 'INSERT' THEN {marks['old']} END IF; "
            f"IF TG_OP <> 'DELETE' THEN {marks['new']} END IF; "
            'RETURN NULL; END $$'
        )
        for move in moves:
            rows = ' '.join(f'{row.upper()} TABLE AS {row}_rows' for row in ROWS[move])
            op.execute(
                f'CREATE TRIGGER mark_{table}_{move} AFTER {move.upper()} ON {table} REFERENCING {rows} '
                f'FOR EACH STATEMENT EXECUTE FUNCTION mark_{table}()'
            )
    op.execute(
        'CREATE FUNCTION mark_everything() RETURNS trigger LANGUAGE plpgsql AS '
        '$$ BEGIN DELETE FROM tallied; RETURN NULL; END $$'
    )
    for table in WATCHED:
        op.execute(
            f'CREATE TRIGGER mark_{table}_truncate AFTER TRUNCATE ON {table} '
            'FOR EACH STATEMENT EXECUTE FUNCTION mark_everything()'
        )


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
    sa.Column('doing', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('office_id', 'doing', name=op.f('pk_tally_marks'))
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
    for table, (_columns, _queries, moves) in WATCHED.items():
        for move in [*moves, 'truncate'] if on_postgresql else moves:
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
