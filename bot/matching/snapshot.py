"""What was learnt from a library, kept in a file: the second start reads it and learns nothing again.

The file's name is a hash of the library and of this room's own source, so that neither a changed entry nor a changed
engine can meet an old file. It holds plain arrays; nothing in it is ever run. A file that is damaged is learnt anew.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.matching.beliefs import Said
from bot.matching.learning import Phrases
from bot.matching.names import Wording
from bot.matching.scoring import FeatureSpace, Floats, Odds, Postings
from bot.snapshots import keep, snapshot_name

_log = logging.getLogger(__name__)
_ARRAYS = ("starts", "classes", "weights", "centres", "base")
_ODDS_ARRAYS = ("starts", "classes", "weights", "base")
_PHRASE_ARRAYS = ("starts", "at", "weight", "owners")
_NO_BELIEF = -1
_Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Learnt:
    """
    What an index stands on: the known words and how often each occurs, the wordings, the features by name and what each
    weighs, the postings, and what was learnt of wrong beliefs.
    """

    words: dict[str, int]
    wordings: tuple[Wording, ...]
    features: Sequence[str]
    weights: Floats
    postings: Postings
    said: Said

    def space(self) -> FeatureSpace:
        """The feature space. It keeps no names: whoever holds on to them holds 20 MB more."""
        return FeatureSpace(self.features, self.weights)


def snapshot_file(folder: Path, version: str) -> Path:
    """Where the snapshot of the library *version* stands in *folder*."""
    return folder / snapshot_name("index", f"{version}{np.__version__}", Path(__file__).parent, ".npz")


def read_snapshot(file: Path) -> Learnt | None:
    """What was learnt, or None where there is no such file or it cannot be read."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            return Learnt(
                words=dict(zip(_texts(arrays["words"]), arrays["word_counts"].tolist(), strict=True)),
                wordings=tuple(_wordings(arrays)),
                features=_texts(arrays["names"]),
                weights=arrays["space"],
                postings=Postings(*(arrays[name] for name in _ARRAYS)),
                said=Said(_phrases(arrays), _odds(arrays), arrays["presuming"]),
            )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        _log.warning("The snapshot %s cannot be read (%s); the index is built anew.", file.name, error)
        return None


def write_snapshot(file: Path, learnt: Learnt) -> None:
    """Keep what was learnt in *file*, whole or not at all; a folder that cannot be written to costs only time."""
    wordings, said = learnt.wordings, learnt.said
    arrays: dict[str, Any] = {
        **{name: getattr(learnt.postings, name) for name in _ARRAYS},
        **{f"said_{name}": getattr(said.wordings, name) for name in _PHRASE_ARRAYS},
        **{f"odds_{name}": getattr(said.odds, name) for name in _ODDS_ARRAYS},
        "presuming": said.presuming,
        "names": _as_bytes(learnt.features),
        "space": learnt.weights,
        "words": _as_bytes(learnt.words),
        "word_counts": np.fromiter(learnt.words.values(), np.int64, len(learnt.words)),
        "wordings": _as_bytes(one.roots for one in wordings),
        "wording_owners": np.fromiter((one.owner for one in wordings), np.int32, len(wordings)),
        "wording_names": np.fromiter((one.is_name for one in wordings), np.bool_, len(wordings)),
        "wording_beliefs": np.fromiter(
            (_NO_BELIEF if one.belief is None else one.belief for one in wordings), np.int32, len(wordings)
        ),
    }
    keep(file, lambda stream: np.savez(stream, **arrays))


def _odds(arrays: np.lib.npyio.NpzFile) -> Odds:
    starts, classes, weights, base = (arrays[f"odds_{name}"] for name in _ODDS_ARRAYS)
    return Odds(starts, classes, weights, base)


def _phrases(arrays: np.lib.npyio.NpzFile) -> Phrases:
    starts, at, weight, owners = (arrays[f"said_{name}"] for name in _PHRASE_ARRAYS)
    return Phrases(starts, at, weight, owners, features=len(arrays["space"]))


def _wordings(arrays: np.lib.npyio.NpzFile) -> Iterable[Wording]:
    roots, owners, names, beliefs = (
        _texts(arrays["wordings"]), arrays["wording_owners"].tolist(), arrays["wording_names"].tolist(),
        arrays["wording_beliefs"].tolist(),
    )  # fmt: skip
    for text, owner, is_name, belief in zip(roots, owners, names, beliefs, strict=True):
        yield Wording(owner, text, is_name, None if belief == _NO_BELIEF else belief)


def _as_bytes(texts: Iterable[str]) -> _Bytes:
    """Texts of one line each, a line each."""
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode(), np.uint8)


def _texts(lines: _Bytes) -> list[str]:
    return lines.tobytes().decode().split("\n")[:-1]
