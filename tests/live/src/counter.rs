//! A way to the server that counts the round trips of a session.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A running counter.
#[derive(Debug)]
pub struct Counter {
    port: u16,
    trips: Arc<AtomicUsize>,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Counter {
    /// Passes everything to the server's port.
    ///
    /// # Panics
    /// There is no free port.
    pub async fn start(server: u16) -> Counter {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let trips = Arc::new(AtomicUsize::new(0));
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (counted, kept) = (Arc::clone(&trips), Arc::clone(&sent));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, server, Arc::clone(&counted), Arc::clone(&kept)));
            }
        });
        Counter { port, trips, sent }
    }

    /// The same URL, through the counter.
    pub fn url(&self, url: &str, server: u16) -> String {
        url.replace(&format!(":{server}/"), &format!(":{}/", self.port))
    }

    /// Everything that clients have sent.
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&self.sent.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// How often a client has asked and waited since the last call, once it was let in.
    pub fn take(&self) -> usize {
        self.trips.swap(0, Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, server: u16, trips: Arc<AtomicUsize>, sent: Arc<Mutex<Vec<u8>>>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    tokio::spawn(async move { tokio::io::copy(&mut from_server, &mut to_client).await });
    let mut unread = Vec::new();
    let mut is_in = false;
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from_client.read(&mut buffer).await {
        unread.extend_from_slice(&buffer[..read]);
        sent.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&buffer[..read]);
        trips.fetch_add(count(&mut unread, &mut is_in), Ordering::SeqCst);
        if to_server.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
}

/// The server answers at the end of a simple query (`Q`) and at each `S`, so each is a round trip. What comes before the
/// start-up message of protocol 3 is a request for encryption, which like that message has no letter.
fn count(unread: &mut Vec<u8>, is_in: &mut bool) -> usize {
    let mut trips = 0;
    loop {
        let lettered = usize::from(*is_in);
        let Some(length) = unread.get(lettered..lettered + 4) else { return trips };
        let length = u32::from_be_bytes([length[0], length[1], length[2], length[3]]) as usize + lettered;
        if unread.len() < length {
            return trips;
        }
        let message: Vec<u8> = unread.drain(..length).collect();
        match *is_in {
            true => trips += usize::from(message[0] == b'Q' || message[0] == b'S'),
            false => *is_in = message.get(4..8) == Some(&[0, 3, 0, 0]),
        }
    }
}
