//! Rewrites the seed files of targets in canonical form: `cargo run --example seeds`.

use std::{error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for folder in ["seeds/iso27001", "seeds/iso42001"] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == "toml") {
                let canonical = evimap::catalog::canonical(&fs::read_to_string(&path)?)?;
                fs::write(&path, canonical)?;
            }
        }
    }
    Ok(())
}
