//! The service starts, migrates, answers, and finds nothing to do when it starts again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};

/// Starts the service on a free port, and reads what it says until it listens.
async fn start(folder: &std::path::Path) -> (Child, Vec<String>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_axum-example"));
    command.current_dir(folder).env("PORT", "0").env_remove("DATABASE_URL").stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().expect("the service can be started");
    let mut lines: Lines<BufReader<ChildStdout>> = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.expect("it can be read") {
        if let Some(address) = line.strip_prefix("listening on http://") {
            return (child, said, address.to_owned());
        }
        said.push(line);
    }
    panic!("the service ended: {said:?}");
}

/// One request, and the whole answer.
async fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    stream.write_all(request.as_bytes()).await.expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("it answers");
    answer
}

#[tokio::test]
async fn it_migrates_and_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut service, said, address) = start(folder.path()).await;
    assert_eq!(said, ["1 migrations applied"]);
    let post = "POST /notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    assert!(ask(&address, post).await.starts_with("HTTP/1.1 201"));
    let get = "GET /notes HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert!(ask(&address, get).await.ends_with("[\"hello\"]"));
    service.kill().await.expect("it can be stopped");
    let (_service, said, _) = start(folder.path()).await;
    assert_eq!(said, ["0 migrations applied"]);
}
