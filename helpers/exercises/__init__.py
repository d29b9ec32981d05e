"""What looks at a reader's answers to the exercises, in JupyterLab.

A page imports ``check`` (``from helpers.exercises.check import check``).  Each exercise is a few functions in the module
of its chapter, which try an answer on random inputs and know the mistakes that are often made; what they say stands in
``words.json``.  No message tells the answer.
"""
