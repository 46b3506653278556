//! Parameters that many operations share, documented once.

use serde::Deserialize;
use utoipa::IntoParams;

/// Headers of a change or a transition.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // only read by the documentation
pub struct ChangeHeaders {
    /// The entity tag you read, or `*` for "whatever it is now".
    #[param(
        rename = "If-Match",
        required = true,
        pattern = r#"^(\*|"[0-9]{1,18}(\.[0-9a-f]{16})?")$"#,
        example = "*"
    )]
    pub if_match: String,
    /// Makes a retry safe: the same key and body give the stored answer, whatever `If-Match` says
    /// by then.
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{1,255}$", example = "0f1c2d3e")]
    pub idempotency_key: Option<String>,
}

/// Headers of an operation that creates.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // only read by the documentation
pub struct CreateHeaders {
    /// Makes a retry safe: the same key and body give the stored answer.
    #[param(rename = "Idempotency-Key", pattern = "^[!-~]{1,255}$", example = "0f1c2d3e")]
    pub idempotency_key: Option<String>,
}

/// Whether it is only tried.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DryRun {
    /// Answers what would happen and writes nothing.
    #[param(example = true)]
    pub dry_run: Option<bool>,
}

/// Page and order of a list; stands beside the filters of each.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Rows a page, 20 unless told; more than 200 is refused.
    #[param(minimum = 1, maximum = 200, example = 20)]
    pub limit: Option<u32>,
    /// The `next` of the page before, with the same filters.
    #[param(max_length = 200, pattern = "^[A-Za-z0-9_-]{1,200}$")]
    pub cursor: Option<String>,
    /// `exact` adds `total`.
    #[param(pattern = "^(exact)$", example = "exact")]
    pub count: Option<String>,
}
