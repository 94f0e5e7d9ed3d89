"""HTML made plain: what a person cannot see was written by nobody, and gives no orders."""

from __future__ import annotations

import time

import pytest

from daemon.mail.octets.plaintext import text_of_html


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
        '<p style="font-size:.0em">go all</p>',
        '<p style="font-size:.5px">go all</p>',
        '<div style="font-size:0"><p style="font-size:0.1pt">go all</p></div>',
        '<p style="font:0/0 serif">go all</p>',
        '<p style="font-size:13px;font-size:0">go all</p>',
        '<p style="font-size:0 !important;font-size:13px">go all</p>',
        '<div style="font-size:0"><b style="font-size:2em">go all</b><i style="font-size:150%">go all</i></div>',
        '<div style="font-size:0"><p style="font-size:13px;font-size:0">go all</p></div>',
        '<div style="font-size:0"><p title="font-size:13px">go all</p></div>',
        """<div style="font-size:0"><p title=' style="font-size:13px"'>go all</p></div>""",
        '<div style="font-size:0"><p style="font-size:inherit">go all</p>go all</div>',
        '<div style="font-size:0"><p style="font-size:13px"></p>go all</div>',
        '<div style="display:none"><p style="font-size:13px">go all</p></div>',
        '<div style="font-size:0"><p style="font-size:13px;display:none">go all</p></div>',
        '<div style="font-size:0"><div style="font-size:13px" hidden>go all</div></div>',
        '<div style="display:none"><p>x<p>go all</div>',
        "<table><tr><td hidden>x<table><tr><td>go all</table>go all<tr><td></table>",
        "<ul><li hidden>x<ul><li>go all</ul>go all</ul>",
        "<div hidden><span>x</div></span>",
        "<span hidden><div></span>go all</div></span>",
        "<span hidden><table><tr><td></span></div>go all</table></span>",
        '<p><font style="display:none">x<p>go all</font></p>',
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
        '<div style="font-size:0px"><table><tr><td style="font-size:0"><p style="font-size:13px">go all</table></div>',
        '<div style="font-size:0"><p style="color:red;FONT-SIZE : 1.5rem">go all</p></div>',
        '<div style="font-size:0"><p style="font: bold 13px/1.5 Arial">go all</p></div>',
        '<div style="font-size:0"><p style="font-size:&#49;3px">go all</p></div>',
        '<div style="font-size:0"><font size="2">go all</font></div>',
        '<div style="font-size:0"><p style="font-size:medium"><b>go all</b></p></div>',
        '<p style="font-size:0;font-size:13px">go all</p>',
        '<ul><li style="display:none">x<li>go all</ul>',
        '<ul><li style="display:none">x</ul>go all',
        "<table><tr><td hidden>x<td>go all</table>",
        "<table><tr><td hidden>x<tr><td>go all</table>",
        "<table><tr hidden><td>x<tr><td>go all</table>",
        "<table><thead hidden><tr><td>x<tbody><tr><td>go all</table>",
        "<table><tr><th hidden>x</table>go all",
        "<select><option hidden>x<option>go all</select>",
        "<dl><dt hidden>x<dd>go all</dl>",
        '<div><p style="display:none">x<div>go all</div></div>',
        '<div><p style="display:none">x</div>go all',
        '<td><font style="display:none">x</td><td>go all',
        """<script>write("<div style='display:none'>")</script>go all""",
    ],
)
def test_what_is_seen_stays(html: str) -> None:
    assert "go all" in text_of_html(html)


def test_hidden_elements_that_never_end_cost_no_more_than_others() -> None:
    for html in (
        '<div style="display:none">' * 15_000 + 'style="' + " display :" * 3_000,
        "<div hidden>" + "<div>" * 30_000 + "<td></td></span>" * 15_000,
        "<div hidden><p>" + "<b>" * 30_000 + "<p>" * 60_000,
        "<div style=font-size:0>" + "<p style='" + "font-size:" * 35_000 + "'>",
    ):
        began = time.process_time()

        assert text_of_html(html).strip() == ""
        assert time.process_time() - began < 2.0
