"""What people write down: the schema of `tandem.yaml`, its reader, and samples.

`load` and `parse` give `Settings` or raise `ConfigError`, whose text is the whole report. Who uses the
values, and how, is no business of this package.
"""

from config.loader import load, parse
from config.origin import Origin
from config.origins import origins
from config.problems import ConfigError
from config.secret import Secret
from config.settings import Settings

__all__ = ["ConfigError", "Origin", "Secret", "Settings", "load", "origins", "parse"]
