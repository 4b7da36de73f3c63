"""Names, codes and boundaries come in from the files that districts have."""

import io
import json
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.exceptions import ValidationError
from django.db import transaction

from bihuan.audit.models import Entry
from bihuan.territory import actions, queries
from bihuan.territory.divisions import read_divisions
from bihuan.territory.geodata import read_drawing
from bihuan.territory.models import Area
from bihuan.territory.projection import from_wgs84
from bihuan.territory.shapes import faults_between, square_metres
from bihuan.territory.tests.factories import square

IMPORTS = "bihuan.territory.actions.imports"
HEADER = "subdistrict_code,subdistrict,code,name\n"
GOOD = (
    HEADER
    + "411602001,陈州街回族街道,411602001001,陈州社区居民委员会\n"
    + "411602001,陈州街回族街道,411602001002,宁庄社区居民委员会\n"
    + "411602010,金海路街道,411602010201,孙咀村民委员会\n"
    + "411602006,城南街道,411602006205,后村村民委员会\n"
)


def divisions(text, by, **options):
    return actions.import_divisions(
        read_divisions(io.BytesIO(text.encode()), "divisions.csv"), by=by, **options
    )


def boundaries(content, by, **options):
    drawing = read_drawing(io.BytesIO(content), datum=options.pop("datum", None))
    return actions.import_boundaries(drawing, by=by, **options)


def geojson(*features):
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": shape}
                for properties, shape in features
            ],
        },
        ensure_ascii=False,
    ).encode()


# -- divisions ------------------------------------------------------------------------------------------


def test_divisions_come_in_with_short_names_and_keep_the_official_ones(town, administrator):
    report = divisions(GOOD, administrator)

    assert report.kept
    assert len(report.created) == 7
    assert not report.errors
    community = Area.objects.get(code="411602001001")
    assert (community.kind, community.name, community.aliases) == (
        "community",
        "陈州社区",
        ["陈州社区居民委员会"],
    )
    assert community.parent.aliases == ["陈州街"]
    villages = Area.objects.filter(kind="village").order_by("code").values_list("name", flat=True)
    assert list(villages) == ["后村", "孙咀村"]
    assert queries.places_like("czsqj")[0].area == community


def test_the_same_divisions_again_change_nothing_and_a_new_name_renames(town, administrator):
    divisions(GOOD, administrator)
    entries = Entry.objects.count()
    again = divisions(GOOD, administrator)
    assert (again.created, again.changed, again.unchanged) == ([], [], 7)
    assert Entry.objects.count() == entries

    renamed = divisions(GOOD.replace("宁庄", "宁家庄"), administrator)
    assert renamed.changed == ["411602001002"]
    assert Area.objects.get(code="411602001002").name == "宁家庄社区"


BAD = (
    GOOD
    + "411602001,陈州街回族街道,411602001001,又一个社区居民委员会\n"
    + "411602001,陈州街,411602001003,悦来社区居民委员会\n"
    + "411602001,陈州街回族街道,999902001003,悦来社区居民委员会\n"
    + "411602001,陈州街回族街道,自编1,物流园\n"
    + "411602001,陈州街回族街道,411602001009,\n"
)


def test_bad_rows_refuse_the_file_or_are_left_out(town, administrator):
    report = divisions(BAD, administrator)
    assert not report.kept
    assert [(error.row, error.field) for error in report.errors] == [
        (6, "code"),
        (7, "subdistrict"),
        (8, "code"),
        (9, "name"),
        (10, "name"),
    ]
    assert all(error.problem and error.remedy for error in report.errors)
    assert not Area.objects.filter(code="411602001001").exists()

    assert divisions(BAD, administrator, keep_good=True).kept
    assert Area.objects.filter(code__startswith="411602001", kind="community").count() == 2


def test_only_checking_writes_nothing(town, administrator, nothing_written):
    before = nothing_written()
    report = divisions(GOOD, administrator, only_check=True)
    assert (len(report.created), report.kept, nothing_written()) == (7, False, before)


def test_divisions_need_a_district_and_the_right_columns(db, town, administrator, refused):
    with pytest.raises(ValidationError, match="subdistrict"):
        divisions("a,b\n1,2\n", administrator)
    with pytest.raises(ValidationError):
        divisions("", administrator)


def test_divisions_before_the_district_are_refused(db, refused):
    with refused("territory.no_district"):
        divisions(GOOD, None)


