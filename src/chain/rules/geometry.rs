//! Whether a geometry can be an area of a Chinese city.

use std::ops::RangeInclusive;

use geo::algorithm::validation::{InvalidMultiPolygon, InvalidPolygon, RingRole, Validation};
use geo::{Area, ConvexHull, LineString, MultiPolygon, Polygon};

use crate::chain::geometry::{Geometry, MOST_POSITIONS, Position, Ring};
use crate::codes::refusals;
use crate::error::Fault;

/// China lies between 73°33′ and 135°05′ east, 3°51′ and 53°33′ north; who writes the latitude first is
/// outside.
const LONGITUDES: RangeInclusive<f64> = 73.0..=136.0;
const LATITUDES: RangeInclusive<f64> = 3.0..=54.0;

refusals! {
    /// Why a geometry is refused.
    pub enum Refusal {
        TooMany = "too_many_positions" at "/geometry", "一个图形最多 1000 个点", "A geometry has at most 1000 positions in all.";
        Elsewhere = "position_elsewhere" at "/geometry", "应先写经度(73 至 136)、后写纬度(3 至 54),点须在中国境内", "A position is a longitude from 73 to 136, then a latitude from 3 to 54: somewhere in China.";
        Open = "ring_open" at "/geometry", "环的最后一点应与第一点相同", "A ring's last position is its first again.";
        Flat = "ring_flat" at "/geometry", "环须有至少三个不同的点并围成面积", "A ring has at least three different positions, with some room between them.";
        Crosses = "ring_crosses_itself" at "/geometry", "环不得与自身相交或相接", "A ring neither crosses nor touches itself.";
        HoleOutside = "hole_outside" at "/geometry", "内环须在外环之内", "A hole lies within the outer ring.";
        RingsMeet = "rings_meet" at "/geometry", "各环只可相接于点,不得重叠或共边", "Rings touch in points only.";
        PolygonsMeet = "polygons_meet" at "/geometry", "各多边形只可相接于点,不得重叠或共边", "Polygons touch in points only.";
    }
}

fn at(pointer: String, refusal: Refusal) -> Fault {
    Fault { pointer, ..refusal.into() }
}

/// What is wrong with a geometry that stands at `/geometry`, of each ring one thing.
pub fn faults(geometry: &Geometry) -> Vec<Fault> {
    let all = "/geometry/coordinates";
    let polygons = match geometry {
        Geometry::Polygon(one) => std::slice::from_ref(one),
        Geometry::MultiPolygon(several) => several,
    };
    let alone = matches!(geometry, Geometry::Polygon(_));
    let pointer = |n: usize| if alone { all.to_owned() } else { format!("{all}/{n}") };
    if polygons.iter().flatten().map(Vec::len).sum::<usize>() > MOST_POSITIONS {
        return vec![at(all.into(), Refusal::TooMany)];
    }
    let rings = polygons.iter().enumerate().flat_map(|(n, rings)| {
        let at = pointer(n);
        rings.iter().enumerate().map(move |(m, ring)| (format!("{at}/{m}"), ring))
    });
    let faults: Vec<Fault> = rings.filter_map(|(at, ring)| of_ring(at, ring)).collect();
    if !faults.is_empty() {
        return faults;
    }
    let shapes: Vec<Polygon> = polygons.iter().map(|rings| polygon(rings)).collect();
    // Each by itself first: only sound polygons are compared.
    let wrong = shapes.iter().enumerate().filter_map(|(n, shape)| {
        let (ring, refusal) = of_polygon(&shape.check_validation().err()?);
        Some(at(format!("{}/{ring}", pointer(n)), refusal))
    });
    let faults: Vec<Fault> = wrong.collect();
    if !faults.is_empty() || alone {
        return faults;
    }
    let met = match MultiPolygon(shapes).check_validation() {
        Err(
            InvalidMultiPolygon::ElementsOverlaps(_, n)
            | InvalidMultiPolygon::ElementsTouchOnALine(_, n),
        ) => Some(n.0),
        _ => None,
    };
    met.map(|n| at(pointer(n), Refusal::PolygonsMeet)).into_iter().collect()
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
    use geo::orient::{Direction, Orient};
    use proptest::prelude::*;

    use super::*;

    fn codes(geometry: &Geometry) -> Vec<&'static str> {
        faults(geometry).into_iter().map(|fault| fault.code).collect()
    }

    fn ring(positions: &[(i8, i8)]) -> Ring {
        let at = |(x, y): &(i8, i8)| [130.0 + f64::from(*x) / 8.0, 47.0 + f64::from(*y) / 8.0];
        positions.iter().chain(positions.first()).map(at).collect()
    }

    #[test]
    fn holes_and_polygons_may_touch_in_a_point() {
        let outer = ring(&[(0, 0), (8, 0), (8, 8), (0, 8)]);
        let hole = ring(&[(0, 4), (2, 2), (4, 4), (2, 6)]);
        assert!(faults(&Geometry::Polygon(vec![outer.clone(), hole])).is_empty());
        let beside = ring(&[(8, 8), (9, 8), (9, 9), (8, 9)]);
        assert!(faults(&Geometry::MultiPolygon(vec![vec![outer], vec![beside]])).is_empty());
    }

    #[test]
    fn a_ring_may_turn_either_way_and_say_a_position_twice() {
        // RFC 7946, section 3.1.6: who reads should not refuse rings for how they turn.
        let square = [(0, 0), (8, 0), (8, 0), (8, 8), (0, 8)];
        let mut back = square;
        back.reverse();
        for positions in [square, back] {
            assert!(faults(&Geometry::Polygon(vec![ring(&positions)])).is_empty(), "{positions:?}");
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
            if faults(&geometry).is_empty() {
                let told = match geometry {
                    Geometry::Polygon(one) => vec![one],
                    Geometry::MultiPolygon(all) => all,
                };
                for ring in told.iter().flatten() {
                    prop_assert!(ring.first() == ring.last());
                    prop_assert!(polygon(std::slice::from_ref(ring)).unsigned_area() > 0.0);
                }
                // Of polygons that do not overlap the union is as large as all together.
                let shapes = MultiPolygon(told.iter().map(|rings| polygon(rings)).collect());
                let shapes = shapes.orient(Direction::Default);
                let joined = geo::unary_union(&shapes);
                prop_assert!((joined.unsigned_area() - shapes.unsigned_area()).abs() < 1e-6);
            }
        }
    }
}
