//! PostgreSQL.

mod call;
mod driver;
mod endpoint;
mod lease;
mod leased;
mod link;
mod lock;
mod message;
mod pooler;
mod prepare;
mod question;
mod send;
mod session;
mod strain;
mod texts;
mod timeout;
mod watch;

pub(crate) use self::session::PostgresSession;
