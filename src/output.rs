//! Where results go: stdout, or a file that is written whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

use crate::report::text::harmless;

/// Prints a line for people on stderr.
#[expect(clippy::print_stderr, reason = "the one place that does")]
pub fn complain(line: &str) {
    eprintln!("golive: {}", harmless(line));
}

/// Prints on stdout. A reader that went away, as `head` does, is no error.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("cannot write to stdout"),
    }
}

/// A file to be written. It is opened before the work begins, so that an unwritable one is told at once, and
/// takes its place only when it is complete.
#[derive(Debug)]
pub struct OutputFile {
    path: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// Written beside the path, then renamed.
    Regular(NamedTempFile),
    /// A device or pipe, which renaming would destroy.
    Special(fs::File),
}

impl OutputFile {
    /// Opens a file that is to get these permissions (less the process's umask).
    pub fn open(path: &Path, mode: u32) -> anyhow::Result<Self> {
        let context = || format!("cannot write {}; choose another file, or make its folder writable", path.display());
        // Through a symbolic link, what it points to is written.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let target = match fs::metadata(&real) {
            Ok(metadata) if metadata.is_dir() => anyhow::bail!("cannot write {}: it is a folder", path.display()),
            Ok(metadata) if !metadata.is_file() => {
                Target::Special(fs::OpenOptions::new().write(true).open(&real).with_context(context)?)
            }
            Ok(metadata) if metadata.permissions().readonly() => {
                anyhow::bail!("cannot write {}: it is read-only", path.display())
            }
            _ => Target::Regular(beside(&real, mode).with_context(context)?),
        };
        Ok(Self { path: real, target })
    }

    /// Opens a file that people and golive write in turn: it keeps the permissions that it has.
    pub fn rewrite(path: &Path) -> anyhow::Result<Self> {
        let file = Self::open(path, 0o666)?;
        if let (Target::Regular(new), Ok(old)) = (&file.target, fs::metadata(&file.path)) {
            let context = || format!("cannot write {}", path.display());
            new.as_file().set_permissions(old.permissions()).with_context(context)?;
        }
        Ok(file)
    }

    /// Writes the content and puts the file in its place.
    pub fn write(self, content: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        let name = self.path.display().to_string();
        let written = match self.target {
            Target::Regular(mut file) => {
                let mut buffer = io::BufWriter::new(file.as_file_mut());
                content(&mut buffer)
                    .and_then(|()| buffer.flush())
                    .and_then(|()| drop_buffer(buffer))
                    .and_then(|()| file.as_file().sync_all())
                    .and_then(|()| file.persist(&self.path).map(drop).map_err(|error| error.error))
            }
            Target::Special(mut file) => content(&mut file),
        };
        written.with_context(|| format!("cannot write {name}"))
    }
}

/// Ends the borrow of a flushed buffer.
fn drop_buffer<W: Write>(buffer: io::BufWriter<W>) -> io::Result<()> {
    buffer.into_inner().map(drop).map_err(io::IntoInnerError::into_error)
}

fn beside(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".golive-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    // The temporary file's own name would only puzzle.
    builder.tempfile_in(folder).map_err(|error| error.kind().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_file_stays_until_the_new_one_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("report.json");
        fs::write(&path, "old").expect("written");
        let file = OutputFile::open(&path, 0o644).expect("opened");
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");
        let failed = file.write(|to| to.write_all(b"half").and(Err(io::Error::other("the disk is full"))));
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).expect("read"), "old");

        OutputFile::open(&path, 0o644).expect("opened").write(|to| to.write_all(b"new")).expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn a_rewritten_file_keeps_its_permissions_and_its_links() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let (path, link) = (folder.path().join("golive.toml"), folder.path().join("link.toml"));
        fs::write(&path, "old").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changed");
        symlink(&path, &link).expect("linked");
        OutputFile::rewrite(&link).expect("opened").write(|to| to.write_all(b"new")).expect("written");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    }

    #[test]
    fn a_folder_and_a_missing_folder_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(OutputFile::open(folder.path(), 0o644).is_err());
        assert!(OutputFile::open(&folder.path().join("no/such/file"), 0o644).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_written_to_and_not_replaced() {
        use std::os::unix::fs::FileTypeExt;
        let file = OutputFile::open(Path::new("/dev/null"), 0o644).expect("opened");
        file.write(|to| to.write_all(b"gone")).expect("written");
        assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
    }
}
