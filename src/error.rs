//! What can go wrong, in the domain's words. HTTP learns of it in [`crate::web`]; the table of codes
//! here decides once which status each becomes and what its page under `/docs/problems/` says.

use std::fmt;

/// The result of everything that can be refused.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence in the two languages the API speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// Both languages of one sentence.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// One thing that is wrong with the input, named by its JSON pointer (or `?name` for a query
/// parameter).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// RFC 6901 pointer into the body, or `?name`.
    pub pointer: String,
    /// Stable word: one of [`SHAPES`], of [`MEANINGS`], or of a room's own refusals.
    pub code: &'static str,
    /// What would be right.
    pub detail: Words,
}

impl Fault {
    /// A fault at `pointer`.
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), code, detail: Words::new(zh, en) }
    }

    /// Something the body refers to that is not there for this caller.
    pub fn reference(pointer: impl Into<String>, what_zh: &str, what_en: &str) -> Self {
        Self::new(
            pointer,
            "reference_not_found",
            format!("找不到所指的{what_zh}"),
            format!("there is no such {what_en}"),
        )
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal $status:literal $zh:literal $en:literal;)*) => {
        /// Stable problem codes: the only ones the API answers with.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }
        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];
            /// The word in `code` and at the end of `type`.
            pub const fn as_str(self) -> &'static str { match self { $(Code::$name => $code,)* } }
            /// The HTTP status it is answered with.
            pub const fn status(self) -> u16 { match self { $(Code::$name => $status,)* } }
            /// Chinese and English title.
            pub const fn title(self) -> (&'static str, &'static str) {
                match self { $(Code::$name => ($zh, $en),)* }
            }
        }
    };
}

codes! {
    /// Not JSON at all.
    NotJson = "not_json" 400 "请求体不是合法的 JSON" "The body is not JSON";
    /// Bytes that are not UTF-8.
    NotUtf8 = "not_utf8" 400 "请求体不是 UTF-8 文本" "The body is not UTF-8";
    /// Nested deeper than 32.
    TooDeep = "too_deep" 400 "请求体嵌套过深" "The body is nested too deeply";
    /// An unknown, doubled or malformed query parameter.
    BadQuery = "bad_query" 400 "查询参数有误" "A query parameter is wrong";
    /// A cursor that is not ours or belongs to another query.
    BadCursor = "bad_cursor" 400 "分页游标无效" "The cursor is not valid here";
    /// A header we cannot read.
    BadHeader = "bad_header" 400 "请求头有误" "A header is wrong";
    /// No token, or one that does not hold.
    Unauthorized = "unauthorized" 401 "需要有效的访问令牌" "A valid access token is needed";
    /// You see it, and may not do this.
    Forbidden = "forbidden" 403 "没有权限" "You may not do this";
    /// Not there for you.
    NotFound = "not_found" 404 "不存在" "Not found";
    /// The path exists with other methods.
    MethodNotAllowed = "method_not_allowed" 405 "不支持该方法" "The method is not allowed here";
    /// We cannot answer in that media type.
    NotAcceptable = "not_acceptable" 406 "无法按所要求的格式应答" "Not available in that media type";
    /// The state machine does not list this.
    TransitionNotAllowed = "transition_not_allowed" 409 "当前状态不允许此操作" "The present state does not allow this";
    /// The same thing is there already.
    Duplicate = "duplicate" 409 "已经存在" "It exists already";
    /// Dated links that overlap.
    Overlap = "overlap" 409 "日期重叠" "The dates overlap";
    /// An equal request with the same key is still running.
    StillRunning = "still_running" 409 "同一请求仍在处理" "The same request is still running";
    /// Already answered, signed or decided.
    AlreadyDone = "already_done" 409 "已经办理过" "This has been done already";
    /// The version is not the one you saw.
    Stale = "stale" 412 "版本已过期" "It has changed since you read it";
    /// More bytes than we read.
    TooLarge = "too_large" 413 "请求体过大" "The body is too large";
    /// Not application/json.
    UnsupportedMediaType = "unsupported_media_type" 415 "不支持该内容类型" "The media type is not supported";
    /// Fields that are unknown, ill-typed, wrong, or refer to nothing.
    Invalid = "invalid" 422 "内容有误" "The content is not valid";
    /// The key was used with another body.
    KeyReused = "idempotency_key_reused" 422 "幂等键已用于其他请求" "The idempotency key was used for another request";
    /// A change without If-Match.
    PreconditionRequired = "precondition_required" 428 "缺少 If-Match" "If-Match is required";
    /// Too many requests.
    TooMany = "too_many_requests" 429 "请求过于频繁" "Too many requests";
    /// Our fault.
    Internal = "internal" 500 "服务器内部错误" "Internal error";
    /// The database is away or starting.
    Unavailable = "unavailable" 503 "服务暂不可用" "The service is not available right now";
}

