//! Rules are checked against the catalogue before anything is written.

use super::*;

fn parse(text: &str) -> Result<Rules, Vec<Diagnostic>> {
    Rules::parse("rules.toml", text, Catalog::builtin(), &[])
}

#[test]
fn all_faults_come_at_once_with_their_lines() {
    let text = "\
[[rule]]
reviewer = \" \"
framework = \"ISO9001\"

[[rule]]
reviewer = \"Ann\"
theme = [\"People\", \"Cooking\"]
clause = \"A.51\"

[[rule]]
reviewer = \"Bob\"
target = [\"ISO27001:B.*\", \"[\"]
system = \"triage\"
band = \"weak\"

[[rule]]
reviewer = \"Rest\"

[[rule]]
reviewer = \"Late\"
theme = \"Physical\"
";
    let faults = parse(text).unwrap_err();
    let found: Vec<_> = faults.iter().map(|d| (d.line.unwrap(), d.message.as_str())).collect();
    let lines: Vec<u32> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [1, 1, 5, 5, 10, 10, 10, 10, 19], "{found:?}");
    assert!(faults.iter().all(|d| d.help.is_some() && d.file.as_deref() == Some("rules.toml")));
    assert!(found.iter().any(|(_, m)| m.contains("Cooking")));
    assert!(found[8].1.contains("line 16"), "{}", found[8].1);
}

#[test]
fn what_is_no_rule_is_refused() {
    let first = |text: &str| parse(text).unwrap_err().remove(0);
    assert!(first("").message.contains("no rule"));
    let unknown = first("[[rule]]\nreviewer = \"Ann\"\nteam = \"x\"\n");
    assert!(unknown.message.contains("team"), "{}", unknown.message);
    assert_eq!(first("[[rule]]\nreviewer = \n").line, Some(2));
}

#[test]
fn conditions_hold_together_and_values_alternatively() {
    let rules = parse(
        "[[rule]]\nreviewer = \"Ann\"\nowner = [\"IT*\", \"HR\"]\ntheme = [\"A.6\", \"people\"]\n",
    )
    .unwrap();
    let row = |owner: &str, theme: &str| Traits {
        owner: owner.into(),
        theme: theme.into(),
        ..Traits::default()
    };
    assert_eq!(rules.reviewer(&row("it ops", "People")), Some("Ann"));
    assert_eq!(rules.reviewer(&row("HR", "A.6 AI system life cycle")), Some("Ann"));
    assert_eq!(rules.reviewer(&row("HR", "Physical")), None);
    assert_eq!(rules.reviewer(&row("", "People")), None);
}
