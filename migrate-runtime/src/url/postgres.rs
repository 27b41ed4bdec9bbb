//! The URL of a PostgreSQL database, as libpq reads it (manual, 34.1.1.2).

use std::net::{IpAddr, Ipv6Addr};

use sqlx::postgres::PgConnectOptions;

use super::{decoded, parameters};
use crate::Error;

/// What becomes of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Treatment {
    /// The driver has it.
    Read,
    /// It changes neither the server nor the security of the connection, so it is left out.
    PassedOver,
    /// Only these values are the same as leaving it out.
    Only(&'static [&'static str]),
    /// Leaving it out would reach another server, or the same less safely. What to do instead.
    Refused(&'static str),
}

use Treatment::{Only, PassedOver, Read, Refused};

const LEAVE_OUT: &str = "leave it out if you accept a connection without it";
const SCHEMA: &str = "write `options[search_path]=…`";

/// The parameters of libpq, the other names that sqlx has for some, and what other tools write for the schema.
const PARAMETERS: &[(&str, Treatment)] = &[
    ("host", Read),
    ("hostaddr", Read),
    ("port", Read),
    ("dbname", Read),
    ("user", Read),
    ("password", Read),
    ("application_name", Read),
    ("fallback_application_name", Read),
    ("options", Read),
    ("sslmode", Read),
    ("ssl-mode", Read),
    ("sslrootcert", Read),
    ("ssl-root-cert", Read),
    ("ssl-ca", Read),
    ("sslcert", Read),
    ("ssl-cert", Read),
    ("sslkey", Read),
    ("ssl-key", Read),
    // Nothing is prepared, and how long the server has to answer and when a dead connection is noticed is our own business.
    ("statement-cache-capacity", PassedOver),
    ("connect_timeout", PassedOver),
    ("keepalives", PassedOver),
    ("keepalives_idle", PassedOver),
    ("keepalives_interval", PassedOver),
    ("keepalives_count", PassedOver),
    ("tcp_user_timeout", PassedOver),
    // It is UTF-8 always.
    ("client_encoding", PassedOver),
    // There is one host.
    ("load_balance_hosts", PassedOver),
    // Of GSSAPI and Kerberos, which the driver does not have.
    ("krbsrvname", PassedOver),
    ("gsslib", PassedOver),
    ("gssdelegation", PassedOver),
    ("sslcompression", PassedOver),
    ("sslsni", PassedOver),
    ("gssencmode", Only(&["disable", "prefer"])),
    ("channel_binding", Only(&["disable", "prefer"])),
    ("sslnegotiation", Only(&["postgres"])),
    ("sslcertmode", Only(&["disable", "allow"])),
    ("target_session_attrs", Only(&["any"])),
    ("replication", Only(&["false", "off", "no", "0"])),
    ("min_protocol_version", Only(&["3.0"])),
    ("max_protocol_version", Only(&["3.0", "3.2", "latest"])),
    ("requiressl", Refused("write `sslmode=require`")),
    ("require_auth", Refused(LEAVE_OUT)),
    ("requirepeer", Refused(LEAVE_OUT)),
    ("ssl_min_protocol_version", Refused(LEAVE_OUT)),
    ("ssl_max_protocol_version", Refused(LEAVE_OUT)),
    ("sslcrl", Refused(LEAVE_OUT)),
    ("sslcrldir", Refused(LEAVE_OUT)),
    ("sslpassword", Refused("name a key without a password in `sslkey`")),
    ("sslkeylogfile", Refused("leave it out")),
    ("passfile", Refused("name the file in the environment variable PGPASSFILE")),
    ("service", Refused("write what the service file says into the URL")),
    ("servicefile", Refused("write what the service file says into the URL")),
    ("scram_client_key", Refused("write the password into the URL, or into the file that PGPASSFILE names")),
    ("scram_server_key", Refused("write the password into the URL, or into the file that PGPASSFILE names")),
    ("oauth_issuer", Refused("use another method of authentication")),
    ("oauth_client_id", Refused("use another method of authentication")),
    ("oauth_client_secret", Refused("use another method of authentication")),
    ("oauth_scope", Refused("use another method of authentication")),
    ("schema", Refused(SCHEMA)),
    ("search_path", Refused(SCHEMA)),
    ("currentSchema", Refused(SCHEMA)),
    // Of the pools of other tools.
    ("pgbouncer", PassedOver),
    ("connection_limit", PassedOver),
    ("pool_timeout", PassedOver),
    ("pool_max_conns", PassedOver),
    ("max_conns", PassedOver),
];

const SSL_MODES: [&str; 6] = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

const ENCODE: &str = "write `%40` for `@`, `%2F` for `/`, `%23` for `#`, `%3A` for `:`, `%3F` for `?` in a user name or password";

