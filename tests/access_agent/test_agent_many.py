"""A district of 2,500: more than a directory hands out at once."""

from tests.access_agent.conftest import Agent
from tests.access_agent.slapd import NAMES, running_slapd

PEOPLE_OF_A_DISTRICT = 2500


def test_2500_people_converge_and_a_second_run_writes_nothing(service, tmp_path, directory):
    folder = tmp_path / "slapd"
    folder.mkdir()
    with running_slapd(folder, PEOPLE_OF_A_DISTRICT) as big:
        service.staff(PEOPLE_OF_A_DISTRICT)
        service.stand(range(1, 601), "overdue", "allow")
        service.stand(range(601, 651), "expired", "limited")
        service.stand(range(651, 656), "revoked", "deny")
        agent = Agent(tmp_path, service, big)
        assert agent.run() == 0
        assert big.everywhere() == dict(zip(NAMES, (1845, 600, 50, 5), strict=True))
        written = big.written()
        assert agent.run() == 0
        assert big.written() == written
        service.stand(range(1, 601), "expired", "limited")
        assert agent.run() == 3
        assert big.written() == written
        assert agent.run("--approve", "600") == 0
        assert big.everywhere() == dict(zip(NAMES, (1845, 0, 650, 5), strict=True))
