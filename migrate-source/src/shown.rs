//! Paths for people.

use std::path::Path;

/// A path as a user would write it, from the folder that the process works in.
pub fn shown(path: &Path) -> String {
    let from_here = std::env::current_dir().ok().and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned));
    let shown = from_here.unwrap_or_else(|| path.to_owned()).display().to_string();
    if shown.is_empty() { ".".to_owned() } else { shown }
}
