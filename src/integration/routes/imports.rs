//! Files of an office: sent, followed, told what is wrong with them.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::auth::{List, NoQuery, Read, Upload, policy};
use crate::chain::actions::KEEPERS;
use crate::db::Conn;
use crate::error::{Error, Fault, Result};
use crate::integration::actions::{self, NewImport};
use crate::integration::apply;
use crate::integration::files::{Format, Table};
use crate::integration::lines::RowFault;
use crate::integration::rules::{Kind, Refusal, SCHEME, State, columns};
use crate::integration::run::Wake;
use crate::integration::store::{self, FaultRow, ImportRow};
use crate::journal::Journal;
use crate::page::{Key, Listing, Page};
use crate::web::{Answer, CreateHeaders, ListAnswer, ListQuery, Problem, Sheet, accept, query};

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportView {
    /// Its id.
    pub id: Uuid,
    /// Its version.
    #[schema(minimum = 1, example = 2)]
    pub version: i64,
    /// What the file is about.
    pub kind: Kind,
    /// csv or xlsx
    #[schema(pattern = "^(csv|xlsx)$", example = "csv")]
    pub format: String,
    /// The scheme of its external ids.
    #[schema(max_length = 32, example = "office")]
    pub scheme: String,
    /// Whether it is only tried.
    pub dry_run: bool,
    /// How far it is.
    pub state: State,
    /// Lines of the file below its headings, once they are counted.
    #[schema(minimum = 0, example = 280, required = true)]
    pub rows_total: Option<i32>,
    /// Lines that have been looked at.
    #[schema(minimum = 0, example = 280)]
    pub rows_done: i32,
    /// Rows that were not known; of a dry run: would be entered.
    #[schema(minimum = 0, example = 12)]
    pub created: i32,
    /// Rows that differed.
    #[schema(minimum = 0, example = 3)]
    pub updated: i32,
    /// Rows that were the same.
    #[schema(minimum = 0, example = 265)]
    pub unchanged: i32,
    /// How much is wrong with the file, the first 1,000: see its `errors`.
    #[schema(minimum = 0, maximum = 1000, example = 0)]
    pub errors: i32,
    /// The account or client that sent it.
    #[schema(required = true)]
    pub created_by: Option<Uuid>,
    /// When it was sent.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    #[schema(required = true)]
    pub finished_at: Option<DateTime<Utc>>,
}

impl ImportView {
    fn new(row: ImportRow) -> Result<Self> {
        let unknown = || Error::internal("an unknown kind or state of an import");
        Ok(Self {
            id: row.id,
            version: row.version,
            kind: Kind::parse(&row.kind).ok_or_else(unknown)?,
            format: row.format,
            scheme: row.scheme,
            dry_run: row.dry_run,
            state: State::parse(&row.state).ok_or_else(unknown)?,
            rows_total: row.rows_total,
            rows_done: row.rows_done,
            created: row.created,
            updated: row.updated,
            unchanged: row.unchanged,
            errors: row.errors,
            created_by: row.actor_id,
            created_at: row.created_at,
            finished_at: row.finished_at,
        })
    }
}

/// What a file is and what becomes of it.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// What the file is about.
    #[param(pattern = "^(members|contacts|sectors|areas)$", example = "members")]
    pub kind: String,
    /// Whose ids the column 外部编号 holds: a word of yours, `office` unless told.
    #[param(max_length = 32, pattern = "^[a-z][a-z0-9_]{0,31}$", example = "office")]
    pub scheme: Option<String>,
    /// Looks at all of it and writes nothing.
    #[param(example = true)]
    pub dry_run: Option<bool>,
}

