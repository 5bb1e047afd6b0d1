"""The command `caap`: a module a group of commands.

Each module declares its commands with click and holds what they do. Only click and the standard library are
imported at the top of them; what computes and what draws is imported by the command that needs it, so that
`caap --help` answers at once. (typer takes a quarter of a second to import, click a quarter of that.)

Results go to standard output, progress and remarks to standard error.
"""
