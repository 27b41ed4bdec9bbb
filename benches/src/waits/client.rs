//! The application: clients that read and write the table by key, all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_postgres::{Client, NoTls, Statement};

use crate::Result;

/// Between two transactions of a client, so that it is locks that are waited for, and not the processor.
const PAUSE: Duration = Duration::from_millis(20);

/// How many orders a customer has.
pub(super) const ORDERS_PER_CUSTOMER: i64 = 10;

/// One query that a client has made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Query {
    began: Instant,
    pub took: Duration,
}

impl Query {
    /// Whether it was under way at some moment between the two.
    pub fn meets(&self, began: Instant, ended: Instant) -> bool {
        self.began <= ended && self.began + self.took >= began
    }
}

/// Running clients.
pub(super) struct Clients {
    stop: Arc<AtomicBool>,
    running: Vec<JoinHandle<Result<Vec<Query>>>>,
}

impl Clients {
    /// Starts so many on a table of so many rows. Their statements are prepared when this returns.
    pub async fn start(url: &str, count: i64, rows: i64) -> Result<Clients> {
        let stop = Arc::new(AtomicBool::new(false));
        let mut running = Vec::new();
        for number in 0..count {
            let session = Session::open(url).await?;
            let keys = Keys { number, count, rows };
            running.push(tokio::spawn(work(session, keys, Arc::clone(&stop))));
        }
        Ok(Clients { stop, running })
    }

    /// Stops them; every query that they made.
    ///
    /// # Errors
    /// A query failed.
    pub async fn stop(self) -> Result<Vec<Query>> {
        self.stop.store(true, Ordering::Relaxed);
        let mut all = Vec::new();
        for client in self.running {
            all.extend(client.await??);
        }
        Ok(all)
    }
}

/// Opens a connection.
pub(super) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// A connection with its prepared statements.
struct Session {
    client: Client,
    read: Statement,
    update: Statement,
    insert: Statement,
}

impl Session {
    async fn open(url: &str) -> Result<Session> {
        let client = connect(url).await?;
        let read = client.prepare("SELECT amount, note FROM orders WHERE id = $1").await?;
        let update = client.prepare("UPDATE orders SET amount = amount + 1 WHERE id = $1").await?;
        let insert = "INSERT INTO orders (id, customer, code, amount, state, note) VALUES ($1, $2, $1, 1, 'new', 'note')";
        let insert = client.prepare(insert).await?;
        Ok(Session { client, read, update, insert })
    }
}

/// The rows of one client: no two clients write the same, so that none waits for another.
#[derive(Clone, Copy)]
struct Keys {
    number: i64,
    count: i64,
    rows: i64,
}

impl Keys {
    /// A row that was there from the beginning.
    fn known(self, round: i64) -> i64 {
        1 + self.number + self.count * (round * 7919 % (self.rows / self.count))
    }

    /// A row that no client has written yet.
    fn unknown(self, round: i64) -> i64 {
        1 + self.rows + self.number + self.count * round
    }

    fn customer(self, round: i64) -> i64 {
        1 + round % (self.rows / ORDERS_PER_CUSTOMER)
    }
}

/// Short transactions, until asked to stop: a read and a write each.
async fn work(mut session: Session, keys: Keys, stop: Arc<AtomicBool>) -> Result<Vec<Query>> {
    let mut queries = Vec::new();
    let mut round = 0;
    while !stop.load(Ordering::Relaxed) {
        let transaction = session.client.transaction().await?;
        queries.push(timed(transaction.execute(&session.read, &[&keys.known(round)])).await?);
        queries.push(if round % 4 == 0 {
            timed(transaction.execute(&session.insert, &[&keys.unknown(round), &keys.customer(round)])).await?
        } else {
            timed(transaction.execute(&session.update, &[&keys.known(round)])).await?
        });
        transaction.commit().await?;
        round += 1;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(queries)
}

async fn timed(query: impl Future<Output = Result<u64, tokio_postgres::Error>>) -> Result<Query> {
    let began = Instant::now();
    query.await?;
    Ok(Query { began, took: began.elapsed() })
}
