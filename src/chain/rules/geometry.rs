//! Whether a geometry can be an area of a Chinese city.

use std::ops::RangeInclusive;

use geo::algorithm::validation::{InvalidPolygon, RingRole, Validation};
use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::orient::{Direction, Orient};
use geo::{Area, ConvexHull, LineString, Polygon, PreparedGeometry, Relate};

use crate::chain::geometry::{Geometry, MOST_POSITIONS, Position, Ring};
use crate::codes::refusals;
use crate::error::Fault;

/// Made ready to be compared with several.
type Prepared<'a> = PreparedGeometry<'a, &'a Polygon>;

/// China lies between 73°33′ and 135°05′ east, 3°51′ and 53°33′ north; who writes the latitude first is
/// outside.
const LONGITUDES: RangeInclusive<f64> = 73.0..=136.0;
const LATITUDES: RangeInclusive<f64> = 3.0..=54.0;
/// Seven decimals: a centimetre. RFC 7946, section 11.2, finds six enough.
const DECIMALS: f64 = 1e7;

refusals! {
    /// Why a geometry is refused.
    pub enum Refusal {
        TooMany = "too_many_positions" at "/geometry", "一个图形最多 500 个点", "A geometry has at most 500 positions in all.";
        Elsewhere = "position_elsewhere" at "/geometry", "应先写经度(73 至 136)、后写纬度(3 至 54),点须在中国境内", "A position is a longitude from 73 to 136, then a latitude from 3 to 54: somewhere in China.";
        Open = "ring_open" at "/geometry", "环的最后一点应与第一点相同", "A ring's last position is its first again.";
        Flat = "ring_flat" at "/geometry", "环须有至少三个不同的点并围成面积", "A ring has at least three different positions, with some room between them.";
        Crosses = "ring_crosses_itself" at "/geometry", "环不得与自身相交或相接", "A ring neither crosses nor touches itself.";
        HoleOutside = "hole_outside" at "/geometry", "内环须在外环之内", "A hole lies within the outer ring.";
        RingsMeet = "rings_meet" at "/geometry", "各环只可相接于点,不得重叠或共边", "Rings may touch in points; they neither overlap nor share a side.";
        PolygonsMeet = "polygons_meet" at "/geometry", "各多边形只可相接于点,不得重叠或共边", "Polygons may touch in points; they neither overlap nor share a side.";
    }
}

fn at(pointer: String, refusal: Refusal) -> Fault {
    Fault { pointer, ..refusal.into() }
}

/// A geometry that stands at `/geometry`, as it is kept: to seven decimals, outer rings counterclockwise and
/// those of holes clockwise. Else what is wrong, of each ring one thing. Not looked for: holes that touch
/// in so many points that they cut the polygon in two.
pub fn read(mut geometry: Geometry) -> Result<Geometry, Vec<Fault>> {
    let all = "/geometry/coordinates";
    let alone = matches!(geometry, Geometry::Polygon(_));
    let pointer = |n: usize| if alone { all.to_owned() } else { format!("{all}/{n}") };
    let polygons = match &mut geometry {
        Geometry::Polygon(one) => std::slice::from_mut(one),
        Geometry::MultiPolygon(several) => several,
    };
    if polygons.iter().flatten().map(Vec::len).sum::<usize>() > MOST_POSITIONS {
        return Err(vec![at(all.into(), Refusal::TooMany)]);
    }
    polygons.iter_mut().flatten().flatten().flatten().for_each(round);
    let rings = polygons.iter().enumerate().flat_map(|(n, rings)| {
        let at = pointer(n);
        rings.iter().enumerate().map(move |(m, ring)| (format!("{at}/{m}"), ring))
    });
    none(rings.filter_map(|(at, ring)| of_ring(at, ring)))?;
    let empty = polygons.iter().position(Vec::is_empty);
    none(empty.map(|n| at(pointer(n), Refusal::Flat)).into_iter())?;
    let shapes: Vec<Polygon> = polygons.iter().map(|rings| polygon(rings)).collect();
    // Each by itself first: only sound polygons are compared.
    none(shapes.iter().enumerate().filter_map(|(n, shape)| {
        let (ring, refusal) = of_polygon(&shape.check_validation().err()?);
        Some(at(format!("{}/{ring}", pointer(n)), refusal))
    }))?;
    // One alone has none to meet.
    let several = shapes.iter().filter(|_| !alone);
    let prepared: Vec<Prepared<'_>> = several.map(PreparedGeometry::from).collect();
    none(prepared.iter().enumerate().filter_map(|(n, shape)| {
        let met = prepared[..n].iter().any(|other| meet(shape, other));
        met.then(|| at(pointer(n), Refusal::PolygonsMeet))
    }))?;
    for (rings, shape) in polygons.iter_mut().zip(&shapes) {
        let shape = shape.orient(Direction::Default);
        *rings =
            std::iter::once(shape.exterior()).chain(shape.interiors()).map(positions).collect();
    }
    Ok(geometry)
}

