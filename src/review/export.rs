//! What goes out for people to fill in.

mod actions;
mod advice;
mod audits;
mod positions;
mod split;
mod suggestions;
mod workbook;

pub use actions::export_actions;
pub use advice::Advice;
pub use audits::export_audits;
pub use positions::export_positions;
pub use split::{Facts, Split, SplitBy, split};
pub use suggestions::{Decided, export_suggestions};
pub use workbook::{Dress, to_workbook};

pub(super) use split::Traits;
pub(super) use workbook::CUT;

pub(super) use positions::position_key;

use crate::domain::Date;

fn date(value: Option<Date>) -> String {
    value.map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
