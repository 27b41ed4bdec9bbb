//! What to do about an error of SQLite, by its extended code (manual, `rescode.html`).

const BUSY: u32 = 5;
const LOCKED: u32 = 6;
const READONLY: u32 = 8;
const CANTOPEN: u32 = 14;
const BUSY_RECOVERY: u32 = BUSY | 1 << 8;
const READONLY_RECOVERY: u32 = READONLY | 1 << 8;
const READONLY_CANTLOCK: u32 = READONLY | 2 << 8;
const READONLY_ROLLBACK: u32 = READONLY | 3 << 8;
const READONLY_DBMOVED: u32 = READONLY | 4 << 8;
const READONLY_CANTINIT: u32 = READONLY | 5 << 8;
const READONLY_DIRECTORY: u32 = READONLY | 6 << 8;

/// The remedy, where the message alone does not say it.
pub(crate) fn remedy(code: u32) -> Option<&'static str> {
    Some(match code {
        READONLY_ROLLBACK => {
            "a process was killed while it wrote, and its journal must be rolled back first: run `current` once as a user who may write \
             the file and its folder, without `mode=ro`"
        }
        READONLY_RECOVERY | READONLY_CANTLOCK | READONLY_CANTINIT => {
            "the file has a write-ahead log (`-wal`), which only a user who may write the file and its folder can read: run the command \
             as such a user, without `mode=ro`"
        }
        READONLY_DIRECTORY => "SQLite writes a journal next to the file: run the command as a user who may write the folder",
        READONLY_DBMOVED => "the file was moved or deleted after it was opened; run the command again",
        BUSY_RECOVERY => "another process brings the file in order after a crash; run the command again",
        code => match code & 0xff {
            READONLY => "run the command as a user who may write the file and its folder, and leave `mode=ro` out of the URL",
            CANTOPEN => {
                "run the command as a user who may read the file, and who may write its folder where the file has a write-ahead log"
            }
            BUSY | LOCKED => "another process reads or writes the file; end its transaction, or raise the lock wait",
            _ => return None,
        },
    })
}

/// Whether SQLite could not make the files next to a database that has a write-ahead log.
pub(super) fn lacks_log(code: u32) -> bool {
    code & 0xff == CANTOPEN || matches!(code, READONLY_RECOVERY | READONLY_CANTLOCK | READONLY_CANTINIT | READONLY_DIRECTORY)
}
