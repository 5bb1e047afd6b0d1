"""The one refusal of methods, apart from them, so that what a method reads can raise it too."""


class MethodError(ValueError):
    """A method, option or coverage statement is not one there is."""
