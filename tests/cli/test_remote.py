"""The commands that ask a running service, against one that serves over loopback."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from orchestrator.cli import build
from orchestrator.cli.export import cell
from tests.app.test_leaving import project, served
from tests.servers import free_port

ANA = "+15550101234"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A service and its configuration, with one session in text_only."""
    file = project(tmp_path_factory.mktemp("service"), "memory://")
    with served(file) as (_, url):
        yield file, url


@pytest.fixture
def run(service: tuple[Path, str]) -> Run:
    """Runs `tandem` against the service."""
    file, url = service

    def made(*arguments: str) -> Result:
        return CliRunner().invoke(build(), [*arguments, "--config", str(file), "--url", url])

    return made


def opened(service: tuple[Path, str], to: str = ANA) -> str:
    """A text session, opened over the API; its id once the lists tell of it."""
    headers = {"Authorization": "Bearer api-token"}
    asked = {"assistant": "support", "to": to, "text": "=1+1"}
    with httpx.Client(base_url=f"{service[1]}/api/v1", headers=headers, trust_env=False) as client:
        name: str = client.post("/messages", json=asked).json()["session_id"]
        assert client.get(f"/sessions/{name}").status_code == 200
    return name


def test_sessions_are_listed_shown_and_ended(service: tuple[Path, str], run: Run) -> None:
    """A session is on the list, whole with its timeline on its own, and is ended by name."""
    name = opened(service)
    listed = run("sessions", "list")
    assert listed.exit_code == 0
    assert [line.split()[:4] for line in listed.stdout.splitlines()] == [[name, "text_only", "support", ANA]]
    shown = json.loads(run("sessions", "show", name, "--json").stdout)
    assert (shown["id"], shown["customer"]) == (name, {"phone_number": ANA})
    assert "text_queued" in [event["type"] for event in shown["events"]]
    assert "text_queued" in run("sessions", "show", name).stdout
    ended = run("sessions", "end", name)
    assert (ended.exit_code, ended.stdout) == (0, f"{name} is being ended; it was text_only\n")
    assert run("sessions", "list", "--state", "text_only", "--find", name).stdout == "no sessions\n"


def test_a_session_is_taken_over_and_given_back(service: tuple[Path, str], run: Run) -> None:
    """Each once: the second is refused, with what to do instead."""
    name = opened(service, "+15550101239")
    taken = run("sessions", "take-over", name)
    assert (taken.exit_code, taken.stdout) == (0, f"{name} is being taken over; it was text_only\n")
    assert json.loads(run("sessions", "show", name, "--json").stdout)["handler"] == "human"
    again = run("sessions", "take-over", name)
    assert again.exit_code == 1
    assert "`release`" in again.stderr
    assert run("sessions", "release", name).stdout == f"{name} is being given back; it was text_only\n"
    run("sessions", "end", name)


def test_tail_prints_what_is_there(service: tuple[Path, str], run: Run) -> None:
    """Without --follow the lines of one session, or of all with their session, as JSON for programs."""
    name = opened(service, "+15550101235")
    one = [json.loads(line) for line in run("tail", name, "--no-follow", "--json").stdout.splitlines()]
    every = [json.loads(line) for line in run("tail", "--no-follow", "--json").stdout.splitlines()]
    assert [event["type"] for event in one][:1] == ["session_opened"]
    assert [event["id"] for event in every if event["session_id"] == name] == [event["id"] for event in one]
    assert run("tail", "--no-follow").stdout.count(name) == len(one)


def test_tail_of_an_ended_session_ends(service: tuple[Path, str], run: Run) -> None:
    """A followed session's tail ends by itself once nothing more is to come."""
    name = opened(service, "+15550101237")
    run("sessions", "end", name)
    lines = [json.loads(line) for line in run("tail", name, "--json").stdout.splitlines()]
    assert lines[-1]["state_after"] == "ended"


