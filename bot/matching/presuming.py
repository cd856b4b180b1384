"""How much a question sounds as if it took something for granted, whatever it is about.

"We've put X in the budget, when do we sign up?" takes X for granted; "what is X?" does not. What tells them apart is
learnt from the wordings of all wrong beliefs beside all the questions that rest on none. Deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.matching.learning import Numbers, Phrases, Places
from bot.matching.scoring import Floats, Vector

_PASSES = 50
_RIDGE = 0.3
_POWER_STEPS = 8


def fit_presuming(vectors: Sequence[Vector], presumes: Sequence[bool], features: int) -> Floats:
    """
    The weight of each feature: above 0 where it speaks for a phrase that takes something for granted.

    A ridge logistic regression in which both sorts weigh alike, for wordings of beliefs are few. Source of the steps:
    Nesterov's accelerated gradient, with the longest step that is safe (one over the largest curvature). All zeros
    where there is only one sort of phrase.
    """
    wanted = np.asarray(presumes, np.float64)
    weights = np.zeros(features)
    if not 0 < wanted.sum() < len(wanted):
        return weights.astype(np.float32)
    phrases = Phrases.of(vectors, [0] * len(vectors), features)
    row = np.repeat(np.arange(len(vectors)), np.diff(phrases.starts))
    share = wanted.mean()
    importance = np.where(wanted > 0, 0.5 / share, 0.5 / (1 - share))
    curvature = _largest_curvature(phrases, row, importance) + _RIDGE
    ahead, bias, ahead_bias, momentum = weights.copy(), 0.0, 0.0, 1.0
    for _ in range(_PASSES):
        odds = np.bincount(row, phrases.weight * ahead[phrases.at], len(wanted)) + ahead_bias
        off = (1 / (1 + np.exp(-np.clip(odds, -30, 30))) - wanted) * importance
        down = np.bincount(phrases.at, phrases.weight * off[row], features) + _RIDGE * ahead
        stepped, stepped_bias = ahead - down / curvature, ahead_bias - off.sum() / (importance.sum() / 4)
        momentum, before = (1 + np.sqrt(1 + 4 * momentum**2)) / 2, momentum
        pull = (before - 1) / momentum
        ahead, ahead_bias = stepped + pull * (stepped - weights), stepped_bias + pull * (stepped_bias - bias)
        weights, bias = stepped, stepped_bias
    return weights.astype(np.float32)


def _largest_curvature(phrases: Phrases, row: Places, importance: Numbers) -> float:
    """The largest curvature that the logistic loss can have, by power iteration."""
    along = np.random.default_rng(0).normal(size=phrases.features)
    length = 0.0
    for _ in range(_POWER_STEPS):
        spread = np.bincount(row, phrases.weight * along[phrases.at], len(importance)) * importance
        along = np.bincount(phrases.at, phrases.weight * spread[row], phrases.features).astype(np.float64)
        length = float(np.linalg.norm(along))
        if not length:
            return 0.0
        along /= length
    return length / 4
