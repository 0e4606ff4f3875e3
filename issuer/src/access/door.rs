//! The addresses of the two doors, and where one may go behind them.

use crate::members::Role;

/// The first path of a role.
pub fn home(role: Role) -> &'static str {
    match role {
        Role::Trainer => "/atelier",
        Role::Officer => "/region",
    }
}

/// The sign-in page of a role, with where to come back.
pub fn address(role: Role, return_to: Option<&str>) -> String {
    let door = format!("{}/entrer", home(role));
    match return_to.and_then(|path| safe_return(role, path)) {
        Some(path) if path != home(role) => {
            let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("retour", path).finish();
            format!("{door}?{query}")
        }
        _ => door,
    }
}

/// A path of ours behind that door, or nothing: never another site, never the door itself.
pub fn safe_return(role: Role, path: &str) -> Option<&str> {
    let home = home(role);
    let rest = path.strip_prefix(home)?;
    let inside = rest.is_empty() || rest.starts_with('/') || rest.starts_with('?');
    let plain = path.len() <= 300 && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let door = rest.starts_with("/entrer") || rest.starts_with("/sortir");
    (inside && plain && !door && !path.contains("//") && !path.contains("..")).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_to_a_page_behind_the_door() {
        assert_eq!(
            address(Role::Trainer, Some("/atelier/sessions?page=2")),
            "/atelier/entrer?retour=%2Fatelier%2Fsessions%3Fpage%3D2"
        );
        assert_eq!(address(Role::Trainer, Some("/atelier")), "/atelier/entrer");
        assert_eq!(address(Role::Officer, None), "/region/entrer");
    }

    #[test]
    fn never_elsewhere() {
        for path in [
            "https://mechant.example/atelier",
            "//mechant.example",
            "/atelier//mechant.example",
            "/region",
            "/ateliers",
            "/atelier/entrer?retour=x",
            "/atelier/\\mechant",
            "/atelier/../region",
            "/atelier/a b",
            "/atelier/\r\nx",
        ] {
            assert_eq!(safe_return(Role::Trainer, path), None, "{path}");
        }
    }
}