def test_imports_are_the_administrators(town, clerk, refused):
    with refused("territory.not_your_duty"):
        divisions(GOOD, clerk)
    with refused("territory.not_your_duty"):
        boundaries(geojson(({}, NEW)), clerk)


def test_imports_that_fail_half_way_leave_nothing(town, administrator, breaking_record, nothing_written):
    before = nothing_written()
    old = Area.objects.get(pk=town["east"].pk).boundary
    broken = breaking_record("bihuan.territory.actions.areas")
    with pytest.raises(broken), transaction.atomic():
        divisions(GOOD, administrator)
    broken = breaking_record(IMPORTS)
    with pytest.raises(broken), transaction.atomic():
        boundaries(geojson(({"code": town["east"].code}, square(114.62, 33.6))), administrator)
    assert nothing_written() == before
    assert Area.objects.get(pk=town["east"].pk).boundary == old


# -- boundaries -----------------------------------------------------------------------------------------

NEW = square(114.62, 33.60, 0.02)


@pytest.mark.parametrize(
    "properties",
    [{"code": "411602003"}, {"CODE": 411602003}, {"name": "人和街街道"}, {"行政区划代码": "411602003"}],
)  # fmt: skip
def test_boundaries_are_matched_by_code_or_name(town, administrator, properties):
    report = boundaries(geojson((properties, NEW)), administrator)

    assert (report.kept, report.drawn, report.errors) == (True, ["411602003"], [])
    assert queries.locate(114.63, 33.63).pk == town["district"].pk
    assert queries.locate(114.63, 33.61).pk == town["east"].pk
    assert Entry.objects.about(town["district"]).latest("seq").verb == "area.boundaries_imported"


def written(tmp_path, name, driver, crs, shape, **options):
    path = tmp_path / name
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shape)], dtype=object),
        [np.array(["人和街街道"], dtype=object)],
        ["名称" if driver == "ESRI Shapefile" else "name"],
        driver=driver,
        crs=crs,
        geometry_type="Polygon",
        **options,
    )
    return path


def in_system(epsg):
    import pyproj

    change = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    shape = shapely.from_geojson(json.dumps(NEW))
    return shapely.transform(
        shape, lambda points: np.column_stack(change.transform(points[:, 0], points[:, 1]))
    )


@pytest.mark.parametrize(
    ("name", "driver", "epsg"),
    [
        ("a.geojson", "GeoJSON", 4326),
        ("a.gpkg", "GPKG", 4547),
        ("a.gpkg", "GPKG", 4490),
        ("a.kml", "KML", 4326),
        ("a.shp", "ESRI Shapefile", 32650),
    ],
)
def test_every_format_and_system_lands_on_the_same_ground(town, administrator, tmp_path, name, driver, epsg):
    path = written(tmp_path, name, driver, f"EPSG:{epsg}", in_system(epsg))
    content = path.read_bytes()
    if name.endswith(".shp"):
        content = zipped({part.name: part.read_bytes() for part in tmp_path.iterdir()})
    report = boundaries(content, administrator)

    assert report.errors == []
    drawn = shapely.from_geojson(json.dumps(Area.objects.get(pk=town["east"].pk).boundary))
    wanted = shapely.from_geojson(json.dumps(NEW))
    assert square_metres(drawn.symmetric_difference(wanted)) < 1


def zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_shapefile_in_chinese_encoding_and_without_projection(town, administrator, tmp_path):
    written(tmp_path, "界线.shp", "ESRI Shapefile", "EPSG:4326", in_system(4326), encoding="GB18030")
    files = {f"x/{p.name}": p.read_bytes() for p in tmp_path.iterdir() if p.suffix not in (".cpg", ".prj")}
    with pytest.raises(ValidationError, match=r"coordinate system|坐标"):
        boundaries(zipped(files), administrator)
    assert boundaries(zipped(files), administrator, datum="wgs84").kept


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_chinese_maps_are_moved_to_where_things_are(town, administrator, datum):
    moved = shapely.transform(
        shapely.from_geojson(json.dumps(NEW)),
        lambda points: np.column_stack(from_wgs84(points[:, 0], points[:, 1], datum)),
    )
    content = geojson(({"code": "411602003"}, json.loads(shapely.to_geojson(moved))))
    report = boundaries(content, administrator, datum=datum)

    assert report.system == {"gcj02": "GCJ-02", "bd09": "BD-09"}[datum]
    drawn = shapely.from_geojson(json.dumps(Area.objects.get(pk=town["east"].pk).boundary))
    assert square_metres(drawn.symmetric_difference(shapely.from_geojson(json.dumps(NEW)))) < 1


