"""Tables as CSV that no spreadsheet runs or misreads."""

import csv
import io

import pytest

from generation.teaching.rolls import read_roll
from generation.teaching.spreadsheet import person_cell, time_cell, to_csv


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_of_text_is_run_as_a_formula(begin: str) -> None:
    data = to_csv(["prompt"], [[f'{begin}HYPERLINK("https://example.org")']])
    _, [cell] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert cell == f'\'{begin}HYPERLINK("https://example.org")'


@pytest.mark.parametrize("divider", [";", "\t", "\n", "; ", ';"', "|"])
def test_no_formula_hides_behind_what_parts_cells_in_other_languages(divider: str) -> None:
    data = to_csv(["prompt"], [[f"pan left{divider}=1+1;slow - in - steps"]])
    _, [cell] = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert cell == f"pan left{divider[0]}'{divider[1:]}=1+1;slow - in - steps"


def test_a_table_opens_in_utf8_with_quotes_line_breaks_and_numbers_as_they_are() -> None:
    data = to_csv(["wer", "was"], [["Åsa; “Ö”", 'she said "pan,\nleft"'], [None, -3]])
    assert b"\xef\xbb\xbfwer,was\r\n" == data[:12]
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [["Åsa; “Ö”", 'she said "pan,\nleft"'], ["", "-3"]] == rows[1:]


def test_ids_survive_a_spreadsheet_and_can_be_given_back_to_the_bot() -> None:
    data = to_csv(["id", "credits"], [[person_cell(123456789012345678), 5]])
    assert ((123456789012345678, 5),) == read_roll(data, None).shares


def test_times_are_iso_8601_in_utc() -> None:
    assert "2026-11-30T18:00:05Z" == time_cell(1796061605.9)
