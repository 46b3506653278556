//! What a file that an office hands in says: which column is which field, what a cell means, which of
//! our rows a line means.

pub mod cells;
pub mod columns;
mod refusal;
pub mod rows;

pub use refusal::Refusal;

use crate::codes::codes;

/// The scheme of external ids unless one is told.
pub const SCHEME: &str = "office";

codes! {
    /// What a file is about.
    ImportKind, pub enum Kind {
        /// 委员.
        Members = "members" "委员" "members";
        /// 界别群众联系人.
        Contacts = "contacts" "联系人" "contacts";
        /// 界别.
        Sectors = "sectors" "界别" "sectors";
        /// 责任区.
        Areas = "areas" "责任区" "responsibility areas";
    }
}

codes! {
    /// How far an import is.
    ImportState, pub enum State {
        /// Its turn has not come.
        Waiting = "waiting" "等待处理" "waiting for its turn";
        /// Its rows are being read.
        Running = "running" "处理中" "running";
        /// All of it is there; of a dry run: would be.
        Done = "done" "已完成" "done";
        /// Something in the file is wrong; nothing of it is there.
        Refused = "refused" "有误未导入" "refused: nothing was imported";
        /// We could not finish; nothing of it is there.
        Failed = "failed" "处理失败" "failed: nothing was imported";
    }
}

impl State {
    /// Whether nothing more happens to it.
    pub fn ended(self) -> bool {
        matches!(self, Self::Done | Self::Refused | Self::Failed)
    }
}
