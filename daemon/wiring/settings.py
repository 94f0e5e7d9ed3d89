"""The config, read and found good; or refused, with all that is wrong in it."""

from __future__ import annotations

from daemon.adapters import config_yaml
from daemon.ports import Problem, Settings


class ConfigRefused(Exception):
    """The config is wrong: exit 2, every problem listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems in the config")
        self.problems = problems


def load_settings(path: str) -> Settings:
    """The config, or `ConfigRefused` with everything that is wrong in it and in the templates it names."""
    return settings_of(config_yaml.load(path))


def settings_of(loaded: config_yaml.Loaded) -> Settings:
    if loaded.settings is None or loaded.problems:
        raise ConfigRefused(loaded.problems)
    return loaded.settings
