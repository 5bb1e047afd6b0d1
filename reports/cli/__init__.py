"""The command `caap`: a module a group of commands."""
