"""The widgets: each is a class in a module of its own, beside the JavaScript of the same name.

They compute in the browser, so they are as alive on a plain page as in JupyterLab.  In Python a
widget is its traits: set one and the control moves, move the control and the trait follows.
"""
