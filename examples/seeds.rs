//! Rewrites the seed files in canonical form: `cargo run --example seeds`.

use std::{error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files: Vec<PathBuf> =
        ["seeds/common-controls.toml", "seeds/risks.toml"].map(PathBuf::from).into();
    for folder in ["seeds/iso27001", "seeds/iso42001"] {
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
    }
    for path in files.into_iter().filter(|path| path.extension().is_some_and(|e| e == "toml")) {
        let canonical = evimap::catalog::canonical(&fs::read_to_string(&path)?)?;
        fs::write(&path, canonical)?;
    }
    Ok(())
}
