//! A network that loses the reply to a COMMIT.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the proxy does with the COMMIT that it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The server receives it, the client is cut off before the reply.
    Reply,
    /// The server never receives it.
    Request,
    /// The server receives it, and no answer ever comes, nor the end of the connection.
    Silence,
}

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    /// Where it listens, on the loopback interface.
    pub port: u16,
    lost: Arc<AtomicBool>,
    dead: Arc<AtomicBool>,
}

#[derive(Debug)]
struct Plan {
    loss: Loss,
    commit: usize,
    seen: AtomicUsize,
    lost: Arc<AtomicBool>,
    /// After the loss nobody gets through any more.
    dead: Arc<AtomicBool>,
}

impl Proxy {
    /// Passes everything to the server's port, but for the COMMIT with this number, from 1. With `dead`, nobody gets through
    /// after that.
    pub async fn start(server: u16, loss: Loss, commit: usize, dead: bool) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let (lost, dead) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(dead)));
        let plan = Arc::new(Plan { loss, commit, seen: AtomicUsize::new(0), lost: Arc::clone(&lost), dead: Arc::clone(&dead) });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !(plan.dead.load(Ordering::SeqCst) && plan.lost.load(Ordering::SeqCst)) {
                    tokio::spawn(pass(client, server, Arc::clone(&plan)));
                }
            }
        });
        Proxy { port, lost, dead }
    }

    /// Lets everybody through again.
    pub fn revive(&self) {
        self.dead.store(false, Ordering::SeqCst);
    }

    /// Whether the COMMIT was lost already.
    pub fn has_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: u16, plan: Arc<Plan>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let silent = Arc::new(AtomicBool::new(false));
    let is_silent = Arc::clone(&silent);
    let replies = tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            if !is_silent.load(Ordering::SeqCst) && to_client.write_all(&buffer[..read]).await.is_err() {
                break;
            }
        }
        // A silent network does not pass on the end of a connection either.
        while is_silent.load(Ordering::SeqCst) {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
    });
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        let has = |text: &[u8]| buffer[..read].windows(text.len()).any(|window| window == text);
        // What only reads has one too.
        let commits = has(b"COMMIT\0") && !has(b"READ ONLY");
        if commits && plan.seen.fetch_add(1, Ordering::SeqCst) + 1 == plan.commit {
            // Before the client can notice, for it connects again at once.
            plan.lost.store(true, Ordering::SeqCst);
            match plan.loss {
                Loss::Request => replies.abort(),
                Loss::Reply => {
                    replies.abort();
                    let _ = to_server.write_all(&buffer[..read]).await;
                    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                }
                Loss::Silence => {
                    silent.store(true, Ordering::SeqCst);
                    let _ = to_server.write_all(&buffer[..read]).await;
                    while let Ok(1..) = from_client.read(&mut buffer).await {}
                }
            }
            return;
        }
        if to_server.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
}
