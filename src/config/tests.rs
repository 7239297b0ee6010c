//! Configurations that hold, and all faults of those that don't.

use super::*;

#[test]
fn languages_are_read_and_unknown_ones_named() {
    let text = "[[language]]\ncode = \"DE\"\npaths = [\"de/**\"]\n";
    let config = Config::parse("evimap.toml", text).unwrap();
    assert_eq!(config.languages, [(Language::De, vec!["de/**".to_owned()])]);
    let faults = Config::parse("evimap.toml", "[[language]]\ncode = \"xx\"\n").unwrap_err();
    assert!(faults[0].message.contains("`xx`") && faults[0].line == Some(2), "{faults:?}");
}

#[test]
fn the_template_is_a_valid_configuration() {
    let config = Config::parse("evimap.toml", TEMPLATE).unwrap();
    assert_eq!(config.systems, []);
    assert_eq!(config.judge, None);
}

#[test]
fn every_fault_is_reported_with_its_line() {
    let text = "schema_version = 2\n[organisation]\nname = 3\ncolour = 'red'\n[[system]]\nname = 'x'\n\
                [freshness]\nscan = 'often'\nmoon = 3\n[judge]\nmodel = 'm'\n";
    let faults = Config::parse("evimap.toml", text).unwrap_err();
    let lines: Vec<_> = faults.iter().map(|d| d.line.unwrap()).collect();
    assert_eq!(faults.len(), 7, "{faults:#?}");
    for line in [1, 3, 4, 5, 8, 9, 11] {
        assert!(lines.contains(&line), "no fault on line {line}: {faults:#?}");
    }
    assert!(faults.iter().all(|d| d.help.is_some()));
}

#[test]
fn roots_are_replaced_in_place() {
    let changed = Config::with_roots(TEMPLATE, &["/a \"b\"".to_owned()]);
    assert_eq!(Config::parse("x", &changed).unwrap().roots, ["/a \"b\""]);
    assert_eq!(changed.lines().count(), TEMPLATE.lines().count());
    for text in ["schema_version = 1", "[source]\nexclude = ['x']\n[limits]\nworkers = 1\n"] {
        let changed = Config::with_roots(text, &["/a".to_owned(), "/b".to_owned()]);
        assert_eq!(Config::parse("x", &changed).unwrap().roots, ["/a", "/b"]);
    }
}

#[test]
fn an_overlay_is_a_folder() {
    let text = "[catalog]\noverlay = 'own'\n";
    assert_eq!(Config::parse("x", text).unwrap().overlay.as_deref(), Some("own"));
    let moved = Config::with_files_below(text, Path::new("/etc/isms"));
    assert_eq!(Config::parse("x", &moved).unwrap().overlay.as_deref(), Some("/etc/isms/own"));
    let faults = Config::parse("x", "[catalog]\noverlay = ' '\n").unwrap_err();
    assert_eq!((faults.len(), faults[0].line), (1, Some(2)));
}

#[test]
fn a_calibration_is_named_in_place() {
    let own = |text: &str| Config::parse("x", text).unwrap().calibration;
    for text in
        [TEMPLATE, "[matching] # ours\n[audit]\n", "[matching]", "[matching]\ncalibration = 'x'\n"]
    {
        let changed = Config::with_calibration(text, "a \"b\".toml");
        assert_eq!(own(&changed).as_deref(), Some("a \"b\".toml"), "{changed}");
    }
    let moved = Config::with_files_below(
        "[matching]\ncalibration = 'c.toml'\n[catalog]\noverlay = 'own'\n",
        Path::new("/etc/isms"),
    );
    assert_eq!(own(&moved).as_deref(), Some("/etc/isms/c.toml"));
    assert!(moved.contains("\"/etc/isms/own\""), "{moved}");
    assert_eq!(Config::parse("x", "[matching]\ncalibration = ''\n").unwrap_err().len(), 1);
}

#[test]
fn broken_toml_names_the_line() {
    let faults = Config::parse("evimap.toml", "[organisation]\nname = \n").unwrap_err();
    assert_eq!((faults.len(), faults[0].line), (1, Some(2)));
}
