//! A `sqlite3` that keeps a file open, as another process does.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A running shell.
pub struct Shell {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Shell {
    /// Opens a file.
    pub fn open(file: &Path) -> Shell {
        let mut command = Command::new("sqlite3");
        command.arg("-batch").arg(file).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("these tests need `sqlite3`; install it (Debian: `apt-get install sqlite3`)");
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Shell { child, input, output }
    }

    /// Runs statements, and waits until they have run.
    pub fn run(&mut self, sql: &str) {
        writeln!(self.input, "{sql}\n;SELECT 'this was run';").unwrap();
        self.input.flush().unwrap();
        let mut line = String::new();
        while line.trim() != "this was run" {
            line.clear();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "the shell ended in {sql}");
        }
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it in order.
    pub fn close(mut self) {
        drop(self.input);
        self.child.wait().unwrap();
    }
}
