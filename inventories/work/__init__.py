"""From records to work rows, a module a source category; and what such work usually comes to."""
