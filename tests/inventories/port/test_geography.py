"""Routes cut by zones: parts add up to the whole, in order, and nothing counts twice."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from inventories.port.geography import OUTSIDE, GeographyError, rings, route_distances, zones_at

UTM = "EPSG:32611"
NMI, MILE = 1852.0, 1609.344


def zones_of(*items: tuple[str, int, object], crs: str | None = UTM) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"zone": [i[0] for i in items], "priority": [i[1] for i in items]},
        geometry=[i[2] for i in items],
        crs=crs,
    )


def routes_of(*items: tuple[str, str, object], crs: str | None = UTM) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"route": [i[0] for i in items], "medium": [i[1] for i in items]},
        geometry=[i[2] for i in items],
        crs=crs,
    )


# UTM coordinates need an origin inside the zone's area of use.
X, Y = 400_000.0, 3_700_000.0


def square(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    return box(X + x0, Y + y0, X + x1, Y + y1)


def line(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


def test_a_straight_approach_is_cut_in_the_order_it_is_sailed() -> None:
    zones = zones_of(
        ("ring", 1, square(0, -10, 30 * NMI, 10)), ("harbor", 5, square(25 * NMI, -10, 30 * NMI, 10))
    )
    found = route_distances(routes_of(("in", "sea", line((-2 * NMI, 0), (30 * NMI, 0)))), zones, UTM)
    assert found["zone"].tolist() == [OUTSIDE, "ring", "harbor"]
    assert found["seq"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(found["distance_nmi"], [2, 25, 5], rtol=1e-9)
    assert found["distance_mile"].isna().all()


def test_a_road_is_in_miles_and_returns_through_the_same_zones_in_reverse() -> None:
    zones = zones_of(
        ("port", 2, square(-MILE, -10, MILE, 10)), ("city", 1, square(-20 * MILE, -10, 20 * MILE, 10))
    )
    there_and_back = line(
        (0, 0), (9 * MILE, 0), (0, 0)
    )  # a line that lies on itself has no single "how far along"
    found = route_distances(routes_of(("turn", "road", there_and_back)), zones, UTM)
    assert found["zone"].tolist() == ["port", "city", "port"]
    np.testing.assert_allclose(found["distance_mile"], [1, 16, 1], rtol=1e-9)
    assert found["distance_nmi"].isna().all()


def test_a_zone_left_and_entered_again_appears_twice() -> None:
    zones = zones_of(("bay", 1, MultiPolygon([square(0, -5, 100, 5), square(200, -5, 300, 5)])))
    found = route_distances(routes_of(("r", "sea", line((0, 0), (300, 0)))), zones, UTM)
    assert found["zone"].tolist() == ["bay", OUTSIDE, "bay"]


def test_a_route_along_the_common_border_of_two_zones_counts_once_in_the_higher() -> None:
    zones = zones_of(("low", 1, square(0, -10, 100, 0)), ("high", 2, square(0, 0, 100, 10)))
    found = route_distances(routes_of(("edge", "sea", line((0, 0), (100, 0)))), zones, UTM)
    assert found["zone"].tolist() == ["high"]


def test_without_zones_everything_is_outside_and_kept() -> None:
    found = route_distances(routes_of(("r", "sea", line((0, 0), (NMI, 0)))), zones_of(), UTM)
    assert found["zone"].tolist() == [OUTSIDE]
    np.testing.assert_allclose(found["distance_nmi"], [1.0])


def test_the_order_of_features_in_the_files_does_not_matter() -> None:
    zones = zones_of(
        ("a", 1, square(0, -10, 60, 10)), ("b", 2, square(40, -10, 90, 10)), ("c", 3, square(80, -10, 99, 10))
    )
    routes = routes_of(("r", "sea", line((0, 0), (99, 0))), ("s", "road", line((99, 1), (0, 1))))
    one = route_distances(routes, zones, UTM).sort_values(["route", "seq"], ignore_index=True)
    other = route_distances(routes.iloc[::-1], zones.iloc[::-1], UTM).sort_values(
        ["route", "seq"], ignore_index=True
    )
    pd.testing.assert_frame_equal(one, other)


coordinate = st.integers(min_value=-50, max_value=50)
corner = st.tuples(coordinate, coordinate)
boxes = st.lists(
    st.tuples(coordinate, coordinate, st.integers(1, 40), st.integers(1, 40)), min_size=0, max_size=6
)
paths = st.lists(corner, min_size=2, max_size=8).filter(lambda points: len(set(points)) > 1)


@settings(max_examples=60, deadline=None)
@given(boxes=boxes, path=paths)
def test_parts_add_up_to_the_whole_and_overlap_never_repeats(
    boxes: list[tuple[int, int, int, int]], path: list[tuple[int, int]]
) -> None:
    zones = zones_of(*((f"z{i}", i, square(x, y, x + w, y + h)) for i, (x, y, w, h) in enumerate(boxes)))
    way = line(*path)
    found = route_distances(routes_of(("r", "sea", way)), zones, UTM)
    assert found["distance_nmi"].sum() * NMI == pytest.approx(way.length, rel=1e-9)
    assert (found["zone"] != found["zone"].shift()).all()
    assert found["seq"].tolist() == list(range(1, len(found) + 1))
    # By another road: the length that each zone holds once the higher ones are taken away. A line that lies
    # on itself is counted as often as it is sailed, which a set of points cannot do, so go piece by piece.
    higher: object = Polygon()
    for name, shape in zip(zones["zone"][::-1], zones.geometry[::-1], strict=True):
        own = shape.difference(higher)
        expected = sum(line(a, b).intersection(own).length for a, b in pairwise(path) if a != b)
        got = found.loc[found["zone"] == name, "distance_nmi"].sum() * NMI
        borders = sum(line(a, b).intersection(own.boundary).length for a, b in pairwise(path) if a != b)
        assert got == pytest.approx(expected, abs=1e-6 + borders)
        higher = higher.union(shape)  # type: ignore[attr-defined]


@settings(max_examples=30, deadline=None)
@given(path=paths)
def test_sailing_the_route_the_other_way_reverses_the_order(path: list[tuple[int, int]]) -> None:
    zones = zones_of(("a", 1, square(-50, -50, 0, 50)), ("b", 2, square(-10, -20, 30, 20)))
    there = route_distances(routes_of(("r", "sea", line(*path))), zones, UTM)
    back = route_distances(routes_of(("r", "sea", line(*path[::-1]))), zones, UTM)
    assert there["zone"].tolist() == back["zone"].tolist()[::-1]
    np.testing.assert_allclose(there["distance_nmi"], back["distance_nmi"][::-1], rtol=1e-9)


def test_degrees_are_projected_before_they_are_measured() -> None:
    # One minute of latitude is one nautical mile, give or take the shape of the Earth and the projection.
    way = LineString([(-117.0, 33.0), (-117.0, 33.0 + 10 / 60)])
    routes = routes_of(("north", "sea", way), crs="EPSG:4326")
    found = route_distances(
        routes, zones_of(("a", 1, box(-118, 32, -116, 34)), crs="EPSG:4326"), "EPSG:26911"
    )
    assert found["distance_nmi"].iloc[0] == pytest.approx(10, rel=0.005)


def test_each_point_gets_one_zone_by_priority() -> None:
    zones = zones_of(("low", 1, square(0, 0, 10, 10)), ("high", 2, square(5, 0, 10, 10)))
    points = gpd.GeoSeries(
        [Point(X + 1, Y + 1), Point(X + 7, Y + 1), Point(X + 99, Y)], crs=UTM, index=[7, 8, 9]
    )
    found = zones_at(points, zones, UTM)
    assert found.tolist() == ["low", "high", OUTSIDE]
    assert found.index.tolist() == [7, 8, 9]


def test_rings_lie_on_the_circle_in_every_direction() -> None:
    from pyproj import Geod

    center = (-118.2937, 33.7053)
    discs = rings(center, [20, 40])
    for radius, disc in zip([20, 40], discs.geometry, strict=True):
        lon, lat = np.asarray(disc.exterior.coords).T
        _, _, distance = Geod(ellps="WGS84").inv(
            np.full(len(lon), center[0]), np.full(len(lon), center[1]), lon, lat
        )
        np.testing.assert_allclose(distance, radius * NMI, rtol=1e-9)
    assert discs.geometry[1].contains(discs.geometry[0])
    assert discs.geometry[0].exterior.is_ccw


@pytest.mark.parametrize(("radii", "points"), [([-1.0], 72), ([0.0], 72), ([20.0], 2)])
def test_a_ring_without_size_or_corners_is_refused(radii: list[float], points: int) -> None:
    with pytest.raises(ValueError, match=r"positive|at least 3"):
        rings((0.0, 0.0), radii, points=points)


WAY = ("r", "sea", line((0, 0), (100, 0)))
BAY = ("bay", 1, square(0, -10, 100, 10))


def test_a_missing_coordinate_system_is_named_with_what_to_do() -> None:
    with pytest.raises(GeographyError, match=r"zones: no coordinate system.*set_crs"):
        route_distances(routes_of(WAY), zones_of(BAY, crs=None), UTM)
    with pytest.raises(GeographyError, match="routes: no coordinate system"):
        route_distances(routes_of(WAY, crs=None), zones_of(BAY), UTM)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2229"])
def test_lengths_in_degrees_or_feet_are_refused(crs: str) -> None:
    with pytest.raises(GeographyError, match="projected system in metres"):
        route_distances(routes_of(WAY), zones_of(BAY), crs)


def test_an_unknown_coordinate_system_is_refused() -> None:
    with pytest.raises(GeographyError, match="not a coordinate system"):
        route_distances(routes_of(WAY), zones_of(BAY), "EPSG:nonsense")


def test_a_projection_for_another_part_of_the_world_is_refused() -> None:
    with pytest.raises(GeographyError, match="swapped"):
        route_distances(routes_of(WAY), zones_of(BAY), "EPSG:32635")


def test_every_problem_is_told_at_once() -> None:
    bow_tie = Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    zones = zones_of(("tie", 1, bow_tie), (OUTSIDE, 2, square(0, 0, 1, 1)), ("point", 3, Point(X, Y)))
    routes = routes_of(("r", "air", line((0, 0), (1, 1))), ("still", "sea", line((0, 0), (0, 0))))
    with pytest.raises(GeographyError) as caught:
        route_distances(routes, zones, UTM)
    told = "\n".join(caught.value.problems)
    for words in [
        "medium 'air'",
        "'still' has no length",
        "'tie' is not a valid shape",
        "is a Point",
        "rename that zone",
    ]:
        assert words in told
    assert str(caught.value).startswith(f"{len(caught.value.problems)} problems")


def test_names_must_be_there_and_unique() -> None:
    with pytest.raises(GeographyError, match="more than once"):
        route_distances(routes_of(WAY, WAY), zones_of(BAY), UTM)
    with pytest.raises(GeographyError, match=r"without the properties .*priority"):
        route_distances(routes_of(WAY), zones_of(BAY).drop(columns="priority"), UTM)
    with pytest.raises(GeographyError, match="no number as `priority`"):
        route_distances(routes_of(WAY), zones_of(BAY).assign(priority=[None]), UTM)


def test_zones_of_equal_priority_may_touch_but_not_overlap() -> None:
    touching = zones_of(("a", 1, square(0, -10, 50, 10)), ("b", 1, square(50, -10, 100, 10)))
    assert route_distances(routes_of(WAY), touching, UTM)["zone"].tolist() == ["a", "b"]
    overlapping = zones_of(("a", 1, square(0, -10, 60, 10)), ("b", 1, square(50, -10, 100, 10)))
    with pytest.raises(GeographyError, match="'a' and 'b' overlap"):
        route_distances(routes_of(WAY), overlapping, UTM)
