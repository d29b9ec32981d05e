"""TeX in, MathML out: what the book mends in pandoc's output."""

import re

import pytest

from helpers.site.fonts import characters
from helpers.site.mathml import TeXError, convert


def mathml(tex, displayed=False):
    return re.sub(r"<annotation.*?</annotation>", "", convert([(tex, displayed)])[0])


def test_the_tex_goes_along_for_copying():
    assert r'<annotation encoding="application/x-tex">\hat{y} &lt; 1</annotation>' in convert([(r"\hat{y} < 1", False)])[0]


def test_bold_letters_are_upright_as_in_tex():
    assert "𝐗𝐰" in re.sub(r"<[^>]*>", "", mathml(r"\mathbf{X}\mathbf{w}"))
    assert "mathvariant" not in mathml(r"\mathbf{X}\in\mathbb{R}, \mathcal{B}")


def test_a_word_is_one_name():
    assert "<mi>price</mi>" in mathml(r"\mathrm{price} = w_{\mathrm{area}}")
    assert "<mi>area</mi>" in mathml(r"\mathrm{price} = w_{\mathrm{area}}")


def test_a_single_upright_letter_stays_upright():
    assert '<mi mathvariant="normal">d</mi>' in mathml(r"\mathrm{d}x")


def test_a_hat_is_as_wide_as_a_letter():
    assert '<mover accent="true"><mi>y</mi><mo stretchy="false" lspace="0" rspace="0">ˆ</mo></mover>' in mathml(r"\hat{y}")


def test_an_exponent_stands_where_it_would_without_the_hat():
    assert "<msup><mpadded" in mathml(r"\hat{y}^{(i)}")
    assert "<mpadded" not in mathml(r"\hat{y}_i + y^{(i)}")


def test_operators_in_indices_have_no_space():
    assert '<mo lspace="0" rspace="0">=</mo>' in mathml(r"\sum_{i=1}^n x_i", displayed=True)
    assert '<mo lspace="0" rspace="0">' not in mathml(r"x = 1")


@pytest.mark.parametrize("tex, spaces", [
    (r"\log x", 1), (r"2 \log x", 2), (r"-\log P", 1), (r"\exp(x)", 0), (r"\exp\left(x\right)", 0), (r"2\exp(x)", 1),
])
def test_a_named_function_keeps_its_distance(tex, spaces):
    assert mathml(tex).count("0.1667em") == spaces


def test_a_minus_sign_in_an_exponent_is_an_operator():
    assert "<mi>−</mi>" not in mathml(r"e^{-x}") and "−</mo>" in mathml(r"e^{-x}")


def test_rows_of_aligned_are_displays():
    aligned = mathml(r"\begin{aligned} a &= \frac12 \\ b &= c \end{aligned}", displayed=True)
    assert 'class="aligned"' in aligned and 'displaystyle="true"' in aligned and "style=" not in aligned.replace("displaystyle=", "")
    matrix = mathml(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", displayed=True)
    assert "aligned" not in matrix


def test_bars_and_tildes_are_as_wide_as_a_letter_and_lines_as_wide_as_what_is_below_them():
    assert '<mo stretchy="false" lspace="0" rspace="0">¯</mo>' in mathml(r"\bar{x}")
    assert '<mo stretchy="false" lspace="0" rspace="0">˜</mo>' in mathml(r"\tilde{x}")
    assert "stretchy" not in mathml(r"\overline{xy}")


def test_the_bars_of_a_norm_grow_only_when_told():
    assert mathml(r"\lVert x \rVert").count('stretchy="false"') == 2
    assert 'stretchy="false"' not in mathml(r"\left\lVert x \right\rVert")


def test_an_exponent_belongs_to_all_that_is_in_large_brackets():
    raised = mathml(r"f\bigl(g(x)\bigr)^2")
    assert re.search(r"<msup><mrow><mo [^>]*>\(</mo><mi>g</mi>.*\)</mo><mo [^>]*>\)</mo></mrow><mn>2</mn></msup>", raised)
    assert re.search(r"<msup><mo [^>]*>\)</mo><mn>2</mn></msup>", mathml("(x)^2"))
    assert re.search(r"<msup><mo [^>]*>\]</mo><mn>2</mn></msup>", mathml(r"\bigl(0, x\bigr]^2"))  # has no bracket of its kind before it


def test_a_functions_exponent_stands_at_its_name():
    assert '<mrow><msup><mi mathvariant="normal">tanh</mi><mn>2</mn></msup><mo>\u2061</mo></mrow>' in mathml(r"\tanh^2(x)")


@pytest.mark.parametrize("tex, base", [("f'(x)", "<mi>f</mi>"), ("f''", "<mi>f</mi>"), ("f'_i", "<msub><mi>f</mi><mi>i</mi></msub>")])
def test_a_prime_is_no_script(tex, base):
    assert re.search(rf'{base}<mo form="postfix" lspace="0" rspace="0">[′″]</mo>', mathml(tex))


def test_a_star_is_raised_once():
    assert "∗" in mathml("w^*") and "*" not in mathml("w^*")


def test_a_sum_has_no_space_where_nothing_is_before_it():
    assert '<mo lspace="0">∑</mo>' in mathml(r"\sum_i x_i") and '<mo lspace="0">∑</mo>' in mathml(r"\frac{\sum_i x_i}{2}")
    assert "<mo>∑</mo>" in mathml(r"y = \sum_i x_i")


def test_a_root_has_its_sign_in_the_font():
    assert ord("√") in characters(mathml(r"\sqrt{x}")) and ord("√") not in characters(mathml("x"))


def test_many_formulas_come_back_in_order():
    formulas = [(f"x_{{{i}}}", i % 2 == 0) for i in range(50)]
    for (tex, displayed), result in zip(formulas, convert(formulas)):
        assert f">{tex}<" in result and f'display="{"block" if displayed else "inline"}"' in result


def test_the_formula_that_cannot_be_set_is_named():
    with pytest.raises(TeXError, match=r"\\frac\{1"):
        convert([("x", False), (r"\frac{1", False), ("y", False)])
