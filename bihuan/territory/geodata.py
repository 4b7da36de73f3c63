"""Reading boundary files: GeoJSON, zipped Shapefile, GeoPackage and KML, in any coordinate system."""

from __future__ import annotations

import io
import re
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyogrio
import pyproj
import shapely
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bihuan.territory.projection import Datum, to_wgs84
from bihuan.territory.shapes import only_polygons

LARGEST_FILE = 100 * 1024 * 1024
LARGEST_UNPACKED = 500 * 1024 * 1024
DRIVERS = {"GeoJSON", "ESRI Shapefile", "GPKG", "KML", "LIBKML"}
SHAPEFILE_PARTS = {".shp", ".shx", ".dbf", ".prj", ".cpg"}

_CODE_FIELDS = (
    "code",
    "adcode",
    "gbcode",
    "gb",
    "pac",
    "xzqdm",
    "代码",
    "编码",
    "区划代码",
    "行政区划代码",
    "网格编码",
)
_NAME_FIELDS = (
    "name",
    "xzqmc",
    "mc",
    "名称",
    "社区",
    "社区名称",
    "街道名称",
    "行政区名称",
    "网格名称",
    "name_zh",
)


@dataclass(frozen=True)
class Drawn:
    """One drawn area of a file, in WGS-84. `number` counts from 1 as the file lists them."""

    number: int
    code: str
    name: str
    shape: Any


@dataclass(frozen=True)
class Drawing:
    """What a boundary file holds."""

    drawn: list[Drawn]
    fields: list[str]
    system: str  # the coordinate system as the file calls it, or the Chinese one it was said to be in


def read_drawing(
    file: BinaryIO, *, datum: Datum | None = None, code_field: str = "", name_field: str = ""
) -> Drawing:
    """Every polygon of the file.

    `datum` "gcj02" or "bd09" says that its degrees are those of a Chinese map, which no file says by itself;
    None believes the file. ValidationError with a sentence for the user when nothing can be read.
    """
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValidationError(_("The file is larger than 100 MB. Split it or simplify the boundaries."))
    with tempfile.TemporaryDirectory() as folder:
        path = _unpack(content, Path(folder))
        drawn: list[Drawn] = []
        fields: list[str] = []
        system = ""
        for layer, kind in _layers(path):
            if kind is None:
                continue  # a table without shapes
            meta, _ids, shapes, columns = _read_layer(path, layer)
            system = _system(meta["crs"], path.suffix, datum)
            names = [str(name) for name in meta["fields"]]
            fields += [name for name in names if name not in fields]
            by_name = dict(zip(names, columns, strict=True))
            codes = _column(by_name, code_field, _CODE_FIELDS)
            titles = _column(by_name, name_field, _NAME_FIELDS)
            for position, shape in enumerate(_in_wgs84(shapely.from_wkb(shapes), meta["crs"], datum)):
                if shape is None:
                    continue
                polygons = only_polygons(shape)
                code, name = _text(codes, position), _text(titles, position)
                if polygons.is_empty and shape.geom_type in (
                    "Point",
                    "LineString",
                    "MultiPoint",
                    "MultiLineString",
                ):
                    continue  # a label or a road in the same file
                drawn.append(Drawn(len(drawn) + 1, code, name, polygons))
    if not drawn:
        raise ValidationError(_("There is no area in this file: it holds no polygons."))
    return Drawing(drawn, fields, system)


