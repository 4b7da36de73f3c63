"""The form with which a program hands in one file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.files.fields import FilesField


class UploadForm(forms.Form):
    file = FilesField(label=_("File"), max_files=1)
