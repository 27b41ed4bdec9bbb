//! Databases where only a reviewed plan runs, by their hosts and names.

/// Where a connection leads, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabasePlace {
    /// The host, or the folder of its socket; empty for a file. `None` where only the caller of a library knows it.
    pub host: Option<String>,
    /// The names of the database: on PostgreSQL what the connection asks for and what the server says, which differ behind a pooler; the
    /// absolute path of a file.
    pub databases: Vec<String>,
}

/// Why a text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// It has no `/`.
    NoSlash,
    /// Nothing is after its last `/`.
    NoDatabase,
}

/// Whether a text is a pattern `HOST/DATABASE`.
///
/// # Errors
/// It has no `/`, or nothing after the last one.
pub fn check_pattern(text: &str) -> Result<(), PatternError> {
    match text.rsplit_once('/') {
        None => Err(PatternError::NoSlash),
        Some((_, "")) => Err(PatternError::NoDatabase),
        Some(_) => Ok(()),
    }
}

impl DatabasePlace {
    /// Whether a pattern `HOST/DATABASE` is about this place: `*` stands for any characters, `?` for one. Letters of a host may be large or small.
    /// Where the host is not known, the database decides alone.
    pub fn is_matched(&self, pattern: &str) -> bool {
        let (host, database) = pattern.rsplit_once('/').unwrap_or(("*", pattern));
        match self.host.as_deref() {
            None => self.databases.iter().any(|own| matches(database, own)),
            // A path is compared as a whole.
            Some("") => self.databases.iter().any(|own| matches(pattern, &format!("/{}", own.trim_start_matches('/')))),
            Some(own) => {
                let own = own.trim_end_matches('.').to_ascii_lowercase();
                matches(&host.to_ascii_lowercase(), &own) && self.databases.iter().any(|own| matches(database, own))
            }
        }
    }
}

/// Whether a text is what a pattern describes.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut read) = (0, 0);
    // Where the last `*` is, and how much of the text it stands for so far.
    let mut star = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == text[read] => {
                at += 1;
                read += 1;
            }
            Some(_) | None => match star {
                Some((place, taken)) => {
                    star = Some((place, taken + 1));
                    at = place + 1;
                    read = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: Option<&str>, databases: &[&str]) -> DatabasePlace {
        DatabasePlace { host: host.map(str::to_owned), databases: databases.iter().map(|&name| name.to_owned()).collect() }
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text) in
            [("*", ""), ("*", "a"), ("a*c", "abbc"), ("a*b*c", "axbxbxc"), ("?b", "ab"), ("**x", "x"), ("é?", "éa")]
        {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("?", ""), ("a*c", "acd"), ("a*b*c", "axcxb"), ("ab", "abc"), ("A", "a")] {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn a_server_is_known_by_its_host_and_its_database() {
        let own = place(Some("DB-1.Prod.example.com."), &["shop", "shop_7"]);
        for pattern in ["db-1.prod.example.com/shop", "*.prod.example.com/*", "*/shop", "*/shop_?", "*.PROD.*/shop"] {
            assert!(own.is_matched(pattern), "{pattern}");
        }
        for pattern in ["prod.example.com/shop", "*/Shop", "*/sho", "db-1.prod.example.com/shop_8", "/shop"] {
            assert!(!own.is_matched(pattern), "{pattern}");
        }
        assert!(place(Some("/run/postgresql"), &["shop"]).is_matched("/run/postgresql/shop"));
        assert!(place(Some("::1"), &["shop"]).is_matched("::1/shop"));
    }

    #[test]
    fn a_file_is_known_by_its_path() {
        let own = place(Some(""), &["/var/lib/Shop/app.db"]);
        for pattern in ["/var/lib/Shop/app.db", "*/app.db", "/var/lib/*", "*/Shop/*.db"] {
            assert!(own.is_matched(pattern), "{pattern}");
        }
        for pattern in ["app.db/x", "/var/lib/shop/app.db", "*/other.db"] {
            assert!(!own.is_matched(pattern), "{pattern}");
        }
        // In memory.
        assert!(!place(Some(""), &[""]).is_matched("*/app.db") && place(Some(""), &["C:\\app.db"]).is_matched("*app.db"));
    }

    #[test]
    fn where_the_host_is_not_known_the_database_decides() {
        let own = place(None, &["shop"]);
        assert!(own.is_matched("prod/shop") && own.is_matched("*/sh*") && !own.is_matched("prod/other"));
    }

    #[test]
    fn a_pattern_has_a_host_and_a_database() {
        assert_eq!(check_pattern("shop"), Err(PatternError::NoSlash));
        assert_eq!(check_pattern("db/"), Err(PatternError::NoDatabase));
        assert_eq!(check_pattern(""), Err(PatternError::NoSlash));
        for sound in ["/a", "*/*", "/var/lib/*"] {
            assert_eq!(check_pattern(sound), Ok(()));
        }
    }
}
