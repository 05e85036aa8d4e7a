"""Images as base64, in every spelling that clients send."""

import base64

import pytest

from wire.base64_image import BadBase64, decode_image, encode_image

IMAGE = bytes(range(256)) + b"\xfb\xff\xfe?"  # 260 bytes: + / and padding all occur
STANDARD = base64.b64encode(IMAGE).decode()


def test_the_sample_holds_every_character_that_spellings_differ_in() -> None:
    assert {"+", "/"} <= set(STANDARD)
    assert STANDARD.endswith("=")


def test_every_spelling_gives_the_same_bytes(subtests: pytest.Subtests) -> None:
    for text in [
        STANDARD,
        base64.urlsafe_b64encode(IMAGE).decode(),
        STANDARD.rstrip("="),
        "\r\n".join(STANDARD[i : i + 76] for i in range(0, len(STANDARD), 76)),
        f"  {STANDARD}\n",
        f"data:image/jpeg;base64,{STANDARD}",
        f"data:;base64,{STANDARD}",
        f"DATA:image/svg+xml;charset=utf-8;BASE64, {STANDARD}",
        f"\n data:image/png;base64,{base64.urlsafe_b64encode(IMAGE).decode().rstrip('=')}",
    ]:
        with subtests.test(text=text[:40]):
            assert decode_image(text) == IMAGE


def test_any_length_comes_back_with_and_without_padding(subtests: pytest.Subtests) -> None:
    for length in range(5):
        with subtests.test(length=length):
            data = IMAGE[:length]
            assert decode_image(encode_image(data)) == data
            assert decode_image(encode_image(data).rstrip("=")) == data


def test_anything_else_is_refused(subtests: pytest.Subtests) -> None:
    for text in [
        "@@@@",
        "QUJD*",
        "A",
        "QUJDR",
        "QUJD=QUJD",
        "image.jpg",
        "http://example.org/a.jpg",
        "QUJD\x00",
        "ＱＵＪＤ",
        "\ud800",
    ]:
        with subtests.test(ascii(text)), pytest.raises(BadBase64, match="not base64"):
            decode_image(text)


def test_a_value_that_is_no_text_is_refused_by_its_type(subtests: pytest.Subtests) -> None:
    for value in [None, 5, 1.5, True, [STANDARD], {"img": STANDARD}, b"QUJD"]:
        with (
            subtests.test(type(value).__name__),
            pytest.raises(BadBase64, match=f"not as {type(value).__name__}"),
        ):
            decode_image(value)


def test_a_data_prefix_without_a_comma_is_no_prefix() -> None:
    with pytest.raises(BadBase64):
        decode_image(f"data:image/png;base64{STANDARD}")


def test_the_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(BadBase64) as refusal:
        decode_image("secret!" * 1000)
    assert "secret" not in str(refusal.value)
    assert len(str(refusal.value)) < 300


def test_written_base64_holds_no_line_breaks() -> None:
    assert "\n" not in encode_image(bytes(10_000))
