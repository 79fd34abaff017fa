"""first house

Revision ID: 0001
Revises:
Create Date: 2026-11-24 16:09:28.574907+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: Foreign keys that close a circle of tables. SQLite takes them inside CREATE TABLE; PostgreSQL, which wants
#: both tables first, gets them afterwards.
CIRCLE = (
    ("fk_effects_dispatch_id_dispatches", "effects", "dispatches", "dispatch_id"),
    ("fk_loans_problem_id_problems", "loans", "problems", "problem_id"),
    ("fk_skills_case_id_cases", "skills", "cases", "case_id"),
    ("fk_dispatches_case_id_cases", "dispatches", "cases", "case_id"),
    ("fk_visits_activity_id_activities", "visits", "activities", "activity_id"),
)

#: Tables whose rows are written once: the log and the ledger of benefits.
APPEND_ONLY = ("log_entries", "benefits")

#: What a report may not change once it is submitted.
FROZEN = (
    "office_id",
    "starts_on",
    "ends_on",
    "number",
    "title",
    "paragraph",
    "figures",
    "case_list",
    "submitted_at",
)


def _close_circle() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, table, other, column in CIRCLE:
            op.create_foreign_key(name, table, other, [column], ["id"])


def _guard() -> None:
    guard = _guard_postgresql if op.get_bind().dialect.name == "postgresql" else _guard_sqlite
    for table in APPEND_ONLY:
        guard(table, "UPDATE", "TRUE")
        guard(table, "DELETE", "TRUE")
    changed = " OR ".join(f"{_text('NEW', c)} IS DISTINCT FROM {_text('OLD', c)}" for c in FROZEN)
    guard("reports", "UPDATE", f"OLD.state <> 'draft' AND (NEW.state = 'draft' OR {changed})")
    guard("reports", "DELETE", "OLD.state <> 'draft'")


def _text(row: str, column: str) -> str:
    # JSON has no equality in PostgreSQL; as text it has.
    return f"CAST({row}.{column} AS TEXT)"


def _guard_sqlite(table: str, verb: str, when: str) -> None:
    when = when.replace("IS DISTINCT FROM", "IS NOT")
    op.execute(
        f"CREATE TRIGGER keep_{table}_{verb.lower()} BEFORE {verb} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{table} keeps what was written'); END"
    )


def _guard_postgresql(table: str, verb: str, when: str) -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION keep_what_was_written() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% keeps what was written', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER keep_{table}_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW WHEN ({when}) "
        "EXECUTE FUNCTION keep_what_was_written()"
    )


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "form_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_keys")),
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_keys_used_at"), ["used_at"], unique=False)

    op.create_table(
        "holidays",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holidays")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "province",
                "city",
                "county",
                "town",
                "park",
                "enterprise",
                name="officelevel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["offices.id"], name=op.f("fk_offices_parent_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offices_path"), ["path"], unique=False)

    op.create_table(
        "sequences",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vocabulary", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("bearer", sa.Text(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from",
            name=op.f("ck_terms_dates_in_order"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint(
            "vocabulary", "code", "valid_from", name=op.f("uq_terms_vocabulary_code_valid_from")
        ),
    )
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_terms_vocabulary"), ["vocabulary"], unique=False)

    op.create_table(
        "weight_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_sets")),
        sa.UniqueConstraint("version", name=op.f("uq_weight_sets_version")),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "cancelled",
                name="activitystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("has_name_list", sa.Boolean(), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'held') = (held_on IS NOT NULL)", name=op.f("ck_activities_held_has_a_day")
        ),
        sa.CheckConstraint(
            "persons >= 0 AND attendances >= 0", name=op.f("ck_activities_trained_is_not_negative")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_activities_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index("ix_activities_office_held", ["office_id", "held_on"], unique=False)

    op.create_table(
        "enterprises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "known",
                "merged",
                name="enterprisestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("uscc", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("ownership", sa.Text(), nullable=True),
        sa.Column("has_union", sa.Boolean(), nullable=True),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)",
            name=op.f("ck_enterprises_merged_names_its_double"),
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["enterprises.id"], name=op.f("fk_enterprises_merged_into_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_enterprises_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprises_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_industry"), ["industry"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_uscc"), ["uscc"], unique=False)
        batch_op.create_index(
            "uq_enterprises_uscc_known",
            ["office_id", "uscc"],
            unique=True,
            sqlite_where=sa.text("uscc IS NOT NULL AND state = 'known'"),
            postgresql_where=sa.text("uscc IS NOT NULL AND state = 'known'"),
        )

    op.create_table(
        "number_series",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_number_series_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("office_id", "kind", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "activity_enterprises",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("has_come", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_enterprises_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_activity_enterprises_enterprise_id_enterprises"),
        ),
        sa.PrimaryKeyConstraint("activity_id", "enterprise_id", name=op.f("pk_activity_enterprises")),
    )
    with op.batch_alter_table("activity_enterprises", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activity_enterprises_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "enterprise_tiers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_enterprise_tiers_enterprise_id_enterprises")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_tiers")),
    )
    with op.batch_alter_table("enterprise_tiers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_tiers_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "experts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "paused",
                "left",
                name="expertstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("search_key", sa.Text(), nullable=False),
        sa.Column("employer", sa.Text(), nullable=False),
        sa.Column("employer_enterprise_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("skill_grade", sa.Text(), nullable=True),
        sa.Column("professional_title", sa.Text(), nullable=True),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("industries", sa.JSON(), nullable=False),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("unavailable_until", sa.Date(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["employer_enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_experts_employer_enterprise_id_enterprises"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_experts_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
    )
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experts_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_experts_revision"), ["revision"], unique=False)

    op.create_table(
        "activity_experts",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("has_come", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activities.id"],
            name=op.f("fk_activity_experts_activity_id_activities"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_activity_experts_expert_id_experts")
        ),
        sa.PrimaryKeyConstraint("activity_id", "expert_id", name=op.f("pk_activity_experts")),
    )
    with op.batch_alter_table("activity_experts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_experts_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "own_employer",
                "former_employer",
                "competitor",
                "supplier",
                "family",
                "stated",
                name="conflictkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_conflicts_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_conflicts_expert_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint(
            "expert_id", "enterprise_id", "kind", name=op.f("uq_conflicts_expert_id_enterprise_id_kind")
        ),
    )
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflicts_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_conflicts_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_consents_expert_id_experts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "effects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("dispatch_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "skill_weaker",
                "nearer",
                "unavailable",
                "conflict",
                "finer_skill",
                name="effectkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("problem_kind", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("strength", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("strength > 0 AND strength <= 1", name=op.f("ck_effects_strength_is_a_share")),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_effects_dispatch_id_dispatches"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_effects_expert_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effects")),
        sa.UniqueConstraint("dispatch_id", name=op.f("uq_effects_dispatch_id")),
    )
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_effects_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "honours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_honours_expert_id_experts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_honours")),
    )
    with op.batch_alter_table("honours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_honours_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "refused",
                "ended",
                name="loanstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_loans_expert_id_experts")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_loans_office_id_offices")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_loans_problem_id_problems"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
    )
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_office_id"), ["office_id"], unique=False)
        batch_op.create_index(
            "uq_loans_live",
            ["expert_id", "office_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('asked', 'agreed')"),
            postgresql_where=sa.text("state IN ('asked', 'agreed')"),
        )

    op.create_table(
        "skills",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "declared",
                "inferred",
                "proven",
                name="skillbasis",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_skills_case_id_cases"), use_alter=True
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_skills_expert_id_experts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
        sa.UniqueConstraint("expert_id", "text", "basis", name=op.f("uq_skills_expert_id_text_basis")),
    )
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_skills_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_stamp", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_users_expert_id_experts")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_users_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
        sa.UniqueConstraint("expert_id", name=op.f("uq_users_expert_id")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_office_id"), ["office_id"], unique=False)

    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "picture", "document", name="filekind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "enterprise",
                "expert",
                "office",
                "upper",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_attachments_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_key"), ["key"], unique=False)
        batch_op.create_index("ix_attachments_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_complaints_answered_by_id_users")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_complaints_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_complaints_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_complaints_phone_index"), ["phone_index"], unique=False)

    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_imports_by_id_users")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_imports_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imports_office_id"), ["office_id"], unique=False)

    op.create_table(
        "log_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "enterprise",
                "expert",
                "office",
                "upper",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column(
            "behalf_party",
            sa.Enum(
                "enterprise",
                "expert",
                "office",
                "upper",
                "system",
                name="behalf_party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "behalf_channel",
            sa.Enum(
                "telephone",
                "paper",
                "in_person",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("behalf_on", sa.Date(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(behalf_party IS NULL) = (behalf_channel IS NULL)", name=op.f("ck_log_entries_behalf_says_how")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_log_entries_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_log_entries_expert_id_experts")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_log_entries_office_id_offices")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_log_entries_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entries")),
    )
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.create_index("ix_log_entries_office_at", ["office_id", "at"], unique=False)
        batch_op.create_index("ix_log_entries_subject", ["subject_kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_entries_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_log_entries_verb"), ["verb"], unique=False)

    op.create_table(
        "menus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "self",
                "qr",
                "phone",
                "visit",
                "leadership",
                "import",
                name="menuchannel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("firm_as_written", sa.Text(), nullable=False),
        sa.Column("contact_name", sa.Text(), nullable=True),
        sa.Column("town", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_menus_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["filed_by_id"], ["users.id"], name=op.f("fk_menus_filed_by_id_users")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_menus_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menus")),
        sa.UniqueConstraint("number", name=op.f("uq_menus_number")),
    )
    with op.batch_alter_table("menus", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_menus_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_menus_external_id"), ["external_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_menus_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_menus_phone_index"), ["phone_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_menus_posted_at"), ["posted_at"], unique=False)

    op.create_table(
        "passwords_used",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_passwords_used_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passwords_used")),
    )
    with op.batch_alter_table("passwords_used", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passwords_used_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "taken",
                "returned",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("paragraph", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("case_list", sa.JSON(), nullable=False),
        sa.Column("remarks", sa.Text(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'draft') = (submitted_at IS NULL)", name=op.f("ck_reports_submitted_has_a_date")
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_reports_days_in_order")),
        sa.ForeignKeyConstraint(["drafted_by_id"], ["users.id"], name=op.f("fk_reports_drafted_by_id_users")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_reports_office_id_offices")),
        sa.ForeignKeyConstraint(
            ["submitted_by_id"], ["users.id"], name=op.f("fk_reports_submitted_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint(
            "office_id",
            "starts_on",
            "ends_on",
            "number",
            name=op.f("uq_reports_office_id_starts_on_ends_on_number"),
        ),
    )
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reports_office_id"), ["office_id"], unique=False)

    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "dispatcher",
                "leader",
                "writer",
                "verifier",
                "admin",
                "auditor",
                "expert",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_user_roles_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "role", name=op.f("pk_user_roles")),
    )
    op.create_table(
        "personal_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("menu_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(menu_id IS NULL) <> (expert_id IS NULL)", name=op.f("ck_personal_links_for_a_menu_or_an_expert")
        ),
        sa.ForeignKeyConstraint(
            ["expert_id"], ["experts.id"], name=op.f("fk_personal_links_expert_id_experts")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_personal_links_menu_id_menus")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_links_token_hash")),
    )
    with op.batch_alter_table("personal_links", schema=None) as batch_op:
        batch_op.create_index("ix_personal_links_expert_id", ["expert_id"], unique=False)
        batch_op.create_index("ix_personal_links_menu_id", ["menu_id"], unique=False)

    op.create_table(
        "problems",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("menu_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("owner_office_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "returned",
                "accepted",
                "dispatched",
                "solved",
                "partly",
                "unsolved",
                "rejected",
                "withdrawn",
                "lapsed",
                name="problemstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporting_kind", sa.Text(), nullable=True),
        sa.Column("problem_kind", sa.Text(), nullable=True),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("site_risks", sa.JSON(), nullable=False),
        sa.Column("is_insured", sa.Boolean(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("classified", sa.JSON(), nullable=False),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column(
            "solved_by",
            sa.Enum(
                "case", "card", "phone", name="solvedby", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('solved')) = (solved_by IS NOT NULL)", name=op.f("ck_problems_solved_says_how")
        ),
        sa.CheckConstraint(
            "(state IN ('solved', 'partly', 'unsolved', 'rejected', 'withdrawn', 'lapsed')) = (ended_at IS NOT NULL)",
            name=op.f("ck_problems_ended_has_a_date"),
        ),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["users.id"], name=op.f("fk_problems_assigned_to_id_users")
        ),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["problems.id"], name=op.f("fk_problems_duplicate_of_id_problems")
        ),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_problems_menu_id_menus")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_problems_office_id_offices")),
        sa.ForeignKeyConstraint(
            ["owner_office_id"], ["offices.id"], name=op.f("fk_problems_owner_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        sa.UniqueConstraint("menu_id", "position", name=op.f("uq_problems_menu_id_position")),
        sa.UniqueConstraint("number", name=op.f("uq_problems_number")),
    )
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_problems_industry"), ["industry"], unique=False)
        batch_op.create_index(batch_op.f("ix_problems_menu_id"), ["menu_id"], unique=False)
        batch_op.create_index("ix_problems_office_state", ["office_id", "state"], unique=False)
        batch_op.create_index(
            "ix_problems_owner_submitted", ["owner_office_id", "submitted_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_problems_problem_kind"), ["problem_kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_problems_reporting_kind"), ["reporting_kind"], unique=False)

    op.create_table(
        "call_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_call_notes_by_id_users")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_call_notes_problem_id_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_notes")),
    )
    with op.batch_alter_table("call_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_notes_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "opened",
                "diagnosed",
                "fixed",
                "closed",
                "confirmed",
                "unanswered",
                "reopened",
                "abandoned",
                name="casestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "solved",
                "partly",
                "unsolved",
                "sent_up",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("outcome_text", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("diagnosed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_via",
            sa.Enum(
                "own_link",
                "recorded",
                name="confirmedvia",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_text", sa.Text(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("attendances", sa.Integer(), nullable=False),
        sa.Column("has_name_list", sa.Boolean(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=True),
        sa.Column("released_typical_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('closed', 'confirmed', 'unanswered', 'reopened')) = (closed_at IS NOT NULL)",
            name=op.f("ck_cases_closed_has_a_date"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_cases_closed_has_an_outcome")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_via IS NULL)", name=op.f("ck_cases_confirmed_says_how")
        ),
        sa.CheckConstraint(
            "persons >= 0 AND attendances >= 0", name=op.f("ck_cases_trained_is_not_negative")
        ),
        sa.CheckConstraint(
            "rating IS NULL OR (rating >= 1 AND rating <= 5)", name=op.f("ck_cases_rating_is_one_to_five")
        ),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_cases_problem_id_problems")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
        sa.UniqueConstraint("problem_id", "round", name=op.f("uq_cases_problem_id_round")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_closed", ["closed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(
            "uq_cases_open",
            ["problem_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('opened', 'diagnosed', 'fixed')"),
            postgresql_where=sa.text("state IN ('opened', 'diagnosed', 'fixed')"),
        )

    op.create_table(
        "clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "accept",
                "dispatch",
                "answer",
                "contact",
                "visit",
                "close",
                "confirm",
                "question",
                name="clockstep",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hours_before", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("resumed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_met", sa.Boolean(), nullable=True),
        sa.Column("hours", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR hours IS NOT NULL", name=op.f("ck_clocks_ended_knows_its_hours")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_clocks_office_id_offices")),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_clocks_problem_id_problems")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index("ix_clocks_due", ["ended_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clocks_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clocks_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(
            "uq_clocks_running",
            ["problem_id", "step"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "dispatches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "lead", "member", name="dispatchrole", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "terms",
                "accepted",
                "declined",
                "expired",
                "recalled",
                "released",
                "done",
                name="dispatchstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hides_firm", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "terms_kind",
            sa.Enum(
                "other_date",
                "remote_first",
                "one_more_expert",
                "only_part",
                name="termskind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("terms_text", sa.Text(), nullable=False),
        sa.Column("terms_date", sa.Date(), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "not_my_trade",
                "too_far",
                "no_time",
                "conflict",
                "model_unknown",
                name="declinereason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("decline_text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)",
            name=op.f("ck_dispatches_declined_says_why"),
        ),
        sa.CheckConstraint(
            "state <> 'terms' OR terms_kind IS NOT NULL", name=op.f("ck_dispatches_terms_are_named")
        ),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'done') OR case_id IS NOT NULL",
            name=op.f("ck_dispatches_accepted_works_a_case"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_dispatches_by_id_users")),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_dispatches_case_id_cases"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_dispatches_expert_id_experts")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_dispatches_problem_id_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispatches")),
    )
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dispatches_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dispatches_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(
            "uq_dispatches_live_lead",
            ["problem_id"],
            unique=True,
            sqlite_where=sa.text("role = 'lead' AND state IN ('offered', 'terms', 'accepted')"),
            postgresql_where=sa.text("role = 'lead' AND state IN ('offered', 'terms', 'accepted')"),
        )
        batch_op.create_index(
            "uq_dispatches_live_pair",
            ["problem_id", "expert_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('offered', 'terms', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'terms', 'accepted')"),
        )

    op.create_table(
        "handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("from_office_id", sa.Integer(), nullable=False),
        sa.Column("to_office_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "up",
                "down",
                "across",
                name="handoverkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_handovers_by_id_users")),
        sa.ForeignKeyConstraint(
            ["from_office_id"], ["offices.id"], name=op.f("fk_handovers_from_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_handovers_problem_id_problems")
        ),
        sa.ForeignKeyConstraint(
            ["to_office_id"], ["offices.id"], name=op.f("fk_handovers_to_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handovers_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handovers_to_office_id"), ["to_office_id"], unique=False)

    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("is_suitable", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_proposals_expert_id_experts")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_proposals_problem_id_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("problem_id", "expert_id", name=op.f("uq_proposals_problem_id_expert_id")),
    )
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposals_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposals_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_questions_asked_by_id_users")),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["problems.id"], name=op.f("fk_questions_problem_id_problems")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_problem_id"), ["problem_id"], unique=False)

    op.create_table(
        "benefits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "income",
                "saving",
                "loss_avoided",
                name="benefitkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "entry",
            sa.Enum(
                "stated",
                "adopted",
                "verified",
                "rejected",
                name="entrykind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column(
            "party",
            sa.Enum(
                "enterprise",
                "expert",
                "office",
                "upper",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "per",
            sa.Enum("once", "year", name="per", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("inputs", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "evidence_grade",
            sa.Enum(
                "invoice",
                "meter",
                "production_record",
                "stamped_statement",
                "telephone",
                "none",
                name="evidencegrade",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "entry = 'stated' OR about_id IS NOT NULL", name=op.f("ck_benefits_answers_name_a_statement")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_benefits_amount_is_not_negative")),
        sa.ForeignKeyConstraint(["about_id"], ["benefits.id"], name=op.f("fk_benefits_about_id_benefits")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_benefits_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["benefits.id"], name=op.f("fk_benefits_corrects_id_benefits")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_benefits_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benefits")),
    )
    with op.batch_alter_table("benefits", schema=None) as batch_op:
        batch_op.create_index("ix_benefits_chain", ["case_id", "kind", "id"], unique=False)
        batch_op.create_index("ix_benefits_entry_on", ["entry", "entered_on"], unique=False)

    op.create_table(
        "competence_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["users.id"], name=op.f("fk_competence_edits_by_id_users")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_competence_edits_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_competence_edits")),
    )
    with op.batch_alter_table("competence_edits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_competence_edits_competence"), ["competence"], unique=False)

    op.create_table(
        "diagnoses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("methods", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_diagnoses_case_id_cases")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_diagnoses_expert_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_diagnoses")),
    )
    with op.batch_alter_table("diagnoses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_diagnoses_case_id"), ["case_id"], unique=False)

    op.create_table(
        "fixes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_fixes_case_id_cases")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_fixes_expert_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixes")),
    )
    with op.batch_alter_table("fixes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fixes_case_id"), ["case_id"], unique=False)

    op.create_table(
        "follow_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_follow_ups_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["users.id"], name=op.f("fk_follow_ups_recorded_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_ups")),
    )
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_ups_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_follow_ups_due_on"), ["due_on"], unique=False)
        batch_op.create_index("uq_follow_ups_case_months", ["case_id", "months"], unique=True)

    op.create_table(
        "leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "found",
                "drafted",
                "submitted",
                "awarded",
                "not_awarded",
                "dropped",
                name="leadstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_leads_case_id_cases")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_leads_office_id_offices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("case_id", name=op.f("uq_leads_case_id")),
    )
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.create_index("ix_leads_office_state", ["office_id", "state"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "enterprise",
                "expert",
                "office",
                "upper",
                "system",
                name="party",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expert_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("problem_id", sa.Integer(), nullable=True),
        sa.Column("menu_id", sa.Integer(), nullable=True),
        sa.Column("dispatch_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "failed",
                "by_hand",
                name="noticestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dispatch_id"], ["dispatches.id"], name=op.f("fk_notices_dispatch_id_dispatches")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprises.id"], name=op.f("fk_notices_enterprise_id_enterprises")
        ),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_notices_expert_id_experts")),
        sa.ForeignKeyConstraint(["menu_id"], ["menus.id"], name=op.f("fk_notices_menu_id_menus")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_notices_office_id_offices")),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_notices_problem_id_problems")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_problem_id"), ["problem_id"], unique=False)
        batch_op.create_index("ix_notices_state", ["state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_user_id"), ["user_id"], unique=False)

    op.create_table(
        "solution_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("problem_kind", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_solved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_solution_cards_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_solution_cards_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"], ["users.id"], name=op.f("fk_solution_cards_released_by_id_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solution_cards")),
        sa.UniqueConstraint("case_id", name=op.f("uq_solution_cards_case_id")),
    )
    with op.batch_alter_table("solution_cards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_solution_cards_office_id"), ["office_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "held",
                "moved",
                "cancelled",
                "no_show",
                name="visitstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "form",
            sa.Enum(
                "onsite",
                "remote",
                "invited",
                name="visitform",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("planned_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("hours", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("absent", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'held') = (held_on IS NOT NULL)", name=op.f("ck_visits_held_has_a_day")),
        sa.CheckConstraint(
            "(state = 'no_show') = (absent IS NOT NULL)", name=op.f("ck_visits_no_show_says_who")
        ),
        sa.CheckConstraint(
            "hours IS NULL OR (hours >= 0 AND hours <= 240)", name=op.f("ck_visits_hours_are_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_visits_activity_id_activities"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_visits_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visits_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_visits_held_on", ["held_on"], unique=False)

    op.create_table(
        "visitors",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_visitors_expert_id_experts")),
        sa.ForeignKeyConstraint(
            ["visit_id"], ["visits.id"], name=op.f("fk_visitors_visit_id_visits"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("visit_id", "expert_id", name=op.f("pk_visitors")),
    )
    with op.batch_alter_table("visitors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visitors_expert_id"), ["expert_id"], unique=False)

    _close_circle()
    _guard()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, table, *_ in CIRCLE:
            op.drop_constraint(name, table, type_="foreignkey")
    with op.batch_alter_table("visitors", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visitors_expert_id"))

    op.drop_table("visitors")
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index("ix_visits_held_on")
        batch_op.drop_index(batch_op.f("ix_visits_case_id"))

    op.drop_table("visits")
    with op.batch_alter_table("solution_cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_solution_cards_office_id"))

    op.drop_table("solution_cards")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_user_id"))
        batch_op.drop_index("ix_notices_state")
        batch_op.drop_index(batch_op.f("ix_notices_problem_id"))
        batch_op.drop_index(batch_op.f("ix_notices_office_id"))
        batch_op.drop_index(batch_op.f("ix_notices_expert_id"))

    op.drop_table("notices")
    with op.batch_alter_table("leads", schema=None) as batch_op:
        batch_op.drop_index("ix_leads_office_state")

    op.drop_table("leads")
    with op.batch_alter_table("follow_ups", schema=None) as batch_op:
        batch_op.drop_index("uq_follow_ups_case_months")
        batch_op.drop_index(batch_op.f("ix_follow_ups_due_on"))
        batch_op.drop_index(batch_op.f("ix_follow_ups_case_id"))

    op.drop_table("follow_ups")
    with op.batch_alter_table("fixes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fixes_case_id"))

    op.drop_table("fixes")
    with op.batch_alter_table("diagnoses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_diagnoses_case_id"))

    op.drop_table("diagnoses")
    with op.batch_alter_table("competence_edits", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_competence_edits_competence"))

    op.drop_table("competence_edits")
    with op.batch_alter_table("benefits", schema=None) as batch_op:
        batch_op.drop_index("ix_benefits_entry_on")
        batch_op.drop_index("ix_benefits_chain")

    op.drop_table("benefits")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_questions_problem_id"))

    op.drop_table("questions")
    with op.batch_alter_table("proposals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposals_problem_id"))
        batch_op.drop_index(batch_op.f("ix_proposals_expert_id"))

    op.drop_table("proposals")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handovers_to_office_id"))
        batch_op.drop_index(batch_op.f("ix_handovers_problem_id"))

    op.drop_table("handovers")
    with op.batch_alter_table("dispatches", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_dispatches_live_pair",
            sqlite_where=sa.text("state IN ('offered', 'terms', 'accepted')"),
            postgresql_where=sa.text("state IN ('offered', 'terms', 'accepted')"),
        )
        batch_op.drop_index(
            "uq_dispatches_live_lead",
            sqlite_where=sa.text("role = 'lead' AND state IN ('offered', 'terms', 'accepted')"),
            postgresql_where=sa.text("role = 'lead' AND state IN ('offered', 'terms', 'accepted')"),
        )
        batch_op.drop_index(batch_op.f("ix_dispatches_problem_id"))
        batch_op.drop_index(batch_op.f("ix_dispatches_expert_id"))
        batch_op.drop_index(batch_op.f("ix_dispatches_case_id"))

    op.drop_table("dispatches")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clocks_running",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_clocks_problem_id"))
        batch_op.drop_index(batch_op.f("ix_clocks_office_id"))
        batch_op.drop_index("ix_clocks_due")

    op.drop_table("clocks")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cases_open",
            sqlite_where=sa.text("state IN ('opened', 'diagnosed', 'fixed')"),
            postgresql_where=sa.text("state IN ('opened', 'diagnosed', 'fixed')"),
        )
        batch_op.drop_index(batch_op.f("ix_cases_problem_id"))
        batch_op.drop_index("ix_cases_closed")

    op.drop_table("cases")
    with op.batch_alter_table("call_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_notes_problem_id"))

    op.drop_table("call_notes")
    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_problems_reporting_kind"))
        batch_op.drop_index(batch_op.f("ix_problems_problem_kind"))
        batch_op.drop_index("ix_problems_owner_submitted")
        batch_op.drop_index("ix_problems_office_state")
        batch_op.drop_index(batch_op.f("ix_problems_menu_id"))
        batch_op.drop_index(batch_op.f("ix_problems_industry"))

    op.drop_table("problems")
    with op.batch_alter_table("personal_links", schema=None) as batch_op:
        batch_op.drop_index("ix_personal_links_menu_id")
        batch_op.drop_index("ix_personal_links_expert_id")

    op.drop_table("personal_links")
    op.drop_table("user_roles")
    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reports_office_id"))

    op.drop_table("reports")
    with op.batch_alter_table("passwords_used", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passwords_used_user_id"))

    op.drop_table("passwords_used")
    with op.batch_alter_table("menus", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_menus_posted_at"))
        batch_op.drop_index(batch_op.f("ix_menus_phone_index"))
        batch_op.drop_index(batch_op.f("ix_menus_office_id"))
        batch_op.drop_index(batch_op.f("ix_menus_external_id"))
        batch_op.drop_index(batch_op.f("ix_menus_enterprise_id"))

    op.drop_table("menus")
    with op.batch_alter_table("log_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_log_entries_verb"))
        batch_op.drop_index(batch_op.f("ix_log_entries_user_id"))
        batch_op.drop_index("ix_log_entries_subject")
        batch_op.drop_index("ix_log_entries_office_at")

    op.drop_table("log_entries")
    with op.batch_alter_table("imports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imports_office_id"))

    op.drop_table("imports")
    with op.batch_alter_table("complaints", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_complaints_phone_index"))
        batch_op.drop_index(batch_op.f("ix_complaints_office_id"))

    op.drop_table("complaints")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index("ix_attachments_subject")
        batch_op.drop_index(batch_op.f("ix_attachments_key"))

    op.drop_table("attachments")
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_users_office_id"))

    op.drop_table("users")
    with op.batch_alter_table("skills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_skills_expert_id"))

    op.drop_table("skills")
    with op.batch_alter_table("loans", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_loans_live",
            sqlite_where=sa.text("state IN ('asked', 'agreed')"),
            postgresql_where=sa.text("state IN ('asked', 'agreed')"),
        )
        batch_op.drop_index(batch_op.f("ix_loans_office_id"))
        batch_op.drop_index(batch_op.f("ix_loans_expert_id"))

    op.drop_table("loans")
    with op.batch_alter_table("honours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_honours_expert_id"))

    op.drop_table("honours")
    with op.batch_alter_table("effects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_effects_expert_id"))

    op.drop_table("effects")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_expert_id"))

    op.drop_table("consents")
    with op.batch_alter_table("conflicts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflicts_expert_id"))
        batch_op.drop_index(batch_op.f("ix_conflicts_enterprise_id"))

    op.drop_table("conflicts")
    with op.batch_alter_table("activity_experts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_experts_expert_id"))

    op.drop_table("activity_experts")
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_experts_revision"))
        batch_op.drop_index(batch_op.f("ix_experts_phone_index"))
        batch_op.drop_index(batch_op.f("ix_experts_office_id"))
        batch_op.drop_index(batch_op.f("ix_experts_external_id"))

    op.drop_table("experts")
    with op.batch_alter_table("enterprise_tiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_tiers_enterprise_id"))

    op.drop_table("enterprise_tiers")
    with op.batch_alter_table("activity_enterprises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activity_enterprises_enterprise_id"))

    op.drop_table("activity_enterprises")
    op.drop_table("number_series")
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enterprises_uscc_known",
            sqlite_where=sa.text("uscc IS NOT NULL AND state = 'known'"),
            postgresql_where=sa.text("uscc IS NOT NULL AND state = 'known'"),
        )
        batch_op.drop_index(batch_op.f("ix_enterprises_uscc"))
        batch_op.drop_index(batch_op.f("ix_enterprises_phone_index"))
        batch_op.drop_index(batch_op.f("ix_enterprises_office_id"))
        batch_op.drop_index(batch_op.f("ix_enterprises_name_key"))
        batch_op.drop_index(batch_op.f("ix_enterprises_industry"))
        batch_op.drop_index(batch_op.f("ix_enterprises_external_id"))

    op.drop_table("enterprises")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_office_held")

    op.drop_table("activities")
    op.drop_table("weight_sets")
    with op.batch_alter_table("terms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_terms_vocabulary"))

    op.drop_table("terms")
    op.drop_table("sequences")
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_path"))
        batch_op.drop_index(batch_op.f("ix_offices_parent_id"))

    op.drop_table("offices")
    op.drop_table("holidays")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_keys_used_at"))

    op.drop_table("form_keys")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempts_ends_at"))

    op.drop_table("attempts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS keep_what_was_written()")
