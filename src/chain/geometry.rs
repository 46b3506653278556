//! What an area looks like on a map: GeoJSON (RFC 7946, sections 3.1.6 and 3.1.7).

use std::io::Write;

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::{Pg, PgValue};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Jsonb;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::schema::{
    AdditionalProperties, Array, ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, Schema,
};
use utoipa::openapi::{RefOr, Type};

/// Longitude, then latitude, in degrees (CGCS2000, which is WGS 84 to within centimetres).
pub type Position = [f64; 2];
/// Positions of which the last is the first again.
pub type Ring = Vec<Position>;

/// Most positions of a geometry: a line of a list stays within some 12 KB, a cell within a spreadsheet's.
pub const MOST_POSITIONS: usize = 500;
/// Most rings of a polygon, and polygons of several.
const MOST_PARTS: usize = 100;

/// A polygon, of an outer ring and those of its holes, or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, AsExpression, FromSqlRow)]
#[diesel(sql_type = Jsonb)]
#[serde(tag = "type", content = "coordinates", deny_unknown_fields)]
pub enum Geometry {
    /// One.
    Polygon(Vec<Ring>),
    /// Several.
    MultiPolygon(Vec<Vec<Ring>>),
}

impl FromSql<Jsonb, Pg> for Geometry {
    fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
        // After the version of the binary form; jsonb writes the shorter name, the type, first.
        match value.as_bytes() {
            [1, json @ ..] => Ok(serde_json::from_slice(json)?),
            _ => Err("jsonb of an unknown version".into()),
        }
    }
}

impl ToSql<Jsonb, Pg> for Geometry {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        // The version of the binary form.
        out.write_all(&[1])?;
        serde_json::to_writer(out, self)?;
        Ok(IsNull::No)
    }
}

fn list(items: impl Into<Schema>, (least, most): (usize, usize)) -> Array {
    ArrayBuilder::new()
        .items(RefOr::T(items.into()))
        .min_items(Some(least))
        .max_items(Some(most))
        .build()
}

fn polygon() -> Array {
    let degrees = ObjectBuilder::new().schema_type(Type::Number);
    let degrees = degrees.minimum(Some(-180.0)).maximum(Some(180.0));
    list(list(list(degrees, (2, 2)), (4, MOST_POSITIONS)), (1, MOST_PARTS))
}

fn shape(kind: &str, coordinates: Array, what: &str, example: Value) -> Object {
    let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([kind]));
    ObjectBuilder::new()
        .title(Some(kind))
        .description(Some(what))
        .property("type", word.description(Some("Which of the two.")))
        .property("coordinates", coordinates)
        .required("type")
        .required("coordinates")
        .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(false)))
        .examples([json!({ "type": kind, "coordinates": example })])
        .build()
}

impl utoipa::PartialSchema for Geometry {
    fn schema() -> RefOr<Schema> {
        let square = json!([
            [130.27, 47.33],
            [130.31, 47.33],
            [130.31, 47.36],
            [130.27, 47.36],
            [130.27, 47.33]
        ]);
        let one = "An outer ring, then the rings of its holes. A ring's last position is its first again; \
            a position is a longitude from 73 to 136, then a latitude from 3 to 54, in degrees (CGCS2000), \
            without a height. Rings touch in points only.";
        let several = "Polygons that touch in points only.";
        let one = shape("Polygon", polygon(), one, json!([square]));
        let all = list(polygon(), (1, MOST_PARTS));
        let several = shape("MultiPolygon", all, several, json!([[square]]));
        let what = "What it looks like on a map: a Polygon or a MultiPolygon of GeoJSON (RFC 7946) with at \
            most 500 positions in all. Kept to seven decimals (a centimetre), outer rings counterclockwise.";
        OneOfBuilder::new().description(Some(what)).item(one).item(several).into()
    }
}

impl utoipa::ToSchema for Geometry {}