/// Import a file
///
/// Takes a table of members, contacts, sectors or areas in CSV (UTF-8 or GBK) or XLSX (its first
/// sheet), at most 10 MiB and 50,000 rows, with the headings of the template in any order. What has an
/// external id or a number that is known is changed where it differs, the rest is entered; an empty
/// cell changes nothing. All of it is written or, where anything is wrong, nothing. The answer comes at
/// once: follow the import at `Location` until its `state` is done, refused or failed. Wrong headings
/// are refused at once. What is dated (a sector, a first day, a holder) is entered but not changed.
/// For those who keep the chain.
#[utoipa::path(tag = "imports", params(ImportQuery, CreateHeaders),
    request_body(description = "The file", content(
        (String = "text/csv", example = "编号,姓名,电话,工作单位,界别,起始日期\nM901,委员901,138 0000 1234,民营企业,economy,2024.3.8\n"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    responses((status = 202, description = "The import, waiting for its turn", body = ImportView)))]
#[post("")]
pub async fn start_import(
    journal: Data<Journal>,
    wake: Data<Wake>,
    request: Upload<ImportQuery>,
) -> Result<Answer, Problem> {
    let Upload { actor, call, query, workbook, file } = request;
    policy::any_role(&actor, KEEPERS)?;
    let kind = Kind::parse(&query.kind).ok_or_else(Error::not_found)?;
    let format = if workbook { Format::Xlsx } else { Format::Csv };
    let bytes = file.to_vec();
    // A workbook takes more in memory than it weighs: few are looked at at once.
    let turn = LOOKED_AT.acquire().await.map_err(Error::internal)?;
    let looked = actix_web::web::block(move || headings(kind, format, bytes)).await;
    drop(turn);
    let wrong = looked.map_err(Error::internal)?;
    if !wrong.is_empty() {
        return Err(Error::invalid(wrong.into_iter().map(fault).collect()).into());
    }
    let scheme = query.scheme.unwrap_or_else(|| SCHEME.to_owned());
    let dry_run = query.dry_run.unwrap_or_default();
    let work = journal.write(&call, async |tx| {
        let new = NewImport { kind, format, scheme, dry_run, file: &file };
        let row = actions::start_import(tx, new).await?;
        let at = format!("/v1/imports/{}", row.id);
        let answer = Answer::created(row.version, at, &ImportView::new(row)?)?;
        Ok(Answer { status: 202, ..answer })
    });
    let answer = work.await?;
    wake.now();
    Ok(answer)
}

/// Files that may be looked at at once.
static LOOKED_AT: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// What is wrong with the first line of a file.
fn headings(kind: Kind, format: Format, bytes: Vec<u8>) -> Vec<RowFault> {
    let unreadable = |refusal: Refusal| vec![apply::whole(1, refusal)];
    let mut table = match Table::open(format, bytes) {
        Ok(table) => table,
        Err(refusal) => return unreadable(refusal),
    };
    let first = match table.lines() {
        Ok(mut lines) => lines.next().transpose(),
        Err(refusal) => return unreadable(refusal),
    };
    match first {
        Ok(line) => apply::layout(kind, line).err().unwrap_or_default(),
        Err(refusal) => unreadable(refusal),
    }
}

/// `/1/血型`: the line and the heading.
fn fault(wrong: RowFault) -> Fault {
    let heading = wrong.heading.map(|text| text.replace('~', "~0").replace('/', "~1"));
    let place = heading.map(|heading| format!("/{}/{heading}", wrong.line));
    Fault { pointer: place.unwrap_or_default(), code: wrong.code, detail: wrong.detail }
}

/// Which imports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportFilter {
    /// Of this kind.
    #[param(pattern = "^(members|contacts|sectors|areas)$", example = "members")]
    pub kind: Option<String>,
    /// In this state.
    #[param(pattern = "^(waiting|running|done|refused|failed)$", example = "done")]
    pub state: Option<String>,
}

/// List imports
///
/// Imports of the city, newest first. For those who keep the chain.
#[utoipa::path(tag = "imports", params(ImportFilter, ListQuery),
    responses((status = 200, description = "A page of imports", body = Listing<ImportView>)))]
