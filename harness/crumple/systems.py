"""From [system] to the description of a system: a function for each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from crumple.adapters import System
from crumple.adapters.callable import CallableSystem
from crumple.adapters.service.terms import Terms
from crumple.config.complaints import ConfigurationError
from crumple.config.loading import Config
from crumple.errors import CrumpleError
from crumple.workers.limits import GIB, Limits

if TYPE_CHECKING:
    from crumple.adapters.http.polling import Polling
    from crumple.config.system import Poll

_BATCH_TIMEOUT, _BATCH_OUTPUT = 24 * 3600.0, GIB
"""What a batch may take where nothing is said: its limits are over all documents together."""


def system_of(config: Config) -> System:
    """The system that a configuration names; nothing of it is loaded or called yet.

    Raises:
        CrumpleError: what is configured does not fit together, or names what is not there.
    """
    with placed(config, "system"):
        return _MAKERS[config.settings.system.kind](config)


def version_of(config: Config, system: System) -> str:
    """What tells this version of the system from another: as configured, or what can be seen of it.

    Raises:
        CrumpleError: the version_command fails, or there is no such command.
    """
    settings = config.settings.system
    if settings.version is not None:
        return settings.version
    if settings.version_command is None:
        return system.version()
    from crumple.adapters.version_command import said

    with placed(config, "system"):
        return said(settings.version_command, config.root, settings.env)


def limits_of(config: Config) -> Limits:
    """What one call may take, of systems that run on this machine."""
    settings = config.settings.system
    return Limits(
        timeout=settings.timeout,
        startup=settings.startup,
        memory=settings.memory,
        output=settings.output,
        answer=settings.largest_answer,
        spare=settings.spare,
    )


def _function(config: Config) -> System:
    settings = config.settings.system
    return CallableSystem(
        root=config.root,
        call=settings.call or "",
        factory=settings.factory or "",
        input=settings.input or "bytes",
        python=settings.python or "",
        refuses=settings.refuses,
        limits=limits_of(config),
        env=dict(settings.env),
    )


def _batch(config: Config) -> System:
    from crumple.adapters.batch.system import BatchSystem

    settings = config.settings.system
    limits = limits_of(config)
    if "timeout" not in settings.model_fields_set:
        limits = replace(limits, timeout=_BATCH_TIMEOUT)
    if "output" not in settings.model_fields_set:
        limits = replace(limits, output=_BATCH_OUTPUT)
    return BatchSystem(
        root=config.root,
        command=settings.batch or (),
        refuses=settings.refuses,
        reads=settings.reads or "",
        limits=limits,
        env=dict(settings.env),
    )


def _command(config: Config) -> System:
    from crumple.adapters.command.system import CommandSystem

    settings = config.settings.system
    return CommandSystem(
        root=config.root,
        command=settings.command or (),
        reads=settings.reads or "text",
        before=settings.before,
        answer_command=settings.answer_command or (),
        leaves=settings.leaves or "",
        refuses=settings.refuses,
        limits=limits_of(config),
        env=dict(settings.env),
    )


def _chat(config: Config) -> System:
    from crumple.adapters.chat.prices import Prices
    from crumple.adapters.chat.system import ChatSystem

    settings = config.settings.system
    prices = settings.prices
    return ChatSystem(
        root=config.root,
        url=settings.chat or "",
        model=settings.model or "",
        key=settings.key or "",
        instructions=settings.instructions,
        prompt=settings.prompt,
        input="file" if settings.input == "file" else "image" if settings.input == "image" else "text",
        schema=settings.schema_file or "",
        options=dict(settings.options),
        reads=settings.reads or "",
        answer=settings.answer,
        stream=settings.stream,
        prices=Prices(**prices.model_dump()) if prices else None,
        headers=dict(settings.headers),
        retry=settings.retry,
        refuses=settings.refuses,
        terms=terms_of(config),
    )


def terms_of(config: Config) -> Terms:
    """How a service is called: time, concurrency, rate, retries."""
    settings, run = config.settings.system, config.settings.run
    return Terms(
        timeout=settings.timeout,
        concurrency=run.concurrency,
        rate=run.rate or 0.0,
        retries=settings.retries,
        largest_answer=settings.largest_answer,
        ca=settings.ca or "",
    )


def _service(config: Config) -> System:
    from crumple.adapters.http.system import HttpSystem
    from crumple.adapters.http.templates import Template

    settings = config.settings.system
    unsaid = "json" if settings.template is not None else "" if settings.method == "GET" else "raw"
    return HttpSystem(
        root=config.root,
        template=Template(
            url=settings.url or "",
            method=settings.method,
            body=settings.body or unsaid,
            form_field=settings.field,
            template=settings.template,
            headers=dict(settings.headers),
        ),
        terms=terms_of(config),
        reads=settings.reads or "json",
        answer=settings.answer,
        retry=settings.retry,
        refuses=settings.refuses,
        polling=_polling(settings.poll),
    )


def _polling(poll: Poll | None) -> Polling | None:
    if poll is None:
        return None
    from crumple.adapters.http.polling import Polling, State

    states = {
        name: State(each.at, each.among)
        for name, each in (("failed", poll.failed), ("refused", poll.refused))
        if each is not None
    }
    return Polling(
        url=poll.url,
        id=poll.id,
        every=poll.every,
        done=State(poll.done.at, poll.done.among),
        fetch=poll.fetch or "",
        cancel=poll.cancel or "",
        **states,
    )


_MAKERS: Mapping[str, Callable[[Config], System]] = {
    "call": _function,
    "factory": _function,
    "command": _command,
    "url": _service,
    "batch": _batch,
    "chat": _chat,
}


@contextmanager
def placed(config: Config, section: str) -> Iterator[None]:
    """Errors about a section say in which file it stands, and where."""
    try:
        yield
    except ConfigurationError:
        raise
    except CrumpleError as error:
        line = config.source.line((section,))
        place = f"{config.source.name}, line {line}" if line else config.source.name
        error.args = (f"{place}: {error}",)  # a sentence or more already, whichever sign it ends with
        raise ConfigurationError([error]) from None
