//! A web service that migrates its database when it starts, on the runtime that is there anyway.
//!
//! `cargo run -p axum-example` listens on port 3000; `PORT` and `DATABASE_URL` say otherwise.

mod migrations;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use sqlx::SqlitePool;
use sqlx::sqlite::SqliteConnectOptions;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite:notes.db".to_owned());
    let options: SqliteConnectOptions = url.parse()?;
    let pool = SqlitePool::connect_with(options.create_if_missing(true)).await?;

    let report = migrate::upgrade(&pool, &migrations::HISTORY, "head").await?;
    println!("{} migrations applied", report.migrations.len());

    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let router = Router::new().route("/notes", get(read).post(write)).with_state(pool);
    axum::serve(listener, router).with_graceful_shutdown(stop()).await?;
    Ok(())
}

/// All notes, oldest first.
async fn read(State(pool): State<SqlitePool>) -> Result<Json<Vec<String>>, (StatusCode, String)> {
    let notes = sqlx::query_scalar("SELECT body FROM notes ORDER BY id").fetch_all(&pool).await;
    notes.map(Json).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// One note more.
async fn write(State(pool): State<SqlitePool>, body: String) -> Result<StatusCode, (StatusCode, String)> {
    let written = sqlx::query("INSERT INTO notes (body) VALUES (?)").bind(body).execute(&pool).await;
    written.map(|_| StatusCode::CREATED).map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))
}

/// Waits for the signal to stop.
async fn stop() {
    // Without a handler the process ends at the signal, which is what is wanted too.
    let _ = tokio::signal::ctrl_c().await;
}
