"""What people look at: tables, figures, pages and the command `caap`."""
