"""What a gate asks for: notices that were given, and conditions that somebody signed for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.files.models import StoredFile
from bihuan.ledgers.models.item import Item


class NoticeChannel(models.TextChoices):
    WECHAT = "wechat", _("WeChat message")  # 微信消息
    LOUDSPEAKER = "loudspeaker", _("loudspeaker")  # 小喇叭循环播放
    IN_PERSON = "in_person", _("in person")  # 当面口头传达
    PHONE = "phone", _("by phone")  # 电话
    DOOR = "door", _("paper on the door")  # 张贴


class NoticeGiven(models.Model):
    """That somebody was told 告知: how, when, by whom, in which words.

    The grace period 过渡期 counts from it. A notice given in error is taken back with a reason, and stays.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="notices_given")
    channel = models.CharField(max_length=12, choices=NoticeChannel)
    text = models.TextField(_("what was said"))
    given_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="ledgers_noticegiven_withdrawn_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.channel}"


class Signature(models.Model):
    """One condition of a gate that somebody signed for, with what it rests on.

    It holds for one stay in the step before the gate, and for the documents that were there: an item that is
    sent back, or gets another document, is signed for anew.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="signatures")
    gate = models.CharField(max_length=60)
    condition = models.PositiveSmallIntegerField()  # its place in the gate
    sentence = models.TextField()  # what was signed, as it stood there
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    lapsed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "gate", "condition"],
                condition=Q(lapsed_at=None),
                name="ledgers_signature_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.gate}/{self.condition}"
