"""The command line as people call it: output, exit status, and the chain over a database."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appraisal import cli
from appraisal.cli import main
from appraisal.demo import completed_projects
from appraisal.reports.project_sheets import projects_workbook
from scoring.frameworks import load_framework
from scoring.risk.sampling import Sampler
from tests.databases import AUDIT_KEY
from tests.factories import PROJECTS, published_project

KEY = {"APPRAISAL_AUDIT_KEY": AUDIT_KEY}
OPAL = str(PROJECTS / "opal-lakes.json")


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)


def test_evaluate_prints_the_published_figures() -> None:
    result = run("evaluate", OPAL, "--draws", "200", "--json")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["schema"] == "appraisal-result/1"
    assert document["economic"]["npv"] == pytest.approx(5155.2773, abs=1e-3)  # NSW Treasury's worked example


def test_evaluate_takes_the_sampler_and_the_carbon_path() -> None:
    example = str(Path(OPAL).parents[1] / "specification_example.json")
    plain = run("evaluate", example, "--draws", "200", "--json")
    chosen = run("evaluate", example, "--draws", "200", "--sampler", "pseudo-random", "--carbon", "high", "--json")
    usual, other = json.loads(plain.stdout), json.loads(chosen.stdout)
    assert (usual["sampler"], other["sampler"]) == ("sobol", "pseudo-random")
    # 2028: 900 t at 72 USD in the middle and 96 USD at the top, 82.5708 INR each, in millions.
    dearer = other["economic"]["net_flow"][2] - usual["economic"]["net_flow"][2]
    assert dearer == pytest.approx(900 * (96 - 72) * 82.5708 / 1e6)
    assert usual["risk"]["financial_npv"]["mean"] != other["risk"]["financial_npv"]["mean"]
    assert run("evaluate", example, "--carbon", "dear").exit_code == 2


def test_the_choices_of_evaluate_are_those_of_the_engine() -> None:
    assert tuple(Sampler) == cli.SAMPLERS
    assert set(cli.CARBON_PATHS) == set(load_framework().economics.carbon_prices)


def test_evaluate_in_words() -> None:
    result = run("evaluate", OPAL, "--draws", "200")
    assert "5,155 as planned" in result.stdout
    assert "gate DS1 open" in result.stdout


def test_a_broken_file_is_refused_with_its_places(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"schema": "appraisal-project/1", "colour": NaN}')
    result = run("evaluate", str(broken), "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["problems"]


def test_an_empty_table_and_two_stages_at_fault_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "refused.json"
    project = {"schema": "appraisal-project/1", "reference": "X", "title": "X", "currency": "USD"}
    path.write_text(json.dumps(project | {"cash_flows": {"first_year": 2026, "lines": []}}))
    empty = run("evaluate", str(path), "--json")
    assert (empty.exit_code, json.loads(empty.stdout)["problems"][0]["path"]) == (2, "cash_flows.lines")
    lines = [{"name": "c", "kind": "capex", "amounts": [100]}]
    flows = {"cash_flows": {"first_year": 2026, "lines": lines}, "financing": {"equity": [90]}, "city": 7}
    path.write_text(json.dumps(project | flows))
    both = run("evaluate", str(path), "--json")
    assert both.exit_code == 2
    assert [problem["path"] for problem in json.loads(both.stdout)["problems"]] == ["city", "financing"]


def test_the_chain_from_import_to_report(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'chain.db'}", "APPRAISAL_SECRET_KEY": "k" * 40} | KEY
    account = ["--email", "p@example.org", "--name", "P", "--role", "planner", "--organisation", "Haneul"]
    opened = ["--name", "R", "--budget", "250000", "--currency", "aud", "--unit", "1000", "--price-year", "2022"]
    pdf, xlsx = tmp_path / "report.pdf", tmp_path / "report.xlsx"
    for arguments in (
        ["db", "upgrade"],
        ["user", "create", *account, "--password", "correct horse battery"],
        ["round", "open", *opened],
        ["import", OPAL, "--as", "p@example.org", "--submit"],
        ["appraise", "--draws", "200"],
        ["replay", "1"],
        ["report", "1", "-o", str(pdf)],
        ["report", "1", "-o", str(xlsx)],
    ):
        result = run(*arguments, env=env)
        assert result.exit_code == 0, result.output
    assert pdf.read_bytes().startswith(b"%PDF-")
    assert xlsx.read_bytes().startswith(b"PK")
    check_the_record(tmp_path, env, pdf, xlsx)
    ranked = json.loads(run("rank", "--json", env=env).stdout)
    assert [(row["rank"], row["reference"]) for row in ranked] == [(1, "NSW-OPAL")]
    compared = json.loads(run("diff", "1", "1", "--json", env=env).stdout)
    assert (compared["before"], compared["movements"]) == (1, [])
    people = json.loads(run("user", "list", "--json", env=env).stdout)
    assert [(row["email"], row["role"]) for row in people] == [("p@example.org", "planner")]
    again = run("appraise", "NSW-OPAL", "NSW-NONE", "--json", env=env)
    assert (again.exit_code, "NSW-NONE" in again.stderr) == (2, True)
    out = run("export", "NSW-OPAL", env=env).stdout
    (tmp_path / "again.json").write_text(out)
    again = run("import", str(tmp_path / "again.json"), "--as", "p@example.org", env=env)
    assert (again.exit_code, again.stdout) == (0, "NSW-OPAL unchanged\n")
    (tmp_path / "again.json").write_text(out.replace('"title":"', '"title":"Other '))
    again = run("import", str(tmp_path / "again.json"), "--as", "p@example.org", env=env)
    assert (again.exit_code, "take it back first" in again.stderr) == (2, True)


def check_the_record(folder: Path, env: dict[str, str], pdf: Path, xlsx: Path) -> None:
    """Trail, reports and backup are sound; a changed byte, a changed row and a cut trail are named, with status 2."""
    trail = json.loads(run("audit", "verify", "--json", env=env).stdout)
    assert (trail["sound"], trail["findings"]) == (True, [])
    for report in (pdf, xlsx):
        checked = json.loads(run("report", "verify", str(report), "--json", env=env).stdout)
        assert (checked["untouched"], checked["run"], checked["problems"]) == (True, 1, [])
        assert run("audit", "verify", "--anchor", checked["anchor"], env=env).exit_code == 0
    touched = folder / "touched.pdf"
    touched.write_bytes(pdf.read_bytes().replace(b"NSW", b"NSX", 1))
    refused = run("report", "verify", str(touched), env=env)
    assert (refused.exit_code, "was changed after it was exported" in refused.stderr) == (2, True)
    assert run("audit", "verify", "--anchor", "1:2", env=env).exit_code == 2
    later = f"{trail['entries'] + 1}:{'0' * 64}"
    assert f"entry {trail['entries'] + 1}: is gone" in run("audit", "verify", "--anchor", later, env=env).stderr
    kept = folder / "kept.backup"
    assert run("backup", str(kept), env=env).exit_code == 0
    with sqlite3.connect(folder / "chain.db") as live:
        live.execute("UPDATE project SET title = 'Another'")
    live.close()
    found = run("audit", "verify", env=env)
    assert (found.exit_code, found.stderr.startswith("project ")) == (2, True)
    assert run("restore", str(kept), "--yes", env=env).exit_code == 0
    assert run("audit", "verify", env=env).exit_code == 0
    assert run("audit", "export", str(folder / "trail.csv"), env=env).exit_code == 0
    assert "database.restored" in (folder / "trail.csv").read_text("utf-8-sig")


def test_completed_projects_are_taken_in_whole_or_not_at_all(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'completed.db'}", "APPRAISAL_SECRET_KEY": "k" * 40} | KEY
    works = tmp_path / "works.csv"
    works.write_text(completed_projects(), encoding="utf-8")
    dry = run("completed", "import", str(works), "--dry-run", env=env)
    assert (dry.exit_code, dry.stdout) == (0, "19 completed projects can be recorded\n")
    stored = json.loads(run("completed", "import", str(works), "--json", env=env).stdout)
    assert (len(stored), stored[0]["stored"]) == (19, True)
    again = run("completed", "import", str(works), env=env)
    assert (again.exit_code, again.stderr.count("already")) == (2, 19)
    works.write_text("name,city\n")
    refused = run("completed", "import", str(works), "--json", env=env)
    assert refused.exit_code == 2
    assert {"path": "row 1", "message": "The column source is missing."} in json.loads(refused.stdout)["problems"]


def test_a_round_is_opened_on_a_framework_by_name(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'rounds.db'}", "APPRAISAL_SECRET_KEY": "k" * 40} | KEY
    opened = [
        "round",
        "open",
        "--name",
        "R",
        "--budget",
        "1",
        "--currency",
        "krw",
        "--price-year",
        "2026",
        "--framework",
    ]
    refused = run(*opened, "nowhere@1", env=env)
    assert (refused.exit_code, "no published framework nowhere@1" in refused.stderr) == (2, True)
    named = "korea-preliminary-feasibility-2019@1"
    wrong = run(*opened, named, "--zone", "Europe/Paris", "--closes", "2027-03-28 02:30", env=env)
    assert (wrong.exit_code, "02:30 does not exist on 28 Mar 2027" in wrong.stderr) == (2, True)
    times = ["--zone", "Asia/Seoul", "--opens", "2027-03-01 09:00", "--closes", "2027-03-31 24:00"]
    assert run(*opened, named, *times, env=env).exit_code == 0


def test_every_command_explains_itself() -> None:
    for name in main.commands:
        assert run(name, "--help").exit_code == 0


def test_help_imports_nothing_heavy() -> None:
    script = "import sys; from appraisal.cli import main; print(sorted(set(sys.modules) & set(sys.argv[1:])))"
    heavy = ["numba", "scipy", "sqlalchemy", "flask", "numpy"]
    done = subprocess.run([sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_workbooks_and_project_files_are_imported_by_the_same_command(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'bulk.db'}", "APPRAISAL_SECRET_KEY": "k" * 40} | KEY
    account = ["--email", "p@example.org", "--name", "P", "--role", "planner", "--organisation", "Haneul"]
    assert run("user", "create", *account, "--password", "correct horse battery", env=env).exit_code == 0
    book, broken = tmp_path / "projects.xlsx", tmp_path / "list.csv"
    book.write_bytes(projects_workbook([published_project(), published_project("opal-lakes-3-percent")]))
    broken.write_text("Project,Cost,Currency,Start year,Reference\nTram,5,INR,2027,T-1\nPark,x,INR,2027,T-2\n")
    as_planner = ("--as", "p@example.org")
    for arguments, said in (
        (
            (str(book), "--dry-run"),
            "NSW-OPAL would be {0}\nNSW-OPAL-3 would be {0}".format("registered as a draft"),
        ),
        ((str(book),), "NSW-OPAL registered as a draft\nNSW-OPAL-3 registered as a draft"),
        ((str(book), OPAL), "NSW-OPAL unchanged\nNSW-OPAL-3 unchanged\nNSW-OPAL unchanged"),
        ((str(broken), "--valid", "--submit"), "T-1 submitted\nT-2 cannot be taken"),
    ):
        result = run("import", *arguments, *as_planner, env=env)
        assert (result.exit_code, result.stdout.strip()) == (0, said)
    refused = run("import", str(broken), *as_planner, env=env)
    assert refused.exit_code == 2
    assert "CSV, B3: Cost is not a number" in refused.stderr


def test_the_first_administrator_is_asked_for_a_password_that_nobody_sees(tmp_path: Path) -> None:
    env = {"APPRAISAL_DATABASE_URL": f"sqlite:///{tmp_path / 'cli.db'}", "APPRAISAL_SECRET_KEY": "k" * 40}
    arguments = ["user", "create-admin", "--email", "Root@example.org", "--organisation", "Office"]
    typed = "Ana\ncorrect horse battery\ncorrect horse battery\n"
    made = CliRunner().invoke(main, arguments, input=typed, env=env)
    assert made.exit_code == 0
    assert "correct horse" not in made.output
    assert "Ana can sign in as root@example.org" in made.output
    again = CliRunner().invoke(main, arguments, input=typed, env=env)
    assert (again.exit_code, "already an account" in again.stderr) == (2, True)
    (person,) = json.loads(run("user", "list", "--json", env=env).stdout)
    assert (person["email"], person["role"]) == ("root@example.org", "admin")
    assert run("user", "create-admin", "--password", "x", env=env).exit_code == 2  # no option: a shell would keep it