/// Codes inside `errors[]` of what does not fit its schema, with what they mean.
pub const SHAPES: &[(&str, &str, &str)] = &[
    ("wrong_type", "类型不符", "not of the documented type"),
    ("null_not_allowed", "不可为 null", "null is not allowed here"),
    ("required", "必填", "required"),
    ("unknown_field", "未知字段", "not a field of this body"),
    ("unknown_parameter", "未知参数", "not a parameter of this operation"),
    ("doubled_parameter", "参数重复", "given more than once"),
    ("too_long", "过长", "longer than documented"),
    ("too_short", "过短", "shorter than documented"),
    ("wrong_format", "格式不符", "not of the documented form"),
    ("not_allowed", "不在允许的取值内", "not one of the allowed values"),
    ("out_of_range", "超出范围", "outside the documented range"),
];

/// Codes inside `errors[]` of what fits its schema and is wrong all the same. A room's rules refuse
/// with codes of their own; these serve where none is better.
pub const MEANINGS: &[(&str, &str, &str)] = &[
    ("reference_not_found", "引用不存在", "refers to nothing"),
    ("duplicate", "重复", "given twice"),
    ("taken", "已被使用", "somebody or something else has it"),
    ("until_not_after_from", "截止日须晚于起始日", "the end must be after the beginning"),
    ("in_future", "不得在将来", "must not be in the future"),
    ("kept", "导入不改此项", "an import does not change this"),
    ("not_meaningful", "不合业务规则", "against a rule of the domain"),
];

/// A refusal or a failure. Carries everything the problem document needs and nothing secret.
#[derive(Debug)]
pub struct Error {
    /// Which of the stable codes.
    pub code: Code,
    /// More than the title says, where there is more to say.
    pub detail: Option<Words>,
    /// All that is wrong with the input.
    pub faults: Vec<Fault>,
    /// Present state and what it allows, for [`Code::TransitionNotAllowed`].
    pub state: Option<(String, Vec<String>)>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<u32>,
    /// For our log only, never answered.
    pub cause: Option<String>,
}

impl Error {
    /// A refusal with its title alone.
    pub fn new(code: Code) -> Self {
        Self { code, detail: None, faults: Vec::new(), state: None, retry_after: None, cause: None }
    }

    /// A refusal with a sentence of its own.
    pub fn say(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { detail: Some(Words::new(zh, en)), ..Self::new(code) }
    }

    /// Not there, for this caller.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// Seen, but not allowed.
    pub fn forbidden() -> Self {
        Self::new(Code::Forbidden)
    }

    /// The body's meaning is wrong, each fault by pointer.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self { faults, ..Self::new(Code::Invalid) }
    }

    /// One fault of meaning.
    pub fn fault(pointer: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::invalid(vec![Fault::new(pointer, "not_meaningful", zh, en)])
    }

    /// A rule refuses, otherwise than as a fault of the body: its code stands in `errors[]`.
    pub fn because(code: Code, refusal: impl Into<Fault>) -> Self {
        let fault: Fault = refusal.into();
        Self { detail: Some(fault.detail.clone()), faults: vec![fault], ..Self::new(code) }
    }

    /// The state machine refuses `action`.
    pub fn transition(state: &str, allowed: Vec<&'static str>) -> Self {
        Self {
            state: Some((state.into(), allowed.into_iter().map(Into::into).collect())),
            ..Self::new(Code::TransitionNotAllowed)
        }
    }

    /// Our own failure; `cause` goes to the log with the request's id.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Code::Internal) }
    }

    /// Keeps what lies behind it for our log.
    pub fn with_cause(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// The database is away.
    pub fn unavailable(cause: impl fmt::Display) -> Self {
        Self {
            retry_after: Some(2),
            cause: Some(cause.to_string()),
            ..Self::new(Code::Unavailable)
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code.as_str())?;
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Refuses with all faults found, or goes on.
pub fn check(faults: Vec<Fault>) -> Result<()> {
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}
