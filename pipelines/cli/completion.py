"""`playlake completion`."""

import click
from click.shell_completion import get_completion_class


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print a shell-completion script.

    \b
    playlake completion bash > ~/.local/share/bash-completion/completions/playlake
    playlake completion zsh > ~/.zfunc/_playlake  # in fpath, before compinit
    playlake completion fish > ~/.config/fish/completions/playlake.fish
    """
    found = get_completion_class(shell)
    # All three shells are part of click.
    assert found is not None  # noqa: S101
    group = context.find_root().command
    click.echo(found(group, {}, "playlake", "_PLAYLAKE_COMPLETE").source())
