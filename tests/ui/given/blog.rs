//! Users and their posts.

migrate::migration! {
    create table users {
        id: uuid primary key default uuid(),
        email: text unique,
        nickname: text?,
        visits: integer default 0,
    }

    create table posts {
        id: bigint primary key identity,
        user_id: uuid references users on delete cascade,
        title: text,
    }

    create index on posts (title);
}
