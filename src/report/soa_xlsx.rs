pub(super) fn render(view: &super::view::View<'_>, f: &str) -> Result<Vec<u8>, String> {
    Ok(Vec::new())
}
