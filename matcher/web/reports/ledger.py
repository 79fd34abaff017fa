"""The benefit ledger: every chain of the cases one sees, and the page where one case's chains are answered."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from matcher.access.doors import benefit_for, case_for, visible_cases
from matcher.access.rights import Right, may, require
from matcher.db import db, today
from matcher.errors import BadInput
from matcher.models import Benefit, BenefitKind, Case, EvidenceGrade, Per
from matcher.plain.errors import PlainError
from matcher.services import attachments, benefits, ledger, verifying
from matcher.services.benefit_calculators import input_label
from matcher.services.ledger import Filters, Standing
from matcher.web import once
from matcher.web.desk import labels
from matcher.web.errors import put_on_form
from matcher.web.gates import actor, staff
from matcher.web.reports.blueprint import bp
from matcher.web.reports.ledger_forms import RejectForm, StateForm, VerifyForm

PER_PAGE = 50
F = TypeVar("F", bound=FlaskForm)

#: Tabs in the order of the work: (label, icon).
TABS = {
    Standing.STATED: (_l("待采用"), "question"),
    Standing.ESTIMATED: (_l("待核实"), "clock"),
    Standing.VERIFIED: (_l("已核实"), "tick"),
    Standing.REJECTED: (_l("不予认定"), "cross"),
}


@bp.get("/ledger", endpoint="ledger")
def ledger_list() -> str:
    """The chains, filtered; those that wait for a verifier stand in the order of what to look at first."""
    cases, filters = visible_cases(staff()), _filters()
    weighed = {(w.case_id, w.kind): w for w in verifying.to_verify(cases, on=today())}
    wanted = [(case_id, BenefitKind(kind)) for case_id, kind in db.session.execute(ledger.keys(cases, filters))]
    if filters.standing is Standing.ESTIMATED:
        place = {key: number for number, key in enumerate(weighed)}
        wanted.sort(key=lambda key: place.get(key, len(place)))
    number = max(request.args.get("page", 1, type=int), 1)
    start = (number - 1) * PER_PAGE
    return render_template(
        "reports/ledger.html",
        rows=ledger.rows(wanted[start : start + PER_PAGE]),
        weighed=weighed,
        counts=ledger.counts(cases),
        filters=filters,
        kept=_kept(),
        tabs=TABS,
        labels=labels,
        page=number,
        has_more=len(wanted) > start + PER_PAGE,
        total=len(wanted),
        grades=list(EvidenceGrade),
    )


@bp.get("/ledger/cases/<int:case_id>")
def ledger_case(case_id: int) -> str:
    """Every chain of one case: what each party said, what counts, and what may be done about it."""
    return _page(case_for(staff(), case_id))


@bp.post("/ledger/cases/<int:case_id>/state")
def state_benefit(case_id: int) -> Any:
    """What the union itself knows; or the correction of what it said before."""
    case = case_for(staff(), case_id)
    require(staff(), Right.RECORD, case.problem)

    def act(form: StateForm) -> None:
        corrects = benefit_for(staff(), int(form.corrects.data)) if (form.corrects.data or "").isdigit() else None
        benefits.state_benefit(
            case,
            BenefitKind(form.kind.data),
            form.yuan,
            Per(form.per.data),
            by=actor(),
            baseline=form.baseline.data or "",
            formula=form.formula.data or "",
            evidence=form.evidence.data or "",
            evidence_grade=EvidenceGrade(form.evidence_grade.data),
            corrects=corrects,
        )

    return _take(case, StateForm(), "state", act, _("已记入台账。采用后才计入预计效益。"))


@bp.post("/ledger/<int:benefit_id>/adopt")
def adopt_benefit(benefit_id: int) -> Any:
    """Take this statement as the estimate."""
    if (before := once.taken_before()) is not None:
        return before
    line = benefit_for(staff(), benefit_id)
    require(staff(), Right.ADOPT_BENEFIT, line.case.problem)
    benefits.adopt(line, by=actor())
    flash(_("已采用为预计效益。"))
    return once.done(_address(line))


@bp.post("/ledger/<int:benefit_id>/verify")
def verify_benefit(benefit_id: int) -> Any:
    """The amount was checked; it replaces the estimate from today on."""
    line = benefit_for(staff(), benefit_id)
    require(staff(), Right.VERIFY_BENEFIT, line.case.problem)

    def act(form: VerifyForm) -> None:
        benefits.verify(
            line,
            form.yuan,
            by=actor(),
            per=Per(form.per.data),
            evidence=form.evidence.data or "",
            evidence_grade=EvidenceGrade(form.evidence_grade.data),
            remark=form.remark.data or "",
        )

    form = VerifyForm(prefix=f"v{line.id}-")
    return _take(line.case, form, f"verify-{line.id}", act, _("已核实。从今天起按核实的金额计入。"), line.kind)


@bp.post("/ledger/<int:benefit_id>/reject")
def reject_benefit(benefit_id: int) -> Any:
    """不予认定, with the reason."""
    line = benefit_for(staff(), benefit_id)
    require(staff(), Right.VERIFY_BENEFIT, line.case.problem)

    def act(form: RejectForm) -> None:
        benefits.reject(line, form.remark.data or "", by=actor())

    form = RejectForm(prefix=f"r{line.id}-")
    return _take(line.case, form, f"reject-{line.id}", act, _("已记为不予认定。"), line.kind)


def _take(case: Case, form: F, name: str, act: Callable[[F], None], said: str, kind: BenefitKind | None = None) -> Any:
    """Check, act, commit, answer; a form that is not right comes back on the case's page."""
    if (before := once.taken_before()) is not None:
        return before
    case_id = case.id
    if not form.validate_on_submit():
        return _page(case, wrong={name: form}), BadInput.status
    try:
        act(form)
    except (BadInput, PlainError) as error:
        db.session.rollback()
        put_on_form(form, error)
        return _page(case_for(staff(), case_id), wrong={name: form}), BadInput.status
    flash(said)
    anchor = f"chain-{kind.value}" if kind is not None else None
    return once.done(url_for("reports.ledger_case", case_id=case_id, _anchor=anchor))


