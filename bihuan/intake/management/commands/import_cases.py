"""Takes in reports from a spreadsheet at the command line: the steps of the page, in the foreground."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django.utils.translation import gettext as _
from tqdm import tqdm

from bihuan.accounts.queries import person_named
from bihuan.core.verdicts import Refusal
from bihuan.core.xlsx import index_of
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind
from bihuan.intake.models import Datum, SheetImport
from bihuan.intake.sheet import actions, queries
from bihuan.intake.sheet.book import Book, without_nul
from bihuan.intake.sheet.fields import FIELDS
from bihuan.intake.sheet.queries import Proposal
from bihuan.intake.sheet.refused import write_refused
from bihuan.intake.sheet.rows import Setting
from bihuan.intake.sheet.running import take_in
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id, district

SOME_REFUSED, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = (
        "Take in reports from FILE (.xlsx, .xls, .ods, .csv)."
        " Exit status: 0 all is in, 1 rows were refused, 2 nothing was done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", default="", help="what the list is called; numbers are unique within it"
        )
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="the clerk on whose account it is taken in"
        )
        parser.add_argument("--area", default="", metavar="CODE", help="where rows without a place go")
        parser.add_argument("--sheet", default="", help="name of the sheet")
        parser.add_argument(
            "--header", type=int, metavar="ROW", help="row of the column names; 0: there is none"
        )
        parser.add_argument(
            "--map", nargs="+", action="extend", default=[], metavar="COLUMN=FIELD",
            help="what a column means, by its name or letter; nothing after = leaves it out."
            f" Fields: {', '.join(FIELDS)}",
        )  # fmt: skip
        parser.add_argument(
            "--datum", choices=Datum.values, default=Datum.WGS84.value, help="map of the coordinates"
        )
        parser.add_argument(
            "--may-call", action="store_true", help="the people in the list agreed to be called back"
        )
        parser.add_argument("--dry-run", action="store_true", help="look at every row and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        by = self._person(options["by"])
        with translation.override(by.language if by else translation.get_language() or "en"):
            try:
                self._import(options, by)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages), returncode=UNREADABLE) from error
            except Refusal as refusal:
                raise CommandError(str(refusal.sentence), returncode=UNREADABLE) from refusal

    def _import(self, options: dict[str, Any], by: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(_("There is no file %(path)s.") % {"path": path}, returncode=UNREADABLE)
        content = without_nul(path.read_bytes())
        book = Book(content, path.name)
        if options["sheet"] and not any(choice.name == options["sheet"] for choice in book.sheets):
            raise ValidationError(_("There is no sheet “%(sheet)s”.") % {"sheet": options["sheet"]})
        area = self._area(options["area"], by)
        proposal = queries.proposal_for(book, by, sheet=options["sheet"], header=options["header"])
        columns = self._columns(proposal, options["map"])
        setting = Setting(
            sheet=proposal.sheet,
            header=proposal.header,
            columns=columns,
            source=options["source"] or proposal.source,
            datum=options["datum"],
            may_call=options["may_call"],
        )
        self._say_columns(proposal, setting)
        if options["dry_run"]:
            self._dry_run(book, setting, proposal)
            return
        stored = accept_upload(SimpleUploadedFile(path.name, content), kinds=[Kind.DOCUMENT])
        sheet_import = actions.receive_sheet(stored, by=by, area=area, name=path.name)
        sheet_import = actions.confirm_sheet(
            sheet_import,
            by=by,
            area=area,
            titles=proposal.titles,
            signature=proposal.signature,
            last_row=book.last_row(setting.sheet),
            at_once=True,
            sheet=setting.sheet,
            header=setting.header,
            columns=setting.columns,
            source=setting.source,
            datum=setting.datum,
            may_call=setting.may_call,
        )
        with tqdm(total=sheet_import.rows, unit=_("rows"), file=self.stderr, disable=None) as bar:

            def move(now: SheetImport) -> None:
                bar.update(now.rows_done - bar.n)

            done = take_in(sheet_import.pk, progress=move)
        self._report(done, book, path)

    def _person(self, username: str) -> Any:
        if not username:
            return None
        person = person_named(username)
        if person is None:
            raise CommandError(
                _("There is nobody called %(name)s.") % {"name": username}, returncode=UNREADABLE
            )
        return person

    def _area(self, code: str, by: Any) -> Area:
        if not code:
            duty = by.holds("clerk") if by else None
            return duty.area if duty and duty.area else district()
        found = next((area for area in areas_by_id().values() if area.code == code), None)
        if found is None:
            raise CommandError(
                _("There is no area with the code %(code)s.") % {"code": code}, returncode=UNREADABLE
            )
        return found

    def _columns(self, proposal: Proposal, given: list[str]) -> dict[str, int]:
        columns = dict(proposal.columns)
        for pair in given:
            title, _equals, name = pair.rpartition("=")
            places = [i for i, known in enumerate(proposal.titles) if known == title]
            if not places and title.isascii() and title.isalpha() and len(title) <= 3:
                place = index_of(title.upper().encode())
                places = [place] if place < len(proposal.titles) else []
            if not places or (name and name not in FIELDS):
                raise CommandError(
                    _("“%(pair)s” is not COLUMN=FIELD. Columns: %(columns)s. Fields: %(fields)s.")
                    % {"pair": pair, "columns": ", ".join(proposal.titles), "fields": ", ".join(FIELDS)},
                    returncode=UNREADABLE,
                )
            columns = {known: i for known, i in columns.items() if i != places[0]}
            if name:
                columns[name] = places[0]
        if not {"words", "title"} & columns.keys():
            raise CommandError(_("Say which column tells what was reported."), returncode=UNREADABLE)
        return columns

    def _say_columns(self, proposal: Proposal, setting: Setting) -> None:
        for name, index in setting.columns.items():
            self.stdout.write(f"  {proposal.titles[index]} → {FIELDS[name].label}")
        unused = [title for i, title in enumerate(proposal.titles) if i not in setting.columns.values()]
        if unused:
            self.stdout.write("  " + _("Not used:") + " " + ", ".join(unused))

    def _dry_run(self, book: Book, setting: Setting, proposal: Proposal) -> None:
        found = queries.survey(book, setting, limit=None, titles=proposal.titles)
        self.stdout.write(
            _("%(new)s new, %(known)s already there, %(repeated)s repeated in the file, %(refused)s refused.")
            % {"new": found.new, "known": found.known, "repeated": found.repeated, "refused": found.refused}
        )
        for column, what, times in found.commonest:
            self.stdout.write(f"  {column}: {what} × {times}")
        self.stdout.write(_("Nothing was written."))
        if found.refused:
            sys.exit(SOME_REFUSED)

    def _report(self, done: SheetImport, book: Book, path: Path) -> None:
        self.stdout.write(
            _(
                "%(new)s created, %(known)s already there, %(repeated)s repeated in the file,"
                " %(refused)s refused."
            )
            % {"new": done.created, "known": done.known, "repeated": done.repeated, "refused": done.refused}
        )
        if done.refused:
            beside = path.with_name(f"{path.stem}-refused.xlsx")
            write_refused(done, book, str(beside))
            self.stdout.write(_("The refused rows, with reasons: %(path)s") % {"path": beside})
            sys.exit(SOME_REFUSED)
