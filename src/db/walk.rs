//! A list as it is asked for: one page, or a walk over all of them.

use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Conn, Db};
use crate::error::{Error, Result};
use crate::page::{Form, Listing, Page};
use crate::web::{Answer, ListAnswer, Sheet};

/// Rows read at once of a whole list: as many as are ever in memory.
const BATCH: u32 = 500;

impl Db {
    /// Answers a list that `read` reads by pages. A whole list is read page after page over the pool
    /// of reports, as fast as it is taken; no connection is held between two pages.
    pub async fn list<T, F>(&self, page: Page, read: F) -> Result<ListAnswer>
    where
        T: Serialize + ToSchema + 'static,
        F: AsyncFn(Conn<'_>, &Page) -> Result<Listing<T>> + 'static,
    {
        // What counts all rows may take long.
        let long = page.count;
        self.answer(page, long, read).await
    }

    /// [`Db::list`] where even a page may take long: it holds up nobody's read.
    pub async fn long_list<T, F>(&self, page: Page, read: F) -> Result<ListAnswer>
    where
        T: Serialize + ToSchema + 'static,
        F: AsyncFn(Conn<'_>, &Page) -> Result<Listing<T>> + 'static,
    {
        self.answer(page, true, read).await
    }

    async fn answer<T, F>(&self, page: Page, long: bool, read: F) -> Result<ListAnswer>
    where
        T: Serialize + ToSchema + 'static,
        F: AsyncFn(Conn<'_>, &Page) -> Result<Listing<T>> + 'static,
    {
        if page.form == Form::Json {
            let conn = self.page(long).await?;
            return Ok(ListAnswer::Page(Answer::list(&read(&conn, &page).await?)?));
        }
        let (form, page) = (page.form, Page { limit: BATCH, ..page });
        let sheet = Sheet::of::<T>(form);
        let head = sheet.head()?;
        let mut walk = Walk { db: self.clone(), sheet, page: Some(page), read };
        let rows = walk.next().await?.unwrap_or_default();
        let rest = stream::try_unfold(walk, async |mut walk| {
            let part = walk.next().await?;
            Ok::<_, Error>(part.map(|part| (part, walk)))
        });
        Ok(ListAnswer::Whole { form, first: [head, rows].concat(), rest: Box::pin(rest) })
    }
}

struct Walk<F> {
    db: Db,
    sheet: Sheet,
    /// The next page; none after the last.
    page: Option<Page>,
    read: F,
}

impl<F> Walk<F> {
    /// The lines of the next page.
    async fn next<T>(&mut self) -> Result<Option<Vec<u8>>>
    where
        T: Serialize,
        F: AsyncFn(Conn<'_>, &Page) -> Result<Listing<T>>,
    {
        let Some(page) = self.page.take() else { return Ok(None) };
        let conn = self.db.report().await?;
        let Listing { data, next, .. } = (self.read)(&conn, &page).await?;
        if let Some(cursor) = next {
            let after = Page::read_cursor(&cursor, page.query_hash)?;
            self.page = Some(Page { after: Some(after), ..page });
        }
        Ok(Some(self.sheet.lines(&data)?))
    }
}
