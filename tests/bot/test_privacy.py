"""Personal details are masked, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.privacy import mask

E_MAIL, PHONE, CARD = "[e-mail]", "[phone]", "[card]"
INSURANCE, NHS, PERSON = "[National Insurance number]", "[NHS number]", "[person]"

NEVER_TOUCHED = [
    "2026",
    "in 2024, 2025 and 2026",
    "from 2019 2020 2021 2022 2023 2024 2025 2026",
    "2021-2022-2023-2024",
    "2024/25",
    "23/11/2026 at 09:30",
    "2026-11-23 09:30",
    "01-02-2026 10 people",
    "07-11-2026 100 people",
    "by 01.02.2026",
    "£10,000",
    "10,000",
    "£1 000 000",
    "£1,250,000.50 a year",
    "£9434765919",
    "3@10.99 each",
    "1000 2000 3000 4000",
    "point 5 or point 12",
    "points 1 2 3 4 5 6 7 8 9 10 11 12 13 14",
    "points 01 02 03 04 05 06 07 08",
    "ISO 27001",
    "ISO 27001 27002 27017 27018",
    "WCAG 2.2",
    "RFC 9110, BS 8878 and EN 301 549",
    "RM6263 lot 2",
    "version 3.11.7",
    "192.168.100.100",
    "call 111, 101 or 999",
    "BS1 4ST",
    "@here <!channel> <#C0AB12CD34E|bins> <!subteam^S0123|@team>",
    "https://www.gov.uk/service-manual/service-standard/point-5",
    "what is the national insurance number standard",
]


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("ask jo.bloggs@bristol.gov.uk.", "ask [e-mail]."),
        ("o'brien+bins@a-b.gov.uk's form", "[e-mail]'s form"),
        ("'JO_1@EXAMPLE.ORG'", "'[e-mail]'"),
        ("<mailto:jo@example.org|jo@example.org> wrote", "[e-mail] wrote"),
        ("<mailto:jo@example", "[e-mail]"),
        ("https://example.org/?to=jo@example.org&x=1", "https://example.org/?to=[e-mail]&x=1"),
        ("a@example.org,b@example.org", "[e-mail],[e-mail]"),
        ("żółć@przykład.pl", "[e-mail]"),
    ],
)
def test_e_mail_addresses_are_masked(typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize(
    "number",
    [
        "07700 900123",
        "07700900123",
        "07700-900-123",
        "07 700 900 123",
        "(0117) 922 2000",
        "0117 922 2000",
        "01632 960 001",
        "016977 2345",
        "020 7946 0958",
        "(020) 7946-0958",
        "020.7946.0958",
        "0345 123 4567",
        "+44 7700 900123",
        "+447700900123",
        "+44 (0)20 7946 0958",
        "(+44) 7700 900123",
        "0044 7700 900123",
        "00 44 7700 900123",
        "44 7700 900123",
        "447700900123",
        "+33 6 12 34 56 78",
        "0033 612345678",
        "+1 (202) 555-0100",
        "+1.202.555.0100",
        "+353 1 234 5678",
        "<tel:+441179222000|0117 922 2000>",
        "07700\u00a0900\u00a0123",
    ],
)
def test_telephone_numbers_are_masked(number: str) -> None:
    assert mask(f"call me on {number}, please") == f"call me on {PHONE}, please"


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "5555 5555 5555 4444",
        "2223 0031 2200 3222",
        "3782 822463 10005",
        "378282246310005",
        "6011 0009 9013 9424",
        "3056 930902 5904",
        "4222222222222",
        "6304 0000 0000 0000 000",
    ],
)
def test_card_numbers_are_masked(number: str) -> None:
    assert mask(f"I paid with {number} 12/29") == f"I paid with {CARD} 12/29"


@pytest.mark.parametrize(
    "number", ["4111 1111 1111 1112", "4111111111111112", "411111111111", "41111111111111111111111111"]
)
def test_digits_that_are_no_card_stay(number: str) -> None:
    assert mask(number) == number


@pytest.mark.parametrize("number", ["QQ 12 34 56 C", "QQ123456C", "ab123456d", "AB 123456 D", "AB-12-34-56-D"])
def test_national_insurance_numbers_are_masked(number: str) -> None:
    assert mask(f"hers is {number}.") == f"hers is {INSURANCE}."


@pytest.mark.parametrize("number", ["943 476 5919", "943-476-5919", "9434765919", "401 023 2137"])
def test_nhs_numbers_are_masked(number: str) -> None:
    assert mask(f"patient {number} asks") == f"patient {NHS} asks"


@pytest.mark.parametrize("number", ["943 476 5918", "9434765918", "94 347 65919"])
def test_ten_digits_that_do_not_check_stay(number: str) -> None:
    assert mask(number) == number


@pytest.mark.parametrize("mention", ["<@U012AB3CD>", "<@W012AB3CD>", "<@U012AB3CD|jo.bloggs>", "<@U012AB3CD"])
def test_people_mentioned_are_masked(mention: str) -> None:
    assert mask(f"{mention} asked") == f"{PERSON} asked"


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("2 (0117) 922 2000 2024", "2 [phone] 2024"),
        ("07700900123,07700900124/07700900125", "[phone],[phone]/[phone]"),
        ("07700 900123 4111 1111 1111 1111", "[phone] [card]"),
        ("in 2024 9434765919 and 10 others", "in 2024 [NHS number] and 10 others"),
        ("<@U1> jo@x.org 0117 922 2000 QQ123456C", "[person] [e-mail] [phone] [National Insurance number]"),
        ("QQ123456C0117 922 2000", "[National Insurance number][phone]"),
    ],
)
def test_several_details_are_masked_each(typed: str, masked: str) -> None:
    assert mask(typed) == masked


@pytest.mark.parametrize("text", NEVER_TOUCHED)
def test_what_is_no_personal_detail_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "a@", "a.", "1.", "<mailto:", "<@U1|", "0117 ", "+44 ", "(1", "QQ123456C", "9434765919."]
)
def test_a_hostile_text_comes_to_an_end(piece: str) -> None:
    once = mask(piece * 1000 + "0117 922 2000")

    assert mask(once) == once


PIECES = st.one_of(
    st.sampled_from("0123456789 +-()@.<>|£,:/"),
    st.sampled_from(
        [
            "<@U1", "<mailto:", "<tel:", "jo@example.org", "QQ123456C", "9434765919", "4111 1111 1111 1111", "+44",
            "07700 900123", "0117 922 2000", "[phone]", "é", "²", "٣", "\x00", "\ud800",
        ]
    ),
    st.text(max_size=3),
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
@example("QQ123456CQQ123456C0117 922 2000")
@example("<mailto:<mailto:a@b.cd>>")
def test_masking_twice_changes_nothing_more(text: str) -> None:
    once = mask(text)

    assert mask(once) == once


WORDS = st.sampled_from("how do we test a service with people who cannot use it and what must be true in beta".split())


@given(st.lists(st.one_of(WORDS, st.sampled_from(NEVER_TOUCHED)), min_size=1, max_size=12).map("; ".join))
def test_a_plain_sentence_stays(sentence: str) -> None:
    assert mask(sentence) == sentence


@given(st.lists(st.one_of(WORDS, st.integers(0, 9_999_999).map(str)), min_size=1, max_size=12).map(", ".join))
def test_small_numbers_stay(sentence: str) -> None:
    assert mask(sentence) == sentence


@given(st.integers(10**11, 10**18 - 1))
def test_any_digits_that_pass_the_check_of_a_card_are_masked(digits: int) -> None:
    doubled = [int(digit) for digit in f"{digits}0"]
    total = sum(sum(divmod(2 * digit, 10)) for digit in doubled[-2::-2]) + sum(doubled[-1::-2])

    # 44 7700 900123 without its plus may pass that check too.
    assert mask(f"{digits}{-total % 10}") in (CARD, PHONE)


@given(st.integers(10**8, 10**9 - 1))
def test_any_ten_digits_that_pass_the_check_of_the_nhs_are_masked(digits: int) -> None:
    check = (11 - sum(int(digit) * weight for digit, weight in zip(str(digits), range(10, 1, -1), strict=True))) % 11

    assert mask(f"{digits}{check}") == (NHS if check < 10 else f"{digits}{check}")


@given(st.from_regex(r"0[1-35789][0-9]{9}", fullmatch=True), st.sampled_from([" ", "-", "\u00a0"]), st.integers(3, 5))
def test_any_uk_telephone_number_is_masked(digits: str, gap: str, area: int) -> None:
    assert mask(f"{digits[:area]}{gap}{digits[area:]}") == PHONE


NAMES = st.from_regex(r"[a-z0-9][a-z0-9._%+'-]{0,20}", fullmatch=True)
DOMAINS = st.from_regex(r"([a-z0-9-]{1,12}\.){1,3}[a-z]{2,6}", fullmatch=True)


@given(NAMES, DOMAINS)
def test_any_usual_e_mail_address_is_masked(name: str, domain: str) -> None:
    assert mask(f"write to {name}@{domain} please") == f"write to {E_MAIL} please"
