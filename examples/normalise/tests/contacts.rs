//! The migration on rows, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that finds something else stops")]

use migrate::Migrator;
use migrate_live_tests::{server, shell, sqlite};
use normalise_example::migrations::HISTORY;
use normalise_example::normalised;

#[test]
fn addresses_that_look_alike_are_one() {
    // An é of one letter, and an e with an accent after it.
    assert_eq!(normalised(" Ren\u{e9}@example.org"), normalised("rene\u{301}@EXAMPLE.org"));
    assert_ne!(normalised("rene@example.org"), normalised("ren\u{e9}@example.org"));
}

#[tokio::test]
async fn every_contact_gets_its_key() {
    let (file, postgres) = (sqlite::file(), server::postgres().database().await);
    for url in [postgres, file.url()] {
        migrate::upgrade(&url, &HISTORY, "create_contacts").await.unwrap();
        let contacts: Vec<String> = (1..=1100).map(|id| format!("({id}, 'User{id}@Example.org ')")).collect();
        shell::run(&url, &format!("INSERT INTO contacts VALUES {}", contacts.join(", "))).await;
        shell::run(&url, "INSERT INTO contacts VALUES (-7, 'Rene\u{301}@example.org')").await;
        migrate::upgrade(&url, &HISTORY, "head").await.unwrap();
        let keys = "SELECT address_key FROM contacts WHERE id IN (-7, 1, 1100) ORDER BY id";
        assert_eq!(shell::ask(&url, keys).await, ["ren\u{e9}@example.org", "user1@example.org", "user1100@example.org"]);
        Migrator::new(&HISTORY).accept_losses().downgrade(&url, "create_contacts").await.unwrap();
        assert_eq!(shell::ask(&url, "SELECT address FROM contacts WHERE id = 1").await, ["User1@Example.org "]);
    }
}
