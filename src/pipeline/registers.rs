//! The registers in `review/` that are no decisions: the inventory, impact assessments, risks. People edit
//! them; runs only read them.

use std::{fs, io, path::Path};

use crate::{
    assess,
    config::Config,
    diag::{Diagnostic, Severity},
    domain::{Asset, Date, Decision, ImpactAssessment, Inventory, RiskFace},
    review::{self, ASSETS_FILE, IMPACTS_FILE, RISKS_FILE, RegisterRow},
};

/// All registers, in the order in which they are looked at.
pub(super) const REGISTERS: [&str; 3] = [ASSETS_FILE, IMPACTS_FILE, RISKS_FILE];

/// Reads a register's rows from its bytes, or says all that is wrong.
pub(super) type Reader = fn(&str, &[u8]) -> Result<Vec<RegisterRow>, Vec<Diagnostic>>;

/// How a register is read, and what a row of it is.
pub(super) fn reader(file: &str) -> Option<(Reader, &'static str)> {
    match file {
        ASSETS_FILE => Some((review::read_assets, "assets")),
        IMPACTS_FILE => Some((review::read_impacts, "impact assessments")),
        RISKS_FILE => Some((review::read_register, "risks")),
        _ => None,
    }
}

/// What the registers of a workspace say.
#[derive(Debug, Default)]
pub(super) struct Registers {
    pub(super) assets: Vec<Asset>,
    pub(super) assessments: Vec<ImpactAssessment>,
    pub(super) risks: Vec<RiskFace>,
    /// Registers that can't be read; nothing of them counts.
    pub(super) faults: Vec<Diagnostic>,
}

impl Registers {
    /// Reads them as they lie there. A fault ends nothing: it is told, and the register left out.
    pub(super) fn load(dir: &Path) -> Self {
        let mut out = Self::default();
        for file in REGISTERS {
            let Some((read, _)) = reader(file) else { continue };
            let path = dir.join("review").join(file);
            let rows = match fs::read(&path) {
                Ok(bytes) => read(&format!("review/{file}"), &bytes),
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => Err(vec![
                    Diagnostic::warning("register", format!("can't be read: {error}"))
                        .in_file(format!("review/{file}"))
                        .help("check its permissions"),
                ]),
            };
            match (rows, file) {
                (Ok(rows), ASSETS_FILE) => out.assets = review::assets(&rows),
                (Ok(rows), IMPACTS_FILE) => out.assessments = review::impacts(&rows),
                (Ok(rows), _) => out.risks = review::risk_faces(&rows),
                (Err(faults), _) => out.faults.extend(faults.into_iter().map(|fault| {
                    let message = format!("{}; the file is left out", fault.message);
                    Diagnostic { severity: Severity::Warning, message, ..fault }
                })),
            }
        }
        out
    }

    /// The view of them, with what deserves a look. `accepted` is accepted evidence in force.
    pub(super) fn inventory(
        &self,
        config: &Config,
        accepted: &[&Decision],
        as_of: Date,
    ) -> (Inventory, Vec<Diagnostic>) {
        let (inventory, notes) = assess::inventory(&assess::Registers {
            systems: &config.systems,
            assets: &self.assets,
            assessments: &self.assessments,
            risks: &self.risks,
            accepted,
            as_of,
        });
        (inventory, self.faults.iter().cloned().chain(notes).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_register_is_told_and_ends_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let review = dir.path().join("review");
        fs::create_dir(&review).unwrap();
        assert!(Registers::load(dir.path()).faults.is_empty(), "none is there");
        fs::write(review.join(ASSETS_FILE), "kind\nhardware\n").unwrap();
        fs::write(review.join(IMPACTS_FILE), "system,done\ntriage,yes\n").unwrap();
        fs::write(review.join(RISKS_FILE), b"key,title\nx#1,\"open").unwrap();
        let registers = Registers::load(dir.path());
        assert_eq!((registers.assets.len(), registers.assessments.len()), (0, 1));
        let (_, notes) =
            registers.inventory(&Config::default(), &[], "2026-11-24".parse().unwrap());
        let told: Vec<&str> = notes
            .iter()
            .filter(|d| d.message.ends_with("; the file is left out"))
            .map(|d| d.file.as_deref().unwrap())
            .collect();
        assert_eq!(told, ["review/assets.csv", "review/risks.csv"]);
        assert!(notes.iter().all(|d| d.severity != Severity::Error));
    }
}
