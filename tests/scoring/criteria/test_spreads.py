"""Drawing from what is stored of evidence and futures: bytes there and back, joint where it must be (METHOD 10)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.criteria.evidence_spread import KNOTS, Doubt, evidence_spread
from scoring.criteria.spreads import FUTURES, Spreads, written

EVIDENCE = evidence_spread([Doubt(2, 1, 25 / 4)] * 4)
BAD = tuple(-20.0 if at < 30 else 0.0 for at in range(FUTURES))
"""In the thirty worst futures twenty points are lost."""


def spreads(*rows: tuple[bytes, bytes]) -> Spreads:
    return Spreads.read(rows, 2)


hundredths = st.integers(-10_000, 10_000).map(lambda value: value / 100)


@given(
    st.lists(hundredths, min_size=len(KNOTS), max_size=len(KNOTS)),
    st.lists(hundredths, min_size=FUTURES, max_size=FUTURES),
)
def test_what_is_written_is_read_again(evidence: list[float], futures: list[float]) -> None:
    read = Spreads.read([[written(evidence, futures), b""], [b"", written((), futures)]], 2)
    assert read.evidence[0, 0] / 100 == pytest.approx(evidence, abs=1e-9)
    assert read.futures[1, 1] / 100 == pytest.approx(futures, abs=1e-9)
    assert not read.futures[0, 1].any()
    assert not read.evidence[1].any()
    assert written((), ()) == b""


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="quantiles"):
        written((1.0,), ())
    with pytest.raises(ValueError, match="reshape"):
        Spreads.read([[b"\0\0"]], 1)


def test_where_nothing_is_off_nothing_is_drawn() -> None:
    assert Spreads.none(3, 2).drawn(50, 1) is None
    assert list(spreads((b"", b"")).shifts(50, 1)) == []


def test_evidence_is_drawn_as_its_quantiles_say_and_apart_on_each_criterion() -> None:
    one = written(EVIDENCE, ())
    drawn = spreads((one, one), (one, b"")).drawn(40_000, 3)
    assert drawn is not None
    assert not drawn[:, 1, 1].any()
    for column in (drawn[:, 0, 0], drawn[:, 0, 1], drawn[:, 1, 0]):
        quantiles = np.quantile(column, [0.1587, 0.5, 0.8413])
        assert quantiles == pytest.approx([EVIDENCE[4], 0, EVIDENCE[8]], abs=0.15)
    correlations = np.corrcoef([drawn[:, 0, 0], drawn[:, 0, 1], drawn[:, 1, 0]])
    assert np.abs(correlations - np.eye(3)).max() < 0.03


def test_one_future_moves_all_criteria_of_a_project_and_no_other_project() -> None:
    bad = written((), BAD)
    drawn = spreads((bad, bad), (bad, bad)).drawn(40_000, 3)
    assert drawn is not None
    assert (drawn[:, 0, 0] == drawn[:, 0, 1]).all()
    assert (drawn[:, :, 0] == -20).mean(axis=0) == pytest.approx([0.3, 0.3], abs=0.01)
    assert (drawn[:, :, 0] == -20).all(axis=1).mean() == pytest.approx(0.09, abs=0.01)


def test_the_future_may_be_drawn_elsewhere() -> None:
    at = np.array([[0], [29], [30], [99]], dtype=np.uint8)
    drawn = spreads((written((), BAD), b"")).drawn(4, 1, at)
    assert drawn is not None
    assert drawn[:, 0, 0].tolist() == [-20, -20, 0, 0]


def test_draws_depend_on_the_seed_alone() -> None:
    some = spreads((written(EVIDENCE, BAD), b""), (b"", written(EVIDENCE, ())))
    first, again, other = (some.drawn(500, seed) for seed in (1, 1, 2))
    assert first is not None
    assert again is not None
    assert other is not None
    assert (first == again).all()
    assert (first != other).any()
