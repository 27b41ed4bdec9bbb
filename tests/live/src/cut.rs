//! A network that cuts a connection at one message of the client, or kills the client there.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// When the connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The server never gets the message.
    Before,
    /// The server gets the message, and the client no answer.
    After,
}

/// A running network.
#[derive(Debug)]
pub struct Cut {
    port: u16,
    done: Arc<AtomicBool>,
    victim: Arc<AtomicU32>,
}

#[derive(Debug)]
struct Plan {
    moment: Moment,
    messages: Vec<usize>,
    seen: AtomicUsize,
    done: Arc<AtomicBool>,
    /// The process of the client, where it is killed; 0 where the connection is cut.
    victim: Arc<AtomicU32>,
}

impl Cut {
    /// Passes everything to the server's port until the client's message with this number, from 0, over all connections; everything
    /// again after that.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start(server: u16, moment: Moment, message: usize) -> Cut {
        Cut::start_each(server, moment, vec![message]).await
    }

    /// The same of several messages.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start_each(server: u16, moment: Moment, messages: Vec<usize>) -> Cut {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let done = Arc::new(AtomicBool::new(false));
        let victim = Arc::new(AtomicU32::new(0));
        let (seen, told, known) = (AtomicUsize::new(0), Arc::clone(&done), Arc::clone(&victim));
        let plan = Arc::new(Plan { moment, messages, seen, done: told, victim: known });
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, Arc::clone(&plan)));
            }
        });
        Cut { port, done, victim }
    }

    /// From now on the client is this process, which is killed where its connection would be cut.
    pub fn kill(&self, process: u32) {
        self.victim.store(process, Ordering::SeqCst);
    }

    /// The same URL, through this network.
    pub fn url(&self, url: &str, server: u16) -> String {
        url.replace(&format!(":{server}/"), &format!(":{}/", self.port))
    }

    /// Whether there was such a message.
    pub fn is_done(&self) -> bool {
        self.done.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: u16, plan: Arc<Plan>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let heard = Arc::new(AtomicUsize::new(0));
    let hears = Arc::clone(&heard);
    let deaf = Arc::new(AtomicBool::new(false));
    let is_deaf = Arc::clone(&deaf);
    let replies = tokio::spawn(async move {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from_server.read(&mut buffer).await {
            hears.fetch_add(1, Ordering::SeqCst);
            if !is_deaf.load(Ordering::SeqCst) && to_client.write_all(&buffer[..read]).await.is_err() {
                break;
            }
        }
    });
    let (mut unread, mut is_in) = (Vec::new(), false);
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        unread.extend_from_slice(&buffer[..read]);
        while let Some(message) = next(&mut unread, &mut is_in) {
            let is_it = plan.messages.contains(&plan.seen.fetch_add(1, Ordering::SeqCst));
            if is_it {
                plan.done.store(true, Ordering::SeqCst);
                deaf.store(true, Ordering::SeqCst);
                let victim = plan.victim.load(Ordering::SeqCst);
                if victim > 0 {
                    if plan.moment == Moment::After {
                        let _ = to_server.write_all(&message).await;
                    }
                    // While the server is at work on it.
                    let _ = Command::new("kill").args(["-KILL", &victim.to_string()]).stderr(Stdio::null()).status();
                    replies.abort();
                    return;
                }
                if plan.moment == Moment::After {
                    let before = heard.load(Ordering::SeqCst);
                    let _ = to_server.write_all(&message).await;
                    // Until the server has answered, as far as it answers this message at all.
                    for _ in 0..30 {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        if heard.load(Ordering::SeqCst) > before {
                            break;
                        }
                    }
                }
                replies.abort();
                return;
            }
            if to_server.write_all(&message).await.is_err() {
                return;
            }
        }
    }
}

/// The next whole message. What comes before the start-up message of protocol 3 has no letter, as that message.
fn next(unread: &mut Vec<u8>, is_in: &mut bool) -> Option<Vec<u8>> {
    let lettered = usize::from(*is_in);
    let length = unread.get(lettered..lettered + 4)?;
    let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize + lettered;
    if unread.len() < length {
        return None;
    }
    let message: Vec<u8> = unread.drain(..length).collect();
    *is_in = *is_in || message.get(4..8) == Some(&[0, 3, 0, 0]);
    Some(message)
}
