"""What can go wrong, and what a scheduler sees of it. Messages are for IT and name no person."""


class AgentError(Exception):
    """Something failed that may go better next time: the service, the directory or the network."""

    exit_code = 1


class OddSettings(AgentError):
    """The configuration, a secret or the state file is not as it must be; a person has to mend it."""

    exit_code = 2


class GuardTripped(AgentError):
    """Too much would change at once; somebody has to look first."""

    exit_code = 3
