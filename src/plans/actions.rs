//! What people do with schemes and plans.

mod items;
mod plans;
mod schemes;

pub(super) use plans::parts;
pub use plans::{CLOSE_TIMER, CloseTimer};
pub use plans::{approve_plan, create_plan, send_back_plan, submit_plan, update_plan};
pub use schemes::{create_scheme, publish_scheme};
