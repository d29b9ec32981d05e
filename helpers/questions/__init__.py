"""The questions of the self-checks, one file for each chapter, both languages side by side.

A file has two parts.  ``setup`` is Python that the test runs before the expressions of the file (it may import
``torch`` and ``helpers``; ``torch`` runs in float64).  ``checks`` lists, for each check, its questions in order.  A check
is named like the section at whose end it stands (``sec-loss``), or ``predict-…`` if it stands before a figure or a
widget and asks for a guess.

A question has a ``name`` (unique in its check; answers are remembered under it), a ``kind`` and a text ``ask``.  A text
has two languages, ``{en: …, ko: …}``, and inline Markdown: ``*w*₁``, ``**X**``, and ``code``.  The kinds:

``one``, ``many``
    ``choices``: texts with ``says`` (why it is right, or which mistake one makes who takes it) and ``holds``, a Python
    expression that is true for a right choice and false for a wrong one.  ``one`` has exactly one right choice; ``many``
    at least one of each sort.
``number``
    ``answer``, the expression ``computed`` that gives it, and a ``tolerance`` (absolute).  ``right`` tells why.
    ``wrong`` lists numbers that a known mistake leads to: ``value``, ``computed`` (the mistake made on purpose), ``says``.
    ``otherwise`` is said of any other number.
``output``
    ``code``, and the ``answer`` that running it prints, compared without spaces.  ``right``, ``wrong`` (``value``,
    ``says``) and ``otherwise`` as above; a ``wrong`` of this kind has no ``computed``.

In a check ``predict-…`` each question has also ``then``: what to run or move now, and what to look at.
``states`` lists the numbers that the explanations of a question state and that are given nowhere else in it:
``{"502.6": "f'{loss:.1f}'"}``, an expression that gives the text.  The test recomputes them all.
"""
