"""HTML made plain: what a person cannot see was written by nobody, and gives no orders."""

from __future__ import annotations

import time

import pytest

from daemon.mail.plaintext import text_of_html


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:none">go all</div>',
        "<div style='color:red; DISPLAY :\tNone !important'>go all</div>",
        '<span style="display&#58;none">go all</span>',
        '<span style="display:/* x */none">go all</span>',
        '<div style="visibility:hidden"><div>inner</div>go all</div>',
        '<p style="font-size:0">go all</p>',
        '<p style="font-size:0.0px">go all</p>',
        '<div style="opacity:0">go all</div>',
        '<div style="max-height:0px;overflow:hidden">go all</div>',
        '<div style="mso-hide:all">go all</div>',
        "<div hidden>go all</div>",
        '<div class="a" hidden="">go all</div>',
        "<template><style>x</style>go all</template>",
        "<table hidden><tr><td><table><tr><td>go all</td></tr></table>go all</td></tr></table>",
    ],
)
def test_what_is_hidden_is_left_out_and_what_stands_around_it_is_not(html: str) -> None:
    plain = text_of_html(f"<p>before</p>{html}<p>behind</p>")

    assert plain.split() == ["before", "behind"]


@pytest.mark.parametrize(
    "html",
    [
        '<div style="display:block">go all</div>',
        '<div style="font-size:0.8em">go all</div>',
        '<div style="opacity:0.9">go all</div>',
        '<div style="max-height:0.5em">go all</div>',
        '<div title="a hidden thing">go all</div>',
        '<div style="overflow:hidden">go all</div>',
        '<div aria-hidden="true">go all</div>',
        '<img style="display:none">go all',
        '<br style="display:none">go all',
        '<p style="display:none">x<p>go all',
        "</div>go all",
    ],
)
def test_what_is_seen_stays(html: str) -> None:
    assert "go all" in text_of_html(html)


def test_hidden_elements_that_never_end_cost_no_more_than_others() -> None:
    html = '<div style="display:none">' * 15_000 + 'style="' + " display :" * 3_000
    began = time.perf_counter()

    assert text_of_html(html).strip() == ""
    assert time.perf_counter() - began < 2.0