def test_unknown_and_doubtful_shapes_are_named(town, administrator):
    actions.create_area(kind="village", code="v1", name="李庄村", parent=town["east"], by=administrator)
    actions.create_area(kind="village", code="v2", name="李庄村", parent=town["west"], by=administrator)
    content = geojson(
        ({"code": "411602003", "name": ""}, NEW),
        ({"code": "x", "name": "没有的地方"}, NEW),
        ({"code": "", "name": "李庄村"}, NEW),
        ({"code": "v1", "name": ""}, None),
    )
    report = boundaries(content, administrator)
    assert not report.kept
    assert [error.row for error in report.errors] == [2, 3]
    assert boundaries(content, administrator, keep_good=True).kept


def test_overlaps_gaps_and_what_sticks_out_are_measured(town, administrator):
    half = {"type": "Polygon", "coordinates": [[[114.615, 33.60], [114.645, 33.60], [114.645, 33.62], [114.615, 33.62], [114.615, 33.60]]]}  # fmt: skip  # noqa: E501
    report = boundaries(geojson(({"code": "411602003"}, half)), administrator, only_check=True)

    assert not report.kept
    kinds = {fault.kind: fault for fault in report.faults}
    assert set(kinds) == {"overlap", "outside", "gap"}
    assert set(kinds["overlap"].areas) == {town["west"].pk, town["east"].pk}
    # 0.005° × 0.02° at 33.6° north
    assert kinds["overlap"].square_metres == pytest.approx(463.9 * 2218.4, rel=0.01)
    assert kinds["gap"].square_metres > kinds["overlap"].square_metres
    assert report.faults_with_areas()[0]["areas"]


def test_areas_are_measured_as_on_the_ground():
    import pyproj

    shape = shapely.box(114.5, 33.5, 114.8, 33.75)
    geodesic, _length = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(shapely.segmentize(shape, 0.001))
    assert square_metres(shape) == pytest.approx(abs(geodesic), rel=1e-5)
    # Two areas that share a long slanting edge, on which only one of them has a corner, leave no gap.
    corner = (114.6 + 0.08 / 3, 33.6 + 0.05 / 3)
    lower = shapely.Polygon([(114.6, 33.6), (114.68, 33.6), (114.68, 33.65)])
    upper = shapely.Polygon([(114.6, 33.6), corner, (114.68, 33.65), (114.6, 33.65)])
    whole = shapely.box(114.6, 33.6, 114.68, 33.65)
    assert faults_between({1: lower, 2: upper}, 3, whole) == []


def test_a_hole_between_siblings_is_a_gap_without_their_parents_boundary(town, administrator):
    actions.change_boundary(town["district"], boundary=None, by=administrator)
    ring = [[[114.62, 33.60], [114.64, 33.60], [114.64, 33.62], [114.62, 33.62], [114.62, 33.60]]]
    hole = [[114.625, 33.605], [114.635, 33.605], [114.635, 33.615], [114.625, 33.615], [114.625, 33.605]]
    shape = {"type": "Polygon", "coordinates": [*ring, hole]}
    report = boundaries(geojson(({"code": "411602003"}, shape)), administrator)
    assert [fault.kind for fault in report.faults] == ["gap"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"{}",
        b'{"type": "FeatureCollection", "features": []}',
        b"PK\x03\x04 no zip",
        b"SQLite format 3\x00 no database",
        b"<kml><broken",
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
        b"</OGRVRTDataSource>",
        b"<!-- <kml --><OGRVRTDataSource></OGRVRTDataSource>",
    ],
)
def test_what_is_no_boundary_file_is_refused_in_words(town, administrator, content):
    with pytest.raises(ValidationError) as caught:
        boundaries(content, administrator)
    assert "/tmp" not in str(caught.value)


def test_zips_that_are_not_one_shapefile_are_refused(town, administrator):
    for files in ({"a.txt": b""}, {"a.shp": b"", "b.shp": b""}, {"a.shp": b"x"}):
        with pytest.raises(ValidationError):
            boundaries(zipped(files), administrator)