def test_export_is_whole_and_harmless(service: tuple[Path, str], run: Run) -> None:
    """JSON lines hold whole records, CSV the same ones flat, and no cell that a spreadsheet carries out."""
    name = opened(service, "+15550101236")
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    rows = list(csv.DictReader(io.StringIO(run("export", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == [line["id"] for line in lines]
    assert next(row for row in rows if row["id"] == name)["phone_number"] == "+15550101236"
    events = run("export", "--kind", "event", "--format", "csv")
    assert events.exit_code == 0
    assert {row["session_id"] for row in csv.DictReader(io.StringIO(events.stdout))} >= {name}
    assert run("export", "--kind", "refusal").stdout == ""


def test_cells_are_text() -> None:
    """What would be a formula is marked as text; a number of a customer is none."""
    assert [cell("=1+1"), cell("@x"), cell("+1555"), cell(None), cell({"a": 1})] == [
        "'=1+1",
        "'@x",
        "+1555",
        "",
        '{"a": 1}',
    ]


def test_no_dead_letters(run: Run) -> None:
    """Nothing was given up: so it says, and an id that is none is told."""
    assert run("dead-letters", "list").stdout == "no dead letters\n"
    assert json.loads(run("dead-letters", "list", "--json").stdout) == {"dead_letters": []}
    for verb in ("show", "retry", "drop"):
        refused = run("dead-letters", verb, "0-1-1")
        assert refused.exit_code == 1
        assert refused.stderr.startswith("There is no dead letter of this id.")


COMMANDS = [
    ["sessions", "list"],
    ["sessions", "show", "x"],
    ["sessions", "end", "x"],
    ["sessions", "take-over", "x"],
    ["sessions", "release", "x"],
    ["tail"],
    ["tail", "x"],
    ["export"],
    ["dead-letters", "list"],
    ["dead-letters", "retry", "0-1-1"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_service_is_told(service: tuple[Path, str], command: list[str]) -> None:
    """Exit 4 with the address, and no traceback, where nobody answers."""
    nowhere = f"http://127.0.0.1:{free_port()}"
    arguments = [*command, "--config", str(service[0]), "--url", nowhere]
    done = CliRunner().invoke(build(), arguments)
    assert (done.exit_code, done.stdout) == (4, "")
    assert done.stderr == f"no service answers at {nowhere}; start it, or name it by --url\n"


def test_a_wrong_token_is_told(service: tuple[Path, str], tmp_path: Path) -> None:
    """Exit 4 with what the service says, and neither of the tokens."""
    wrong = tmp_path / "tandem.yaml"
    wrong.write_text(service[0].read_text().replace("api-token", "other-token"), encoding="utf-8")
    done = CliRunner().invoke(build(), ["sessions", "list", "--config", str(wrong), "--url", service[1]])
    assert done.exit_code == 4
    assert f"the service at {service[1]} has another api_token" in done.stderr
    assert "TANDEM_API_TOKEN" in done.stderr
    assert "other-token" not in done.stderr


def test_an_address_and_a_token_do_without_a_configuration(
    service: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for `tandem call`: where there is no file, `--url` and TANDEM_API_TOKEN reach a service, such as a demo."""
    nowhere = str(tmp_path / "tandem.yaml")
    asked = ["sessions", "list", "--config", nowhere, "--url", service[1]]
    assert CliRunner().invoke(build(), asked).exit_code == 3
    monkeypatch.setenv("TANDEM_API_TOKEN", "api-token")
    assert CliRunner().invoke(build(), asked).exit_code == 0
    assert CliRunner().invoke(build(), asked[:-2]).exit_code == 3


@pytest.mark.parametrize("address", ["127.0.0.1:8080", "htp:/x", "http://"])
def test_what_is_no_address_is_a_mistake_of_usage(service: tuple[Path, str], address: str) -> None:
    """An address without http:// is told as such, with exit code 2, and nobody is asked."""
    done = CliRunner().invoke(build(), ["tail", "--config", str(service[0]), "--url", address])
    assert done.exit_code == 2
    assert "--url" in done.stderr
    assert "http://127.0.0.1:8080" in done.stderr


def test_a_list_that_cannot_be_read_is_told_once(tmp_path: Path, run: Run) -> None:
    """A file that is not there is named, with the reason in words."""
    done = run("opt-outs", "import", str(tmp_path / "sheet.csv"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path / 'sheet.csv'}: cannot be read: no such file or directory\n"


def test_an_unknown_session_is_told(run: Run) -> None:
    """Exit 1: the service is there, the session is not."""
    for command in (["sessions", "show"], ["sessions", "end"], ["tail"]):
        done = run(*command, "01J0000000000000000000000")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("There is no session of this id.")


def test_opt_outs_are_taken_over_listed_and_exported(tmp_path: Path, run: Run) -> None:
    """A sheet of another system is taken over; the export is such a sheet again, as CSV and as JSON lines."""
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "name,phone_number,since,source\n"
        "Bea,+15550107777,2020-01-31T12:00:00Z,old system\n"
        "Cai,+15550108888,,\n",
        encoding="utf-8-sig",
    )
    assert run("opt-outs", "import", str(sheet)).stdout == "opted out: 2; unchanged: 0\n"
    written = run("opt-outs", "export").stdout
    rows = {row["phone_number"]: row for row in csv.DictReader(io.StringIO(written))}
    assert rows["+15550107777"] == {
        "assistant": "support",
        "phone_number": "+15550107777",
        "since": "2020-01-31T12:00:00.000Z",
        "source": "old system",
    }
    assert rows["+15550108888"]["source"] == "import"
    lines = tmp_path / "lines.json"
    lines.write_text(run("opt-outs", "export", "--format", "json").stdout)
    again = json.loads(run("opt-outs", "import", str(lines), "--json").stdout)
    assert again == {"imported": 0, "unchanged": len(rows)}
    assert "+15550107777" in run("opt-outs", "list").stdout
    for number in rows:
        assert run("opt-outs", "remove", number).stdout == f"{number} is opted in to: support\n"


def test_a_customer_is_opted_out_and_in_by_hand(run: Run) -> None:
    """`add` and `remove` do what the customer's own words would."""
    assert run("opt-outs", "add", "+15550106666").stdout == "+15550106666 is opted out of: support\n"
    found = json.loads(run("opt-outs", "list", "--json").stdout)["opt_outs"]
    assert [(entry["phone_number"], entry["source"]) for entry in found] == [("+15550106666", "api")]
    done = json.loads(run("opt-outs", "remove", "+15550106666", "--json").stdout)
    assert done["opted_out"] is False
    assert run("opt-outs", "list").stdout == "nobody is opted out\n"


def test_a_sheet_that_cannot_be_read_changes_nothing(tmp_path: Path, run: Run) -> None:
    """A missing file, broken JSON and a wrong number are told, with exit code 1."""
    broken, wrong = tmp_path / "broken.json", tmp_path / "wrong.csv"
    broken.write_text('[{"phone_number": ')
    wrong.write_text("phone_number\n+15550101111\nhello\n")
    for file in (tmp_path / "nowhere.csv", broken, wrong):
        result = run("opt-outs", "import", str(file))
        assert result.exit_code == 1, file
        assert result.stderr
    assert run("opt-outs", "list").stdout == "nobody is opted out\n"
