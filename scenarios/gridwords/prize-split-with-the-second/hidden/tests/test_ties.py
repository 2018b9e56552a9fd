"""Who shares a prize: those who share a rank, and nobody else."""

from decimal import Decimal

import pytest
from builders import euros, make_session
from gridwords.sessions import Prizes, award, standings


def paid(**games):
    played = [
        make_session(player, points, board=f"b{number}")
        for player, scores in games.items()
        for number, points in enumerate(scores)
    ]
    won = award(standings(played), Prizes(Decimal(100), "EUR", euros("50", "30", "20")))
    return {player: str(amount) for player, amount in won.items()}


@pytest.mark.parametrize(
    ("games", "won"),
    [
        ({"ana": [9], "bo": [6, 3], "cy": [4]}, {"ana": "50.00", "bo": "30.00", "cy": "20.00"}),
        (
            {"ana": [5], "bo": [3, 2], "cy": [2, 2, 1]},
            {"ana": "50.00", "bo": "30.00", "cy": "20.00"},
        ),
        (
            {"ana": [9], "bo": [6, 3], "cy": [6, 2, 1]},
            {"ana": "50.00", "bo": "25.00", "cy": "25.00"},
        ),
        (
            {"ana": [6, 3], "bo": [6, 2, 1], "cy": [5, 4]},
            {"ana": "40.00", "bo": "40.00", "cy": "20.00"},
        ),
        (
            {"ana": [6, 3], "bo": [5, 4], "cy": [5, 3]},
            {"ana": "50.00", "bo": "30.00", "cy": "20.00"},
        ),
    ],
    ids=["two", "three", "second and third level", "first two level", "equal best games"],
)
def test_prizes_go_by_rank(games, won):
    assert paid(**games) == won