def _unpack(content: bytes, folder: Path) -> Path:
    """Put the file where it can be read, under the name that its content deserves."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(b"SQLite format 3"):
        return _written(folder / "boundaries.gpkg", content)
    if content.startswith(b"PK"):
        return _unzip(content, folder)
    # A virtual dataset would make the reader open other files of this machine.
    if start.startswith(b"<") and b"<kml" in start and b"<OGRVRT" not in content:
        return _written(folder / "boundaries.kml", content)
    if start.startswith(b"{"):
        return _written(folder / "boundaries.geojson", content)
    raise ValidationError(_("This file is none of GeoJSON, zipped Shapefile, GeoPackage and KML."))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _unzip(content: bytes, folder: Path) -> Path:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if sum(member.file_size for member in members) > LARGEST_UNPACKED:
            raise ValidationError(_("The zip file unpacks to more than 500 MB."))
        parts = [m for m in members if Path(m.filename).suffix.lower() in SHAPEFILE_PARTS]
        shapefiles = [
            m for m in parts if m.filename.lower().endswith(".shp") and "__MACOSX" not in m.filename
        ]
        kml = [m for m in members if m.filename.lower().endswith(".kml")]
        if len(shapefiles) == 1:
            stem = shapefiles[0].filename[:-4].lower()
            for part in parts:
                name = part.filename.lower()
                if name[: -len(Path(name).suffix)] == stem:
                    (folder / f"boundaries{Path(name).suffix}").write_bytes(archive.read(part))
            return folder / "boundaries.shp"
        if len(kml) == 1 and not shapefiles:
            return _unpack(archive.read(kml[0]), folder)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise ValidationError(_("The zip file is damaged or locked with a password.")) from error
    raise ValidationError(
        _("The zip file must hold exactly one Shapefile (.shp, .shx, .dbf, .prj) or KML file.")
    )


def _layers(path: Path) -> list[tuple[str, str | None]]:
    try:
        layers = pyogrio.list_layers(path)
        for name, _kind in layers:
            if pyogrio.read_info(path, layer=name)["driver"] not in DRIVERS:
                raise ValidationError(
                    _("This file is none of GeoJSON, zipped Shapefile, GeoPackage and KML.")
                )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise ValidationError(_("The file cannot be read: %(error)s") % {"error": _short(error)}) from error
    return [(str(name), kind) for name, kind in layers]


def _read_layer(path: Path, layer: str) -> Any:
    options: dict[str, Any] = {"layer": layer, "force_2d": True}
    if path.suffix == ".shp" and not path.with_suffix(".cpg").exists():
        options["encoding"] = _table_encoding(path.with_suffix(".dbf"))
    try:
        return pyogrio.raw.read(path, **options)
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
    ) as error:
        raise ValidationError(_("The file cannot be read: %(error)s") % {"error": _short(error)}) from error


def _table_encoding(path: Path) -> str:
    """Shapefiles seldom say how their table is written; in China it is UTF-8 or GB 18030."""
    try:
        path.read_bytes()[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    except FileNotFoundError:
        pass
    return "UTF-8"


def _short(error: Exception) -> str:
    """GDAL's words without the folder we unpacked into."""
    return re.sub(r"\S*boundaries\.", "boundaries.", str(error))[:200]


def _system(crs: str | None, ending: str, datum: Datum | None) -> str:
    if datum in ("gcj02", "bd09"):
        return {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]
    if crs:
        return crs if len(crs) <= 40 else pyproj.CRS.from_user_input(crs).name
    if datum == "wgs84" or ending == ".geojson":
        return "EPSG:4326"
    raise ValidationError(
        _("The file does not say its coordinate system. Add the .prj file, or choose the system yourself.")
    )


def _in_wgs84(shapes: Any, crs: str | None, datum: Datum | None) -> Any:
    if datum != "wgs84" and crs:
        source = pyproj.CRS.from_user_input(crs)
        if not source.is_geographic or source.to_epsg() not in (4326, 4979):
            change = pyproj.Transformer.from_crs(source, "EPSG:4326", always_xy=True)
            shapes = shapely.transform(
                shapes, lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1]))
            )
    if datum in ("gcj02", "bd09"):
        shapes = shapely.transform(
            shapes, lambda points: np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum))
        )
    return shapes


def _column(columns: dict[str, Any], wanted: str, usual: tuple[str, ...]) -> Any:
    if wanted:
        return columns.get(wanted)
    by_lower = {name.lower(): name for name in columns}
    for name in usual:
        if name in by_lower:
            return columns[by_lower[name]]
    return None


def _text(column: Any, position: int) -> str:
    if column is None:
        return ""
    value = column[position]
    if value is None or value != value:  # a missing number reads as not-a-number
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value).strip()
