//! `golive init`: a commented golive.toml.

use std::path::Path;

use anyhow::bail;

use crate::config;
use crate::output::{self, OutputFile};

/// Writes the file, unless there is one.
pub fn run(path: &Path) -> anyhow::Result<u8> {
    if path.exists() {
        bail!("{} is there already; take it away first, or name another file", path.display());
    }
    let text = config::template();
    OutputFile::open(path, 0o666)?.write(|to| to.write_all(text.as_bytes()))?;
    output::print(&format!("{} is written; everything in it is a comment, to be made true.\n", path.display()))?;
    Ok(0)
}
