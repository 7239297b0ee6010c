pub(super) fn render(view: &super::view::View<'_>) -> Result<Vec<u8>, String> {
    Ok(Vec::new())
}
