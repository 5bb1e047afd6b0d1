"""Several years beside each other."""
