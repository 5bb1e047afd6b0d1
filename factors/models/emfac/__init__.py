"""EMFAC's own exports: read, told apart, and taken by a method."""

from factors.models.emfac.export import EmfacError as EmfacError
from factors.models.emfac.reading import EmfacFile as EmfacFile
from factors.models.emfac.reading import read_emfac as read_emfac
