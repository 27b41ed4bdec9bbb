//! Notes.

migrate::migration! {
    //! Create notes.

    create table notes {
        id: bigint primary key identity,
        body: text check (body <> ""),
        written_at: timestamptz default now(),
    }
}
