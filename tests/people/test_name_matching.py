"""What counts as near, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from lienthong.people.name_matching import Nearness, TypedName

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NAMES = st.lists(st.text(LETTERS, min_size=1, max_size=6), min_size=1, max_size=4).map(" ".join)


@given(NAMES, st.data())
def test_a_name_with_one_letter_changed_is_a_neighbour(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    wrong = name[:place] + letter + name[place + 1 :]

    assert wrong == name or wrong in TypedName(name).neighbours


@given(NAMES, st.data())
def test_being_one_letter_off_holds_both_ways(name: str, data: st.DataObject) -> None:
    near = data.draw(st.sampled_from(sorted(TypedName(name).neighbours)))
    if TypedName(name).neighbours[near] is Nearness.ONE_LETTER_OFF and near == TypedName(near).key:
        assert name in TypedName(near).neighbours


@given(NAMES, st.data())
def test_the_same_words_in_another_order_are_neighbours(name: str, data: st.DataObject) -> None:
    shuffled = " ".join(data.draw(st.permutations(name.split())))

    assert shuffled == name or TypedName(name).neighbours[shuffled] is Nearness.OTHER_ORDER


@given(NAMES, st.data())
def test_a_name_with_a_word_more_fits_one_of_the_gaps(name: str, data: st.DataObject) -> None:
    words = name.split()
    place = data.draw(st.integers(0, len(words)))
    longer = " ".join([*words[:place], "thi", *words[place:]])

    assert any(longer.startswith(before) and longer.endswith(after) for before, after in TypedName(name).gaps)
    assert TypedName(name).nearness(name_key=longer, full_name=longer) <= Nearness.OTHER_WORDS


@given(st.text(max_size=80))
def test_any_text_can_be_typed(text: str) -> None:
    typed = TypedName(text)

    assert typed.key not in typed.neighbours
    assert typed.nearness(name_key=typed.key, full_name=text) in {Nearness.SAME_SPELLING, Nearness.SAME_LETTERS}