/// The options that a URL says.
///
/// # Errors
/// It cannot be read, or says what would be lost.
pub(crate) fn options(text: &str) -> Result<PgConnectOptions, Error> {
    let parts = parts(text).and_then(treated).map_err(Error::Url)?;
    // As parameters, which the driver takes as they are: of a host in brackets or none after `@` it makes something else.
    let query = ::url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parts).finish();
    format!("postgres:///?{query}")
        .parse()
        .map_err(|_| Error::Url("one of its parameters has a value that cannot be used".to_owned()))
}

type UrlParts = Vec<(String, String)>;

/// Everything that the URL says, each under the name of its parameter; later ones replace earlier ones.
fn parts(text: &str) -> Result<UrlParts, String> {
    let rest = text.split_once("://").map(|(_, rest)| rest).ok_or("write `postgres://user@host/database`")?;
    let (before, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, database) = before.split_once('/').unwrap_or((before, ""));
    let mut parts = UrlParts::new();
    let mut add = |name: &str, value: &str| decoded(value).map(|value| parts.push((name.to_owned(), value)));
    let host = match authority.rsplit_once('@') {
        Some((login, host)) => {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            add("user", user)?;
            add("password", password)?;
            host
        }
        None => authority,
    };
    let (host, port) = host_and_port(host)?;
    add("host", host)?;
    add("port", port)?;
    add("dbname", database)?;
    let parameters = parameters(query)?;
    if let Some(at) = parameters.iter().position(|(name, _)| treatment(name).is_none()) {
        // Its name is not repeated either: it may be the rest of a password with a `?` in it.
        let known = PARAMETERS.iter().filter(|(_, treatment)| *treatment == Read).map(|(name, _)| *name);
        return Err(format!("its parameter {} is not known; known are `{}`", at + 1, known.collect::<Vec<_>>().join("`, `")));
    }
    parts.extend(parameters);
    Ok(parts)
}

/// `host`, `host:port`, `[address]:port`, each of which may be empty.
fn host_and_port(text: &str) -> Result<(&str, &str), String> {
    if text.contains(',') {
        return Err("it names several hosts, which is not supported\nhelp: name the primary".to_owned());
    }
    if text.parse::<Ipv6Addr>().is_ok() {
        return Err("an IPv6 address requires brackets: `[::1]`".to_owned());
    }
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or("its host has a `[` and no `]`")?;
            let port = port.strip_prefix(':').or(port.is_empty().then_some("")).ok_or("expected `:` and a port after `]`")?;
            (host, port)
        }
        None => text.split_once(':').unwrap_or((text, "")),
    };
    check("port", if port.is_empty() { "0" } else { port })?;
    Ok((host, port))
}

/// The options for the driver.
fn treated(parts: UrlParts) -> Result<UrlParts, String> {
    let mut told = UrlParts::new();
    // An empty value is the default, as in libpq.
    for (at, (name, value)) in parts.iter().enumerate().filter(|(_, (_, value))| !value.is_empty()) {
        if parts[at + 1..].iter().any(|(later, value)| later == name && !value.is_empty()) {
            continue;
        }
        match treatment(name) {
            Some(Read) => told.push((name.clone(), value.clone())),
            Some(PassedOver) => {}
            Some(Only(values)) if values.contains(&&**value) => {}
            Some(Only(values)) => {
                return Err(format!("its parameter `{name}` is supported as `{}` only; leave it out", values.join("` or `")));
            }
            Some(Refused(remedy)) => return Err(format!("its parameter `{name}` is not supported\nhelp: {remedy}")),
            None => {}
        }
        check(name, value)?;
    }
    let named = told.iter().any(|(name, _)| name == "application_name");
    told.retain(|(name, _)| name != "fallback_application_name" || !named);
    told.iter_mut()
        .filter(|(name, _)| name == "fallback_application_name")
        .for_each(|(name, _)| "application_name".clone_into(name));
    Ok(told)
}

fn treatment(name: &str) -> Option<Treatment> {
    let option = name.strip_prefix("options[").and_then(|rest| rest.strip_suffix(']'));
    let known = PARAMETERS.iter().find(|(known, _)| *known == name).map(|(_, treatment)| *treatment);
    known.or(option.map(|_| Read))
}