#[get("")]
pub async fn list_imports(
    journal: Data<Journal>,
    request: List<ImportFilter>,
) -> Result<ListAnswer, Problem> {
    let List { actor, filters, page, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let key = |row: &ImportRow| Key { at: row.created_at, id: row.id };
    let read = async move |conn: Conn<'_>, page: &Page| {
        let wanted = (filters.kind.clone(), filters.state.clone());
        let (rows, total) = store::imports(conn, actor.city, wanted, page).await?;
        let Listing { data, next, total } = page.listing(rows, total, key, ImportView::new);
        Ok(Listing { data: data.into_iter().collect::<Result<_>>()?, next, total })
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get an import
///
/// How far an import is. For those who keep the chain.
#[utoipa::path(tag = "imports", params(("import_id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "The import", body = ImportView)))]
#[get("/{import_id}")]
pub async fn get_import(journal: Data<Journal>, request: Read) -> Result<Answer, Problem> {
    let Read { actor, id, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let conn = journal.db.read().await?;
    let row = store::import(&conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
    Ok(Answer::ok(row.version, &ImportView::new(row)?)?)
}

/// Something wrong with a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportErrorView {
    /// Its id.
    pub id: Uuid,
    /// The line of the file, from 1 as a spreadsheet counts.
    #[schema(minimum = 1, example = 17)]
    pub line: i32,
    /// The column, as the file calls it; null: the line as a whole.
    #[schema(max_length = 64, example = "联系电话", required = true)]
    pub column: Option<String>,
    /// A stable word, as in `errors[].code` of a problem.
    #[schema(max_length = 64, example = "bad_phone")]
    pub code: String,
    /// What would be right, in Chinese.
    #[schema(max_length = 400, example = "应为电话号码,如 138 0000 1234")]
    pub detail_zh: String,
    /// The same in English.
    #[schema(max_length = 400, example = "A phone number is written as 138 0000 1234.")]
    pub detail_en: String,
}

/// List what is wrong with a file
///
/// By line and column, the first 1,000; never what the cell says. For those who keep the chain.
#[utoipa::path(tag = "imports",
    params(("import_id" = Uuid, Path, description = "The import"), ListQuery),
    responses((status = 200, description = "A page of what is wrong", body = Listing<ImportErrorView>)))]
#[get("/{import_id}/errors")]
pub async fn list_import_errors(
    journal: Data<Journal>,
    request: List,
) -> Result<ListAnswer, Problem> {
    let List { actor, id, page, .. } = request;
    policy::any_role(&actor, KEEPERS)?;
    let key = |row: &FaultRow| Key { at: row.at, id: row.id };
    let view = |row: FaultRow| ImportErrorView {
        id: row.id,
        line: row.line,
        column: row.heading,
        code: row.code,
        detail_zh: row.detail_zh,
        detail_en: row.detail_en,
    };
    let read = async move |conn: Conn<'_>, page: &Page| {
        store::import(conn, actor.city, id).await?.ok_or_else(Error::not_found)?;
        let (rows, total) = store::faults(conn, actor.city, id, page).await?;
        Ok(page.listing(rows, total, key, view))
    };
    Ok(journal.db.list(page, read).await?)
}

/// Get a template
///
/// The headings of a kind of file as CSV, which Excel and WPS open as it is. Other headings that
/// offices use are understood too: see docs/API.md.
#[utoipa::path(tag = "imports", params(("kind" = Kind, Path, description = "What the file is about", example = "members")),
    responses((status = 200, description = "One row of headings", body = String, content_type = "text/csv",
        example = "外部编号,名称,区划,界别,委员编号,起始日期,截止日期\r\n")))]
#[get("/{kind}")]
pub async fn get_import_template(
    kind: Path<String>,
    asked: HttpRequest,
    request: List,
) -> Result<HttpResponse, Problem> {
    // It is no list: it has one form and no parameters.
    accept::csv(&asked)?;
    query::read::<NoQuery>(&asked)?;
    policy::any_role(&request.actor, KEEPERS)?;
    let kind = Kind::parse(&kind).ok_or_else(Error::not_found)?;
    let head = Sheet::record(columns::template(kind).map(str::to_owned))?;
    let name = format!("attachment; filename=\"{}.csv\"", kind.as_str());
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(["\u{feff}".as_bytes(), &head].concat()))
}
