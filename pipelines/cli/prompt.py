"""The prompt of the query shell: line editing, a history, and completion with Tab."""

import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_state_path
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from pipelines.operations.catalog import Catalog
from pipelines.operations.shell_words import OTHER_WORDS
from pipelines.operations.sql_statements import is_whole
from pipelines.operations.suggestions import suggestions
from sources.private_file import for_owner

PROMPT, CONTINUATION = "playlake> ", "     ...> "


class Names(Completer):
    """Completes names and words of SQL.

    Attributes:
        catalog: tables, views and columns that can be completed.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Completions of the word before the cursor."""
        word, names = suggestions(self.catalog, document.text_before_cursor, document.text_after_cursor)
        return [Completion(name, start_position=-len(word)) for name in names]


class KeptHistory(FileHistory):
    """A history in a private file of the user's. If it cannot be written, the shell works without it."""

    def store_string(self, string: str) -> None:
        """Appends what was entered."""
        try:
            super().store_string(string)
        except OSError:
            return


def prompt_session(names: Names) -> "PromptSession[str]":
    """A session that reads entries: Enter submits if the statement is complete, or if it is a command."""
    bindings = KeyBindings()

    @bindings.add(
        "enter", filter=has_focus(DEFAULT_BUFFER) & Condition(lambda: is_entry(get_app().current_buffer.text))
    )
    def _enter(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return PromptSession(
        PROMPT,
        multiline=True,
        prompt_continuation=CONTINUATION,
        key_bindings=bindings,
        completer=names,
        complete_while_typing=False,
        history=_history(),
    )


def is_entry(text: str) -> bool:
    """Whether an input is complete, so that Enter submits it."""
    said = text.strip()
    return not said or said.startswith(".") or said.lower() in OTHER_WORDS or is_whole(text)


def _history() -> History:
    try:
        return KeptHistory(str(history_file()))
    except OSError:
        return InMemoryHistory()


def history_file() -> Path:
    """The path of the history, a file of mode 0600 in the user's state folder; it is created.

    Raises:
        OSError: it cannot be created.
    """
    path = user_state_path("playlake") / "query_history"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "ab", opener=for_owner):
        os.chmod(path, 0o600)  # noqa: PTH101
    return path
