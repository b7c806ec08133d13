"""From a configuration to the corpus that it describes."""

from __future__ import annotations

from crumple import corpora
from crumple.case import Corpus
from crumple.config.complaints import ConfigurationError, allowed_keys, unknown_key
from crumple.config.loading import Config
from crumple.remote import is_url
from crumple.systems import placed


def corpus_of(config: Config) -> Corpus:
    """The corpus that a configuration describes.

    Raises:
        CrumpleError: there is none, or it cannot be made with these options.
    """
    settings = config.settings.corpus
    extra = settings.model_extra or {}
    if settings.path is not None:
        if extra:
            allowed = [name for name in allowed_keys(("corpus",)) if name not in {"generate", "count", "seed"}]
            raise ConfigurationError(unknown_key(("corpus", key), config.source, allowed) for key in extra)
        largest = {} if settings.largest is None else {"largest": settings.largest}
        if is_url(settings.path):
            corpus = corpora.stream(settings.path, storage=config.settings.storage.options, **largest)
        else:
            corpus = corpora.folder(config.root / settings.path, **largest)
    else:
        with placed(config, "corpus"):
            corpus = corpora.generated(str(settings.generate), settings.options)
    if config.settings.judge.kind == "schema":
        corpus = corpora.WithoutTruth(corpus)
    return corpora.Tagged(corpus, settings.tags) if settings.tags else corpus
