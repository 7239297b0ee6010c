//! Inventories in: of assets and of AI systems, several files into `review/assets.csv`. People edit that
//! file; it is the inventory.

mod kind;
mod read;
#[cfg(test)]
mod tests;
mod words;

use super::{
    fields::{self, ColumnMap},
    register::{self, Form, RegisterImport, RegisterRow, get},
    table::Cells,
};
use crate::{config::Config, diag::Diagnostic, domain::Asset};

/// The inventory in `review/`.
pub const ASSETS_FILE: &str = "assets.csv";

/// Columns of `assets.csv`, in order. `key` and the last two belong to the machine; the rest may be
/// edited.
pub const ASSET_COLUMNS: [&str; 21] = [
    "key",
    "id",
    "name",
    "kind",
    "kind_as_written",
    "likely_ai_system",
    "system",
    "description",
    "owner",
    "classification",
    "confidentiality",
    "integrity",
    "availability",
    "location",
    "provider",
    "roles",
    "status",
    "checked_on",
    "comment",
    "source",
    "source_row",
];

const FORM: Form = Form {
    file: ASSETS_FILE,
    columns: &ASSET_COLUMNS,
    needs: &["name"],
    code: "asset-inventory",
    what: "asset inventory",
    row: "asset",
    spare: "description or comment",
};

/// Merges inventories into `current`, the one that lies in `review/`. `before` is what an import wrote
/// into it last.
///
/// # Errors
/// A file can't be read, holds no assets, or a part of `--map` names nothing. All at once.
pub fn import_assets(
    files: &[(String, Vec<u8>)],
    maps: &[ColumnMap],
    config: &Config,
    current: &[RegisterRow],
    before: &Cells,
) -> Result<RegisterImport, Vec<Diagnostic>> {
    let there = (current, before);
    register::import(&FORM, files, maps, words::FIELDS, there, &mut |file, name, grids, out| {
        read::Reader { file, name, maps, systems: &config.systems }.read(grids, out);
    })
}

/// Reads the inventory as it lies in `review/`, also one that was written by hand: `name` is enough.
///
/// # Errors
/// Everything that is wrong with its form.
pub fn read_assets(file: &str, bytes: &[u8]) -> Result<Vec<RegisterRow>, Vec<Diagnostic>> {
    register::read(&FORM, file, bytes)
}

/// The inventory as CSV that no spreadsheet program runs.
pub fn assets_csv(rows: &[RegisterRow]) -> Vec<u8> {
    register::to_csv(&ASSET_COLUMNS, rows)
}

/// The assets of an inventory; rows without a name and id are passed over.
pub fn assets(rows: &[RegisterRow]) -> Vec<Asset> {
    let one = |row: &RegisterRow| {
        let text = |column: &str| get(row, column).to_owned();
        Asset {
            key: text("key"),
            id: text("id"),
            name: text("name"),
            kind: kind::of(get(row, "kind")).map_or_else(|| text("kind"), str::to_owned),
            likely_ai_system: text("likely_ai_system"),
            description: text("description"),
            owner: if fields::names_nobody(get(row, "owner")) {
                String::new()
            } else {
                text("owner")
            },
            classification: text("classification"),
            confidentiality: text("confidentiality"),
            integrity: text("integrity"),
            availability: text("availability"),
            location: text("location"),
            provider: text("provider"),
            system: text("system"),
            roles: text("roles"),
            status: text("status"),
            checked_on: text("checked_on"),
            source: text("source"),
            source_row: text("source_row"),
        }
    };
    rows.iter().map(one).filter(|a| !a.name.is_empty() || !a.id.is_empty()).collect()
}

/// What a column may mean.
#[cfg(test)]
pub(super) fn fields() -> &'static [super::fields::Field] {
    words::FIELDS
}
