//! Which process has a file locked, as far as the system tells: Linux lists the locks of all processes.

use std::path::{Path, PathBuf};

use crate::event::Holder;

/// From this byte on SQLite locks a database (manual, `fileformat2.html#the_lock_byte_page`).
const DATABASE_LOCKS: u64 = 0x4000_0000;

/// The byte of the index (`-shm`) that the writer of a log has locked (manual, `walformat.html#wal_locks`).
const LOG_WRITER: u64 = 120;

/// What a process does with a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum LockKind {
    Write,
    Read,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct LockLine {
    kind: LockKind,
    pid: u32,
    inode: u64,
    first: u64,
}

impl LockLine {
    /// `1: POSIX  ADVISORY  WRITE 4711 08:01:131090 1073741825 1073741825`; that of a process that waits has an arrow (`proc(5)`).
    fn read(line: &str) -> Option<LockLine> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, "POSIX", _, kind, pid, file, first, _] = fields.as_slice() else { return None };
        let kind = if *kind == "WRITE" { LockKind::Write } else { LockKind::Read };
        let inode = file.rsplit(':').next()?.parse().ok()?;
        Some(LockLine { kind, pid: pid.parse().ok()?, inode, first: first.parse().ok()? })
    }
}

/// The process that has the database locked: the writer, else a reader.
pub(super) fn holder(database: &Path) -> Option<Holder> {
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let (file, index) = (inode(database), inode(&beside(database, "-shm")));
    let held = |lock: &LockLine| {
        let is_database = Some(lock.inode) == file && lock.first >= DATABASE_LOCKS;
        let is_log = Some(lock.inode) == index && lock.first == LOG_WRITER && lock.kind == LockKind::Write;
        lock.pid != std::process::id() && (is_database || is_log)
    };
    let lock = locks.lines().filter_map(LockLine::read).filter(held).min_by_key(|lock| lock.kind)?;
    let name = std::fs::read_to_string(format!("/proc/{}/comm", lock.pid)).unwrap_or_default();
    Some(Holder { pid: i64::from(lock.pid), role: String::new(), application: name.trim().to_owned(), lease: None })
}

/// A file next to the database.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(path.metadata().ok()?.ino())
}

#[cfg(not(unix))]
fn inode(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_read_and_a_waiting_process_is_none() {
        let line = "12: POSIX  ADVISORY  WRITE 4711 08:01:131090 1073741825 1073741825";
        assert_eq!(
            LockLine::read(line),
            Some(LockLine { kind: LockKind::Write, pid: 4711, inode: 131_090, first: 1_073_741_825 })
        );
        for other in
            ["12: -> POSIX  ADVISORY  WRITE 4711 08:01:131090 1073741825 1073741825", "3: FLOCK  ADVISORY  WRITE 1 08:01:1 0 EOF"]
        {
            assert_eq!(LockLine::read(other), None, "{other}");
        }
    }
}