def _page(case: Case, *, wrong: dict[str, FlaskForm] | None = None) -> str:
    user, problem, forms = staff(), case.problem, dict(wrong or {})
    chains = benefits.chains_of(case)
    may_verify = may(user, Right.VERIFY_BENEFIT, problem)
    may_state = may(user, Right.RECORD, problem)
    for chain in chains:
        if may_verify and not benefits.is_barred(user, chain):
            _offer_verdict(chain, forms)
    if may_state and "state" not in forms:
        forms["state"] = _fresh_statement(case, chains)
    stated = [line for chain in chains for line in chain.lines]
    files_of = attachments.files_by_thing([case, *stated])
    return render_template(
        "reports/ledger_case.html",
        case=case,
        rows=[ledger.Row(case, chain, ledger.standing_of(chain)) for chain in chains],
        weighed={w.kind: w for w in verifying.to_verify(visible_cases(user), on=today()) if w.case_id == case.id},
        verifiers={chain.lines[0].kind: verifying.verifiers(chain) for chain in chains},
        barred={chain.lines[0].kind for chain in chains if benefits.is_barred(user, chain)},
        forms=forms,
        wrong=wrong or {},
        tabs=TABS,
        labels=labels,
        may_adopt=may(user, Right.ADOPT_BENEFIT, problem),
        may_verify=may_verify,
        may_state=may_state,
        files={line.id: files_of(line) for line in stated},
        case_files=files_of(case),
        numbers=_numbers(chains),
        input_label=input_label,
    )


def _offer_verdict(chain: benefits.Chain, forms: dict[str, FlaskForm]) -> None:
    """Fresh forms for the statement whose answer can be judged, filled with what the estimate says."""
    if (answer := chain.answer) is None:
        return
    name = f"verify-{answer.about_id}"
    if name not in forms:
        filled = {"amount": f"{answer.amount:.2f}", "per": answer.per.value}
        filled |= {"evidence_grade": answer.evidence_grade.value, "evidence": answer.evidence}
        forms[name] = VerifyForm(formdata=None, prefix=f"v{answer.about_id}-", data=filled)
    forms.setdefault(f"reject-{answer.about_id}", RejectForm(formdata=None, prefix=f"r{answer.about_id}-"))


def _fresh_statement(case: Case, chains: list[benefits.Chain]) -> StateForm:
    """An empty form, or (?corrects=) one filled with the line that is to be corrected."""
    asked = request.args.get("corrects", type=int)
    said = [line for chain in chains for line in chain.statements]
    line = next((b for b in said if b.id == asked and b.party is actor().party), None)
    if line is None:
        return StateForm(formdata=None)
    filled = {"amount": f"{line.amount:.2f}", "per": line.per.value, "kind": line.kind.value, "corrects": str(line.id)}
    filled |= {"evidence_grade": line.evidence_grade.value, "evidence": line.evidence}
    return StateForm(formdata=None, data=filled | {"baseline": line.baseline, "formula": line.formula})


def _numbers(chains: list[benefits.Chain]) -> dict[int, int]:
    """Lines counted from 1 within their chain, as the page names them."""
    return {line.id: number for chain in chains for number, line in enumerate(chain.lines, start=1)}


def _address(line: Benefit) -> str:
    return url_for("reports.ledger_case", case_id=line.case_id, _anchor=f"chain-{line.kind.value}")


def _filters() -> Filters:
    asked = request.args
    standing, kind, grade = asked.get("standing", ""), asked.get("kind", ""), asked.get("grade", "")
    return Filters(
        standing=Standing(standing) if standing in set(Standing) else None,
        kind=BenefitKind(kind) if kind in set(BenefitKind) else None,
        grade=EvidenceGrade(grade) if grade in set(EvidenceGrade) else None,
        words=asked.get("q", "").strip()[:100],
    )


def _kept() -> dict[str, str]:
    """The filters that stay when another tab is opened."""
    return {name: value for name, value in request.args.items() if name in ("kind", "grade", "q") and value}
