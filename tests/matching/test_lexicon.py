"""The trade lexicon keeps its form: ids, terms without doubles, links that lead somewhere, every division served."""

from collections import Counter

from matcher.matching import shipped_lexicon
from matcher.matching.industries import divisions

#: Divisions in which no enterprise of Jiangsu asks a craftsman: other mining, social insurance, international bodies.
UNASKED = {"12", "93", "97"}
FEWEST = 1_000
#: A term in more competences than this says nothing about any of them.
WIDEST = 60


def test_there_are_a_thousand_competences_with_ids_and_names_of_their_own() -> None:
    found = shipped_lexicon().competences
    assert len(found) >= FEWEST
    assert len({one.id for one in found}) == len(found)
    assert len({one.name for one in found}) == len(found)
    assert [one.id for one in found] == sorted(one.id for one in found)


def test_no_term_stands_twice_in_a_field_and_none_is_empty_or_a_sentence() -> None:
    for one in shipped_lexicon().competences:
        for field, terms in one.terms.items():
            assert len(set(terms)) == len(terms), f"{one.id}.{field}"
            assert all(1 < len(term.strip()) <= 24 for term in terms), f"{one.id}.{field}"


def test_no_term_fits_everything() -> None:
    counted = Counter(term for one in shipped_lexicon().competences for term in {t for _f, t in one.all_terms()})
    assert not [term for term, count in counted.items() if count > WIDEST]


def test_links_lead_to_other_competences() -> None:
    found = shipped_lexicon().competences
    ids = {one.id for one in found}
    for one in found:
        assert set(one.near) <= ids - {one.id}, one.id


def test_every_division_is_served() -> None:
    served = {code for one in shipped_lexicon().competences for code in one.industries}
    assert served <= set(divisions())
    assert set(divisions()) - served == UNASKED
