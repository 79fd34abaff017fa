"""what the matcher knows here: evidence, snapshots, calibrations, golden runs, vectors

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-26 20:11:46.706087+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('calibrations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('weights_version', sa.Text(), nullable=False),
    sa.Column('slope', sa.Double(), nullable=False),
    sa.Column('offset', sa.Double(), nullable=False),
    sa.Column('outcomes', sa.Integer(), nullable=False),
    sa.Column('fit', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('fit <= outcomes', name=op.f('ck_calibrations_fit_is_a_part')),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_calibrations_office_id_offices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibrations'))
    )
    with op.batch_alter_table('calibrations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calibrations_office_id'), ['office_id'], unique=False)

    op.create_table('golden_runs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office_id', sa.Integer(), nullable=False),
    sa.Column('versions', sa.JSON(), nullable=False),
    sa.Column('results', sa.JSON(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['users.id'], name=op.f('fk_golden_runs_by_id_users')),
    sa.ForeignKeyConstraint(['office_id'], ['offices.id'], name=op.f('fk_golden_runs_office_id_offices')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_golden_runs'))
    )
    with op.batch_alter_table('golden_runs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_golden_runs_office_id'), ['office_id'], unique=False)

    op.create_table('case_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('competence', sa.Text(), nullable=False),
    sa.Column('term', sa.Text(), nullable=False),
    sa.Column('source', sa.Enum('case', 'merge', name='wordsource', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('problem_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['problem_id'], ['problems.id'], name=op.f('fk_case_words_problem_id_problems')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_words')),
    sa.UniqueConstraint('competence', 'term', 'problem_id', name=op.f('uq_case_words_competence_term_problem_id'))
    )
    with op.batch_alter_table('case_words', schema=None) as batch_op:
        batch_op.create_index('ix_case_words_problem', ['problem_id'], unique=False)

    op.create_table('snapshots',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('problem_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_snapshots_expert_id_experts')),
    sa.ForeignKeyConstraint(['problem_id'], ['problems.id'], name=op.f('fk_snapshots_problem_id_problems')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshots')),
    sa.UniqueConstraint('kind', 'version', name=op.f('uq_snapshots_kind_version'))
    )
    with op.batch_alter_table('snapshots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_snapshots_expert_id'), ['expert_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_snapshots_problem_id'), ['problem_id'], unique=False)

    op.create_table('text_vectors',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('model', sa.Text(), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('problem_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['experts.id'], name=op.f('fk_text_vectors_expert_id_experts')),
    sa.ForeignKeyConstraint(['problem_id'], ['problems.id'], name=op.f('fk_text_vectors_problem_id_problems')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_text_vectors')),
    sa.UniqueConstraint('digest', 'model', name=op.f('uq_text_vectors_digest_model'))
    )
    with op.batch_alter_table('text_vectors', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_text_vectors_expert_id'), ['expert_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_text_vectors_problem_id'), ['problem_id'], unique=False)

    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_proposals_problem_id_expert_id'), type_='unique')
        batch_op.create_index('uq_proposals_current', ['problem_id', 'expert_id'], unique=True, sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))



def downgrade() -> None:
    op.execute("DELETE FROM proposals WHERE replaced_at IS NOT NULL")
    with op.batch_alter_table('proposals', schema=None) as batch_op:
        batch_op.drop_index('uq_proposals_current', sqlite_where=sa.text('replaced_at IS NULL'), postgresql_where=sa.text('replaced_at IS NULL'))
        batch_op.create_unique_constraint(batch_op.f('uq_proposals_problem_id_expert_id'), ['problem_id', 'expert_id'])
        batch_op.drop_column('replaced_at')

    with op.batch_alter_table('text_vectors', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_text_vectors_problem_id'))
        batch_op.drop_index(batch_op.f('ix_text_vectors_expert_id'))

    op.drop_table('text_vectors')
    with op.batch_alter_table('snapshots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_snapshots_problem_id'))
        batch_op.drop_index(batch_op.f('ix_snapshots_expert_id'))

    op.drop_table('snapshots')
    with op.batch_alter_table('case_words', schema=None) as batch_op:
        batch_op.drop_index('ix_case_words_problem')

    op.drop_table('case_words')
    with op.batch_alter_table('golden_runs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_golden_runs_office_id'))

    op.drop_table('golden_runs')
    with op.batch_alter_table('calibrations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_calibrations_office_id'))

    op.drop_table('calibrations')
