"""`python -m access_agent --config agent.toml [--dry-run]`

Exit codes: 0 the groups are as the service says; 1 something failed, the next run tries again; 2 the configuration is
not right; 3 the guard refused, a person has to look.
"""

import argparse
import logging
import sys
import time
from pathlib import Path

from access_agent.converging import Directory, Order, converge
from access_agent.errors import AgentError, OddSettings
from access_agent.one_at_a_time import alone
from access_agent.scim_directory import ScimDirectory
from access_agent.settings import Settings, read_settings

log = logging.getLogger("access_agent")


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    _log_to_stdout()
    order = Order(asked.dry_run, asked.approve, asked.adopt, asked.full, asked.verbose)
    try:
        settings = read_settings(asked.config)
        with alone(Path(settings.state_file)):
            directory = open_directory(settings)
            try:
                converge(settings, directory, order)
            finally:
                directory.close()
    except AgentError as error:
        log.error("%s", error)
        return error.exit_code
    return 0


def open_directory(settings: Settings) -> Directory:
    """The target the configuration names. Raises AgentError."""
    if settings.target == "scim" and settings.scim is not None:
        return ScimDirectory(settings.scim)
    if settings.ldap is not None:
        try:
            from access_agent.ldap_directory import LdapDirectory  # noqa: PLC0415 SCIM needs no ldap3
        except ImportError as error:
            raise OddSettings("ldap3 is not installed: pip install -r requirements.txt") from error
        return LdapDirectory(settings.ldap)
    raise OddSettings("target: missing")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="access_agent", description="Keep directory groups as the standings say."
    )
    parser.add_argument("--config", type=Path, required=True, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="say what would change and change nothing")
    parser.add_argument(
        "--approve", type=int, default=0, metavar="N", help="let up to N guarded removals pass, this once"
    )
    parser.add_argument(
        "--adopt",
        action="store_true",
        help="count members who are people of the service as added by the agent",
    )
    parser.add_argument("--full", action="store_true", help="list everybody, not only changes")
    parser.add_argument(
        "--verbose", action="store_true", help="also name each account; mind where the log goes"
    )
    return parser


def _log_to_stdout() -> None:
    handler = logging.StreamHandler(sys.stdout)
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
