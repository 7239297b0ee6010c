//! What goes out for people to fill in.

mod positions;
mod suggestions;

pub use positions::export_positions;
pub use suggestions::{Decided, export_suggestions};

pub(super) use positions::position_key;

use crate::domain::Date;

fn date(value: Option<Date>) -> String {
    value.map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