/// Refuses a value that the driver would not take, without repeating it.
fn check(name: &str, value: &str) -> Result<(), String> {
    match name {
        "port" if value.parse::<u16>().is_err() => Err(format!("its port is not a number up to 65535; {ENCODE}")),
        "hostaddr" if value.parse::<IpAddr>().is_err() => Err("its parameter `hostaddr` is not an IP address".to_owned()),
        "sslmode" | "ssl-mode" if !SSL_MODES.contains(&value) => {
            Err(format!("its parameter `{name}` is none of `{}`", SSL_MODES.join("`, `")))
        }
        "host" if value.contains(',') => Err("it names several hosts, which is not supported\nhelp: name the primary".to_owned()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANARY: &str = "c4n4ry";

    fn read(text: &str) -> PgConnectOptions {
        options(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn refused(text: &str) -> String {
        let error = options(text).map(|_| ()).expect_err(text);
        let shown = format!("{error} {error:?}");
        assert!(error.is_usage() && !shown.contains(CANARY), "{shown}");
        error.to_string()
    }

    fn host_port(text: &str) -> (String, u16) {
        let options = read(text);
        (options.get_host().to_owned(), options.get_port())
    }

    #[test]
    fn every_form_of_a_host_is_read() {
        assert_eq!(host_port("postgres://u@[::1]:5433/db"), ("::1".to_owned(), 5433));
        assert_eq!(host_port("postgres://u@[2001:db8::7]/db"), ("2001:db8::7".to_owned(), 5432));
        assert_eq!(host_port("postgresql://h:5433"), ("h".to_owned(), 5433));
        assert_eq!(host_port("postgres://h:/db?"), ("h".to_owned(), 5432));
        assert_eq!(host_port("postgres://h/db?port=7&host=other"), ("other".to_owned(), 7));
        assert_eq!(host_port("postgres://h/db?hostaddr=::1"), ("::1".to_owned(), 5432));
        for socket in [
            "postgres://user@/db?host=/run/postgresql",
            "postgres://user@%2Frun%2Fpostgresql/db",
            "postgres:///db?host=%2Frun%2Fpostgresql",
        ] {
            let options = read(socket);
            assert_eq!(options.get_socket().and_then(|path| path.to_str()), Some("/run/postgresql"), "{socket}");
            assert_eq!(options.get_database(), Some("db"));
        }
        assert!(refused("postgres://u:c4n4ry@::1/db").contains("`[::1]`"));
        assert!(refused("postgres://u@[::1/db").contains("no `]`"));
        assert!(refused("postgres://u@[::1]c4n4ry/db").contains("a port after `]`"));
        assert!(refused("postgres://u@h:1,i:2/db").contains("several hosts"));
        assert!(refused("postgres://u@/db?host=a,b").contains("several hosts"));
        assert!(refused("postgres:u@h/db").contains("write `postgres://"));
    }

    #[test]
    fn every_part_may_be_encoded() {
        let options = read("postgres://a%40b:p%2Fq%3A@h/my%20db?application%5Fname=an%20app&options=-c%20work_mem%3D1MB");
        assert_eq!(options.get_username(), "a@b");
        assert_eq!(options.get_database(), Some("my db"));
        assert_eq!(options.get_application_name(), Some("an app"));
        assert_eq!(options.get_options(), Some("-c work_mem=1MB"));
        assert_eq!(read("postgres://h/?options[search_path]=a").get_options(), Some("-c search_path=a"));
        assert_eq!(read("postgres://me:a@b@h/db").get_username(), "me", "the last `@` is before the host");
        assert_eq!(read("postgres://h/a+b").get_database(), Some("a+b"), "a plus is none of libpq's spaces");
        assert!(refused("postgres://me:%FF@h/db").contains("not UTF-8"));
        assert!(refused("postgres://me:c4n4ry%00@h/db").contains("NUL"));
    }

    #[test]
    fn no_value_is_repeated() {
        assert!(refused("postgres://me:c4n4ry/x@host/app").contains("%2F"));
        assert!(refused("postgres://me:c4n4ry?x@host/app").contains("%3F"));
        assert!(refused("postgres://me@host/app?passwort=c4n4ry").contains("parameter 1 is not known"));
        assert!(refused("postgres://me@host/app?sslmode=prefer&c4n4ry=1").contains("parameter 2 is not known"));
        assert!(refused("postgres://me@host/app?c4n4ry").contains("no `=`"));
        for name in ["port", "hostaddr", "sslmode", "target_session_attrs", "channel_binding", "service", "passfile", "schema"] {
            assert!(refused(&format!("postgres://me:c4n4ry@host/app?{name}=c4n4ry")).contains(name), "{name}");
        }
    }

    #[test]
    fn what_cannot_hurt_is_passed_over_and_what_can_is_named() {
        for (name, treatment) in PARAMETERS {
            let url = |value: &str| format!("postgres://me@host/app?{name}={value}");
            match treatment {
                Read => {}
                PassedOver => drop(read(&url("1"))),
                Only(values) => {
                    values.iter().for_each(|value| drop(read(&url(value))));
                    assert!(refused(&url("c4n4ry")).contains(&format!("`{name}`")));
                }
                Refused(remedy) => {
                    assert!(refused(&url("c4n4ry")).contains(&format!("`{name}` is not supported\nhelp: {remedy}")))
                }
            }
            assert_eq!(read(&url("")).get_host(), "host", "an empty value is the default");
        }
        let names: std::collections::BTreeSet<&str> = PARAMETERS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), PARAMETERS.len(), "each once");
        assert_eq!(read("postgres://h/?fallback_application_name=a").get_application_name(), Some("a"));
        assert_eq!(read("postgres://h/?application_name=b&fallback_application_name=a").get_application_name(), Some("b"));
    }
}
