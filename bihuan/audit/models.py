"""Entries that are only ever added, the seals of past days, and the marks of reactions that took effect."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, subject: models.Model) -> "EntryQuerySet":
        """Entries of one subject, oldest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by("seq")

    def whole(self) -> "EntryQuerySet":
        """With the people named in them, for a page that prints names."""
        return self.select_related("by", "on_behalf_of")


class Entry(models.Model):
    """One thing that happened: who did what to which subject, when, where.

    Timeline, audit and outbox are this one row. `seq` counts a subject's entries from 1; `hash` covers the
    entry and the hash before it, so that no entry of a chain can be changed, removed or slipped in unseen.
    `day` is the day under which the entry is sealed; the database moves it past days already sealed.
    """

    at = models.DateTimeField(_("when"))
    day = models.DateField()
    verb = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    seq = models.PositiveIntegerField()
    area_id = models.BigIntegerField(null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("who"),
        db_index=False,
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects = EntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "seq"], name="audit_entry_one_chain"
            ),
        ]
        indexes = [
            models.Index(fields=["day", "id"], name="audit_entry_by_day"),
            models.Index(fields=["by", "-id"], name="audit_entry_by_person"),
            models.Index(
                fields=["on_behalf_of", "-id"],
                name="audit_entry_on_behalf_of",
                condition=models.Q(on_behalf_of__isnull=False),
            ),
            models.Index(fields=["verb", "-id"], name="audit_entry_by_verb"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type}/{self.subject_id}#{self.seq}"

    def subject(self) -> Any:
        """The thing this entry is about, or None when it is gone."""
        if "_subject" not in self.__dict__:
            manager = apps.get_model(self.subject_type)._base_manager
            self.__dict__["_subject"] = manager.filter(pk=self.subject_id).first()
        return self.__dict__["_subject"]


class Seal(models.Model):
    """A day's entries, counted, listed and hashed once the day was over. Chained to the seal before."""

    day = models.DateField(unique=True)
    sealed_at = models.DateTimeField()
    entry_ids = ArrayField(models.BigIntegerField())
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {len(self.entry_ids)}"


class Effect(models.Model):
    """A reaction that took effect: committed with the effect itself, so that a repeated job does nothing."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="effects")
    reaction = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "reaction"], name="audit_effect_once")]

    def __str__(self) -> str:
        return f"{self.reaction} of {self.entry_id}"
