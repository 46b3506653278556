//! What somebody without an account sends.

use serde::Deserialize;
use utoipa::ToSchema;

use super::ReporterBody;
use crate::issues::rules::{Cause, Satisfaction, Urgency};

/// Who reported it, from the public.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "王秀兰", "phone": "13904680000"}))]
pub struct PublicReporterBody {
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"\S", example = "王秀兰")]
    pub name: Option<String>,
    /// Phone.
    #[schema(
        min_length = 5,
        max_length = 32,
        pattern = "^[+() -]*([0-9][+() -]*){5,32}$",
        example = "13904680000"
    )]
    pub phone: Option<String>,
    /// Address.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "红旗路 12 号")]
    pub address: Option<String>,
}

impl From<PublicReporterBody> for ReporterBody {
    fn from(said: PublicReporterBody) -> Self {
        Self { name: said.name, phone: said.phone, address: said.address, contact_id: None }
    }
}

/// What somebody without an account raises.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "小区路灯不亮", "body": "院内三盏路灯已半月不亮。", "category": "roads",
    "division_code": "230403", "reporter": {"phone": "13904680000"}
}))]
pub struct PublicIntakeBody {
    /// In one line.
    #[schema(min_length = 1, max_length = 200, pattern = r"\S", example = "小区路灯不亮")]
    pub title: String,
    /// What it is about.
    #[schema(
        min_length = 1,
        max_length = 5000,
        pattern = r"\S",
        example = "院内三盏路灯已半月不亮。"
    )]
    pub body: String,
    /// A code of the city's list `issue_category`.
    #[schema(min_length = 1, max_length = 40, pattern = "^[a-z0-9_]{1,40}$", example = "roads")]
    pub category: String,
    /// Proposed; `suggestion_complaint` unless told.
    pub urgency: Option<Urgency>,
    /// The division it is about, in this city.
    #[schema(min_length = 6, max_length = 12, pattern = "^[0-9]{6,12}$", example = "230403")]
    pub division_code: String,
    /// Where exactly.
    #[schema(min_length = 1, max_length = 500, pattern = r"\S", example = "红旗路 12 号院")]
    pub place: Option<String>,
    /// Who you are, as far as you like to say.
    pub reporter: Option<PublicReporterBody>,
}

/// The code you were given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tracking_code": "7Q2MX-0V9KD-4TB8H-ZR1CW"}))]
pub struct TrackingBody {
    /// In any case, with or without hyphens.
    #[schema(
        min_length = 20,
        max_length = 40,
        pattern = "^[0-9A-Za-z -]{20,40}$",
        example = "7Q2MX-0V9KD-4TB8H-ZR1CW"
    )]
    pub tracking_code: String,
}

/// The code you were given, and what you say of the outcome.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "tracking_code": "7Q2MX-0V9KD-4TB8H-ZR1CW", "solved": true, "satisfaction": "satisfied"
}))]
pub struct PublicAnswerBody {
    /// In any case, with or without hyphens.
    #[schema(
        min_length = 20,
        max_length = 40,
        pattern = "^[0-9A-Za-z -]{20,40}$",
        example = "7Q2MX-0V9KD-4TB8H-ZR1CW"
    )]
    pub tracking_code: String,
    /// Whether it is solved.
    pub solved: bool,
    /// How satisfied you are.
    pub satisfaction: Satisfaction,
    /// Why not, exactly when dissatisfied.
    pub cause: Option<Cause>,
    /// In your words.
    #[schema(min_length = 1, max_length = 2000, pattern = r"\S")]
    pub text: Option<String>,
}

/// The code you were given, and why you take it back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tracking_code": "7Q2MX-0V9KD-4TB8H-ZR1CW", "reason": "已自行解决"}))]
pub struct PublicWithdrawBody {
    /// In any case, with or without hyphens.
    #[schema(
        min_length = 20,
        max_length = 40,
        pattern = "^[0-9A-Za-z -]{20,40}$",
        example = "7Q2MX-0V9KD-4TB8H-ZR1CW"
    )]
    pub tracking_code: String,
    /// Why.
    #[schema(min_length = 1, max_length = 1000, pattern = r"\S")]
    pub reason: Option<String>,
}
