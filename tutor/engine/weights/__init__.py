"""Weights are data: which models the built-in engine knows, whether they are here, and how they get here."""

from tutor.engine.fitness import free_memory_bytes
from tutor.engine.weights.catalogue import Model, WeightFile, Wheel, model_named, models
from tutor.engine.weights.checksums import installed
from tutor.engine.weights.faults import Code, FetchFault
from tutor.engine.weights.fetch import MARGIN_BYTES, Fetch, discard
from tutor.engine.weights.fit import best_fit, fits, fitting, survey
from tutor.engine.weights.local import LocalSource
from tutor.engine.weights.packages import PackagesSource
from tutor.engine.weights.progress import Progress, State
from tutor.engine.weights.publisher import PublisherSource
from tutor.engine.weights.sources import Source, default_sources, first_answering

__all__ = [
    "MARGIN_BYTES",
    "Code",
    "Fetch",
    "FetchFault",
    "LocalSource",
    "Model",
    "PackagesSource",
    "Progress",
    "PublisherSource",
    "Source",
    "State",
    "WeightFile",
    "Wheel",
    "best_fit",
    "default_sources",
    "discard",
    "first_answering",
    "fits",
    "fitting",
    "free_memory_bytes",
    "installed",
    "model_named",
    "models",
    "survey",
]
