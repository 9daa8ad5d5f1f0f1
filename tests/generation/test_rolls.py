"""Lists of people as spreadsheets write them: read whole, or every bad line named."""

import pytest

from generation.teaching.rolls import CREDITS_LIMIT, ROWS_LIMIT, Problem, read_people, read_roll

ADA, BEN = 123456789012345678, 223456789012345678


@pytest.mark.parametrize(
    "text",
    [
        f"{ADA}\n{BEN}\n",
        f"user id,credits\r\n{ADA},\r\n\r\n<@{BEN}>,20\r\n",
        f"\ufeffPerson;Credits;Name\n{ADA};20;Ada\n{BEN};20;Ben",
        f"{ADA}\t20\n<@!{BEN}>\t20",
        f"id,credits\r{ADA},20\r{BEN},20\r",
    ],
)
def test_a_list_is_read_however_the_spreadsheet_divides_it(text: str) -> None:
    roll = read_roll(text.encode(), 20)

    assert (((ADA, 20), (BEN, 20)), (), 40) == (roll.shares, roll.problems, roll.total_credits)


def test_every_bad_line_is_named_with_its_number() -> None:
    lines = ["id,credits", f"{ADA},5", "Ben,5", "1.23457E+17,5", f"{BEN},-5", f"{ADA},7"]
    lines += [f"{BEN},{CREDITS_LIMIT + 1}", f"{BEN + 1},1e3", f"{BEN},9"]
    roll = read_roll("\n".join(lines).encode(), None)

    assert ((ADA, 5), (BEN, 9)) == roll.shares
    assert [
        Problem(3, "id", "Ben"),
        Problem(4, "id_rounded", "1.23457E+17"),
        Problem(5, "credits", "-5"),
        Problem(6, "twice", str(ADA)),
        Problem(7, "credits", str(CREDITS_LIMIT + 1)),
        Problem(8, "credits", "1e3"),
    ] == list(roll.problems)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xff\xfe1\x002\x00", "not_text"),
        (b"", "no_rows"),
        (b"user id\n", "no_rows"),
        (f"{ADA}\n".encode() * (ROWS_LIMIT + 1), "too_many"),
        (f"{ADA}".encode(), "no_credits"),
        (f'"{"a" * 140_000}"\n{ADA},5\n'.encode(), "no_table"),
    ],
)
def test_a_file_that_is_no_list_is_refused_whole(data: bytes, fault: str) -> None:
    roll = read_roll(data, None)

    assert ((), [fault]) == (roll.shares, [problem.fault for problem in roll.problems])


def test_ids_that_a_spreadsheet_rounded_are_refused_and_a_single_round_one_is_not() -> None:
    rounded = read_roll(b"123456789012345000\n223456789012345000", 5)

    assert ["id_rounded", "id_rounded"] == [problem.fault for problem in rounded.problems]
    assert ((123456789012345000, 5), (BEN, 5)) == read_roll(f"123456789012345000\n{BEN}".encode(), 5).shares


def test_a_list_of_people_may_have_anything_beside_their_ids() -> None:
    people = read_people(f"person,name,group\n{ADA},Ada,-5\n<@{BEN}>,,\n{ADA},again".encode())

    assert ((ADA, 0), (BEN, 0)) == people.shares
    assert [Problem(4, "twice", str(ADA))] == list(people.problems)


@pytest.mark.parametrize("no_id", ["0" * 18, f"0{ADA}", str(2**63), "9" * 20, "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨"])
def test_only_what_discord_gives_as_an_id_is_one(no_id: str) -> None:
    assert (Problem(1, "id", no_id),) == read_roll(no_id.encode(), 5).problems


def test_zeros_before_a_number_hide_no_credits_beyond_the_limit() -> None:
    lines = [f"{ADA},0000000019999999", f"{BEN},000000007"]

    roll = read_roll("\n".join(lines).encode(), None)

    assert (((BEN, 7),), (Problem(1, "credits", "0000000019999999"),)) == (roll.shares, roll.problems)
