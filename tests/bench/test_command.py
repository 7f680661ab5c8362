"""What the commands of all benches share."""

import argparse
import json
from dataclasses import dataclass

import pytest

from imsearch_core.bench.command import add_bench, option
from imsearch_core.cli.main import main
from tests.conftest import draw


@dataclass(frozen=True)
class Waited:
    seconds: tuple[float, ...]
    errors: tuple[str, ...] = ()

    @property
    def longest(self) -> float:
        return max(self.seconds)


@pytest.fixture
def run(capsys):
    """Types a command of a bench that prints a word and finds what it is given; its exit code and output."""

    def run(measured: object, *arguments: str) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        benches = parser.add_subparsers()

        def measure(times: int) -> object:
            print("so far", times)
            return measured

        add_bench(benches, "waiting", "how long?", measure, option("--times", 3, "N", "how often"))
        options = parser.parse_args(["waiting", *arguments])
        return options.run(options), capsys.readouterr().out

    return run


def test_a_bench_prints_each_figure_by_its_name_and_records_as_a_table(run):
    rows = [Waited((1.23456, 3.0)), Waited((10.0,), ("a page broke",) * 5)]
    code, printed = run({"cases": 1234, "share": 0.95249, "none": None, "rows": rows}, "--times", "2")
    assert code == 0
    assert printed.splitlines() == [
        "so far 2",
        "cases: 1234",
        "share: 0.9525",
        "none: -",
        "rows:",
        "seconds   longest",
        "1.235, 3  3",
        "10        10",
        "errors: none",
        f"errors: {', '.join(['a page broke'] * 5)}",
    ]


def test_json_holds_the_fields_and_the_properties_of_figures_at_any_depth(run):
    code, printed = run({"cases": 2, "rows": [Waited((1.0, 3.0))]}, "--json")
    assert code == 0
    assert json.loads(printed) == {
        "cases": 2,
        "rows": [{"seconds": [1.0, 3.0], "errors": [], "longest": 3.0}],
    }


def test_a_measurement_with_errors_fails(run):
    assert run({"figures": [], "errors": ("a page broke",)}, "--json")[0] == 1


def test_the_approaches_are_measured_on_a_folder_as_other_commands_open_it(tmp_path, capsys):
    for number in range(2):
        draw(number).save(tmp_path / f"{number}.jpg")
    assert main(["bench", "approaches", str(tmp_path), "--exclude", "0.jpg"]) == 2
    assert "at least 20 pictures in 2 classes" in capsys.readouterr().err
