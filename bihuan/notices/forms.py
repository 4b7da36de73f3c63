"""One form per action."""

from django import forms


class MarkAllReadForm(forms.Form):
    """Names the newest notice on the page, so that none is marked unseen."""

    up_to = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)
