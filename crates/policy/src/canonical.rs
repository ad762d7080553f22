//! Canonical forms of hosts, mail domains and paths, so that two spellings of
//! one thing are one text.

/// The lower-case host of an absolute URL (RFC 3986 section 3.2.2), without
/// user information, port and trailing dot; `None` where there is none.
pub(crate) fn host(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    if !scheme.starts_with(|c: char| c.is_ascii_alphabetic()) || !scheme.chars().all(plain) {
        return None;
    }
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if let Some(literal) = host.strip_prefix('[') {
        return literal.split_once(']').map(|(address, _)| address.to_ascii_lowercase());
    }
    name(host.split_once(':').map_or(host, |(name, _)| name))
}

/// The lower-case domain of a mail address (RFC 5321 section 4.1.2).
pub(crate) fn domain(address: &str) -> Option<String> {
    let (local, domain) = address.trim().rsplit_once('@')?;
    if local.is_empty() { None } else { name(domain) }
}

/// Whether a path lies in a folder after `.` and `..` are resolved. A relative
/// path is read from the folder itself; what leaves the root lies nowhere.
pub(crate) fn is_under(path: &str, folder: &str) -> bool {
    if path.contains('\0') || path.contains('\\') || path.starts_with('~') {
        return false;
    }
    let Some(folder) = resolved(folder, &[]) else { return false };
    let start: &[&str] = if path.starts_with('/') { &[] } else { &folder };
    resolved(path, start).is_some_and(|parts| parts.starts_with(&folder))
}

fn resolved<'p>(path: &'p str, start: &[&'p str]) -> Option<Vec<&'p str>> {
    let mut parts = start.to_vec();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts)
}

fn name(host: &str) -> Option<String> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    (!host.is_empty() && host.chars().all(plain)).then(|| host.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_through_every_disguise() {
        for (url, expected) in [
            ("https://Example.COM/a", Some("example.com")),
            ("https://good.example@evil.example/", Some("evil.example")),
            ("https://evil.example\\@good.example/", Some("evil.example")),
            ("https://example.com.:8080?q", Some("example.com")),
            ("http://[2001:DB8::1]:80/", Some("2001:db8::1")),
            ("//example.com", None),
            ("javascript:alert(1)", None),
            ("https://exämple.com", None),
            ("https://", None),
        ] {
            assert_eq!(host(url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn domains_are_what_follows_the_last_at() {
        assert_eq!(domain("Ann@Example.com").as_deref(), Some("example.com"));
        assert_eq!(domain("a@b@evil.example").as_deref(), Some("evil.example"));
        assert_eq!(domain("@example.com"), None);
        assert_eq!(domain("nobody"), None);
    }

    #[test]
    fn paths_do_not_climb_out() {
        for (path, expected) in [
            ("/srv/a", true),
            ("/srv", true),
            ("/srvices", false),
            ("/srv/../etc/passwd", false),
            ("/srv/a/../b", true),
            ("a/b", true),
            ("../x", false),
            ("../../../..", false),
            ("/../work/a", false),
            ("~/x", false),
            ("/srv/a\0b", false),
        ] {
            assert_eq!(is_under(path, "/srv"), expected, "{path}");
        }
    }
}
