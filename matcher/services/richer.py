"""What can be read out of an expert's free-text profile, for people to confirm in one press."""

from collections.abc import Collection, Sequence

from matcher.errors import BadInput
from matcher.matching.enriching import Suggestion, phrases, suggest
from matcher.matching.normal import normalise
from matcher.models import Actor, Expert, Skill, SkillBasis
from matcher.services import lexicon, roster_index, words
from matcher.services.history import record


def read_out(expert: Expert) -> None:
    """Keep the skill phrases of the profile as inferred, in the place of those read before and not confirmed."""
    confirmed = [skill for skill in expert.skills if skill.basis is not SkillBasis.INFERRED]
    # A record that was not written yet has no defaults.
    said = [expert.trade or "", *(skill.text for skill in confirmed)]
    expert.skills = confirmed + [
        Skill(text=text, basis=SkillBasis.INFERRED) for text in skill_phrases(expert.profile or "", said)
    ]


def skill_phrases(profile: str, said: Sequence[str] = ()) -> list[str]:
    """Skill phrases of a profile that are not said already."""
    if not profile.strip():
        return []
    known = {normalise(text).text for text in said}
    return list(dict.fromkeys(found.text for found in phrases(profile, lexicon.current_lexicon(), known)))


def suggestion_for(expert: Expert) -> Suggestion:
    """Trade and industries that the profile speaks of and the record does not have; with the words they came from.

    Its skills are those that wait to be confirmed.
    """
    found = suggest(roster_index.profile_of(expert), lexicon.current_lexicon())
    waiting = {skill.text for skill in waiting_skills(expert)}
    read = phrases(expert.profile, lexicon.current_lexicon())
    return Suggestion(found.trade, tuple(one for one in read if one.text in waiting), found.industries)


def waiting_skills(expert: Expert) -> list[Skill]:
    """Skills that were read out and that nobody has confirmed or struck yet."""
    return [skill for skill in expert.skills if skill.basis is SkillBasis.INFERRED]


def adopt(
    expert: Expert,
    *,
    by: Actor,
    skills: Collection[int] = (),
    trade: str = "",
    industries: Collection[str] = (),
) -> None:
    """One press: these skills (by id) are so and the others that waited are not; trade and industries where given.

    The caller touches the record, so that the index sees it.
    """
    known = words.codes("industries")
    if any(code not in known for code in industries):
        raise BadInput("没有这个行业。", field="industries")
    waiting = waiting_skills(expert)
    confirmed = [skill for skill in waiting if skill.id in skills]
    said = {skill.text for skill in expert.skills if skill.basis is SkillBasis.DECLARED}
    expert.skills = [skill for skill in expert.skills if skill not in waiting] + [
        Skill(text=skill.text, basis=SkillBasis.DECLARED) for skill in confirmed if skill.text not in said
    ]
    if trade and not expert.trade:
        expert.trade = trade[:100]
    expert.industries = list(dict.fromkeys([*expert.industries, *industries]))
    record(
        by,
        "expert.adopt_profile",
        expert,
        confirmed=len(confirmed),
        struck=len(waiting) - len(confirmed),
        industries=sorted(industries),
    )
