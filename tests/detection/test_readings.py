"""How the encoder is given a message: in one go, or in stretches that leave nothing out."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.detection.encoder.readings import begin, readings
from bot.detection.sheet import Sheet

words = st.text(st.sampled_from("abeinrstöşßđ"), min_size=1, max_size=14)


@settings(max_examples=25, deadline=None)
@given(st.lists(words, min_size=50, max_size=150))
def test_every_word_is_read_in_its_order_however_many_pieces_it_takes(said):
    sheet = Sheet.of(" ".join(said))
    read = [reading.tokens for reading in readings(sheet)]
    assert sorted({t.start for tokens in read for t in tokens}) == [t.start for t in sheet.tokens]
    assert all(one[0].start < other[0].start for one, other in pairwise(read))


def test_a_short_message_is_read_in_one_go_and_a_long_one_in_two():
    assert len(begin(Sheet.of("wie heeft de sleutel van de gymzaal gezien vanmiddag? " * 5))) == 1
    assert len(begin(Sheet.of("wie heeft de sleutel van de gymzaal gezien vanmiddag? " * 12))) == 2


def test_what_one_stretch_ends_with_the_next_begins_with():
    first, second = readings(Sheet.of("wie heeft de sleutel van de gymzaal gezien? " * 14))
    assert first.tokens[-1].start > second.tokens[0].start