fn none(faults: impl Iterator<Item = Fault>) -> Result<(), Vec<Fault>> {
    let faults: Vec<Fault> = faults.collect();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

fn round(degrees: &mut f64) {
    *degrees = (*degrees * DECIMALS).round() / DECIMALS;
}

fn of_ring(pointer: String, ring: &Ring) -> Option<Fault> {
    let here = |[longitude, latitude]: &Position| {
        LONGITUDES.contains(longitude) && LATITUDES.contains(latitude)
    };
    if let Some(n) = ring.iter().position(|position| !here(position)) {
        return Some(at(format!("{pointer}/{n}"), Refusal::Elsewhere));
    }
    if ring.first() != ring.last() {
        return Some(at(pointer, Refusal::Open));
    }
    // By its hull: what crosses itself may have no area either.
    let flat = ring.is_empty() || line(ring).convex_hull().unsigned_area() == 0.0;
    flat.then(|| at(pointer, Refusal::Flat))
}

fn line(ring: &Ring) -> LineString {
    ring.iter().copied().collect()
}

fn positions(line: &LineString) -> Ring {
    line.coords().map(|position| [position.x, position.y]).collect()
}

/// Whether two polygons overlap or share a side.
fn meet(one: &Prepared<'_>, other: &Prepared<'_>) -> bool {
    let matrix = one.relate(other);
    matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional
        || matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
}

fn polygon(rings: &[Ring]) -> Polygon {
    let mut rings = rings.iter().map(line);
    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(outer, rings.collect())
}

/// Which ring of a polygon is wrong, and how.
fn of_polygon(found: &InvalidPolygon) -> (usize, Refusal) {
    let which = |ring: &RingRole| match ring {
        RingRole::Exterior => 0,
        RingRole::Interior(n) => n + 1,
    };
    match found {
        InvalidPolygon::TooFewPointsInRing(ring) => (which(ring), Refusal::Flat),
        InvalidPolygon::SelfIntersection(ring) => (which(ring), Refusal::Crosses),
        // JSON has no such number.
        InvalidPolygon::NonFiniteCoord(ring, _) => (which(ring), Refusal::Elsewhere),
        InvalidPolygon::InteriorRingNotContainedInExteriorRing(ring) => {
            (which(ring), Refusal::HoleOutside)
        }
        InvalidPolygon::IntersectingRingsOnALine(_, ring)
        | InvalidPolygon::IntersectingRingsOnAnArea(_, ring) => (which(ring), Refusal::RingsMeet),
    }
}

#[cfg(test)]
mod tests {
    use geo::MultiPolygon;
    use proptest::prelude::*;

    use super::*;

    fn codes(geometry: &Geometry) -> Vec<&'static str> {
        let faults = read(geometry.clone()).err().unwrap_or_default();
        faults.into_iter().map(|fault| fault.code).collect()
    }

    fn ring(positions: &[(i8, i8)]) -> Ring {
        let at = |(x, y): &(i8, i8)| [130.0 + f64::from(*x) / 8.0, 47.0 + f64::from(*y) / 8.0];
        positions.iter().chain(positions.first()).map(at).collect()
    }

    #[test]
    fn holes_and_polygons_may_touch_in_a_point() {
        let outer = ring(&[(0, 0), (8, 0), (8, 8), (0, 8)]);
        let hole = ring(&[(0, 4), (2, 2), (4, 4), (2, 6)]);
        assert!(read(Geometry::Polygon(vec![outer.clone(), hole])).is_ok());
        let beside = ring(&[(8, 8), (9, 8), (9, 9), (8, 9)]);
        assert!(read(Geometry::MultiPolygon(vec![vec![outer], vec![beside]])).is_ok());
    }

    #[test]
    fn a_ring_may_turn_either_way_and_say_a_position_twice() {
        // RFC 7946, section 3.1.6: who reads should not refuse rings for how they turn.
        let square = [(0, 0), (8, 0), (8, 0), (8, 8), (0, 8)];
        let mut back = square;
        back.reverse();
        let read = [square, back].map(|one| read(Geometry::Polygon(vec![ring(&one)])).unwrap());
        for one in read {
            let Geometry::Polygon(rings) = one else { panic!("{one:?}") };
            // the same section: those who write turn it counterclockwise
            assert_eq!(polygon(&rings).signed_area(), 1.0);
        }
        let neck = ring(&[(0, 0), (4, 4), (8, 0), (8, 8), (4, 4), (0, 8)]);
        assert_eq!(codes(&Geometry::Polygon(vec![neck])), ["ring_crosses_itself"]);
        let there_and_back = ring(&[(0, 0), (4, 4), (8, 8), (4, 4)]);
        assert_eq!(codes(&Geometry::Polygon(vec![there_and_back])), ["ring_flat"]);
    }

    prop_compose! {
        fn rings()(rings in prop::collection::vec(
            prop::collection::vec((-6_i8..=6, -6_i8..=6), 0..7), 0..4)) -> Vec<Ring> {
            rings.iter().map(|positions| ring(positions)).collect()
        }
    }

    proptest! {
        #[test]
        fn whatever_is_drawn_is_judged_and_what_passes_is_closed_and_has_room(
            polygons in prop::collection::vec(rings(), 0..4), alone in any::<bool>()
        ) {
            let geometry = match polygons.first() {
                Some(one) if alone => Geometry::Polygon(one.clone()),
                _ => Geometry::MultiPolygon(polygons.clone()),
            };
            if let Ok(kept) = read(geometry) {
                prop_assert_eq!(read(kept.clone()).unwrap(), kept.clone());
                let told = match kept {
                    Geometry::Polygon(one) => vec![one],
                    Geometry::MultiPolygon(all) => all,
                };
                for ring in told.iter().flatten() {
                    prop_assert!(ring.first() == ring.last());
                    prop_assert!(polygon(std::slice::from_ref(ring)).unsigned_area() > 0.0);
                }
                // Of polygons that do not overlap the union is as large as all together.
                let shapes = MultiPolygon(told.iter().map(|rings| polygon(rings)).collect());
                let joined = geo::unary_union(&shapes);
                prop_assert!((joined.unsigned_area() - shapes.unsigned_area()).abs() < 1e-6);
            }
        }
    }
}
